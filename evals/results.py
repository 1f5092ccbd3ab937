"""Results: what came of each case and of a whole run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.contract import AskJson
from evals.cases import Case
from evals.stages import UNFOUND, Stage

Metrics = Mapping[str, float | None]
"""A value for each measure; None where it is undefined, as an AUROC with one kind of case is."""

Interval = tuple[float, float]

# Measures of one case, averaged over the cases that they apply to.
CASE_METRICS = (
    "hit@1",
    "hit@5",
    "recall@5",
    "mrr@10",
    "map@10",
    "ndcg@10",
    "answer_em",
    "answer_f1",
    "answer_contains",
    "citation_precision",
    "citation_recall",
    "alce_precision",
    "alce_recall",
    "quote_exact",
)
# Measures of a case whose evidence stands in several documents: ours, and beside it that of a
# plain search (one ranking for the whole question) in the same run.
ACROSS_METRICS = (
    "all_evidence@5",
    "plain_all_evidence@5",
    "all_evidence@10",
    "plain_all_evidence@10",
)
# Measures of a follow-up that has a form that stands alone: of that form in the same run, and by
# how much the follow-up, completed from its conversation, falls behind it.
FOLLOW_UP_METRICS = (
    "alone_hit@1",
    "alone_hit@5",
    "alone_mrr@10",
    "alone_answer_contains",
    "behind_alone@5",
)
# Opinions of a language model, where a run asks for them.
JUDGE_METRICS = ("judge_faithfulness", "judge_correctness")
# Further measures of rankings on public sets; ``map`` looks at a hundred documents.
RANKING_METRICS = ("hit@10", "recall@10", "map")
OPTIONAL_METRICS = ACROSS_METRICS + FOLLOW_UP_METRICS + RANKING_METRICS + JUDGE_METRICS
# Measures that need all cases at once.
RUN_METRICS = (
    "abstention_precision",
    "abstention_recall",
    "abstention_auroc",
    "risk_coverage_area",
    "latency_p50_ms",
    "latency_p95_ms",
)
METRICS = CASE_METRICS + RUN_METRICS
LOWER_IS_BETTER = ("behind_alone@5", "risk_coverage_area", "latency_p50_ms", "latency_p95_ms")


def metrics_of(*all_metrics: Mapping[str, object]) -> tuple[str, ...]:
    """Return the measures to show of some runs: those of some kinds of cases, and a
    judge's opinions, where any run has them."""
    there = [
        name for name in OPTIONAL_METRICS if any(one.get(name) is not None for one in all_metrics)
    ]
    return (*CASE_METRICS, *there, *RUN_METRICS)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one case.

    ``answer`` is None when there is none (an error, stale evidence). ``scores`` holds the case
    metrics that apply. ``stage`` is None when the case passed; ``error`` is one line for people.
    ``seconds`` is how long the caller waited; a ``cached`` answer was given in an earlier run.
    """

    case: Case
    answer: AskJson | None
    scores: Mapping[str, float]
    stage: Stage | None
    error: str | None
    seconds: float
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """Which judge it is: the model, and twelve hex digits of what it is asked."""

    model: str
    prompt: str


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """A judge's part in a run: how many opinions it was asked for and did not give, and why."""

    pin: Pin
    asked: int = 0
    silent: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What came of a suite. ``intervals`` hold 95% of the bootstrap; ``slices`` go by tag;
    ``judged_by`` tells of the language model that judged, where one did."""

    suite: str
    results: tuple[Result, ...]
    metrics: Metrics
    intervals: Mapping[str, Interval]
    slices: Mapping[str, Metrics]
    judged_by: JudgedBy | None = None

    @property
    def failed(self) -> tuple[Result, ...]:
        """The cases that did not pass."""
        return tuple(result for result in self.results if result.stage)

    def at(self, *stages: Stage) -> tuple[Result, ...]:
        """Return the cases that failed at one of these stages."""
        return tuple(result for result in self.results if result.stage in stages)

    @property
    def cached(self) -> int:
        """How many answers were given in an earlier run."""
        return sum(result.cached for result in self.results)

    @property
    def errors(self) -> int:
        """How many cases ended in an error."""
        return len(self.at(Stage.ERROR))

    @property
    def stale(self) -> int:
        """How many cases quote what no longer stands in the corpus."""
        return len(self.at(*UNFOUND))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says; each reason is a sentence, none when it passed."""

    reasons: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the gate is open."""
        return not self.reasons
