"""The inbox: answers that a reader called bad, to be made into cases by a person who knows better.

An entry is a turn of a kept conversation with a thumb down or a report of a wrong citation. It
stays until a person accepts it, with the right answer, or dismisses it; said anew after that, it
is back. These functions need no command line; all raise what is in the tree of ``ArchiveError``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.client import Client
from assistant.connect import connect
from assistant.contract_chats import FeedbackJson, JudgedJson
from assistant.home import Home
from corpus.errors import UsageError
from evals.cases import Case
from evals.corrections import Correction, corrected
from evals.decisions import ACCEPTED, DISMISSED, Decision, alone, decide, decisions
from evals.suite_file import append_case, cases_of

OPEN = "open"
_REPORTS = ("bad", "wrong citation")


@dataclass(frozen=True, slots=True)
class Entry:
    """A turn that somebody found fault with; ``turn`` is a row of ``chats feedback --json``.

    ``state`` is ``open``, ``accepted`` or ``dismissed``.
    """

    id: str
    turn: JudgedJson
    state: str = OPEN
    decision: Decision | None = None

    @property
    def reports(self) -> list[FeedbackJson]:
        """What readers found wrong, without praise."""
        return [one for one in self.turn["feedback"] if one["verdict"] in _REPORTS]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of accepting an entry.

    ``removed`` counts personal data by kind; ``remarks`` are sentences for a person. ``added`` is
    False where the suite had this very case.
    """

    suite: Path
    case: Case
    removed: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    added: bool = True


def entries(home: Home, *, client: Client | None = None, decided: bool = False) -> list[Entry]:
    """Return the open entries of a home, the latest report first; with ``decided``, all.

    ``client`` is of the home where one is open already.
    """
    with _asked(home, client) as asked:
        turns = asked.judged_turns()
    found = list(_entries(turns, decisions(home.state)))
    found.sort(key=_reported, reverse=True)
    return [one for one in found if decided or one.state == OPEN]


def entry(home: Home, which: str, *, client: Client | None = None) -> Entry:
    """Return the entry whose id is ``which`` or begins so. Raises UsageError."""
    found = entries(home, client=client, decided=True)
    named = [one for one in found if one.id == which] or [
        one for one in found if which and one.id.startswith(which)
    ]
    if len(named) == 1:
        return named[0]
    if named:
        raise UsageError(f"{which} begins {len(named)} entries of the inbox: write more of the id")
    raise UsageError(f"the inbox has no entry {which}: 'evals inbox list --all' names them")


def accept(
    home: Home,
    which: str,
    correction: Correction,
    *,
    suite: Path | None = None,
    client: Client | None = None,
) -> Accepted:
    """Make an entry into a case, at the end of ``suite`` (else the home's own).

    Nothing is written unless the case is whole, its evidence stands, and the suite does not ask
    the same already. Raises UsageError, BadSuite and ShelfError.
    """
    path = (suite or own_suite(home)).resolve()
    with _asked(home, client) as asked:
        this = entry(home, which, client=asked)
        made = corrected(f"inbox-{this.id}", this.turn, correction, asked)
    with alone(home.state):
        there = _same_case(path, made.case)
        if there is None:
            append_case(path, made.case)
        decide(home.state, this.id, ACCEPTED, suite=str(path), case=made.case.id)
    return Accepted(path, made.case, made.removed, made.remarks, added=there is None)


def dismiss(home: Home, which: str, *, client: Client | None = None) -> Entry:
    """Take an entry out of the inbox without a case. Raises UsageError and ShelfError."""
    this = entry(home, which, client=client)
    if this.state == ACCEPTED and (made := this.decision):
        raise UsageError(
            f"{this.id} is a case already: take {made.case} out of {made.suite} by hand"
        )
    with alone(home.state):
        made = decide(home.state, this.id, DISMISSED)
    return Entry(this.id, this.turn, DISMISSED, made)


def own_suite(home: Home) -> Path:
    """Return the suite that a home keeps for itself, in its state folder, which backups hold."""
    return home.state / "evals" / "suite.jsonl"


def _entries(turns: list[JudgedJson], decided: Mapping[str, Decision]) -> Iterator[Entry]:
    for turn in turns:
        this = Entry(f"{turn['chat'][:8]}-{turn['id']}", turn)
        if not this.reports:
            continue
        decision = decided.get(this.id)
        if decision is None or _said_since(this, decision):
            yield this
        else:
            yield Entry(this.id, turn, decision.decision, decision)


def _said_since(this: Entry, decision: Decision) -> bool:
    """Tell whether a reader said it again of an answer that was dismissed."""
    return decision.decision == DISMISSED and _reported(this) > decision.when


def _reported(this: Entry) -> str:
    return max(one["given"] for one in this.reports)


def _same_case(path: Path, case: Case) -> Case | None:
    """Return the case of a suite that is just this one; raise UsageError for one that asks so."""
    for one in cases_of(path):
        if one == case:
            return one
        if one.id == case.id:
            raise UsageError(f"{path} has a case {one.id} of this entry: correct that line by hand")
        if _asks(one) == _asks(case):
            raise UsageError(
                f"{path} asks the same as the case {one.id}: correct that line, and dismiss this"
            )
    return None


def _asks(case: Case) -> tuple[object, ...]:
    question = re.sub(r"\W+", " ", case.question.casefold()).strip()
    return question, case.history, case.filters


@contextmanager
def _asked(home: Home, client: Client | None) -> Iterator[Client]:
    if client is not None:
        yield client
        return
    with connect(home, command="evals inbox", reads=True) as opened:
        yield opened
