"""A retrieval benchmark as text for the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from evals.benchmarks.retrieval import OURS, PartJson, RetrievalJson
from evals.tables import number, table

METRICS = ("hit@1", "hit@5", "hit@10", "recall@5", "mrr@10", "ndcg@10")


def retrieval_table(measured: RetrievalJson) -> str:
    """Return what was measured, ours above the baselines, for all questions and each half."""
    head = (
        f"{measured['bench']}: {measured['questions']} questions about {measured['articles']} "
        f"articles, {measured['paragraphs']} paragraphs to rank ({measured['whole']:.1%} of them "
        f"one passage), model {measured['model']}\n{measured['about']}"
    )
    blocks = [_part("all articles", measured)]
    blocks += [_part(f"{name} articles", half) for name, half in measured["halves"].items()]
    return "\n\n".join([head, *blocks])


def _part(name: str, part: PartJson) -> str:
    rows = [[f"{name}, {part['questions']} questions", *METRICS]]
    rows += _rows(OURS, part["metrics"], part["intervals"])
    for baseline, metrics in part["baselines"].items():
        rows += _rows(baseline, metrics, part["baseline_intervals"][baseline])
    return table(rows)


def _rows(
    system: str, metrics: Mapping[str, float], intervals: Mapping[str, list[float]]
) -> list[list[str]]:
    spans = ["-".join(number(name, end) for end in intervals[name]) for name in METRICS]
    return [
        [system, *(number(name, metrics[name]) for name in METRICS)],
        ["  95% interval", *spans],
    ]
