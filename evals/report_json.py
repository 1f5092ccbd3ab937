"""A run as the JSON of ``evals run --json``, as a baseline to keep in git, and read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypedDict

from assistant.contract import AskJson
from corpus.errors import UsageError
from evals.files import read_json
from evals.outcomes import DIGITS, Outcome, outcome_of
from evals.results import Metrics, Pin, Result, RunReport, Verdict


class GateJson(TypedDict):
    """The gate in a report."""

    passed: bool
    reasons: list[str]


class ResultJson(TypedDict):
    """One case in a report; see ``evals.outcomes.Outcome`` for what statistics need of it.

    ``cached`` where the answer was given in an earlier run. ``accepted`` and ``evidence`` are the
    case's own.
    """

    id: str
    question: str
    answer: AskJson | None
    scores: dict[str, float]
    stage: str | None
    error: str | None
    seconds: float
    tags: list[str]
    digest: str
    cluster: str
    unanswerable: bool
    declined: bool
    confidence: float | None
    cached: bool
    accepted: list[str]
    evidence: list[dict[str, str]]


class JudgeJson(TypedDict):
    """The language model that judged a run: ``prompt`` is a hash of what it was asked, ``silent``
    how many of the ``asked`` opinions it did not give."""

    model: str
    prompt: str
    asked: int
    silent: int


class RunJson(TypedDict):
    """What ``evals run --json`` writes for a suite; each slice also counts its ``cases``."""

    suite: str
    cases: int
    errors: int
    stale: int
    failed: int
    cached: int
    metrics: dict[str, float | None]
    intervals: dict[str, list[float]]
    slices: dict[str, dict[str, float | None]]
    results: list[ResultJson]
    gate: GateJson
    judge: JudgeJson | None


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run read back; ``outcomes`` is empty in reports of releases that did not write them."""

    suite: str
    metrics: Metrics
    outcomes: tuple[Outcome, ...]
    judge: Pin | None = None


def run_json(report: RunReport, verdict: Verdict) -> RunJson:
    """Return a run as the contract's object."""
    return {
        "suite": report.suite,
        "cases": len(report.results),
        "errors": report.errors,
        "stale": report.stale,
        "failed": len(report.failed),
        "cached": report.cached,
        "metrics": _rounded(report.metrics),
        "intervals": {
            name: [round(low, DIGITS), round(high, DIGITS)]
            for name, (low, high) in report.intervals.items()
        },
        "slices": {tag: _rounded(metrics) for tag, metrics in report.slices.items()},
        "results": [_result(result) for result in report.results],
        "gate": {"passed": verdict.passed, "reasons": list(verdict.reasons)},
        "judge": _judge(report),
    }


def baseline_text(report: RunReport) -> str:
    """Return a run without its answers, a line for each case, so that git shows what changed."""
    lines = ["  " + json.dumps(_numbers(one)) for one in report.results]
    head = f'{{"suite": {json.dumps(report.suite)},\n'
    if judge := _judge(report):
        head += f' "judge": {json.dumps(judge)},\n'
    head += ' "metrics": '
    return (
        head
        + f'{json.dumps(_timeless(report.metrics))},\n "results": [\n'
        + (",\n".join(lines) + "\n]}\n")
    )


def read_runs(path: Path) -> dict[str, SavedRun]:
    """Read the runs of a report or a baseline, by suite. Raises UsageError for anything else."""
    value = read_json(path)
    runs = value if isinstance(value, list) else [value]
    if not runs or not all(_is_run(run) for run in runs):
        raise UsageError(f"{path} is not a report: name a file that evals run --json wrote")
    try:
        return {
            run["suite"]: SavedRun(
                run["suite"],
                run["metrics"],
                tuple(map(_outcome, run.get("results", []))),
                _pin(run.get("judge")),
            )
            for run in runs
        }
    except _OlderReport:
        return {run["suite"]: SavedRun(run["suite"], run["metrics"], ()) for run in runs}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError(f"{path} is damaged: write it again with evals run --json") from None


def _judge(report: RunReport) -> JudgeJson | None:
    part = report.judged_by
    if part is None:
        return None
    return {
        "model": part.pin.model,
        "prompt": part.pin.prompt,
        "asked": part.asked,
        "silent": part.silent,
    }


def _pin(found: Mapping[str, Any] | None) -> Pin | None:
    return None if found is None else Pin(str(found["model"]), str(found["prompt"]))


class _OlderReport(Exception):
    """A report of a release whose cases did not say enough for statistics."""


def _outcome(found: Mapping[str, Any]) -> Outcome:
    if "digest" not in found:
        raise _OlderReport
    untimed = found["confidence"] is None or found.get("cached", False)
    return Outcome(
        id=str(found["id"]),
        digest=str(found["digest"]),
        cluster=str(found["cluster"]),
        unanswerable=bool(found["unanswerable"]),
        declined=bool(found["declined"]),
        confidence=None if found["confidence"] is None else float(found["confidence"]),
        scores={str(name): float(score) for name, score in found["scores"].items()},
        stage=found["stage"],
        seconds=None if untimed else found.get("seconds"),
    )


def _is_run(run: object) -> bool:
    if not isinstance(run, dict) or not isinstance(run.get("suite"), str):
        return False
    metrics = run.get("metrics")
    return isinstance(metrics, dict) and all(
        value is None or isinstance(value, int | float) for value in metrics.values()
    )


def _result(result: Result) -> ResultJson:
    outcome = outcome_of(result)
    return {
        "id": result.case.id,
        "question": result.case.question,
        "answer": result.answer,
        "scores": {name: round(score, DIGITS) for name, score in result.scores.items()},
        "stage": outcome.stage,
        "error": result.error,
        "seconds": round(result.seconds, DIGITS),
        "tags": list(result.case.tags),
        "digest": outcome.digest,
        "cluster": outcome.cluster,
        "unanswerable": outcome.unanswerable,
        "declined": outcome.declined,
        "confidence": None if outcome.confidence is None else round(outcome.confidence, DIGITS),
        "cached": result.cached,
        "accepted": list(result.case.answers),
        "evidence": [asdict(one) for one in result.case.evidence],
    }


def _numbers(result: Result) -> dict[str, object]:
    """Return what statistics need of a case, without what depends on the machine."""
    dropped = {"question", "answer", "error", "seconds", "cached", "accepted", "evidence"}
    return {key: value for key, value in _result(result).items() if key not in dropped}


def _timeless(metrics: Metrics) -> dict[str, float | None]:
    """Leave out what depends on the machine: a baseline is for every machine."""
    return {name: x for name, x in _rounded(metrics).items() if not name.endswith("_ms")}


def _rounded(metrics: Metrics) -> dict[str, float | None]:
    return {name: None if x is None else round(x, DIGITS) for name, x in metrics.items()}
