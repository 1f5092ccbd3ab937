"""Retrieval on a public set: is the paragraph that answers a question found, and how far up?

Each paragraph becomes a document of a temporary home, so that the real index splits, embeds and
ranks it; documents are ranked by their best passage. The baselines come from the same searches:
each ranks only the candidates that its own side brought, by its own score alone.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from assistant.archive import Archive
from assistant.home import make_home
from assistant.settings import Settings
from corpus.errors import CheckFailed
from evals.benchmarks.collection import Collection, Paragraph
from evals.metrics.hit_at_k import hit_at_k
from evals.results import Metrics
from evals.scoring import retrieval_scores
from evals.statistics import Rows, bootstrap_intervals
from index.backends import LoadableEmbedder
from index.entries import Changes, ProgressListener
from index.index import Index
from index.passages import Hit
from index.search import CANDIDATES

OURS = "assistant"
BASELINES = {"bm25": "lexical", "dense": "dense"}
"""Each baseline, and the part of a hit's score that it ranks by."""
DEPTH = 10

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")

Columns = Mapping[str, NDArray[np.float64]]
"""For each measure, its value for each question."""


class PartJson(TypedDict):
    """Scores over some of the questions; the intervals are 95% of a bootstrap over articles."""

    questions: int
    articles: int
    metrics: dict[str, float]
    intervals: dict[str, list[float]]
    baselines: dict[str, dict[str, float]]
    baseline_intervals: dict[str, dict[str, list[float]]]


class RetrievalJson(PartJson):
    """What ``evals bench`` writes for a public set: all questions, then the halves by article.

    ``whole`` is the share of paragraphs that are one passage.
    """

    bench: str
    about: str
    model: str
    paragraphs: int
    passages: int
    whole: float
    halves: dict[str, PartJson]


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
        documents = write_paragraphs(home.documents, collection.paragraphs)
        with Archive(home, settings, embedder) as archive:
            _check(archive.sync(progress=progress))
            passages = [entry.passages for entry in archive.entries()]
            rankings = [rank(archive.index, question.text) for question in collection.questions]
    relevant = [documents[question.paragraph] for question in collection.questions]
    columns = {
        system: _columns([one[system] for one in rankings], relevant)
        for system in (OURS, *BASELINES)
    }
    articles = np.array([question.article for question in collection.questions])
    halves = {"even": articles % 2 == 0, "odd": articles % 2 == 1}
    return {
        "bench": collection.name,
        "about": collection.about,
        "model": settings.model,
        "paragraphs": len(passages),
        "passages": sum(passages),
        "whole": round(passages.count(1) / len(passages), 4),
        **_part(columns, articles, np.arange(len(articles))),
        "halves": {
            name: _part(columns, articles, np.flatnonzero(half))
            for name, half in halves.items()
            if half.any()
        },
    }


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


def rank(index: Index, question: str) -> dict[str, list[str]]:
    """Return the first documents for a question: ours, and each baseline's."""
    hits = index.search(index.prepare(question), k=2 * CANDIDATES)
    return {OURS: _first_documents(hits)} | {
        name: _first_documents(_by_part(hits, part)) for name, part in BASELINES.items()
    }


def _markdown(title: str, text: str) -> str:
    """Return a document that reads back as this very text, whatever signs it holds."""
    # A JSON string is a YAML string; in Markdown, any punctuation can be escaped.
    escaped = _PUNCTUATION.sub(r"\\\1", text)
    return f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\n\n{escaped}\n"


def _check(changes: Changes) -> None:
    lost = [(one.path, one.error) for one in changes.failed]
    lost += [(one.path, one.reason) for one in changes.skipped]
    if lost:
        path, reason = lost[0]
        raise CheckFailed(
            f"{len(lost)} paragraphs could not be indexed, {path} for one ({reason}): "
            "correct the data set"
        )


def _by_part(hits: Sequence[Hit], part: str) -> list[Hit]:
    """Return the hits that one side brought, by its own score; ties go as in the search itself."""
    own = [hit for hit in hits if f"{part}_rank" in hit.parts]
    return sorted(
        own, key=lambda hit: (-hit.parts[part], hit.passage.document_id, hit.passage.start)
    )


def _first_documents(hits: Sequence[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.passage.document_id for hit in hits))[:DEPTH]


def _columns(rankings: Sequence[Sequence[str]], relevant: Sequence[str]) -> Columns:
    scores = [_scores(*pair) for pair in zip(rankings, relevant, strict=True)]
    return {name: np.array([one[name] for one in scores]) for name in scores[0]}


def _scores(ranking: Sequence[str], relevant: str) -> dict[str, float]:
    coverage = [frozenset({0} if document == relevant else ()) for document in ranking]
    return {**retrieval_scores(coverage, 1), f"hit@{DEPTH}": hit_at_k(coverage, DEPTH)}


def _part(columns: Mapping[str, Columns], articles: NDArray[np.int_], questions: Rows) -> PartJson:
    """Summarise some of the questions, given by their numbers."""
    clusters = articles[questions].tolist()
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
    }
