"""A run as Markdown, to be posted to a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.compare import comparison_lines
from evals.gates import Judged
from evals.judge_pin import judged_line
from evals.report import headline, metric_table, slice_table

_SPECIAL = "\\`*_{}[]<>#|~"


def markdown_report(judged: Judged) -> str:
    """Return the whole report, ending in a line end."""
    return "\n\n".join(_blocks(judged)) + "\n"


def _blocks(judged: Judged) -> Iterator[str]:
    report, verdict = judged.report, judged.verdict
    yield f"### Evaluation: {_plain(report.suite)}, {'passed' if verdict.passed else 'failed'}"
    if verdict.reasons:
        yield "\n".join(f"- {_plain(reason)}" for reason in verdict.reasons)
    yield _plain(headline(report))
    head, *rows = metric_table(judged)
    yield _table(head, [[f"`{name}`", *cells] for name, *cells in rows])
    if report.judged_by:
        yield _plain(judged_line(report.judged_by))
    if judged.comparison:
        yield "\n".join(f"- {_plain(line)}" for line in comparison_lines(judged.comparison))
    if report.slices:
        head, *rows = slice_table(report)
        yield _table(head, [[_plain(tag), *cells] for tag, *cells in rows])
    if report.failed:
        rows = [
            [_plain(one.case.id), str(one.stage), _plain(one.error or one.case.question)]
            for one in report.failed
        ]
        failures = _table(["case", "stage", "question or error"], rows, align="---")
        yield f"<details><summary>Failed cases ({len(rows)})</summary>"
        yield failures
        yield "</details>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], align: str = "---:") -> str:
    """Return a table; ``align`` is the delimiter of every column but the first."""
    lines = [head, ["---", *[align] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _plain(text: str) -> str:
    """Return a text on one line in which no character means anything to Markdown."""
    return "".join("\\" + char if char in _SPECIAL else char for char in " ".join(text.split()))
