"""Questions across documents: our search beside a plain one, side by side on the same corpus.

The suite ``across`` is asked of the home's own index. Half of its cases were used for tuning, and
are shown apart from those that were not. Nothing is answered here, only found.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from assistant.connect import own
from assistant.contract import hits_json
from assistant.home import Home
from corpus.errors import CheckFailed
from evals.cases import Case, load_suite
from evals.evidence import Located, find_spans
from evals.metrics.all_evidence import all_evidence_at_k
from evals.results import Metrics
from evals.scoring import coverage_of
from evals.statistics import Rows, bootstrap_intervals
from evals.tables import table
from index.passages import Hit

SUITE = "across"
DEPTHS = (3, 5, 10)
HALVES = ("tuned-on", "held-out")


class HalfJson(TypedDict):
    """Shares of cases by system (``assistant``, ``plain``) and measure; ``difference`` is ours less
    theirs, with the 95% of a bootstrap over cases."""

    cases: int
    metrics: dict[str, float]
    plain: dict[str, float]
    difference: dict[str, list[float]]


class AcrossJson(TypedDict):
    """What ``evals bench across`` writes. ``split`` is how many questions had sides."""

    bench: str
    cases: int
    split: int
    latency_p50_ms: dict[str, float]
    latency_p95_ms: dict[str, float]
    halves: dict[str, HalfJson]


def bench_across(home: Home) -> AcrossJson:
    """Ask the suite's questions both ways. Raises CheckFailed where a quote stands nowhere."""
    cases = load_suite(SUITE).cases
    scores: dict[str, list[list[float]]] = {"assistant": [], "plain": []}
    seconds: dict[str, list[float]] = {"assistant": [], "plain": []}
    split = 0
    with own(home, command="evals bench") as (archive, _):
        archive.sync()
        archive.load()
        texts = {entry.id: archive.document(entry.id).text for entry in archive.entries()}
        for case in cases:
            evidence = _located(case, texts)
            for system, of_system in scores.items():
                start = time.perf_counter()
                found = archive.searching.find(
                    case.question, k=max(DEPTHS), plain=system == "plain"
                )
                seconds[system].append(time.perf_counter() - start)
                split += bool(found.sides)
                of_system.append(_scores(found.hits, evidence))
    tags = [case.tags for case in cases]
    rows = {half: [n for n, of in enumerate(tags) if half in of] for half in HALVES}
    return {
        "bench": SUITE,
        "cases": len(cases),
        "split": split,
        "latency_p50_ms": {name: _percentile(took, 50) for name, took in seconds.items()},
        "latency_p95_ms": {name: _percentile(took, 95) for name, took in seconds.items()},
        "halves": {half: _half(scores, chosen) for half, chosen in rows.items()},
    }


def across_table(measured: AcrossJson) -> str:
    """Return the measures as a table for a terminal."""
    lines = [["half", "cases", "measure", "plain", "assistant", "difference, 95% interval"]]
    for half, one in measured["halves"].items():
        for name in one["metrics"]:
            low, high = one["difference"][name]
            ours, theirs = one["metrics"][name], one["plain"][name]
            lines.append(
                [
                    half, str(one["cases"]), name, f"{theirs:.3f}", f"{ours:.3f}",
                    f"{ours - theirs:+.3f} ({low:+.3f} to {high:+.3f})",
                ]
            )  # fmt: skip
    p50, p95 = measured["latency_p50_ms"], measured["latency_p95_ms"]
    return (
        f"{table(lines)}\n\n{measured['split']} of {measured['cases']} questions had sides. "
        f"Search p50/p95: plain {p50['plain']:.1f}/{p95['plain']:.1f} ms, "
        f"assistant {p50['assistant']:.1f}/{p95['assistant']:.1f} ms."
    )


def _half(scores: dict[str, list[list[float]]], rows: Sequence[int]) -> HalfJson:
    ours, theirs = (np.array(scores[name])[rows] for name in ("assistant", "plain"))
    names = [f"all_evidence@{k}" for k in DEPTHS]

    def differences(chosen: Rows) -> Metrics:
        apart = (ours[chosen] - theirs[chosen]).mean(axis=0)
        return dict(zip(names, map(float, apart), strict=True))

    intervals = bootstrap_intervals(differences, [str(row) for row in rows])
    return {
        "cases": len(rows),
        "metrics": _means(names, ours),
        "plain": _means(names, theirs),
        "difference": {name: [round(bound, 4) for bound in intervals[name]] for name in names},
    }


def _means(names: Sequence[str], scores: NDArray[np.float64]) -> dict[str, float]:
    means = scores.mean(axis=0).tolist()
    return {name: round(float(mean), 4) for name, mean in zip(names, means, strict=True)}


def _scores(hits: Sequence[Hit], evidence: Sequence[Located]) -> list[float]:
    coverage = coverage_of(hits_json(hits, parts=False), evidence)
    return [all_evidence_at_k(coverage, len(evidence), k) for k in DEPTHS]


def _located(case: Case, texts: dict[str, str]) -> list[Located]:
    located = []
    for one in case.evidence:
        spans = tuple(find_spans(one.quote, texts.get(one.document, "")))
        if not spans:
            raise CheckFailed(
                f"{case.id}: {one.document} does not say {one.quote!r}: this benchmark needs the "
                "starter corpus; name a home that has it, or leave out --home"
            )
        located.append(Located(one.document, spans))
    return located


def _percentile(seconds: Sequence[float], percent: float) -> float:
    return round(float(np.percentile(seconds, percent)) * 1000, 1)
