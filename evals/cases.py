"""Cases: questions with the answers and the evidence that they should bring.

A suite is a file of cases, one JSON object a line:

    {"id": "...", "question": "...", "answers": ["..."],
     "evidence": [{"document": "id or file name", "quote": "verbatim"}],
     "unanswerable": false,
     "history": [{"question": "...", "answer": "...", "documents": ["id of one it cites"]}],
     "stand_alone": "the same question for somebody who has not read the history",
     "filters": {"since": "2020-01-01", "sources": [], ...}, "tags": ["date"]}

Only ``id`` and ``question`` are always needed. An answerable case has accepted answers and
evidence; an unanswerable one has neither, and should be declined. A follow-up with a
``stand_alone`` form is asked in both forms, and needs a ``history`` to follow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant.answers import Turn
from corpus.errors import BadSuite
from evals.fields import Fields
from index.passages import Filters

SUITES = Path(__file__).parent / "suites"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quote that answers a case; ``document`` is a document's id or file name."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question of a suite, and what a good answer to it is."""

    id: str
    question: str
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unanswerable: bool = False
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    tags: tuple[str, ...] = ()
    stand_alone: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one file; ``name`` is the file's name without ``.jsonl``."""

    name: str
    cases: tuple[Case, ...]


def load_suite(suite: str | Path) -> Suite:
    """Read a suite, named as in ``evals/suites/`` or by the path of a ``.jsonl`` file.

    Raises BadSuite, naming file, line and next step, for anything that is not a well-formed case.
    """
    path = _suite_path(suite)
    cases = tuple(_read_cases(path))
    if not cases:
        raise BadSuite(f"{path} has no cases: write one JSON object a line")
    return Suite(path.stem, cases)


def _suite_path(suite: str | Path) -> Path:
    if str(suite).endswith(".jsonl"):
        return Path(suite)
    path = SUITES / f"{suite}.jsonl"
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in SUITES.glob("*.jsonl"))) or "none"
        raise BadSuite(f"no suite named {suite}: name one of {known}, or a path to a .jsonl file")
    return path


def _read_cases(path: Path) -> Iterator[Case]:
    first_seen: dict[str, int] = {}
    for number, line in enumerate(text_lines(path), 1):
        if not line.strip():
            continue
        case = read_case(line, f"{path}, line {number}")
        if case.id in first_seen:
            raise BadSuite(
                f"{path}, line {number}: the id {case.id} is line {first_seen[case.id]}'s already; "
                "give each case its own"
            )
        first_seen[case.id] = number
        yield case


def text_lines(path: Path) -> list[str]:
    """Return the lines of a file of objects. Raises BadSuite where it cannot be read."""
    try:
        # Not splitlines(): that also cuts at separators which may stand inside a JSON string.
        return path.read_text("utf-8").split("\n")
    except UnicodeDecodeError:
        raise BadSuite(f"{path} is not UTF-8 text: save it as UTF-8") from None
    except OSError as error:
        raise BadSuite(f"cannot read {path} ({error.strerror}): check the path") from None


def read_case(line: str, where: str) -> Case:
    """Read a case from its line; ``where`` begins what is said of a bad one. Raises BadSuite."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadSuite(f"{where}: not valid JSON ({error}); write one object on the line") from None
    fields = Fields(value, where)
    case = Case(
        id=fields.text("id"),
        question=fields.text("question"),
        answers=fields.texts("answers"),
        evidence=tuple(_evidence(one) for one in fields.nested_list("evidence")),
        unanswerable=fields.flag("unanswerable"),
        history=tuple(_turn(one) for one in fields.nested_list("history")),
        filters=_filters(fields.nested("filters")),
        tags=fields.texts("tags"),
        stand_alone=fields.text_if_there("stand_alone"),
    )
    fields.close()
    _check(case, where)
    return case


def _evidence(fields: Fields) -> Evidence:
    evidence = Evidence(fields.text("document"), fields.text("quote"))
    fields.close()
    return evidence


def _turn(fields: Fields) -> Turn:
    turn = Turn(fields.text("question"), fields.text("answer"), fields.texts("documents"))
    fields.close()
    return turn


def _filters(fields: Fields) -> Filters:
    filters = Filters(
        since=fields.date("since"),
        until=fields.date("until"),
        sources=fields.texts("sources"),
        tags=fields.texts("tags"),
        documents=fields.texts("documents"),
    )
    fields.close()
    return filters


def _check(case: Case, where: str) -> None:
    """Refuse a case that contradicts itself."""
    if case.unanswerable and (case.evidence or case.answers):
        raise BadSuite(
            f"{where}: {case.id} is unanswerable and yet has answers or evidence; "
            "drop them, or drop unanswerable"
        )
    if not case.unanswerable and not (case.evidence and case.answers):
        missing = "evidence" if case.answers else "answers"
        raise BadSuite(f"{where}: {case.id} has no {missing}; add some, or mark it unanswerable")
    if case.stand_alone and not case.history:
        raise BadSuite(
            f"{where}: {case.id} has a stand_alone form and no history; add the turns before it, "
            "or drop stand_alone"
        )
