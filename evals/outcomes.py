"""Outcomes: what came of each case as numbers, which is all that statistics and a baseline need."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from evals.cases import Case
from evals.metrics.abstention import abstention_auroc, abstention_precision, abstention_recall
from evals.metrics.latency import percentile_ms
from evals.metrics.risk_coverage import risk_coverage_area
from evals.results import CASE_METRICS, OPTIONAL_METRICS, Result

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]

DIGITS = 4
"""How many digits of a score files keep."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case's numbers.

    ``digest`` is of the case itself, so that a case that was rewritten is not compared with what it
    was. ``cluster`` is what it shares its luck with. ``confidence`` and ``seconds`` are None where
    there was no answer to judge; ``seconds`` also for a cached one, which took no time to give.
    """

    id: str
    digest: str
    cluster: str
    unanswerable: bool
    declined: bool
    confidence: float | None
    scores: Mapping[str, float]
    stage: str | None
    seconds: float | None


def outcome_of(result: Result) -> Outcome:
    """Return a result's numbers.

    Without an answer, an answerable case counts as declined wrongly and an unanswerable one as
    answered.
    """
    case, answer = result.case, result.answer
    return Outcome(
        id=case.id,
        digest=case_digest(case),
        cluster=_cluster(case),
        unanswerable=case.unanswerable,
        declined=answer["abstained"] if answer else not case.unanswerable,
        confidence=answer["confidence"] if answer else None,
        scores=result.scores,
        stage=result.stage.value if result.stage else None,
        seconds=result.seconds if answer and not result.cached else None,
    )


def case_digest(case: Case) -> str:
    """Return sixteen hex digits that change with whatever a case asks and accepts, tags aside."""
    content = asdict(case)
    content.pop("tags")
    # What older cases don't have says nothing of them: they are the cases that they were.
    if not case.stand_alone:
        content.pop("stand_alone")
    for turn in content["history"]:
        for name in ("documents", "searched"):
            if not turn[name]:
                turn.pop(name)
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _cluster(case: Case) -> str:
    """Return the document of a case's first evidence, or a cluster of its own."""
    return f"document {case.evidence[0].document}" if case.evidence else f"case {case.id}"


@dataclass(frozen=True, slots=True)
class Columns:
    """Outcomes as columns of equal length; NaN marks what does not apply to a case.

    ``scores`` has a row for each of ``names``.
    """

    names: tuple[str, ...]
    scores: Floats
    unanswerable: Flags
    declined: Flags
    failed: Flags
    confidence: Floats
    seconds: Floats

    def metrics(self, rows: Rows) -> dict[str, float | None]:
        """Return all metrics over some rows, each row as often as it is named."""
        unanswerable, declined = self.unanswerable[rows], self.declined[rows]
        seconds = _present(self.seconds[rows])
        means = dict(zip(self.names, _means(self.scores[:, rows]), strict=True))
        return means | {
            "abstention_precision": abstention_precision(unanswerable, declined),
            "abstention_recall": abstention_recall(unanswerable, declined),
            "abstention_auroc": abstention_auroc(unanswerable, self.confidence[rows]),
            "risk_coverage_area": self._risk(rows),
            "latency_p50_ms": percentile_ms(seconds, 50),
            "latency_p95_ms": percentile_ms(seconds, 95),
        }

    def _risk(self, rows: Rows) -> float | None:
        """Return the area under risk and coverage of the cases that were answered."""
        answered = rows[~self.declined[rows] & np.isfinite(self.confidence[rows])]
        return risk_coverage_area(self.failed[answered], self.confidence[answered])


def columns_of(outcomes: Sequence[Outcome]) -> Columns:
    """Return outcomes as columns.

    A case without an answer has the worst confidence it can have, and no latency, since a quick
    failure must not look like a quick answer.
    """
    seen = {name for one in outcomes for name in one.scores}
    names = (*CASE_METRICS, *(name for name in OPTIONAL_METRICS if name in seen))
    return Columns(
        names=names,
        scores=np.array([[one.scores.get(name, math.nan) for one in outcomes] for name in names]),
        unanswerable=np.array([one.unanswerable for one in outcomes], dtype=bool),
        declined=np.array([one.declined for one in outcomes], dtype=bool),
        failed=np.array([one.stage is not None for one in outcomes], dtype=bool),
        confidence=np.array([_confidence(one) for one in outcomes]),
        seconds=np.array([math.nan if one.seconds is None else one.seconds for one in outcomes]),
    )


def _confidence(one: Outcome) -> float:
    if one.confidence is not None:
        return one.confidence
    return math.inf if one.unanswerable else -math.inf


def _means(scores: Floats) -> list[float | None]:
    """Return the mean of each row over what is there; None where nothing is."""
    there = ~np.isnan(scores)
    counts = there.sum(axis=1)
    totals = np.where(there, scores, 0.0).sum(axis=1)
    return [
        float(total) / int(count) if count else None
        for total, count in zip(totals, counts, strict=True)
    ]


def _present(values: Floats) -> Floats:
    return values[~np.isnan(values)]
