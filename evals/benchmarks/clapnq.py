"""CLAPNQ: questions people typed into a search engine, each with a passage of Wikipedia.

All passages are ranked, those of the unanswerable questions as distractors; the answerable ones are
asked. Nothing here was tuned on it. Source: Rosenthal, Sil, Florian, Roukos, CLAPnq: Cohesive
Long-form Answers from Passages in Natural Questions for RAG systems (2024).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.errors import UnreadableFile, UsageError
from evals.benchmarks.collection import Collection, Paragraph, Question, read_text

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
    for text, paragraphs in _records(folder / ANSWERABLE):
        grades = {places.setdefault(one, len(places)): 1 for one in paragraphs}
        article = articles.setdefault(paragraphs[0].title, len(articles))
        questions.append(Question(text, grades, article))
    if not questions:
        raise UnreadableFile(f"{folder / ANSWERABLE} has no questions: fetch it anew")
    about = "no passages of unanswerable questions mixed in"
    if (folder / UNANSWERABLE).is_file():
        before = len(places)
        for _, paragraphs in _records(folder / UNANSWERABLE):
            for one in paragraphs:
                places.setdefault(one, len(places))
        about = f"{len(places) - before} passages of unanswerable questions mixed in"
    return Collection(
        "clapnq", tuple(places), tuple(questions), f"{about}; nothing was tuned on it"
    )


def _records(path: Path) -> Iterator[tuple[str, list[Paragraph]]]:
    """Yield each question with its passages, at least one."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value: Any = json.loads(line)
            found = [
                Paragraph(one["title"].strip(), " ".join(one["text"].split()))
                for one in value["passages"]
            ]
            yield value["input"].strip(), [found[0], *found[1:]]
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
