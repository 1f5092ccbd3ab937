"""Quotes that give different values for the same thing, found without a language model.

Two sentences are about the same thing only if nothing speaks against it: both have all of the
question that the better one has, they name the same people and places, tell of the same time, have
no other number that differs, and neither has a word ("second", "proposed", "a month") that makes
its value another one. A disagreement that is missed costs little, since both quotes may still be
shown; one that is none sows doubt about what the documents say. So all doubts count against it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.expect import Expected, Kind
from assistant.extract import Quote
from assistant.stated import Stated, comparable, same, values_of
from assistant.support_polarity import negations_differ, opposites_differ, quantities_differ
from assistant.support_text import Parsed, parse
from assistant.support_values import Word
from assistant.support_words import HEDGES, IRREGULAR
from corpus.documents import Document
from index.search import Query
from index.terms import stem

LOOKED_AT = 12
"""Sentences, from the best on, among which values are compared."""
_LIKELY = 0.25
"""A sentence must be at least this likely, as a share of the best one's chance."""
_TOLD = 2
"""Content words of the question that a sentence must have at least, to be about it at all."""
_APART = frozenset(
    stem(word)
    for word in (
        "first second third fourth fifth last final finally initial initially original originally "
        "proposed provisional preliminary revised corrected previous previously earlier later next "
        "former another other additional further more extra average mean median total altogether "
        "overall combined maximum minimum maximal minimal annual annually yearly monthly weekly "
        "daily hourly per each every apiece average estimated forecast projected target planned "
        "budgeted rose risen fell fallen grew grown increased increase decreased decrease "
        "raised cut reduced doubled halved than compared versus instead once twice half quarter "
        "only alone including excluding except without plus minus net gross before after since "
        "until least most upper lower partly remaining rest again "
        "appeal appealed settled settlement suspended could may might would should if unless "
        "potential possible expected alleged claimed denied disputed"
    ).split()
)
"""Stems of words that may make a value another one. Both sentences must have the same of them."""
_LIMIT = re.compile(
    r"\b(?:up to|at most|at least|no more than|no less than|a maximum of|a minimum of|between|from)"
    r"(?:\s\S+){0,2}\s*$",
    re.I,
)
_HAVING = re.compile(r"\b(?:does|do|did|has|have|had)\b.*\b(?:have|had|own)\b", re.I)
# Who tells is no part of what is told.
_TELLER = re.compile(
    r"(?:,\s)?\baccording to (?:[^,.;]+)(?:,|(?=[.;]|$))"
    r"|^[^,.;]{2,60}?\b(?:said|says|reported|reports|announced|wrote|stated|told [\w ]{2,30})"
    r"(?: on [A-Z]\w+)? that\b"
    r"|,\s[^,.;]{2,60}\b(?:said|says|reported|wrote|announced)(?=[.,;]|$)",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A quote and the one value of the wanted kind that it gives."""

    quote: Quote
    value: Stated
    parsed: Parsed


def disagreeing(
    query: Query,
    wanted: Expected,
    ranked: Sequence[Quote],
    documents: Mapping[str, Document],
) -> tuple[tuple[Claim, ...], ...]:
    """Return the claims that disagree, in groups that give the same value; none where all agree.

    The best quote's group comes first; others are by how likely their best quote answers. A
    document that gives a group's value again, or several values, is no party to a disagreement.
    """
    claims = _claims(query, wanted, ranked)
    if not claims or claims[0].quote != ranked[0]:
        return ()
    first, *others = claims
    groups: list[list[Claim]] = [[first]]
    for one in others:
        if not _about_the_same(query, first, one, documents):
            continue
        known = next((group for group in groups if same(group[0].value, one.value)), None)
        if known is not None:
            known.append(one)
        else:
            groups.append([one])
    parties = [{one.quote.document_id for one in group} for group in groups]
    for place, group in enumerate(groups):
        elsewhere = set().union(*(docs for n, docs in enumerate(parties) if n != place))
        if place and {one.quote.document_id for one in group} & elsewhere:
            return ()
    return tuple(tuple(group) for group in groups) if len(groups) > 1 else ()


def _claims(query: Query, wanted: Expected, ranked: Sequence[Quote]) -> list[Claim]:
    asked = values_of(wanted, query.text)
    found = []
    for quote in ranked[:LOOKED_AT]:
        if quote.score < _LIKELY * ranked[0].score:
            break
        values = [
            one
            for one in values_of(wanted, quote.text)
            if not any(same(one, other) for other in asked)
        ]
        if len(values) == 1 and not _LIMIT.search(quote.text[: values[0].start]):
            found.append(Claim(quote, values[0], parse(_told(quote.text, values[0]))))
    return found


def _told(text: str, value: Stated) -> str:
    """Return a sentence without its value, and without who tells it."""
    return _TELLER.sub(" ", f"{text[: value.start]} {text[value.end :]}")


def _about_the_same(
    query: Query, one: Claim, other: Claim, documents: Mapping[str, Document]
) -> bool:
    if other.quote.document_id == one.quote.document_id:
        return False
    if not comparable(one.value, other.value):
        return False
    mine, theirs = one.parsed, other.parsed
    return (
        _covers(query, one, other)
        and _same_names(mine, theirs)
        and _same_time(one, other, documents)
        and _same_numbers(mine, theirs)
        and _telling(mine) == _telling(theirs)
        and _same_verbs(mine, theirs, having=bool(_HAVING.search(query.text)))
        and _modified_alike(mine, theirs)
        and not negations_differ(mine, theirs)
        and not opposites_differ(mine, theirs)
        and not quantities_differ(mine, theirs)
        and not quantities_differ(theirs, mine)
    )


def _covers(query: Query, one: Claim, other: Claim) -> bool:
    """Tell whether both have the same of the question, and enough to be about it."""
    asked = parse(query.text).keys
    mine, theirs = asked & one.parsed.keys, asked & other.parsed.keys
    return mine == theirs and len(mine) >= min(_TOLD, len(asked)) and 2 * len(mine) >= len(asked)


def _same_names(one: Parsed, other: Parsed) -> bool:
    """Tell whether two sentences name the same people, places and things."""
    return _names(one, other) == _names(other, one)


def _names(parsed: Parsed, other: Parsed) -> set[str]:
    """Return a sentence's names, without a first word that the other has in lower case."""
    common = other.keys - {key for key, _ in other.names}
    first = next((word.place for word in parsed.words if word.text[0].isalpha()), 0)
    return {key for key, place in parsed.names if not (place == first and key in common)}


def _same_time(one: Claim, other: Claim, documents: Mapping[str, Document]) -> bool:
    """Tell whether what else two sentences say of time agrees. Where one tells a year, the other's
    document has to be of that year or to tell it too."""
    if one.value.kind is Kind.DATE:
        return True
    mine, theirs = one.parsed.days, other.parsed.days
    if mine and theirs:
        return {(d.year, d.month, d.day) for d in mine} == {
            (d.year, d.month, d.day) for d in theirs
        }
    days, silent = (mine, other) if mine else (theirs, one)
    if not days:
        return True
    document = documents.get(silent.quote.document_id)
    date = document.date if document else None
    return date is not None and all(day.year in (None, date.year) for day in days)


def _same_numbers(mine: Parsed, theirs: Parsed) -> bool:
    ours = {(value.value, value.unit) for value in mine.values}
    others = {(value.value, value.unit) for value in theirs.values}
    return ours == others


def _telling(parsed: Parsed) -> frozenset[str]:
    stems = {stem(word.low) for word in parsed.words}
    return frozenset(stems & (_APART | HEDGES))


def _same_verbs(one: Parsed, other: Parsed, *, having: bool) -> bool:
    """Tell whether not each of two sentences has a verb in the past that the other lacks: what was
    "bought" for a price was not "insured" for it. Who asks what somebody is ``having`` asks for
    nothing that a further verb tells: to sell two boats is not to have two."""
    shared = one.keys & other.keys
    mine, theirs = _past(one) - shared, _past(other) - shared
    return not (mine or theirs) if having else not (mine and theirs)


def _past(parsed: Parsed) -> set[str]:
    return {word.key for word in parsed.words if word.is_content and _is_past(word)}


def _is_past(word: Word) -> bool:
    return word.low.endswith("ed") or word.low in IRREGULAR


def _modified_alike(one: Parsed, other: Parsed) -> bool:
    """Tell whether no noun that both have has another word before it in the one than in the other:
    "school buses" are no "electric buses", and "the Dutch fine" is not "the French"."""
    shared = one.keys & other.keys
    mine, theirs = _modifiers(one, shared), _modifiers(other, shared)
    return all(mine[word] == theirs[word] for word in mine.keys() & theirs.keys())


def _modifiers(parsed: Parsed, shared: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return, for each noun that is shared, the words that are not shared right before it."""
    found: dict[str, frozenset[str]] = {}
    for place, word in enumerate(parsed.words):
        if word.key not in shared or _is_past(word):
            continue
        before = parsed.words[place - 1] if place else None
        narrows = before is not None and before.key not in shared and _narrows(before)
        new = frozenset({before.key}) if before is not None and narrows else frozenset()
        found[word.key] = found.get(word.key, frozenset()) | new
    return found


def _narrows(word: Word) -> bool:
    """Tell whether a word before a noun may narrow it; a verb in the past does not."""
    return word.is_content and word.low.isalpha() and not (_is_past(word) or word.low[-2:] == "ly")
