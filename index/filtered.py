"""What filters ask of documents, in memory as arrays: a filter takes a millisecond, not a reading
of all rows.

A document takes some 40 bytes here, and 12 for each of its tags; its passages' vectors take Chroma
a thousand times that.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from index.among import Among, Mask
from index.embed import Numbers
from index.passages import Filters

_SPARE = 1_000
"""Names that may be remembered in vain before all are read anew."""
Row = tuple[int, int, int, str | None, str | None, str]
"""Generation, first and last passage, date, source, and tags as JSON."""
Key = TypeVar("Key")
Made = TypeVar("Made")
_Codes = npt.NDArray[np.int32]
_Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Names:
    """Sources or tags without regard to case, each with a number that it keeps."""

    codes: dict[str, int]

    def code(self, name: str) -> int:
        """Return a name's number, a new one where it has none."""
        return self.codes.setdefault(name.casefold(), len(self.codes))

    def of(self, names: Iterable[str]) -> list[int]:
        """Return the numbers of names that something has."""
        folded = {name.casefold() for name in names}
        return [self.codes[name] for name in folded if name in self.codes]


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """Documents with passages, in the order of these; ``tagged`` holds the generation and the tag's
    number of each tag of each document, shape ``(n, 2)``. A document without a source has -1."""

    generations: Numbers
    first: Numbers
    last: Numbers
    days: _Days
    sources: _Codes
    tagged: Numbers
    source_names: Names
    tag_names: Names

    @classmethod
    def of(cls, rows: Sequence[Row], beside: Filtered | None = None) -> Filtered:
        """Take in rows; names get the numbers that they have in the one ``beside``."""
        source_names = beside.source_names if beside else Names({})
        tag_names = beside.tag_names if beside else Names({})
        generations, first, last, dates, sources, tags = zip(*rows, strict=True) if rows else _NONE
        days, date_of = _each(dates, lambda date: np.datetime64(date or "NaT", "D"))
        codes, source_of = _each(sources, lambda one: -1 if one is None else source_names.code(one))
        tagged, tags_of = _each(tags, lambda some: [*map(tag_names.code, json.loads(some))])
        numbers = np.array([generations, first, last], dtype=np.int64)
        order = np.argsort(numbers[1], kind="stable")
        many = np.array([len(some) for some in tagged], dtype=np.int64)[tags_of]
        each: list[int] = list(
            itertools.chain.from_iterable(map(tagged.__getitem__, tags_of.tolist()))
        )
        return cls(
            numbers[0, order],
            numbers[1, order],
            numbers[2, order],
            np.array(days, dtype="datetime64[D]")[date_of][order],
            np.array(codes, dtype=np.int32)[source_of][order],
            np.stack([np.repeat(numbers[0], many), np.array(each, dtype=np.int64)], axis=1),
            source_names,
            tag_names,
        )

    def changed(self, gone: Collection[int], rows: Sequence[Row]) -> Filtered:
        """Return them without the generations that are ``gone``, and with those of ``rows``."""
        new = Filtered.of(rows, self)
        keep = ~np.isin(self.generations, [*gone])
        tags = ~np.isin(self.tagged[:, 0], [*gone])
        first = np.concatenate([self.first[keep], new.first])
        order = np.argsort(first, kind="stable")

        def both(old: npt.NDArray, more: npt.NDArray) -> npt.NDArray:  # type: ignore[type-arg]
            return np.concatenate([old[keep], more])[order]

        return Filtered(
            both(self.generations, new.generations),
            first[order],
            both(self.last, new.last),
            both(self.days, new.days),
            both(self.sources, new.sources),
            np.concatenate([self.tagged[tags], new.tagged]),
            self.source_names,
            self.tag_names,
        )

    @property
    def is_stale(self) -> bool:
        """Tell whether most names that it remembers are of documents that are gone."""
        known = len(self.source_names.codes) + len(self.tag_names.codes)
        return known > 2 * (len(self.generations) + len(self.tagged)) + _SPARE

    def among(self, filters: Filters) -> Among:
        """Return the passages that dates, sources and tags let through."""
        mask: Mask = np.ones(len(self.generations), dtype=np.bool_)
        if filters.since:  # what has no date is on neither side of one
            mask &= self.days >= _day(filters.since)
        if filters.until:
            mask &= self.days <= _day(filters.until)
        if filters.sources:
            mask &= np.isin(self.sources, self.source_names.of(filters.sources))
        if filters.tags:
            having = np.isin(self.tagged[:, 1], self.tag_names.of(filters.tags))
            mask &= np.isin(self.generations, self.tagged[having, 0])
        return Among(self.first[mask], self.last[mask])


_NONE: tuple[tuple[Any, ...], ...] = ((),) * 6


def _each(values: Sequence[Key], make: Callable[[Key], Made]) -> tuple[list[Made], Numbers]:
    """Return what is made of each different value, once, and the places of the given ones there:
    documents are many, and their dates, sources and tags few."""
    places: dict[Key, int] = {}
    found = np.array([places.setdefault(value, len(places)) for value in values], dtype=np.int64)
    return [make(value) for value in places], found


def _day(date: dt.date) -> np.datetime64:
    return np.datetime64(date, "D")
