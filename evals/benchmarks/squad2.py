"""SQuAD 2.0: Wikipedia paragraphs; the answerable questions are asked of all paragraphs at once.

Source: Rajpurkar, Jia, Liang, Know What You Don't Know: Unanswerable Questions for SQuAD (2018).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpus.errors import UnreadableFile, UsageError
from evals.benchmarks.collection import (
    Collection,
    Paragraph,
    Question,
    Unanswerable,
    plain_span,
    read_text,
)

FILE = "dev-v2.0.json"


def load_squad2(folder: Path) -> Collection:
    """Read SQuAD 2.0's development set.

    Raises UsageError where the folder has none, UnreadableFile where the file is something else.
    """
    path = folder / FILE
    if not path.is_file():
        raise UsageError(f"{folder} has no {FILE}: name the folder of SQuAD 2.0's development set")
    try:
        collection = _collection(json.loads(read_text(path)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableFile(
            f"{path} is not in SQuAD 2.0's format ({type(error).__name__}: {error}): fetch it anew"
        ) from None
    if not collection.questions:
        raise UnreadableFile(f"{path} has no answerable questions: fetch it anew")
    return collection


def _collection(value: Any) -> Collection:
    paragraphs: list[Paragraph] = []
    questions: list[Question] = []
    unanswerable: list[Unanswerable] = []
    for article, entry in enumerate(value["data"]):
        title = entry["title"].replace("_", " ")
        for paragraph in entry["paragraphs"]:
            asked = [one for one in paragraph["qas"] if not _impossible(one)]
            unanswerable += [
                Unanswerable(one["question"].strip(), article)
                for one in paragraph["qas"]
                if _impossible(one)
            ]
            questions += [
                _question(one, paragraph["context"], len(paragraphs), article) for one in asked
            ]
            paragraphs.append(Paragraph(title, paragraph["context"].strip()))
    about = f"answerable questions only; {len(unanswerable)} unanswerable ones were left out"
    return Collection("squad2", tuple(paragraphs), tuple(questions), about, tuple(unanswerable))


def _question(asked: Any, context: str, paragraph: int, article: int) -> Question:
    answers = {one["text"]: one["answer_start"] for one in asked.get("answers", ())}
    spans = [plain_span(context, start, start + len(text)) for text, start in answers.items()]
    return Question(
        asked["question"].strip(),
        {paragraph: 1},
        article,
        tuple((span,) for span in spans),
        tuple(answers),
    )


def _impossible(question: Any) -> bool:
    return bool(question["is_impossible"])
