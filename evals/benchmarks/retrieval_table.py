"""A retrieval benchmark as text for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from evals.benchmarks.retrieval import OURS, PartJson, RetrievalJson
from evals.benchmarks.side_by_side import AheadJson
from evals.tables import UNDEFINED, number, table

METRICS = (
    "hit@1", "hit@5", "hit@10", "recall@5", "recall@10", "mrr@10", "map", "ndcg@10",
)  # fmt: skip


def retrieval_table(measured: RetrievalJson) -> str:
    """Return what was measured, ours above the baselines, for all questions and each half."""
    head = (
        f"{measured['bench']}: {measured['questions']} questions about {measured['articles']} "
        f"articles, {measured['paragraphs']} paragraphs to rank ({measured['whole']:.1%} of them "
        f"one passage), model {measured['model']}\n{measured['about']}"
    )
    blocks = [_part("all articles", measured)]
    if "tuning" in measured:
        blocks.append(_part("tuning half (even articles)", measured["tuning"]))
    if "held_out" in measured:
        blocks.append(_part("held-out half (odd articles)", measured["held_out"]))
    return "\n\n".join([head, *blocks])


def _part(name: str, part: PartJson) -> str:
    rows = [[f"{name}, {part['questions']} questions", *METRICS]]
    rows += _rows(OURS, part["metrics"], part["intervals"])
    for baseline, metrics in part["baselines"].items():
        rows += _rows(baseline, metrics, part["baseline_intervals"][baseline])
        rows.append(["  ours above it (p)", *_ahead(part["ahead"][baseline])])
    return table(rows)


def _ahead(ahead: Mapping[str, AheadJson]) -> list[str]:
    cells = []
    for name in METRICS:
        one = ahead[name]
        chance = UNDEFINED if one["p"] is None else f"{one['p']:.3f}"
        cells.append(f"{one['difference']:+.3f} ({chance})")
    return cells


def _rows(
    system: str, metrics: Mapping[str, float], intervals: Mapping[str, list[float]]
) -> list[list[str]]:
    spans = ["-".join(number(name, end) for end in intervals[name]) for name in METRICS]
    return [
        [system, *(number(name, metrics[name]) for name in METRICS)],
        ["  95% interval", *spans],
    ]
