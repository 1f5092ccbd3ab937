"""What a sentence gives that the question does not have: a value, a person, a name.

"When did Ann leave Rome in 1990?" is not answered by a sentence whose only date is 1990.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.expect import Expected, Kind, has_expected
from assistant.stated import Stated, same, values_of
from corpus.dates import MONTHS
from index.terms import terms

NAME = re.compile(
    r"\b(?:[A-Z]\.\s?){0,5}[A-Z][\w’'-]+(?:\s(?:[A-Z]\.\s?){0,5}"
    r"(?:(?:de|van|von|der|bin|al|of|the|for) ){0,2}[A-Z][\w’'-]+)+"
)
"""Two words or more with capitals, as people's names have them."""
# Names of things and places, which "who" does not ask for.
NO_PERSON = re.compile(
    r"\b(?:of|the|for|War|States?|Kingdom|Republic|Union|Nations?|City|County|Street|Road|Avenue|"
    r"River|Sea|Ocean|Lake|Island|North|South|East|West|New|Northern|Southern|Eastern|Western|"
    r"University|College|School|Institute|Museum|Hospital|Church|Court|Parliament|Congress|"
    r"Senate|Council|Committee|Commission|Department|Ministry|Agency|Office|Bureau|Party|"
    r"Company|Corporation|Inc|Ltd|Group|Bank|Act|Bill|Treaty|Prize|Award|Cup|League|Day|Stadium|"
    r"Arena|Park|Hall|Tower|Bridge|Airport|Station|"
    rf"{'|'.join(MONTHS).title()}|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Europe|America|Africa|Asia)\b"
    r"|\b(?:[A-Z]{2,}|\w*-based)\b"
)
_WHICH = re.compile(r"\b(?:what|which)\b", re.IGNORECASE)
_CAPITALS = re.compile(
    r"(?<![\w.])[A-Z][\w’'.-]*"
    r"(?:\s(?:(?:de|van|von|der|bin|al|of|the|for|and) ){0,2}[A-Z][\w’'-]*)*"
)


_NAMED = re.compile(
    r"\bnames? of\b|\b(?:called|named)\?|^(?:by )?who(?:m|se)?\b"
    r"|\b(?:which|what) (?:\w+ )?(?:company|companies|firm|manufacturer|maker|vendor|agency|team|"
    r"group|university|person|judge|official|app|software|algorithm|law|country|city|state)\b",
    re.IGNORECASE,
)
_SUMS = re.compile(
    r"\b(?:revenue|turnover|profit|budget|salary|spend|spent|bail|compensation)\b", re.IGNORECASE
)
_MONEY = Expected(Kind.MONEY)
_TOLD = frozenset((Kind.MONEY, Kind.COUNT, Kind.DATE, Kind.DURATION, Kind.SHARE))
"""The kinds that a sentence can be searched for as values."""


class Given:
    """Tells of sentences what they give beyond one question."""

    def __init__(self, question: str, wanted: Expected) -> None:
        self._wanted = wanted
        self._values = values_of(wanted, question)
        self._known = frozenset(terms(question))
        other = wanted.kind is Kind.OTHER
        self._asks_which = other and bool(_WHICH.search(question))
        self._asks_name = bool(_NAMED.search(question))
        self._asks_sum = other and bool(_SUMS.search(question))

    def value(self, sentence: str) -> bool:
        """Tell whether a value is asked for, and the sentence has one that the question lacks."""
        return any(self._is_new(one) for one in values_of(self._wanted, sentence))

    def person(self, sentence: str) -> bool:
        """Tell whether a person is asked for, and the sentence has one that the question lacks."""
        return self._wanted.kind is Kind.PERSON and any(
            _is_new(name, self._known) and not NO_PERSON.search(name)
            for name in NAME.findall(sentence)
        )

    def name(self, sentence: str) -> bool:
        """Tell whether "what" or "which" is asked, and the sentence has a name that the question
        lacks; a single word that opens the sentence has its capital anyway."""
        return self._asks_which and self._names(sentence)

    def meets(self, sentence: str) -> bool:
        """Tell whether a sentence gives each kind of thing that the question's words ask for: a
        value, a name, a sum of money. Where they ask for none, it does."""
        return (
            (self._wanted.kind not in _TOLD or self.value(sentence))
            and (not self._asks_name or self._names(sentence))
            and (not self._asks_sum or has_expected(_MONEY, sentence))
        )

    def _names(self, sentence: str) -> bool:
        return any(
            _is_new(found.group(), self._known)
            for found in _CAPITALS.finditer(sentence)
            if found.start() or " " in found.group()
        )

    def _is_new(self, value: Stated) -> bool:
        return not any(same(value, one) for one in self._values)


def _is_new(name: str, known: Collection[str]) -> bool:
    stems = set(terms(name))
    return bool(stems) and not stems.intersection(known)
