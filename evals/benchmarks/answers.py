"""What the extractive answers quote, on public sets: is the answer there, and how much besides?

Each set's questions are asked of all its paragraphs at once, and sentences are chosen as for an
answer. Whether the assistant would have declined is counted apart (``declined``): here the choice
of sentences is judged. The choice was fitted on the tuning halves of OneStopQA and SQuAD 2, and on
nothing of CLAPNQ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np

from assistant.abstain import confidence, features, fitted_model
from assistant.extract import Quote, choose, rank_sentences
from assistant.lift import Lifted, lift_from
from assistant.settings import Settings
from corpus.errors import UsageError
from evals.benchmarks.asked_sets import AskedQuestion, ask_all
from evals.benchmarks.judged_quotes import judge_quotes
from evals.metrics.answer_match import contains, exact_match, token_f1
from evals.results import Metrics
from evals.statistics import Rows, bootstrap_intervals
from evals.tables import table
from index.backends import LoadableEmbedder

SETS = ("onestopqa", "clapnq", "squad2")
PARTS = ("tuning", "held_out")
_RIGHT_F1 = 0.5
"""A short answer is right if it and an accepted one share most of their words ("Davies" and "Donald
Davies"), or one has the other whole."""


class AnswersPartJson(TypedDict):
    """Means over some questions of a set, and the 95% of a bootstrap over articles."""

    questions: int
    articles: int
    metrics: dict[str, float]
    intervals: dict[str, list[float]]


class AnswersJson(TypedDict):
    """What ``evals bench answers`` writes: for each set its two halves by article."""

    bench: str
    model: str
    sets: dict[str, dict[str, AnswersPartJson]]


@dataclass(frozen=True, slots=True)
class _Judged:
    """One question: its article, and the measures that apply to it."""

    article: int
    tuning: bool
    measures: Mapping[str, float | None]


def bench_answers(
    data: Path,
    settings: Settings,
    *,
    embedder: LoadableEmbedder | None = None,
    say: Callable[[str], None] = lambda step: None,
) -> AnswersJson:
    """Ask the sets that lie in folders of ``data``. Raises UsageError where there is none."""
    names = [name for name in SETS if (data / name).is_dir()]
    if not names:
        raise UsageError(f"{data} holds none of {', '.join(SETS)}: name the folder they lie in")
    found: dict[str, dict[str, AnswersPartJson]] = {}
    for name in names:
        say(f"{name}: indexing and asking")
        judged = [
            judge(one, settings.max_quotes)
            for one in ask_all(name, data / name, settings, embedder)
        ]
        found[name] = summary(judged)
    return {"bench": "answers", "model": settings.model, "sets": found}


def judge(asked: AskedQuestion, most: int) -> _Judged:
    """Choose sentences for a question and measure them."""
    ranked = rank_sentences(asked.query, asked.wanted, asked.hits, asked.titles)
    chosen = choose(ranked, most)
    measures: dict[str, float | None] = {"sentences": float(len(chosen))}
    measures |= judge_quotes(asked, chosen)
    if asked.set_name != "clapnq":
        measures |= _short(asked, chosen)
    measures["declined"] = float(_declines(asked, ranked))
    return _Judged(asked.question.article, asked.tuning, measures)


def summary(judged: Sequence[_Judged]) -> dict[str, AnswersPartJson]:
    """Return the halves' means and intervals."""
    halves = {part: [one for one in judged if one.tuning == (part == "tuning")] for part in PARTS}
    return {part: _part(of_half) for part, of_half in halves.items() if of_half}


def answers_table(measured: AnswersJson) -> str:
    """Return the measures as a table for a terminal."""
    lines = [["set", "half", "questions", "measure", "value", "95% interval"]]
    for name, parts in measured["sets"].items():
        for part, one in parts.items():
            for measure, value in one["metrics"].items():
                low, high = one["intervals"].get(measure, [value, value])
                lines.append(
                    [name, part.replace("_", " "), str(one["questions"]), measure,
                     f"{value:.3f}", f"{low:.3f} to {high:.3f}"]
                )  # fmt: skip
    return table(lines)


def _short(asked: AskedQuestion, chosen: Sequence[Quote]) -> dict[str, float | None]:
    """Judge the short answer; measures of a question without one are None, but for ``lifted``."""
    found = lift_from(asked.query.text, asked.wanted, chosen)
    if found is None:
        return {"lifted": 0.0, "lifted_right": None, "lifted_exact": None}
    right = _is_right(found, asked)
    exact = exact_match(found.text, asked.question.answers)
    return {"lifted": 1.0, "lifted_right": right, "lifted_exact": exact}


def _is_right(found: Lifted, asked: AskedQuestion) -> float:
    answers = asked.question.answers
    return float(
        bool(contains(found.text, answers))
        or bool(contains(" ".join(answers), [found.text]))
        or token_f1(found.text, answers) >= _RIGHT_F1
    )


def _declines(asked: AskedQuestion, ranked: Sequence[Quote]) -> bool:
    if not ranked:
        return True
    seen = features(asked.query, asked.wanted, asked.hits, ranked, asked.titles)
    return confidence(seen) < fitted_model().threshold


def _part(judged: Sequence[_Judged]) -> AnswersPartJson:
    names = list(judged[0].measures)
    columns = {
        name: np.array([_number(one.measures[name]) for one in judged], dtype=np.float64)
        for name in names
    }

    def metrics(rows: Rows) -> Metrics:
        return {name: _mean(column[rows]) for name, column in columns.items()}

    articles = [one.article for one in judged]
    everything = metrics(np.arange(len(judged)))
    intervals = bootstrap_intervals(metrics, articles)
    return {
        "questions": len(judged),
        "articles": len(set(articles)),
        "metrics": {
            name: round(value, 4) for name, value in everything.items() if value is not None
        },
        "intervals": {
            name: [round(low, 4), round(high, 4)] for name, (low, high) in intervals.items()
        },
    }


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _mean(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float | None:
    """Return the mean of the questions that a measure applies to; None where there is none."""
    applies = values[~np.isnan(values)]
    return float(applies.mean()) if len(applies) else None
