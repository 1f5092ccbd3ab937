"""How well the confidence tells what a corpus answers from what it does not, on public sets.

SQuAD 2 and CLAPNQ have questions that their paragraphs don't answer; of all sets the answerable
questions are asked again without their paragraphs. The confidence may be fitted on the even
articles of SQuAD 2 (``evals calibrate --data``); all else was never fitted on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from assistant.abstain import confidence, fitted_model
from assistant.settings import Settings
from corpus.errors import UsageError
from evals.benchmarks.answerable import Doubted, ask_doubted
from evals.metrics.abstention import abstention_auroc, abstention_precision, abstention_recall
from evals.metrics.risk_coverage import risk_coverage, risk_coverage_area
from evals.results import Metrics
from evals.statistics import Rows, bootstrap_intervals
from evals.tables import table
from index.backends import LoadableEmbedder

SETS = ("squad2", "clapnq", "onestopqa")
COVERAGES = tuple(round(0.1 * step, 1) for step in range(1, 11))
KINDS = {"unanswerable": False, "left_out": True}
"""What the answerable questions are told from, and whether that is because of a paragraph taken
out."""


class AbstentionPartJson(TypedDict):
    """Measures over some questions of a set, and the 95% of a bootstrap over articles.

    ``risk`` maps a coverage (the share of questions answered, the surest first) to the share of
    those that have no answer.
    """

    answerable: int
    unanswerable: int
    metrics: dict[str, float]
    intervals: dict[str, list[float]]
    risk: dict[str, float]


class AbstentionJson(TypedDict):
    """What ``evals bench abstention`` writes: set, then half by article, then what the answerable
    questions are told from."""

    bench: str
    model: str
    sets: dict[str, dict[str, dict[str, AbstentionPartJson]]]


def bench_abstention(
    data: Path,
    settings: Settings,
    *,
    embedder: LoadableEmbedder | None = None,
    say: Callable[[str], None] = lambda step: None,
) -> AbstentionJson:
    """Ask the sets that lie in folders of ``data``. Raises UsageError where there is none."""
    names = [name for name in SETS if (data / name).is_dir()]
    if not names:
        raise UsageError(f"{data} holds none of {', '.join(SETS)}: name the folder they lie in")
    found: dict[str, dict[str, dict[str, AbstentionPartJson]]] = {}
    for name in names:
        say(f"{name}: indexing and asking")
        asked = list(ask_doubted(name, data / name, settings, embedder, leave_out=True))
        found[name] = {
            half: _kinds([one for one in asked if one.tuning == (half == "tuning")])
            for half in ("tuning", "held_out")
        }
    return {"bench": "abstention", "model": settings.model, "sets": found}


def abstention_table(measured: AbstentionJson) -> str:
    """Return the measures as a table for a terminal."""
    lines = [["set", "half", "told from", "questions", "measure", "value", "95% interval"]]
    for name, halves in measured["sets"].items():
        for half, kinds in halves.items():
            for kind, part in kinds.items():
                start = [name, half.replace("_", " "), kind.replace("_", " ")]
                count = str(part["answerable"] + part["unanswerable"])
                for measure, value in part["metrics"].items():
                    low, high = part["intervals"].get(measure, [value, value])
                    lines.append(
                        [*start, count, measure, f"{value:.3f}", f"{low:.3f} to {high:.3f}"]
                    )
    return table(lines)


def _kinds(asked: Sequence[Doubted]) -> dict[str, AbstentionPartJson]:
    found = {}
    for kind, left_out in KINDS.items():
        of_kind = [one for one in asked if one.answerable or one.left_out == left_out]
        if len({one.answerable for one in of_kind}) == 2:
            found[kind] = _part(of_kind)
    return found


def _part(asked: Sequence[Doubted]) -> AbstentionPartJson:
    unanswerable = np.array([not one.answerable for one in asked])
    sure = np.array([confidence(one.features) for one in asked])

    def metrics(rows: Rows) -> Metrics:
        lacking, each = unanswerable[rows], sure[rows]
        declined = each < fitted_model().threshold
        return {
            "auroc": abstention_auroc(lacking, each),
            "precision": abstention_precision(lacking, declined),
            "recall": abstention_recall(lacking, declined),
            "answered": float((~declined[~lacking]).mean()) if (~lacking).any() else None,
            "risk_coverage_area": risk_coverage_area(lacking, each),
        }

    intervals = bootstrap_intervals(metrics, [one.article for one in asked])
    whole = metrics(np.arange(len(asked)))
    return {
        "answerable": int((~unanswerable).sum()),
        "unanswerable": int(unanswerable.sum()),
        "metrics": {name: round(value, 4) for name, value in whole.items() if value is not None},
        "intervals": {
            name: [round(low, 4), round(high, 4)] for name, (low, high) in intervals.items()
        },
        "risk": _risk(unanswerable, sure),
    }


def _risk(unanswerable: NDArray[np.bool_], sure: NDArray[np.float64]) -> dict[str, float]:
    """Return the risk at the least coverage that reaches each of ``COVERAGES``."""
    points = risk_coverage(unanswerable, sure, len(sure))
    return {
        f"{wanted:.1f}": round(next(risk for share, risk in points if share >= wanted - 1e-9), 4)
        for wanted in COVERAGES
    }
