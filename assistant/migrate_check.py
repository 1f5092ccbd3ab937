"""Whether two homes say the same: their documents, and their answers to the questions of suites."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.client import Client
from assistant.home import Home
from corpus.errors import CheckFailed, UsageError

SUITES = "suites"
"""The folder of a home with suites of its own."""
_TITLES = 25
"""Documents that are asked about by their titles, besides the suites' questions."""


def questions_of(home: Home, suites: Sequence[Path]) -> list[str]:
    """Return the questions of some suites; without any, of the starter suite that is installed and
    of the home's own suites."""
    questions = [one for suite in suites or _usual(home) for one in _questions(suite)]
    return list(dict.fromkeys(questions))


def compare(
    one: Client, other: Client, questions: Sequence[str], tell: Callable[[int, int], None]
) -> int:
    """Return how many answers of two homes were compared. Raises CheckFailed where one differs."""
    documents = one.list()
    if documents != other.list():
        raise CheckFailed("the new home does not hold the documents of the old one")
    titles = [entry["title"] for entry in documents[:_TITLES]]
    asked = list(dict.fromkeys([*questions, *titles]))
    differing = []
    for number, question in enumerate(asked):
        tell(number, len(asked))
        if _answer(one, question) != _answer(other, question):
            differing.append(question)
    if differing:
        raise CheckFailed(
            f"{len(differing):,} of {len(asked):,} answers of the new home differ, the first to "
            f"{differing[0]!r}"
        )
    return len(asked)


def _answer(client: Client, question: str) -> Any:
    """Return an answer as JSON without how long it took; no language model writes it, since that
    may say the same otherwise."""
    answer: dict[str, Any] = copy.deepcopy(dict(client.ask(question, llm="none")))
    del answer["timings_ms"]
    return answer


def _usual(home: Home) -> Iterator[Path]:
    spec = find_spec("evals")  # which is not imported: it builds on this package
    for place in spec.submodule_search_locations or () if spec else ():
        yield Path(place) / "suites" / "starter.jsonl"
    yield from sorted((home.root / SUITES).glob("*.jsonl"))


def _questions(suite: Path) -> Iterator[str]:
    try:
        lines = suite.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"the suite {suite} could not be read: name another") from None
    for number, line in enumerate(lines, 1):
        try:
            case = json.loads(line) if line.strip() else {}
        except ValueError:
            raise UsageError(f"{suite}, line {number} is no JSON: name a suite") from None
        question = case.get("question") if isinstance(case, dict) else None
        if isinstance(question, str) and question.strip():
            yield question
