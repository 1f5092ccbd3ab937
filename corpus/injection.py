"""Instructions in a document that are aimed at an assistant: phrases, hidden text, odd characters.

People write about such instructions and quote them, so words in quotation marks or in code do not
count, a phrase counts only where it begins a sentence, and one that may be meant for people has to
come with another. In text that a reader does not see, all of that is dropped. Somebody who knows
these rules can write around them: quarantine catches what is crude or copied, and what an assistant
may do with a document has to be safe without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from corpus.injection_characters import odd_characters, visible
from corpus.injection_english import ENGLISH
from corpus.injection_others import FRENCH, GERMAN, SPANISH
from corpus.injection_phrases import FIRST_WORDS, TEMPLATE, Kind, Phrase
from corpus.injection_quotes import without_quotations

_ENOUGH = 3
_ENOUGH_HIDDEN = 2
# Phrases this near to one another, in characters, are one attempt.
_NEAR = 400
# Hidden menus and image texts are short; hidden prose of this length is there for machines.
_LONG_HIDDEN = 1_000
_SENTENCES = re.compile(r"[.!?](?=\s|$)")
_MOST_SENTENCES_OF_A_MENU = 5
_SNIPPET = 80
_MOST_REASONS = 5
_MOST_FOUND = 200

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
# Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0458\u0455\u0501\u04bb\u03bf\u03b1\u03c1\u03bd"
    "\u0410\u0415\u041e\u0420\u0421\u0425\u0423\u0406\u0422\u041d\u041c\u039f\u0391\u0395\u0399",
    "aeopcxyijsdhoapvAEOPCXYITHMOAEI",
)
# What may stand between the beginning of a sentence and an order.
_LEAD = re.compile(
    r"(?:(?:please|kindly|now|also|then|instead|first|next|important|attention|note|notice|warning"
    r"|urgent|stop|dear|hi|hello|hey|ok|okay|so|but|simply|just|immediately|therefore|finally|remember"
    r"|assistant|ai|chatgpt|claude|gemini|copilot|llm|model|chatbot|bot|user|human|system|admin|inst"
    r"|bitte|jetzt|achtung|wichtig|assistent|ki|maintenant|important|attention|ahora|importante"
    r"|atención|por favor|s'il vous plaît|s'il te plaît|you (?:must|should|shall|will|need to"
    r"|have to|are to|are required to|are instructed to)|i (?:want|need|order|command) you to"
    r"|your (?:new |only )?(?:task|job|role|goal) is to)[\s,:;!.–—-]{1,4}){1,4}$"
)
_OPENERS = re.compile(
    r"(?:when|whenever|before|after|if|from|as|dear|hi|hello|hey|in|for|to|wenn|als|si|en|como)\b"
)
_START = re.compile(r"[.!?…:;)\]}>*#|=\"”»“„«_/\\-]\s{0,4}$|[–—]\s{0,4}$|\n\s{0,4}\n\s{0,4}$")
_EXAMPLE = re.compile(
    r"(?:\b(?:example|instance|e\.g\.|such as|like this|wrote|typed|read|reads|said|phrase"
    r"|injected|something like|as follows|beispiel|exemple|ejemplo)\b)[^.!?\n]{0,60}:\s{1,4}$"
)
_LOOK_BACK = 160
_WRAPPED = 55

_PHRASES = (*ENGLISH, *GERMAN, *FRENCH, *SPANISH)
_TELLING = tuple(phrase for phrase in _PHRASES if phrase.kind != Kind.ORDER)
_ORDERS = tuple(phrase for phrase in _PHRASES if phrase.kind == Kind.ORDER)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Found:
    at: int
    end: int
    kind: Kind
    weight: int


def find_instructions(text: str, hidden: Sequence[str] = ()) -> tuple[str, ...]:
    """Return why a document may be giving an assistant orders: nothing where it does not.

    ``text`` is as read, before invisible characters are repaired away; ``hidden`` are parts that a
    reader of the page would not see. Each reason is one printable line with the words it is about.
    Takes time in proportion to the text's length.
    """
    reasons = [*odd_characters(text), *_phrases_in(text, "instructions to an assistant")]
    for part in hidden:
        reasons += [*odd_characters(part), *_hidden(part)]
    return tuple(dict.fromkeys(reasons))[:_MOST_REASONS]


def _hidden(part: str) -> list[str]:
    found = _phrases_in(part, "hidden text with instructions", is_hidden=True)
    if found:
        return found
    prose = " ".join(part.split())
    is_prose = len(_SENTENCES.findall(prose)) >= _MOST_SENTENCES_OF_A_MENU
    if len(prose) >= _LONG_HIDDEN and is_prose:
        return [f"hidden text of {len(prose):,} characters: {_quote(prose)}"]
    return []


def _phrases_in(text: str, reason: str, *, is_hidden: bool = False) -> list[str]:
    plain = _plain(text)
    searched = plain if is_hidden else without_quotations(plain)
    found = sorted(_found_in(searched, is_hidden=is_hidden), key=lambda one: one.at)
    enough = _ENOUGH_HIDDEN if is_hidden else _ENOUGH
    reasons: list[str] = []
    first = 0
    while first < len(found):
        near = [one for one in found[first : first + 50] if one.at <= found[first].at + _NEAR]
        weights: dict[Kind, int] = {}
        for one in near:
            weights[one.kind] = max(weights.get(one.kind, 0), one.weight)
        if sum(weights.values()) >= enough and (is_hidden or set(weights) - {Kind.ORDER}):
            heaviest = max(near, key=lambda one: (one.weight, one.kind != Kind.ORDER, -one.at))
            reasons.append(f"{reason}: {_quote(plain[heaviest.at :])}")
            first += len(near)
        else:
            first += 1
    return reasons[:_MOST_REASONS]


def _found_in(text: str, *, is_hidden: bool) -> Iterator[_Found]:
    lower = text.replace("’", "'").lower()
    if len(lower) != len(text):  # a few letters are two in lower case
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    for match in islice(TEMPLATE.finditer(lower), _MOST_FOUND):
        yield _Found(match.start(), match.end(), Kind.PROMPT, _ENOUGH)
    found = list(islice(_telling(lower, is_hidden=is_hidden), _MOST_FOUND))
    yield from found
    # Orders tell something beside other phrases only, and are what every manual is full of.
    for start in {one.at // _NEAR for one in found} if not is_hidden else range(1):
        first, last = (start - 1) * _NEAR, (start + 3) * _NEAR
        yield from _orders(lower, max(0, first), None if is_hidden else last, is_hidden=is_hidden)


def _telling(lower: str, *, is_hidden: bool) -> Iterator[_Found]:
    for at in _first_words(lower):
        for phrase in _TELLING:
            found = phrase.pattern.match(lower, at)
            if found and _counts(lower, at, phrase, is_hidden=is_hidden):
                yield _Found(at, found.end(), phrase.kind, phrase.weight)


def _first_words(lower: str) -> Iterator[int]:
    for word in _WORD.finditer(lower):
        if lower[word.start() : word.start() + 3] in FIRST_WORDS:
            yield word.start()
        elif word.start() and lower[word.start() - 1] == "[":
            yield word.start() - 1


def _orders(text: str, first: int, last: int | None, *, is_hidden: bool) -> Iterator[_Found]:
    end = len(text) if last is None else last
    for phrase in _ORDERS:
        for match in phrase.pattern.finditer(text, first, end):
            if _counts(text, match.start(), phrase, is_hidden=is_hidden):
                yield _Found(match.start(), match.end(), phrase.kind, phrase.weight)


def _counts(text: str, at: int, phrase: Phrase, *, is_hidden: bool) -> bool:
    if at and text[at - 1].isalnum():
        return False
    if is_hidden or not phrase.opens:
        return True
    before = text[max(0, at - _LOOK_BACK) : at]
    if _EXAMPLE.search(before):
        return False
    return _begins(before)


def _begins(before: str) -> bool:
    """Tell whether an order after ``before`` begins its sentence, or its main clause."""
    lead = _LEAD.search(before)
    if lead and (lead.start() == 0 or not before[lead.start() - 1].isalnum()):
        before = before[: lead.start()]
    if not before.strip() or _START.search(before):
        return True
    line = before.rpartition("\n")[2]
    if not line.strip():
        # A line of its own, unless the line before it was merely wrapped.
        last = before.rstrip().rpartition("\n")[2]
        return len(last) < _WRAPPED or not last[-1].isalnum()
    clause = re.split(r"[.!?:;\n]", before)[-1].strip()
    return clause.endswith(",") and _OPENERS.match(clause) is not None


def _plain(text: str) -> str:
    """Return ``text`` as it looks: no invisible characters, look-alikes as Latin letters."""
    if text.isascii():
        return text
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return shown.translate(_LOOKALIKES)


def _quote(text: str) -> str:
    line = " ".join(text[: 2 * _SNIPPET].split())
    cut = line if len(line) <= _SNIPPET else line[:_SNIPPET].rsplit(" ", 1)[0] + "…"
    return f"“{visible(cut)}”"
