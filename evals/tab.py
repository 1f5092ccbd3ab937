"""The Evals tab of the browser chat, which finds it by the entry point in ``pyproject.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.archive import Archive
from assistant.home import CHECKOUT, Home
from assistant.tabs import Answering, PageTab, Wish
from corpus.errors import BadSuite
from evals.cases import SUITES, Suite, load_suite
from evals.history import all_runs
from evals.inbox import own_suite
from evals.kept_runs import failed_of, last_run, outcomes_at
from evals.paired import Comparison, compare_outcomes
from evals.results import Result
from evals.tab_html import Shown, progress_html, tab_html
from evals.tab_inbox import inbox_html
from evals.tab_run import Progress, Running

OWN = "suites"
"""The folder of a home in which its own suites are looked for."""


class EvalsTab:
    """What the tab shows and does, over an open archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._running = Running(archive)

    def answer(self, wish: Wish, reader: str) -> str:
        """Do what the page asks for, and return what it is to show."""
        act = wish.get("act")
        if act == "run":
            try:
                self._running.start(self._suite(str(wish.get("suite"))))
            except BadSuite as error:
                return progress_html(Progress(said=str(error)))
        elif act == "stop":
            self._running.stop()
        elif act != "progress":
            return self._look(wish, reader)
        return progress_html(self._running.progress)

    def _look(self, wish: Wish, reader: str) -> str:
        suites = known_suites(self._archive.home)
        runs = all_runs(self._archive.home.state)
        name = str(wish.get("suite") or "")
        if name not in suites:
            latest = [run.suite for run in reversed(runs) if run.suite in suites]
            name = next(iter([*latest, *suites]), "")
        history = [run for run in runs if run.suite == name]
        kept = last_run(self._archive.home.state, name) if history else None
        progress = self._running.progress
        failed: tuple[Result, ...] = ()
        try:
            failed = tuple(failed_of(kept[0], self._suite(name))) if kept else ()
        except BadSuite as error:  # it was changed since: another one can still be chosen
            progress = progress if progress.running else Progress(said=str(error))
        shown = Shown(
            suites=tuple(suites),
            suite=name,
            history=tuple(history),
            outcomes=kept[1] if kept else (),
            failed=failed,
            reasons=tuple(kept[0]["gate"]["reasons"]) if kept else (),
            pair=_pair(wish, len(history)),
            progress=progress,
        )
        return tab_html(shown, self._compared(shown), inbox_html(self._archive, reader))

    def _compared(self, shown: Shown) -> Comparison | None:
        if shown.pair is None:
            return None
        state = self._archive.home.state
        before, after = (
            outcomes_at(state, shown.suite, shown.history[place].when) for place in shown.pair
        )
        return compare_outcomes(before, after) if before and after else None

    def _suite(self, name: str) -> Suite:
        suites = known_suites(self._archive.home)
        if name not in suites:
            raise BadSuite(f"there is no suite {name[:80]!r} here: choose another one")
        return load_suite(suites[name])


def known_suites(home: Home) -> Mapping[str, Path]:
    """Return the suites that are meant for a home, by name: those in its own ``suites`` folder,
    that of its inbox, and those that come with the program where its corpus is at home or they
    were run before."""
    ran = {run.suite for run in all_runs(home.state)}
    ours = {one.stem: one for one in sorted(SUITES.glob("*.jsonl"))}
    fitting = {name: one for name, one in ours.items() if home.root == CHECKOUT or name in ran}
    inbox = own_suite(home)
    kept = {inbox.stem: inbox} if inbox.is_file() else {}
    return fitting | kept | {one.stem: one for one in sorted((home.root / OWN).glob("*.jsonl"))}


def _pair(wish: Wish, runs: int) -> tuple[int, int] | None:
    """Return which two runs are compared, the earlier one first: the last two unless chosen."""
    if runs < 2:
        return None
    try:
        chosen = sorted({int(str(wish["a"])), int(str(wish["b"]))})
    except (KeyError, ValueError):
        chosen = []
    if len(chosen) == 2 and chosen[0] >= 0 and chosen[1] < runs:
        return chosen[0], chosen[1]
    return runs - 2, runs - 1


def _opened(archive: Archive) -> Answering:
    return EvalsTab(archive).answer


def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text("utf-8")


TAB = PageTab(
    "evals", "Evals", _asset("tab.css"), _asset("tab.js"), _opened, frozenset({"run", "stop"})
)
