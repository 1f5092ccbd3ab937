"""Suite files as they are written: a case as one line, added to the end of a file, whole or not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.wire import encode_filters
from corpus.atomic import shelf_errors
from corpus.errors import BadSuite
from evals.cases import Case, load_suite
from evals.files import write_bytes


def case_json(case: Case) -> dict[str, Any]:
    """Return a case as the object of its line, without the fields that say nothing."""
    fields: dict[str, Any] = {
        "id": case.id,
        "question": case.question,
        "answers": list(case.answers),
        "evidence": [{"document": one.document, "quote": one.quote} for one in case.evidence],
        "unanswerable": case.unanswerable,
        "history": [{"question": one.question, "answer": one.answer} for one in case.history],
        "filters": {key: value for key, value in encode_filters(case.filters).items() if value},
        "tags": list(case.tags),
    }
    return {name: value for name, value in fields.items() if value}


def case_line(case: Case) -> str:
    """Return a case as its line, with the line's end."""
    return to_line(case_json(case))


def to_line(value: Mapping[str, Any]) -> str:
    """Return an object as a line of a file of objects."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def cases_of(path: Path) -> tuple[Case, ...]:
    """Return the cases of a file that need not be there yet. Raises BadSuite for a broken one."""
    if not path.name.endswith(".jsonl"):
        raise BadSuite(f"{path} is no suite file: name one that ends in .jsonl")
    if not path.exists() or not path.read_bytes().strip():
        return ()
    return load_suite(path).cases


def append_case(path: Path, case: Case) -> None:
    """Add a case to the end of a file, whose other lines stay as they are, byte for byte.

    The file is replaced by a new one, so a killed process leaves the old one. Whoever calls this
    sees to it that nobody else does at the same time. Raises BadSuite where the file is broken or
    has the case's id, and ShelfError.
    """
    if any(one.id == case.id for one in cases_of(path)):
        raise BadSuite(f"{path} has a case {case.id} already: give this one another id")
    with shelf_errors("read", path):
        before = path.read_bytes() if path.exists() else b""
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    write_bytes(path, before + gap + case_line(case).encode("utf-8"))
