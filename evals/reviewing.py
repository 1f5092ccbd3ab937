"""Going through drafts with a person, who accepts, rewords or passes over each."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from assistant.home import Home
from corpus.errors import UsageError
from evals.cases import Case
from evals.decisions import alone
from evals.draft import Draft, accepted_case
from evals.evidence import Documents, Unfound
from evals.running import up_to_date
from evals.suite_file import append_case, cases_of

_CHOICES = "[a]ccept, [r]eword, [s]kip, [q]uit"


def review(drafts: Sequence[Draft], suite: Path, home: Home, *, ask: bool) -> None:
    """Add the drafts that a person accepts to a suite, each as it is accepted; without ``ask``,
    all. Raises UsageError where nobody can be asked."""
    if ask and not sys.stdin.isatty():
        raise UsageError(
            "nobody is there to go through the drafts: write them to a file with --out, delete "
            "what is wrong, and add the rest with --accept --yes"
        )
    with up_to_date(home, "evals draft") as client:
        documents = Documents(client)
        added = 0
        for draft in drafts:
            case = _chosen(draft) if ask else draft.case
            if case is None:
                continue
            if isinstance(case, _Enough):
                break
            if reason := _added(accepted_case(case), suite, home, documents):
                click.echo(f"left out: {case.question}: {reason}", err=True)
            else:
                added += 1
    click.echo(f"{added} of {len(drafts)} drafts are in {suite} now.")


class _Enough:
    """A person has seen enough."""


def _chosen(draft: Draft) -> Case | _Enough | None:
    case = draft.case
    where = f"found at rank {draft.rank}" if draft.rank else "not found by a search"
    click.echo(f"\n{case.question}\n  answer: {' | '.join(case.answers)}")
    click.echo(f"  evidence: {case.evidence[0].quote if case.evidence else 'none'}\n  ({where})")
    while True:
        said = click.prompt(_CHOICES, default="s", show_default=False).strip().lower()[:1]
        if said == "a":
            return case
        if said == "s":
            return None
        if said == "q":
            return _Enough()
        if said == "r":
            question = click.prompt("question", default=case.question, show_default=False)
            case = dataclasses.replace(case, question=question.strip() or case.question)
            click.echo(case.question)


def _added(case: Case, suite: Path, home: Home, documents: Documents) -> str:
    """Add a case; return why not, else an empty text."""
    for one in case.evidence:
        found = documents.locate(one)
        if isinstance(found, Unfound):
            return found.reason
    with alone(home.state):
        there = cases_of(suite)
        same = [one for one in there if one.question.casefold() == case.question.casefold()]
        if same:
            return f"{suite} asks that already ({same[0].id})"
        taken = {one.id for one in there}
        number, name = 2, case.id
        while name in taken:
            name, number = f"{case.id}-{number}", number + 1
        append_case(suite, dataclasses.replace(case, id=name))
    return ""
