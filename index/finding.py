"""A question as a person asks it becomes one ranking: its sides, its dates and a reranker applied.

``Index.search`` ranks passages for one text. Here a question that looks across documents is asked
once for each of its sides, and the evidence of every side gets among the first results. A question
without sides and dates is ranked as ``Index.search`` ranks it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from index.clock import Clock
from index.kin import held, kin_of
from index.known_names import remarks
from index.passages import Filters, Hit
from index.search import Query
from index.sides import KnownNames, Side, sides
from index.steering import Preference, Searchable, Steered, preference, steer
from index.terms import terms

RERANKED = 50
"""Passages that a reranker reads."""
_STEERED = 30
"""Passages among which dates may change the order."""
_OF_SIDE = 20
"""Passages looked at for each side."""
_OWN = 0.2
"""How much a passage gains in its side's list by having all words that only this side has. Tuned
on the cases of ``evals/suites/across.jsonl`` that are tagged so."""
PART = "side"
"""What a hit's ``parts`` call the side for which it was taken, counted from 1."""


class Reranker(Protocol):
    """Reads a question and passages together, and says how well each answers, in 0..1."""

    def scores(self, question: str, passages: Sequence[str]) -> Sequence[float]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class OfSide:
    """What was found for one side of a question, the best first."""

    side: Side
    query: Query
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a question.

    ``of_sides`` is what each side brought, none for a plain question. ``steered`` says what
    dates in the question changed. ``remarks`` are sentences for people about filters that name what
    is not there. ``timings_ms`` maps the steps that were taken to milliseconds.
    """

    query: Query
    hits: tuple[Hit, ...]
    of_sides: tuple[OfSide, ...] = ()
    steered: Steered | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that were searched for, in the order of the question."""
        return tuple(one.side for one in self.of_sides)


class Finder:
    """Finds passages for questions in an index; safe to share between threads."""

    def __init__(
        self,
        *,
        reranker: Reranker | None = None,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        self._reranker = reranker
        self._today = today
        self._names = KnownNames()

    def find(
        self,
        index: Searchable,
        question: str,
        *,
        k: int = 10,
        filters: Filters = Filters(),
        plain: bool = False,
    ) -> Found:
        """Return the ``k`` best passages for a question, the best first.

        A ``plain`` search ranks for the whole text alone: no sides, no dates, no reranker.
        """
        steps = Clock()
        query = index.prepare(question)
        steps.mark("embed")
        remarked = remarks(index.catalogue, filters)
        if plain:
            hits = index.search(query, k=k, filters=filters)
            steps.mark("search")
            return Found(query, hits, timings_ms=steps.taken, remarks=remarked)
        asking = _Asking(index, filters, self._reranker, self._today(), steps)
        hits, steered = asking.ranked(query, k, asking.preference(question))
        asked = sides(question, self._names.of(index.catalogue))
        of_sides: tuple[OfSide, ...] = ()
        if asked:
            of_sides, hits = asking.across(asked, hits, k)
        return Found(query, hits, of_sides, steered, steps.taken, remarked)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One question in one index."""

    index: Searchable
    filters: Filters
    reranker: Reranker | None
    today: dt.date
    steps: Clock

    def preference(self, text: str) -> Preference | None:
        return preference(self.index, text, self.today, self.filters)

    # ------------------------------------------------------------------ one list

    def ranked(
        self, query: Query, k: int, wanted: Preference | None
    ) -> tuple[tuple[Hit, ...], Steered | None]:
        depth = max(k, RERANKED if self.reranker else k, _STEERED if wanted else k)
        hits = self.index.search(query, k=depth, filters=self.filters)
        self.steps.mark("search")
        steered = None
        if wanted:
            hits, steered = steer(self.index, query, hits, wanted, self.filters)
            self.steps.mark("dates")
        if self.reranker:
            hits = self._reranked(self.reranker, query.text, hits)
            self.steps.mark("rerank")
        return hits[:k], steered

    def _reranked(self, model: Reranker, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Put the first ``RERANKED`` in the model's order; its score takes the place of theirs.

        Those behind them keep their order, and score no higher than the last of the reranked.
        """
        read, rest = hits[:RERANKED], hits[RERANKED:]
        scores = model.scores(question, [hit.text for hit in read])
        ranked = sorted(
            (
                replace(
                    hit, score=score, parts={**hit.parts, "reranker": score, "search": hit.score}
                )
                for hit, score in zip(read, scores, strict=True)
            ),
            key=lambda hit: -hit.score,
        )
        least = ranked[-1].score if ranked else 1.0
        return (*ranked, *(replace(hit, score=min(least, hit.score)) for hit in rest))

    # ------------------------------------------------------------------ sides

    def across(
        self, asked: Sequence[Side], overall: tuple[Hit, ...], k: int
    ) -> tuple[tuple[OfSide, ...], tuple[Hit, ...]]:
        """Return what the sides that the index knows brought, and the hits of all of them.

        Where every side leads to the passage that is first anyway, nothing is changed: the
        question names two things that are spoken of together. Only a comparison wants the value of
        each even then.
        """
        found = [one for side in asked if (one := self._of_side(side)).hits]
        self.steps.mark("sides")
        firsts = {one.hits[0].passage.id for one in found}
        together = not asked[0].compared and overall and firsts == {overall[0].passage.id}
        if len(found) < 2 or together:
            return (), overall
        return tuple(found), merged(overall, [one.hits for one in found], k)

    def _of_side(self, side: Side) -> OfSide:
        """Return what one side brings: nothing where no passage has any word of its own."""
        query = self.index.prepare(side.text)
        if side.own <= query.unseen:
            return OfSide(side, query, ())
        apart = replace(self, steps=Clock())
        hits, _ = apart.ranked(query, _OF_SIDE, self.preference(side.name))
        about = self.index.catalogue.about({hit.passage.document_id for hit in hits})
        rarity = {term: query.rarity.get(term, 1.0) for term in side.own}
        kin = kin_of(side.text)

        def fitness(hit: Hit) -> float:
            title, _ = about.get(hit.passage.document_id, ("", None))
            there = terms(f"{title} {hit.passage.heading} {hit.text}")
            own = sum(rarity[term] * share for term, share in held(side.own, kin, there).items())
            return hit.score + _OWN * own / sum(rarity.values())

        return OfSide(side, query, tuple(sorted(hits, key=fitness, reverse=True)))


def merged(overall: Sequence[Hit], lists: Sequence[Sequence[Hit]], k: int) -> tuple[Hit, ...]:
    """Return ``k`` hits: the best overall, then the sides and the whole question in turn.

    In each round every side gives its best passage that is not there yet; a side whose best of
    that round is there already gives none. Each hit says for which side it was taken; one that
    the whole question found too keeps the parts that it had there.
    """
    found = {hit.passage.id: hit for hit in overall}
    taken: dict[str, Hit] = {hit.passage.id: hit for hit in overall[:1]}
    depth = max([len(overall), *(len(one) for one in lists)])
    for place in range(depth):
        for number, hits in enumerate(lists, start=1):
            for hit in hits[place : place + 1]:
                known = found.get(hit.passage.id, hit)
                marked = replace(known, parts={**known.parts, PART: float(number)})
                taken.setdefault(hit.passage.id, marked)
        for hit in overall[place + 1 : place + 2]:
            taken.setdefault(hit.passage.id, hit)
    return tuple(taken.values())[:k]
