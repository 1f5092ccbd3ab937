"""CLAPNQ: questions people typed into a search engine, each with a passage of Wikipedia.

All passages are ranked, those of the unanswerable questions as distractors; the answerable ones are
asked. Nothing here was tuned on it. Source: Rosenthal, Sil, Florian, Roukos, CLAPnq: Cohesive
Long-form Answers from Passages in Natural Questions for RAG systems (2024).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.errors import UnreadableFile, UsageError
from evals.benchmarks.collection import (
    Collection,
    Paragraph,
    Question,
    Unanswerable,
    plain,
    read_text,
)
from evals.metrics import Span

ANSWERABLE = "clapnq_dev_answerable.jsonl"
UNANSWERABLE = "clapnq_dev_unanswerable.jsonl"


def load_clapnq(folder: Path) -> Collection:
    """Read CLAPNQ's development set.

    Raises UsageError where the folder has none, UnreadableFile for a broken file.
    """
    if not (folder / ANSWERABLE).is_file():
        raise UsageError(f"{folder} has no {ANSWERABLE}: name the folder of CLAPNQ's dev set")
    places: dict[Paragraph, int] = {}
    articles: dict[str, int] = {}
    questions = []
    for text, paragraphs, chosen in _records(folder / ANSWERABLE):
        grades = {places.setdefault(one, len(places)): 1 for one in paragraphs}
        article = articles.setdefault(paragraphs[0].title, len(articles))
        evidence = _evidence(paragraphs[0].text, chosen) if len(grades) == 1 else ()
        questions.append(Question(text, grades, article, evidence))
    if not questions:
        raise UnreadableFile(f"{folder / ANSWERABLE} has no questions: fetch it anew")
    about = "no passages of unanswerable questions mixed in"
    unanswerable: list[Unanswerable] = []
    if (folder / UNANSWERABLE).is_file():
        before = len(places)
        for text, paragraphs, _ in _records(folder / UNANSWERABLE):
            article = articles.setdefault(paragraphs[0].title, len(articles))
            unanswerable.append(Unanswerable(text, article))
            for one in paragraphs:
                places.setdefault(one, len(places))
        about = f"{len(places) - before} passages of unanswerable questions mixed in"
    about = f"{about}; nothing was tuned on it"
    return Collection("clapnq", tuple(places), tuple(questions), about, tuple(unanswerable))


def _evidence(text: str, chosen: Sequence[Sequence[str]]) -> tuple[tuple[Span, ...], ...]:
    """Return where the sentences that each annotator chose stand in a passage."""
    found = []
    for sentences in chosen:
        starts = [(text.find(plain(one)), len(plain(one))) for one in sentences]
        found.append(tuple((start, start + length) for start, length in starts if start >= 0))
    return tuple(spans for spans in found if spans)


def _records(path: Path) -> Iterator[tuple[str, list[Paragraph], list[list[str]]]]:
    """Yield each question with its passages, at least one, and the sentences that each of its
    annotators chose."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value: Any = json.loads(line)
            found = [
                Paragraph(one["title"].strip(), plain(one["text"])) for one in value["passages"]
            ]
            chosen = [one.get("selected_sentences") or [] for one in value.get("output") or []]
            yield value["input"].strip(), [found[0], *found[1:]], chosen
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            IndexError,
            RecursionError,
        ) as error:
            raise UnreadableFile(
                f"{path}, line {number} is not in CLAPNQ's format "
                f"({type(error).__name__}: {error}): fetch it anew"
            ) from None
