"""Questions that compare two named things, as the question about each that a text may answer.

No text says that the Dutch fine was "larger than the Italian one": one says how large the one was,
another the other. So "Was the Dutch fine larger than the Italian one?" becomes "How large was the
Dutch fine?" and "How large was the Italian fine?". Where a question is put in a way that is not
known here, nothing is returned, and ``index.sides`` takes it apart by its clauses and lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from index.kin import kin_of
from index.listed import ARTICLES, words_in

Pair = tuple[str, str]
"""How the question calls one of the two things, and the question about it."""
Known = Callable[[str], bool]

_BY_WORD = {
    word: f"How {how}"
    for how, words in (
        ("large", "larger bigger higher greater smaller lower"),
        ("long", "longer shorter"),
        ("old", "older younger"),
        ("fast", "faster slower quicker"),
    )
    for word in words.split()
}
_WHEN = frozenset("earlier later sooner first last".split())
_MUCH = frozenset("more less fewer".split())
_LESS = frozenset("smaller lower shorter younger slower earlier sooner first less fewer".split())
_COMPARING = re.compile(rf"\b(?:{'|'.join([*_BY_WORD, *_WHEN, *_MUCH])})\b(?! than \d|-)", re.I)
_AUXILIARY = "is|are|was|were|do|does|did|has|have|had|can|could|will|would|must|may"
_AUX = rf"(?P<aux>{_AUXILIARY})"
# Words stand one blank apart here, and each part ends at the first place where it can: a pattern
# with more to choose from would try every pair of places in a long question.
_THAN = re.compile(rf"^{_AUX} (?P<left>.+?) than (?P<right>.+)$", re.I)
_TURN = r" (?:before|after) "
_BEFORE = re.compile(rf"^{_AUX} (?P<left>(?:(?!{_TURN}).)+){_TURN}(?P<right>[^,]+)$", re.I)
_WHICH = re.compile(
    r"^(?:which|who|what) (?P<said>[^,:]+)[,:] "
    r"(?P<one>(?:(?!,? or )[^,])+),? or (?P<two>[^,]+)$",
    re.I,
)
_NAME = r"(?:the )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)*"
_EITHER = re.compile(rf"^(?i:{_AUX}) (?P<one>{_NAME}) or (?P<two>{_NAME}) (?P<said>.+)$")
_NAMED = re.compile(_NAME)
_WITH = re.compile(
    rf"^(?P<how>how \w+(?: (?!(?:{_AUXILIARY})\b)[\w-]+){{0,3}}|when) {_AUX} (?P<rest>.+?),? "
    r"(?:(?:as )?compared (?:with|to)|versus|vs\.?) (?P<right>.+)$",
    re.I,
)
_BE = re.compile(r"^(?:(?P<noun>[\w' -]*) )?(?P<be>is|are|was|were)$", re.I)
_SMALL = r"(?:of|on|in|for|at|by|to|from|with|against|under|over|that|which|who)"
_PHRASE = re.compile(rf" {_SMALL}\b", re.I)
_ONE = re.compile(r"\bones?\b|^(?:that|those)\b(?= (?:of|in|on|by)\b)", re.I)
_OWNER = re.compile(rf"(?:'s|’s|s'|s’)(?= ?$| {_SMALL}\b)")
_COUNTRY = re.compile(r"^(?:the )?[A-Z][\w’'-]+")
_VERB = re.compile(r"\b\w{3,}ed\b|\b(?:held|kept|found|there)\b")
_TIME = re.compile(r"\d|\b(?:[A-Z][a-z]+(?:day|ber|uary|mas)|March|April|May|June|July|August)\b")
_DID = re.compile(r" (?:do|does|did|is|are|was|were|has|have|had)$")
_UNCOUNTED = frozenset("money time power".split())


@dataclass(frozen=True, slots=True)
class _Left:
    """The words that ask for the value that is compared ("How many arrests"), and what stands
    before and after the comparing word."""

    how: str
    before: str
    after: str


def compared(question: str, known: Known = lambda word: False) -> list[Pair]:
    """Return both things that a question compares, each with the question about it alone.

    None where it does not compare two things that it names, or is put in another way than those
    known here. ``known`` tells whether documents are called by a word in lower case.
    """
    # Where names have their capitals, words of titles in lower case are none.
    known = known if question == question.lower() else lambda word: False
    pairs = _pairs(" ".join(question.split()).rstrip("?.! "), known)
    named = all(
        any(word.named and word.text[0].isalpha() for word in words_in(name, known))
        for name, _ in pairs
    )
    together = any(re.search(r"\b(?:and|both|or)\b", name) for name, _ in pairs)
    if not named or together:
        return []
    return [(name, f"{' '.join(asked.split())}?") for name, asked in pairs]


def direction(question: str) -> int:
    """Return 1 where a comparison asks for the larger or later of two, -1 for the smaller or
    earlier, 0 where its words do not tell."""
    bare = " ".join(question.split()).rstrip("?.! ")
    words = _COMPARING.findall(bare)
    if len(words) == 1:
        return -1 if words[0].lower() in _LESS else 1
    if not words and (turns := re.findall(_TURN, bare, re.I)):
        return 0 if len(turns) > 1 else -1 if turns[0].strip().lower() == "before" else 1
    return 0


def _pairs(bare: str, known: Known) -> list[Pair]:
    if found := _THAN.match(bare):
        left = _left(found["left"])
        right = _DID.sub("", found["right"])
        return _than(found["aux"], left, right, known) if left else []
    if (found := _WHICH.match(bare)) and (left := _left(found["said"])):
        return _which(left, found["one"], found["two"])
    if (found := _EITHER.match(bare)) and (left := _left(found["said"])):
        start, rest = f"{left.how} {found['aux'].lower()}", f"{left.before} {left.after}"
        return [(one, f"{start} {one} {rest}") for one in (found["one"], found["two"])]
    if found := _WITH.match(bare):
        return _beside(found["how"], found["aux"], found["rest"], found["right"], known)
    if (found := _BEFORE.match(bare)) and not _TIME.search(found["right"]):
        right = _DID.sub("", found["right"])
        words = [word for word in words_in(right, known) if word.plain not in ARTICLES]
        if all(word.named for word in words):
            return _than(found["aux"], _Left("When", found["left"], ""), right, known)
    return []


def _left(text: str) -> _Left | None:
    """Take the one comparing word out; what is counted goes along: "more *arrests*"."""
    words = list(_COMPARING.finditer(text))
    if len(words) != 1:
        return None
    word, before, after = words[0][0].lower(), text[: words[0].start()], text[words[0].end() :]
    before, after = before.strip(" ,"), after.strip(" ,")
    if word in _WHEN:
        return _Left("When", before, after)
    said = _PHRASE.split(f" {after}", maxsplit=1)[0].strip()
    return _Left(_how(word, said), before, after[len(said) :].strip())


def _how(word: str, said: str) -> str:
    """Return what asks for a value, with the words that are ``said`` behind the comparing one."""
    if word not in _MUCH:
        return f"{_BY_WORD[word]} {said}"
    first = said.split()[0].lower() if said else ""
    if not said or first in _UNCOUNTED:
        return f"How much {said}"
    if first.endswith("ly"):
        return "How much"  # "fined more heavily"
    counted = said.lower().endswith("s") or first == "people"
    return f"How many {said}" if counted else f"How {said}"


def _than(aux: str, left: _Left, right: str, known: Known) -> list[Pair]:
    subject = _subject(aux, left, known)
    if not subject:
        return []
    rest = left.before[len(subject) :].strip()
    start = f"{left.how} {aux.lower()}"
    if phrase := re.match(rf"{_SMALL}\b", right, re.I):
        whole = f"{subject} {rest} {left.after}"  # "to Texas than to Illinois"
        place = re.search(rf"\s{phrase[0]}\b", whole, re.I)
        if not place:
            return []
        start = f"{start} {whole[: place.start()]}"
        return [(one, f"{start} {one}") for one in (whole[place.start() :].strip(), right)]
    two = _in_full(right, _head(subject))
    if two != right and (shared := _PHRASE.search(subject)) and not _PHRASE.search(two):
        two += subject[shared.start() :]  # "the Dutch fine on Clearview ... the Italian one"
    return [(one, f"{start} {one} {rest} {left.after}") for one in (subject, two)]


def _beside(how: str, aux: str, rest: str, right: str, known: Known) -> list[Pair]:
    """Return both of "How much was Acme fined by Greece compared with Italy": ``right`` takes the
    place of the one name that it can stand for, a country that of a country."""
    if _ONE.search(right) or _OWNER.search(right):
        return _than(aux, _Left(how, rest, ""), right, known)
    names = list(_NAMED.finditer(rest))
    alike = [one for one in names if bool(kin_of(one[0])) == bool(kin_of(right))]
    chosen = names if len(names) == 1 else alike
    if not _NAMED.fullmatch(right) or len(chosen) != 1:
        return []
    start, name = f"{how} {aux.lower()}", chosen[0]
    before, after = rest[: name.start()], rest[name.end() :]
    if name[0].lower().startswith("the ") and after and not _VERB.match(after.strip()):
        return []  # "the Dutch fine" is not "Italy fine"
    return [(name[0], f"{start} {rest}"), (right, f"{start} {before}{right}{after}")]


def _which(left: _Left, one: str, two: str) -> list[Pair]:
    """Return both of "Which fine was larger, the Dutch or the Italian one?"."""
    be = _BE.match(left.before)
    bare = len([word for word in one.split() if word.lower() not in ARTICLES]) == 1
    if bare and kin_of(one) and kin_of(two) and (country := _COUNTRY.match(two)):
        one += two[country.end() :]  # "the Dutch or the Italian fine"
    noun = (be["noun"] or "") if be else ""
    both = [_in_full(thing, noun) for thing in (one, two)]
    if be:
        return [(thing, f"{left.how} {be['be']} {thing} {left.after}") for thing in both]
    return [(thing, f"{left.how} {thing} {left.before} {left.after}") for thing in both]


def _in_full(thing: str, noun: str) -> str:
    """Put the noun in for "one" and "that of", and behind an owner that has none."""
    if not noun:
        return thing
    if _ONE.search(thing):
        before = "the " if re.match(r"that|those", thing, re.I) else ""
        return _ONE.sub(f"{before}{noun}", thing, count=1)
    return _OWNER.sub(lambda owner: f"{owner[0]} {noun}", thing, count=1)


def _subject(aux: str, left: _Left, known: Known) -> str:
    """Return what is compared: all that stands after "was", where no verb follows it, else the
    first name with its article."""
    if aux.lower() in ("is", "are", "was", "were") and not _VERB.search(left.before):
        return re.sub(r" worth$", "", left.before)
    words = words_in(left.before, known)
    named = [place for place, word in enumerate(words) if word.named]
    if not named or named[0] > 1:
        return ""
    end = named[0]
    while end + 1 in named:
        end += 1
    found = left.before[: words[end].end]
    return "" if _OWNER.search(found) else found


def _head(subject: str) -> str:
    """Return the noun of "the Dutch *fine* on Clearview", "San Francisco's *ban*"."""
    said = _PHRASE.split(subject)[0].split()
    return said[-1] if said and said[-1][0].islower() else ""
