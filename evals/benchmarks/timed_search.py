"""Searches whose parts are timed: what the question's vector, each side and the ranking take."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter, process_time

import numpy as np

from evals.benchmarks.made_index import Asked
from index.among import Among
from index.embed import Embedder
from index.passages import Filters
from index.search import Query, Searcher
from index.store import Store

TOTAL = "search, all of it"
RANKING = "ranking, with reading the candidates"
EMBEDDING, TERMS, DENSE, LEXICAL = "question embedding", "weighing its terms", "Chroma", "lexical"
PARTS = (TOTAL, EMBEDDING, TERMS, DENSE, LEXICAL, RANKING)


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds by the clock and of the processor, all threads together."""

    clock: float = 0.0
    processor: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.clock + other.clock, self.processor + other.processor)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.clock - other.clock, self.processor - other.processor)


@dataclass(frozen=True, slots=True)
class Share:
    """What of many searches took how long: the median and the 95th percentile."""

    p50: Spent
    p95: Spent


class TimedSearcher(Searcher):
    """Searches an open index. The real model embeds each question, and is timed; the made-up vector
    of the question takes the place of what it gives."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        super().__init__(store.database, store.vectors, embedder)
        self._spent: dict[str, Spent] = {}

    def times(self, asked: Sequence[Asked], filters: Filters = Filters()) -> dict[str, Share]:
        """Search for each question and return what the parts took."""
        spent: dict[str, list[Spent]] = defaultdict(list)
        for one in asked:
            self._spent = dict.fromkeys(PARTS, Spent())
            with self._timed(TOTAL):
                with self._timed(TERMS):
                    query = self.prepare(one.text)
                self.search(replace(query, vector=one.vector), filters=filters)
            with self._timed(EMBEDDING):
                self._embedder.embed_question(one.text)
            self._spent[TERMS] -= self._spent[EMBEDDING]
            parts = [self._spent[part] for part in (EMBEDDING, TERMS, DENSE, LEXICAL)]
            self._spent[RANKING] = self._spent[TOTAL] - sum(parts, Spent())
            for part, value in self._spent.items():
                spent[part].append(value)
        return {part: _share(values) for part, values in spent.items()}

    def _dense(self, query: Query, depth: int, among: Among | None) -> list[int]:
        with self._timed(DENSE):
            return super()._dense(query, depth, among)

    def _lexical(self, query: Query, depth: int, among: Among | None) -> list[int]:
        with self._timed(LEXICAL):
            return super()._lexical(query, depth, among)

    @contextlib.contextmanager
    def _timed(self, part: str) -> Iterator[None]:
        clock, processor = perf_counter(), process_time()
        yield
        took = Spent(1000 * (perf_counter() - clock), 1000 * (process_time() - processor))
        self._spent[part] = self._spent.get(part, Spent()) + took


def _share(values: Sequence[Spent]) -> Share:
    both = np.array([(one.clock, one.processor) for one in values])
    p50, p95 = np.percentile(both, (50, 95), axis=0).tolist()
    return Share(Spent(*p50), Spent(*p95))
