"""What the assistant says when it declines: what is missing, in the question's own words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from assistant.expect import Expected, Kind
from assistant.extract import Quote
from index.features import FRAMING
from index.passages import Filters, Hit
from index.search import Query
from index.terms import terms

_NAME = re.compile(r"[^\W\d_a-z]|[$€£]?\d")

NOTHING_THERE = "The corpus is empty: add a document, then ask again."
NOTHING_YET = "No document is in the index yet, as they are still being read: ask again soon."
NOTHING_PASSES = "No document passes the filters: widen them, or leave them out."
CHANGED = "The documents were changed while this was answered: ask again."
NO_WORD = "The question has no word to look for: name what you want to know about."
OPENING = "The documents don't answer this"
_WANTED = {
    Kind.MONEY: "an amount of money",
    Kind.COUNT: "a number",
    Kind.DATE: "a date",
    Kind.DURATION: "a length of time",
    Kind.PERSON: "a name",
    Kind.QUANTITY: "a figure",
    Kind.AGE: "an age",
    Kind.SHARE: "a share",
    Kind.REASON: "a reason",
}


def why_nothing(hits: Sequence[Hit], filters: Filters, *, is_filling: bool) -> str:
    """Say why there would be no sentence to judge after these hits; ``is_filling`` where documents
    are being read."""
    if hits:
        return CHANGED
    if filters:
        return NOTHING_PASSES
    return NOTHING_YET if is_filling else NOTHING_THERE


def what_is_missing(query: Query, wanted: Expected, ranked: Sequence[Quote]) -> str:
    """Say what the corpus lacks, in the question's own words where they tell."""
    opening, closest = OPENING, "the passages that come closest"
    words = _quoted(_words_of(query.text, set(query.unseen) - FRAMING))
    if words:
        return f"{opening}: none of them mentions {words}."
    lacking = {term for term in query.rarity if all(term not in one.covered for one in ranked)}
    # That a name is missing tells; that a verb is may only mean that another one is used.
    names = _quoted(word for word in _words_of(query.text, lacking) if _NAME.match(word))
    if names:
        return f"{opening}: {closest} do not mention {names}."
    if not ranked[0].fits and wanted.kind in _WANTED:
        return f"{opening}: {closest} do not give {_WANTED[wanted.kind]} for it."
    return f"{opening}: {closest} are about something else."


def no_value(wanted: Expected, names: Iterable[str]) -> str:
    """Say of which things that a question compares no passage gives the value."""
    value = _WANTED.get(wanted.kind, "a value")
    return f"no passage found gives {value} for {_quoted(names)}."


def _words_of(question: str, stems: Collection[str]) -> list[str]:
    words = [word.strip("?!.,;:()\"'“”") for word in question.split()]
    return [word for word in words if set(terms(word)) & set(stems)]


def _quoted(words: Iterable[str]) -> str:
    found = [f"“{word}”" for word in list(dict.fromkeys(words))[:3]]
    return " or ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)
