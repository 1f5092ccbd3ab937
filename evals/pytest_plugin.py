"""Cases as pytest tests: ``pytest --evals my-suite.jsonl`` asks each question of a suite.

Without ``--evals`` nothing is collected and nothing but this file is imported. A test passes when
its case does; a failure says at which stage the case was lost. ``--evals-home`` names the home.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from assistant.client import Client
    from evals.cases import Case
    from evals.evidence import Documents
    from evals.results import Result


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options."""
    group = parser.getgroup("evals", "cases of an evaluation suite as tests")
    group.addoption("--evals", action="store_true", help="Collect suites (.jsonl files) as tests.")
    group.addoption(
        "--evals-home",
        metavar="DIR",
        default=None,
        help="The home to ask; else ASSISTANT_HOME, else the checkout.",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a suite where suites are asked for."""
    if parent.config.getoption("evals") and file_path.suffix == ".jsonl":
        return SuiteFile.from_parent(parent, path=file_path)
    return None


class SuiteFile(pytest.File):
    """A suite: its cases are its tests, all asked of one open home."""

    def collect(self) -> Iterator[pytest.Item]:
        """Read the suite; a bad case fails the collection with its line."""
        from corpus.errors import ArchiveError
        from evals.cases import load_suite

        try:
            suite = load_suite(self.path)
        except ArchiveError as error:
            raise self.CollectError(str(error)) from None
        for case in suite.cases:
            yield CaseItem.from_parent(self, name=case.id, case=case)

    def setup(self) -> None:
        """Open the home once, and bring its index up to date."""
        from assistant.home import find_home
        from corpus.errors import ArchiveError
        from evals.evidence import Documents
        from evals.running import up_to_date

        self._open = ExitStack()
        try:
            home = find_home(self.config.getoption("evals_home"))
            self.client: Client = self._open.enter_context(up_to_date(home, "pytest --evals"))
            self.documents: Documents = Documents(self.client)
        except ArchiveError as error:
            self._open.close()
            pytest.fail(str(error), pytrace=False)

    def teardown(self) -> None:
        """Let go of the home."""
        self._open.close()


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, **options: Any) -> None:
        super().__init__(**options)
        self._case = case
        for tag in case.tags:
            # So that `-k number` picks a slice.
            self.extra_keyword_matches.add(tag)

    def runtest(self) -> None:
        """Ask the question and judge the answer."""
        from evals.runner import run_case

        suite = self.getparent(SuiteFile)
        assert suite is not None
        result = run_case(self._case, suite.client, suite.documents)
        if result.stage:
            pytest.fail(_explained(result), pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the case by its question."""
        return self.path, None, f"{self._case.id}: {self._case.question}"


def _explained(result: Result) -> str:
    case, answer = result.case, result.answer
    lines = [f"{result.stage}: {result.error or case.question}"]
    lines.append(f"accepted: {' | '.join(case.answers) or 'nothing, it should be declined'}")
    if answer:
        said = "declined" if answer["abstained"] else "answered"
        lines.append(f"{said} ({answer['confidence']:.2f}): {answer['answer']}")
    return "\n".join(lines)
