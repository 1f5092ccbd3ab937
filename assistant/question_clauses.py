"""A plain sentence taken apart: when, who, did what. None where it is not plain enough.

There is no grammar behind this but a list of verbs, so whatever could be read in two ways is left
alone: a second verb, a comma, a word that stands for something said before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from assistant.expect import Expected, Kind
from assistant.question_verbs import BASES, PARTICIPLES, PRESENTS, SPEECH, TITLES
from assistant.stated import Stated, values_of
from assistant.support_words import NUMBER_WORDS

_TWO = re.compile(r"[a-z]{2}\. [A-Z]")
"""Two sentences that are quoted as one, since the first is too short to tell anything."""
_CUT = re.compile(
    r", (?:which|who|whose|where|after|because|while|when|including|saying|citing|by then|"
    r"according|down|up|but|although|though|making|ending|and|as|so|the|a|an|its|their|most)\b.*$"
)
_ASIDE = re.compile(
    r"^(?P<who>[^,]{3,60}), (?:the|a|an|who|which|whose|then|now) [^,]{2,90}, (?=[a-z])"
)
_PLACE = re.compile(r"(?<=[a-z]), [A-Z][a-z]+(?: [A-Z][a-z]+)?, (?=[a-z])(?!and |or )")
_ACRONYM = re.compile(r" \([A-Z][\w&.-]{1,9}\)(?= |\.|,)")
_UNPLAIN = re.compile(r"[“”\"()\[\]:;?!—–…*_|<>]| - |\bnot\b|n['’]t\b|\bno\b")
_LEANS = re.compile(
    r"\b(?:it|he|she|they|them|him|this|that|these|those|such|there|here|however|also|latter|former|"
    r"same|instead|too|others?|another|both|neither|either|which|who|whose|whom|where|when|while|"
    r"because|although|though|if|unless|whether|we|us|our|you|your|i|my|so|ago|later|earlier|next|time|"
    r"today|yesterday|last|would|could|may|might|must|will|can|should)\b",
    re.I,
)
_SAYS = re.compile(r"^(?P<who>[A-Z][^,]{2,60}?) (?:said|says) (?:that )?(?P<said>.+)$")
_MONTHLY = re.compile(r"\b(?:every|each|a|per) (?:day|week|month|year)\b")
_OWN = re.compile(r"\b(?:its|their|his|her)\b", re.I)
_NAME = re.compile(r"(?<!^)(?<![.!?] )\b(?:[A-Z][\w’'-]+|[A-Z]{2,})|\b(?:1[0-9]|20)\d\d\b")
_BEHIND_VERB = r" (?:it|them|him|her|the|a|an|its|their|that|to|how|[A-Z])\b"
_QUANTIFIERS = frozenset("all about around nearly almost roughly more at over up".split())
_LONGEST_SUBJECT = 8
_NOUNS = frozenset("fines bans charges orders reports claims visits searches tests votes".split())


@dataclass(frozen=True, slots=True)
class Clause:
    """``subject verb rest``; ``helped`` where the verb is "was", "were" or "had", and the rest
    begins with a participle. ``when`` is the date that stood at either end."""

    subject: str
    verb: str
    rest: str
    helped: bool = False
    when: Stated | None = None

    @property
    def base(self) -> str:
        """The verb as it stands after "did"."""
        return BASES[self.verb]

    def asked(self, opening: str, rest: str | None = None) -> str:
        """Return a question about what is not the subject, as in "When did X begin Y"."""
        said = self.rest if rest is None else rest
        if self.helped:
            return f"{opening} {self.verb} {self.subject} {said}".strip()
        return f"{opening} did {self.subject} {self.base} {said}".strip()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a sentence answers with ``answer``, word for word, and its kind."""

    question: str
    answer: str
    kind: Kind


def plain_clause(sentence: str, text: str) -> Clause | None:
    """Take a sentence apart; ``text`` is its document's, which tells names from other words."""
    sentence = past_of_timeline(sentence)
    said = _SAYS.match(sentence)
    if said and not _LEANS.match(said["said"]):
        return plain_clause(said["said"][:1].upper() + said["said"][1:], text)
    told, when = _date_in_front(_ACRONYM.sub("", sentence.strip()))
    told = _PLACE.sub(" ", _ASIDE.sub(r"\g<who> ", told))
    main = _first_predicate(_CUT.sub(".", told))
    main = main.replace(" at the time.", ".")
    if not main.endswith(".") or _UNPLAIN.search(main) or _TWO.search(main):
        return None
    main = main[:-1]
    if when is None:
        main, when = _without_end(main)
    if re.search(r",(?! ?\d)", main):
        return None
    return _split(main, when, text)


def past_of_timeline(sentence: str) -> str:
    """Return a line of a timeline as a sentence in the past; anything else as it is.

    "May 10, 2023: The CNIL announces a fine." is "On May 10, 2023, the CNIL announced a fine."
    """
    label, found, told = sentence.partition(": ")
    dates = values_of(Expected(Kind.DATE), label)
    if not found or len(dates) != 1 or dates[0].text != label:
        return sentence
    words = told.split(" ")
    for place, word in enumerate(words[: _LONGEST_SUBJECT + 1]):
        if place and word in PRESENTS:
            words[place] = PRESENTS[word]
            opening = "On" if dates[0].day is not None else "In"
            return f"{opening} {label}, {' '.join(words)}"
    return sentence


def _first_predicate(main: str) -> str:
    """Leave out a second thing that the subject did: "fined X and banned it"."""
    for found in re.finditer(r",? and (?:also |then )?([a-z]+)\b", main):
        verb = found[1] not in _NOUNS or re.match(_BEHIND_VERB, main[found.end() :])
        if found[1] in BASES or (found[1] in PRESENTS and verb):
            return main[: found.start()] + "."
    return main


def names_in(question: str) -> int:
    """Return how many words of a question name something: capitals, and years."""
    return len(_NAME.findall(question))


def leans(text: str) -> bool:
    """Tell whether a text has words that stand for something outside it."""
    return bool(_LEANS.search(text) or _MONTHLY.search(text))


def lowered(phrase: str, text: str) -> str:
    """Return a phrase that began a sentence as it stands within one.

    Its first word stays as it is if the document never has it with a small letter.
    """
    first, gap, rest = phrase.partition(" ")
    small = first[:1].lower() + first[1:]
    if first.isupper() and len(first) > 1:
        return phrase
    if small in NUMBER_WORDS:
        return f"{small}{gap}{rest}"
    if small in TITLES and rest[:1].isupper():
        return phrase
    known = re.search(rf"(?<![\w’'-]){re.escape(small)}(?![\w’'-])", text)
    return f"{small}{gap}{rest}" if known or first in ("The", "A", "An") else phrase


def _date_in_front(sentence: str) -> tuple[str, Stated | None]:
    """Take a date out that opens a sentence with "on" or "in"."""
    dates = values_of(Expected(Kind.DATE), sentence)
    if not dates or not re.fullmatch(r"(?:On|In) ", sentence[: dates[0].start]):
        return sentence, None
    after = re.match(r",? (?=\w)", sentence[dates[0].end :])
    if not after:
        return sentence, None
    rest = sentence[dates[0].end + after.end() :]
    return rest[:1].upper() + rest[1:], dates[0]


def _without_end(main: str) -> tuple[str, Stated | None]:
    """Take the one date out that ends a sentence with "on" or "in"."""
    dates = values_of(Expected(Kind.DATE), main)
    found = re.search(r" (?:on|in) $", main[: dates[0].start]) if len(dates) == 1 else None
    if not found or dates[0].end != len(main):
        return main, None
    return main[: found.start()], dates[0]


def _split(main: str, when: Stated | None, text: str) -> Clause | None:
    words = main.split(" ")
    for place, word in enumerate(words[: _LONGEST_SUBJECT + 1]):
        subject, rest = " ".join(words[:place]), words[place + 1 :]
        if word in ("was", "were", "had") and place and rest and rest[0] in PARTICIPLES:
            return _clause(subject, word, rest, when, text, helped=True)
        if word in BASES and place:
            return _clause(subject, word, rest, when, text)
        if word in ("was", "were", "is", "are", "has", "have", "had", "did", "does", "do"):
            return None
    return None


def _clause(
    subject: str,
    verb: str,
    rest: list[str],
    when: Stated | None,
    text: str,
    *,
    helped: bool = False,
) -> Clause | None:
    said = " ".join(rest)
    others = rest[1:] if helped else rest
    if leans(subject) or leans(said):
        return None
    if verb in SPEECH and not (helped or rest[:1] in (["a"], ["an"])):
        return None
    # "proposed by" tells of what stands before it; any other verb may be the sentence's own.
    verbs = any(one in BASES and after != "by" for one, after in zip_longest(others, others[1:]))
    if verbs or re.search(r"\b(?:was|were|is|are|has|have|had)\b", said):
        return None
    if not _may_be_subject(subject.split(" "), lowered(subject, text)):
        return None
    named = bool(re.search(r"[A-Z]", lowered(subject, text)))
    if _OWN.search(subject) or (_OWN.search(said) and not named):
        return None
    return Clause(lowered(subject, text), verb, said, helped, when)


def _may_be_subject(words: list[str], within: str) -> bool:
    """Tell whether words name somebody or something, with no verb or adverb among them."""
    if any(word in PRESENTS or word in ("only", "even", "just", "still", "now") for word in words):
        return False
    opening = words[0].lower()
    counted = opening in NUMBER_WORDS or opening[:1].isdigit() or opening in _QUANTIFIERS
    if opening in ("one", "some", "many", "most", "several", "few"):
        return False
    return counted or opening in ("the", "a", "an") or bool(re.search(r"[A-Z]", within))
