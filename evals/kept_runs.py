"""The cases of past runs: their outcomes, for comparing, and what the last run failed.

``evals/runs/<suite>/<when>.json`` is a baseline of each of the latest runs, 60 KB for 165 cases;
``evals/runs/<suite>/last.json`` is the last run with the answers of its failed cases.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from corpus.errors import ArchiveError
from evals.cases import Case, Suite
from evals.files import read_json, write_json, write_report
from evals.outcomes import Outcome, case_digest
from evals.report_json import RunJson, baseline_text, read_runs, run_json
from evals.results import Result, RunReport, Verdict
from evals.stages import Stage

KEPT = 20
_LAST = "last.json"
_STAMP = "%Y%m%dT%H%M%S.%f"


def keep_cases(folder: Path, report: RunReport, verdict: Verdict, when: datetime) -> None:
    """Keep the cases of a run that ended at ``when``, and forget those of old ones.

    Raises ShelfError where the folder can't be written.
    """
    runs = _of_suite(folder, report.suite)
    write_report(runs / f"{when.strftime(_STAMP)}.json", baseline_text(report))
    whole = run_json(report, verdict)
    for one in whole["results"]:
        if one["stage"] is None:
            one["answer"] = None
    write_json(runs / _LAST, whole)
    for old in sorted(runs.glob("*T*.json"))[:-KEPT]:
        old.unlink(missing_ok=True)


def outcomes_at(state: Path, suite: str, when: datetime) -> tuple[Outcome, ...]:
    """Return the outcomes of the run that ended then; none where they are not kept."""
    path = _of_suite(state / "evals", suite) / f"{when.strftime(_STAMP)}.json"
    try:
        return read_runs(path)[suite].outcomes if path.is_file() else ()
    except (ArchiveError, KeyError) as error:
        logging.getLogger(__name__).warning("a run is left out: %s", error)
        return ()


def last_run(state: Path, suite: str) -> tuple[RunJson, tuple[Outcome, ...]] | None:
    """Return the last run that is kept with its answers, and its outcomes with their times."""
    path = _of_suite(state / "evals", suite) / _LAST
    try:
        if not path.is_file():
            return None
        run: RunJson = read_json(path)
        return run, read_runs(path)[suite].outcomes
    except (ArchiveError, KeyError) as error:
        logging.getLogger(__name__).warning("the last run is left out: %s", error)
        return None


def failed_of(run: RunJson, suite: Suite) -> list[Result]:
    """Return the failed cases of a kept run; those that were rewritten since are left out."""
    cases = {case.id: case for case in suite.cases}
    return list(_failed(run["results"], cases))


def _failed(rows: Sequence[Mapping[str, Any]], cases: Mapping[str, Case]) -> Iterator[Result]:
    for row in rows:
        case = cases.get(row["id"])
        if row["stage"] is None or case is None or case_digest(case) != row["digest"]:
            continue
        stage = Stage(row["stage"])
        yield Result(case, row["answer"], row["scores"], stage, row["error"], row["seconds"])


def _of_suite(folder: Path, suite: str) -> Path:
    return folder / "runs" / suite
