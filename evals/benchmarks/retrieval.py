"""Retrieval on a public set: is the paragraph that answers a question found, and how far up?

Each paragraph becomes a document of a temporary home, so that the real index splits, embeds and
ranks it; documents are ranked by their best passage. Beside it stand, over the same paragraphs,
BM25 alone, dense alone, their reciprocal rank fusion, and LlamaIndex's default pipeline.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from assistant.archive import Archive
from assistant.embedders import default_embedder
from assistant.home import make_home
from assistant.settings import Settings
from corpus.errors import CheckFailed
from evals.benchmarks.baselines import baseline_rankings, documents
from evals.benchmarks.collection import Collection, Paragraph
from evals.benchmarks.side_by_side import AheadJson, ahead_of, outcome_json, outcomes_of
from evals.metrics.judged import Grades, judged_scores
from evals.results import Metrics
from evals.statistics import Rows, bootstrap_intervals
from index.backends import LoadableEmbedder
from index.embed import Embedder
from index.entries import Changes, ProgressListener
from index.index import Index
from index.search import CANDIDATES

OURS = "assistant"
DEPTH = 100
"""Documents of a ranking that are judged; all measures but MAP look at the first ten."""
HALVES = {"tuning": 0, "held_out": 1}
"""Articles counted from 0: the ranker was fitted on the even ones of OneStopQA and SQuAD 2, and on
nothing of the others."""

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")

Columns = Mapping[str, NDArray[np.float64]]
"""For each measure, its value for each question."""


class PartJson(TypedDict):
    """Scores over some of the questions; the intervals are 95% of a bootstrap over articles.

    ``ahead`` tells, for each baseline, by how much ours is above it.
    """

    questions: int
    articles: int
    metrics: dict[str, float]
    intervals: dict[str, list[float]]
    baselines: dict[str, dict[str, float]]
    baseline_intervals: dict[str, dict[str, list[float]]]
    ahead: dict[str, dict[str, AheadJson]]


class RetrievalJson(PartJson):
    """What ``evals bench`` writes for a public set: all questions, then the halves by article.

    ``whole`` is the share of paragraphs that are one passage. ``tuning`` holds the even articles,
    ``held_out`` the odd ones; either is left out where there are none. With ``suite`` and
    ``results``, a line for each question, it is a report that ``evals compare`` reads.
    """

    suite: str
    results: list[dict[str, object]]
    bench: str
    about: str
    model: str
    paragraphs: int
    passages: int
    whole: float
    tuning: NotRequired[PartJson]
    held_out: NotRequired[PartJson]


def bench_retrieval(
    collection: Collection,
    settings: Settings,
    *,
    embedder: LoadableEmbedder | None = None,
    progress: ProgressListener | None = None,
) -> RetrievalJson:
    """Index a collection's paragraphs in a temporary home and ask all of its questions."""
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as folder:
        home = make_home(Path(folder))
        names = write_paragraphs(home.documents, collection.paragraphs)
        used = embedder or default_embedder(settings)
        with Archive(home, settings, used) as archive:
            check_indexed(archive.sync(progress=progress))
            passages = [entry.passages for entry in archive.entries()]
            rankings = rank_all(archive.index, collection, names, used)
    grades = [_by_name(question.grades, names) for question in collection.questions]
    columns = {system: _columns(ranking, grades) for system, ranking in rankings.items()}
    articles = np.array([question.article for question in collection.questions])
    halves = {name: articles % 2 == rest for name, rest in HALVES.items()}
    found = {
        name: _part(collection, columns, np.flatnonzero(half))
        for name, half in halves.items()
        if half.any()
    }
    everyone = np.arange(len(articles))
    whole = _part(collection, columns, everyone)
    ours = outcomes_of(collection, columns[OURS], everyone.tolist())
    measured: RetrievalJson = {
        "suite": collection.name,
        "results": [outcome_json(one) for one in ours],
        "bench": collection.name,
        "about": collection.about,
        "model": settings.model,
        "paragraphs": len(passages),
        "passages": sum(passages),
        "whole": round(passages.count(1) / len(passages), 4),
        "questions": whole["questions"],
        "articles": whole["articles"],
        "metrics": whole["metrics"],
        "intervals": whole["intervals"],
        "baselines": whole["baselines"],
        "baseline_intervals": whole["baseline_intervals"],
        "ahead": whole["ahead"],
    }
    if "tuning" in found:
        measured["tuning"] = found["tuning"]
    if "held_out" in found:
        measured["held_out"] = found["held_out"]
    return measured


def write_paragraphs(folder: Path, paragraphs: Sequence[Paragraph]) -> list[str]:
    """Write each paragraph as a Markdown file, and return the id of each one's document.

    The index keeps one document for each text, so a paragraph that says what an earlier one says
    has that one's document.
    """
    first: dict[str, str] = {}
    documents = []
    for number, paragraph in enumerate(paragraphs):
        text = " ".join(paragraph.text.split())
        name = f"p{number:06}"
        if first.setdefault(text, name) == name:
            (folder / f"{name}.md").write_text(_markdown(paragraph.title, text), encoding="utf-8")
        documents.append(first[text])
    return documents


def rank_all(
    index: Index, collection: Collection, names: Sequence[str], embedder: Embedder
) -> dict[str, list[list[str]]]:
    """Return, for each system, the first documents for each question; ours comes first.

    ``names`` holds the document of each paragraph.
    """
    from evals.benchmarks.llamaindex_baseline import llamaindex_ranker

    paragraphs = dict(zip(names, collection.paragraphs, strict=True))
    llamaindex = llamaindex_ranker(paragraphs, embedder, DEPTH)
    rankings: dict[str, list[list[str]]] = {}
    for question in collection.questions:
        hits = index.search(index.prepare(question.text), k=2 * CANDIDATES)
        found = {OURS: documents(hits), **baseline_rankings(hits)}
        found["llamaindex"] = llamaindex(question.text)
        for system, ranking in found.items():
            rankings.setdefault(system, []).append(ranking[:DEPTH])
    return rankings


def _markdown(title: str, text: str) -> str:
    """Return a document that reads back as this very text, whatever signs it holds."""
    # A JSON string is a YAML string; in Markdown, any punctuation can be escaped.
    escaped = _PUNCTUATION.sub(r"\\\1", text)
    return f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\n\n{escaped}\n"


def check_indexed(changes: Changes) -> None:
    """Raise CheckFailed where a paragraph was not indexed: numbers without it would mislead."""
    lost = [(one.path, one.error) for one in changes.failed]
    lost += [(one.path, one.reason) for one in changes.skipped]
    if lost:
        path, reason = lost[0]
        raise CheckFailed(
            f"{len(lost)} paragraphs could not be indexed, {path} for one ({reason}): "
            "correct the data set"
        )


def _by_name(grades: Mapping[int, int], names: Sequence[str]) -> dict[str, int]:
    """Return the grades by document; of paragraphs that say the same the highest counts."""
    found: dict[str, int] = {}
    for paragraph, grade in grades.items():
        found[names[paragraph]] = max(grade, found.get(names[paragraph], 0))
    return found


def _columns(rankings: Sequence[Sequence[str]], grades: Sequence[Grades]) -> Columns:
    scores = [judged_scores(*pair) for pair in zip(rankings, grades, strict=True)]
    return {name: np.array([one[name] for one in scores]) for name in scores[0]}


def _part(collection: Collection, columns: Mapping[str, Columns], questions: Rows) -> PartJson:
    """Summarise some of the questions, given by their numbers."""
    places = questions.tolist()
    clusters = [collection.questions[place].article for place in places]
    outcomes = {system: outcomes_of(collection, one, places) for system, one in columns.items()}
    ours = outcomes.pop(OURS)
    means: dict[str, dict[str, float]] = {}
    intervals: dict[str, dict[str, list[float]]] = {}
    for system, of_system in columns.items():
        chosen = {name: column[questions] for name, column in of_system.items()}

        def metrics(rows: Rows, chosen: Columns = chosen) -> Metrics:
            return {name: float(column[rows].mean()) for name, column in chosen.items()}

        found = bootstrap_intervals(metrics, clusters)
        means[system] = {name: round(float(one.mean()), 4) for name, one in chosen.items()}
        intervals[system] = {
            name: [round(low, 4), round(high, 4)] for name, (low, high) in found.items()
        }
    return {
        "questions": len(questions),
        "articles": len(set(clusters)),
        "metrics": means.pop(OURS),
        "intervals": intervals.pop(OURS),
        "baselines": means,
        "baseline_intervals": intervals,
        "ahead": {name: ahead_of(ours, one) for name, one in outcomes.items()},
    }
