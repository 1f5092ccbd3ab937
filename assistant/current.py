"""What is asked as it is now, where older and newer documents tell it differently.

"At how many airports is it in use now?" has as many answers as there are reports. The nearest
sentence is often an old one; so the values that the best passages of several documents give are set
beside one another, and the newest document's comes first. Unlike ``disagree``, this does not ask
that the sentences say the same of everything else: reports of different years never do.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.disagree import Claim
from assistant.expect import Expected, Kind, things
from assistant.extract import Quote
from assistant.sentence_features import NAMES
from assistant.stated import Stated, comparable, same, values_of
from assistant.support_text import parse
from corpus.documents import Document
from index.passages import Hit
from index.search import Query
from index.terms import terms

LOOKED_AT = 16
"""Sentences, from the best on, in which values are looked for."""
_PASSAGE = 0.75
"""A value's passage must be at least this near to the question, as a share of the best one's."""
_COVERED = 0.45
"""The share of the question, by rarity, that its passage and title must have."""
_SIMILAR = 0.6
"""How similar to the question its sentence must be, as a share of the nearest value's."""
_RIVAL = 0.8
"""How similar a second sentence of a document must be to be another answer, as a share of its best
one's."""

_WHOLE, _PUT_OTHERWISE = 0.5, 0.3
"""What is enough instead, of passage and sentence, for a number of the very things that are counted
in a passage that has the question's names and all of its other words."""
_LETTERS = 3
"""Of an abbreviation that is looked for spelled out."""

_NOW = re.compile(
    r"\b(?:now|nowadays|currently|today|at present|still|these days|any ?more|no longer)\b", re.I
)
_TOTAL = re.compile(r"\b(?:so far|to date|up to now|by now|in all|in total|altogether)\b", re.I)
_PRESENT = re.compile(rf"{_NOW.pattern}|{_TOTAL.pattern}", re.I)
_LASTS = re.compile(r"^\W*(?:until|till|through) (?:when|what|which)\b", re.I)
_HAS = re.compile(r"^\W*how (?:many|much)\b.*\b(?:has|have)\b", re.I)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_UNTIL = re.compile(r"\b(?:until|till|through)\s*$", re.I)
_UNSURE = re.compile(
    r"\b(?:would|could|might|if|expect\w*|plan(?:s|ned)?|propos\w+|hop(?:es?|ed)|estimat\w+)\b",
    re.I,
)
_GREW = re.compile(
    r"\b(?:has|have|had)\b(?: since| now)? (?:grown|risen|increased|expanded|climbed|swollen|"
    r"fallen|dropped|shrunk|declined)\b.*?\bto\b",
    re.I,
)
_CLAUSE = re.compile(r"[,;:]\s")
_SUMS_UP = re.compile(rf"{_NOW.pattern}|{_TOTAL.pattern}|\bthe total\b", re.I)


def asks_what_is_so_now(question: str) -> bool:
    """Tell whether a question says that it is about the present."""
    return bool(_NOW.search(question)) and not _YEAR.search(question)


def told_over_time(
    query: Query,
    wanted: Expected,
    ranked: Sequence[Quote],
    hits: Sequence[Hit],
    documents: Mapping[str, Document],
) -> tuple[tuple[Claim, ...], ...]:
    """Return the values that dated documents give for what is so now, in groups of the same value,
    the newest document's first; none where there is only one."""
    if not _asks_for_a_state(query.text) or wanted.kind in (Kind.OTHER, Kind.PERSON, Kind.REASON):
        return ()
    told = _told(query, wanted, ranked, hits, documents)
    newest = sorted(told, key=lambda one: _date(one, documents), reverse=True)
    groups: list[list[Claim]] = []
    for one in newest:
        known = next((group for group in groups if same(group[0].value, one.value)), None)
        if known is not None:
            known.append(one)
        elif not groups or comparable(groups[0][0].value, one.value):
            groups.append([one])
    return tuple(tuple(group) for group in groups) if len(groups) > 1 else ()


def _asks_for_a_state(question: str) -> bool:
    if _YEAR.search(question):
        return False
    return any(one.search(question) for one in (_NOW, _TOTAL, _LASTS, _HAS))


def _told(
    query: Query,
    wanted: Expected,
    ranked: Sequence[Quote],
    hits: Sequence[Hit],
    documents: Mapping[str, Document],
) -> list[Claim]:
    """Return what each dated document tells of now: one claim, or two where it leaves open which
    of them is."""
    found: dict[str, list[Claim]] = {}
    nearest = 0.0
    for claim in _claims(query, wanted, ranked[:LOOKED_AT]):
        quote, document = claim.quote, documents.get(claim.quote.document_id)
        hit = _passage_of(quote, hits)
        nearest = nearest or quote.similarity
        if document is None or document.date is None or hit is None:
            continue
        share = _share(query, hit, document)
        counted = share >= 1 and bool(wanted.focus and NAMES.search(query.text))
        if share < _COVERED or hit.score < (_WHOLE if counted else _PASSAGE) * hits[0].score:
            continue
        least = (_PUT_OTHERWISE if counted else _SIMILAR) * nearest
        if quote.similarity >= least or _SUMS_UP.search(quote.text):
            found.setdefault(document.id, []).append(claim)
    return [one for name, told in found.items() for one in _latest(told, documents[name].text)]


def _latest(told: Sequence[Claim], text: str) -> Sequence[Claim]:
    """Return the claim of one document that is of now: the one that sums up, says what it has grown
    to, or is told of the later day; else its best one, and a rival that is told as much."""
    for pattern in (_SUMS_UP, _GREW):
        if says := next((one for one in told if pattern.search(one.quote.text)), None):
            return [says]
    best, *others = told
    for other in others:
        if not _rivals(best, other):
            continue
        mine, theirs = (_told_of(one.quote, text) for one in (best, other))
        if mine and theirs and mine != theirs:
            best = other if theirs > mine else best
        else:
            return [best, other]
    return [best]


def _rivals(best: Claim, other: Claim) -> bool:
    """Tell whether another sentence gives another value for as much of the question."""
    return (
        comparable(best.value, other.value)
        and not same(best.value, other.value)
        and other.quote.similarity >= _RIVAL * best.quote.similarity
        and other.quote.covered >= best.quote.covered
    )


def _told_of(quote: Quote, text: str) -> dt.date | None:
    """Return the last day before a sentence's end, in its paragraph, that tells its year."""
    paragraph = text.rfind("\n", 0, quote.start) + 1
    days = values_of(Expected(Kind.DATE), text[paragraph : quote.end])
    dated = [dt.date(one.year, one.month or 1, one.day or 1) for one in days if one.year]
    return dated[-1] if dated else None


def _claims(query: Query, wanted: Expected, ranked: Sequence[Quote]) -> Iterator[Claim]:
    asked = values_of(wanted, query.text)
    for quote in ranked:
        if _UNSURE.search(quote.text):
            continue
        values = [
            one
            for one in values_of(wanted, quote.text)
            if not any(same(one, other) for other in asked)
        ]
        value = _meant(query.text, values, quote.text)
        if value is not None:
            yield Claim(quote, value, parse(quote.text))


def _meant(question: str, values: Sequence[Stated], sentence: str) -> Stated | None:
    """Return the one value that is meant: after "until", where that is asked; of several, the one
    in the clause that sums up."""
    if _LASTS.search(question):
        values = [one for one in values if _UNTIL.search(sentence[: one.start])]
    elif len(values) > 1:
        values = [one for one in values if _SUMS_UP.search(_clause(sentence, one))]
    return values[0] if len(values) == 1 else None


def _clause(sentence: str, value: Stated) -> str:
    """Return the part of a sentence between commas that a value stands in."""
    starts = [one.end() for one in _CLAUSE.finditer(sentence, 0, value.start)]
    end = _CLAUSE.search(sentence, value.end)
    return sentence[starts[-1] if starts else 0 : end.start() if end else len(sentence)]


def _share(query: Query, hit: Hit, document: Document) -> float:
    """Return the share of the question, by rarity, that a passage with its title has, without the
    words that say "now"; 0 where it lacks one of the question's names."""
    text = f"{document.title} {hit.passage.heading} {hit.text}"
    near = set(terms(text))
    for name in NAMES.findall(query.text):
        if not query.rarity.keys() & set(terms(name)) <= near and not _spells_out(text, name):
            return 0.0
    alike, now = things(near), set(terms(" ".join(_PRESENT.findall(query.text))))
    asked = {one: rarity for one, rarity in query.rarity.items() if one not in now}
    lacking = [rarity for one, rarity in asked.items() if not things((one,)) <= alike]
    return 1 - sum(lacking) / sum(asked.values()) if asked else 0.0


def _spells_out(text: str, name: str) -> bool:
    """Tell whether a text has the words that an abbreviation stands for."""
    letters = re.findall(r"[A-Z]", name)
    if len(letters) < _LETTERS or not name.strip("?!.,").isupper():
        return False
    words = r"\s(?:(?:of|for|the|and|on)\s)*".join(rf"{letter}\w+" for letter in letters)
    return bool(re.search(rf"\b{words}\b", text))


def _passage_of(quote: Quote, hits: Sequence[Hit]) -> Hit | None:
    return next(
        (
            hit
            for hit in hits
            if hit.passage.document_id == quote.document_id
            and hit.passage.start <= quote.start < hit.passage.end
        ),
        None,
    )


def _date(claim: Claim, documents: Mapping[str, Document]) -> dt.date:
    return documents[claim.quote.document_id].date or dt.date.min
