"""What filters ask of documents, in memory as arrays: a filter takes a millisecond, not a reading
of all rows.

A document takes some 40 bytes here, and 12 for each of its tags; its passages' vectors take Chroma
a thousand times that.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.among import Among, Mask
from index.embed import Numbers
from index.passages import Filters

Row = tuple[int, int, int, str | None, str | None, str]
"""Generation, first and last passage, date, source, and tags as JSON."""
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
        sources = beside.source_names if beside else Names({})
        tags = beside.tag_names if beside else Names({})
        codes: dict[str, list[int]] = {}  # most documents share their tags with others
        tagged = []
        for generation, *_, some in rows:
            if some not in codes:
                codes[some] = [tags.code(tag) for tag in json.loads(some)]
            tagged += [(generation, code) for code in codes[some]]
        of_rows = [-1 if row[4] is None else sources.code(row[4]) for row in rows]
        numbers = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
        order = np.argsort(numbers[:, 1], kind="stable")
        return cls(
            *numbers[order].T.copy(),
            np.array([row[3] for row in rows], dtype="datetime64[D]")[order],
            np.array(of_rows, dtype=np.int32)[order],
            np.array(tagged, dtype=np.int64).reshape(-1, 2),
            sources,
            tags,
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


_SPARE = 1_000


def _day(date: dt.date) -> np.datetime64:
    return np.datetime64(date, "D")
