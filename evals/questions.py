"""Asks the questions of cases, and takes answers from the cache where nothing that decides them
changed."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from assistant.client import Client
from assistant.contract import AskJson, HitJson
from evals.answer_cache import AnswerCache
from evals.cases import Case
from evals.scoring import looks_across


@dataclass(frozen=True, slots=True)
class Given:
    """What a client gave for a case: its answer and, where the case looks across documents, the
    hits of a plain search. ``seconds`` is how long the caller waited for the answer."""

    answer: AskJson
    plain: list[HitJson] | None
    seconds: float
    cached: bool = False


class Questions:
    """Asks a client, or looks into a cache."""

    def __init__(self, client: Client, cache: AnswerCache | None = None) -> None:
        self._client, self._cache = client, cache

    def ask(self, case: Case) -> Given:
        """Return what the client gives for a case, now or when it was asked last."""
        start = perf_counter()
        kept = self._cache.find(case) if self._cache else None
        if kept is not None:
            return Given(kept["answer"], kept["plain"], perf_counter() - start, cached=True)
        start = perf_counter()
        answer = self._client.ask(case.question, history=case.history, filters=case.filters)
        seconds = perf_counter() - start
        plain = None
        if looks_across(case):
            found = self._client.search(answer["searched"], k=10, filters=case.filters, plain=True)
            plain = found["hits"]
        if self._cache:
            self._cache.hold(case, {"answer": answer, "plain": plain})
        return Given(answer, plain, seconds)

    def done(self) -> None:
        """Keep the new answers, if what decides them is still what it was."""
        if self._cache:
            self._cache.keep()
