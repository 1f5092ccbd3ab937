"""BEIR: any data set in its folder format, with graded judgements.

``corpus.jsonl`` and ``queries.jsonl`` hold a JSON object a line, ``qrels/test.tsv`` a header and
then query, document and grade. Queries without a relevant document in the corpus are left out, as
trec_eval does. Each query is an article of its own, since nothing says which belong together.
Source: Thakur, Reimers, Rücklé, Srivastava, Gurevych, BEIR (2021).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.errors import UnreadableFile, UsageError
from evals.benchmarks.collection import Collection, Paragraph, Question, read_text

CORPUS, QUERIES, JUDGED = "corpus.jsonl", "queries.jsonl", "qrels/test.tsv"


def load_beir(folder: Path) -> Collection:
    """Read a data set in BEIR's format.

    Raises UsageError where the folder has none, UnreadableFile for a broken file.
    """
    for name in (CORPUS, QUERIES, JUDGED):
        if not (folder / name).is_file():
            raise UsageError(
                f"{folder} has no {name}: name a folder in BEIR's format, which has {CORPUS}, "
                f"{QUERIES} and {JUDGED}"
            )
    places: dict[str, int] = {}
    paragraphs: list[Paragraph] = []
    empty = 0
    for name, value in _records(folder / CORPUS):
        title, text = (str(value.get(key) or "").strip() for key in ("title", "text"))
        # Some have only a title; what has no letter at all could not be found by any search.
        if any(char.isalnum() for char in text or title):
            places[name] = len(paragraphs)
            paragraphs.append(Paragraph(title, text or title))
        else:
            empty += 1
    grades = _grades(folder / JUDGED, places)
    asked = {
        name: str(value.get("text") or "").strip() for name, value in _records(folder / QUERIES)
    }
    questions = tuple(
        Question(asked[name], of_query, number)
        for number, (name, of_query) in enumerate(
            (name, one) for name, one in grades.items() if asked.get(name) and any(one.values())
        )
    )
    if not questions:
        raise UnreadableFile(f"{folder} has no query with a relevant document: fetch it anew")
    about = f"from {folder.resolve().name}, {JUDGED}; nothing was tuned on it"
    if empty:
        about += f"; {empty} documents without text were left out"
    return Collection("beir", tuple(paragraphs), questions, about)


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value: Any = json.loads(line)
            yield str(value["_id"]), dict(value)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UnreadableFile(
                f"{path}, line {number} is not in BEIR's format "
                f"({type(error).__name__}: {error}): fetch it anew"
            ) from None


def _grades(path: Path, places: dict[str, int]) -> dict[str, dict[int, int]]:
    """Return, for each query, the grades of the paragraphs judged for it."""
    grades: dict[str, dict[int, int]] = {}
    for number, line in enumerate(read_text(path).splitlines()[1:], 2):
        if not line.strip():
            continue
        try:
            query, document, grade = line.split("\t")
            judged = int(grade)
        except ValueError:
            raise UnreadableFile(
                f"{path}, line {number} is not a query, a document and a grade with tabs between: "
                "fetch it anew"
            ) from None
        if document in places:
            grades.setdefault(query, {})[places[document]] = max(0, judged)
    return grades
