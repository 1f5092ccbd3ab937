"""The child's side of a walk: looks at a home, does things in it and is killed at some point."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus.shelf import Shelf
from corpus.sidecar import sidecar_of, write_sidecar
from index import nearest, open_files, quick_vectors, split, taking, vectors
from index.embed import Embedder
from index.index import Index
from index.made import ModelName

from ..fakes import BagOfStems
from . import shim
from .inspecting import (
    hits,
    left_files,
    left_vectors,
    same_hits,
    search_faults,
    shown,
    stored_faults,
)

GROUP = 3


class Notes:
    """What the child has done so far, for whoever killed it: a line a piece."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def say(self, what: str, value: Any = None) -> None:
        os.write(self._file, json.dumps([what, value]).encode() + b"\n")


class Walker:
    """The program, as the walk drives it."""

    def __init__(self, home: Path, recipe: int, words: list[str], notes: Notes) -> None:
        self.home, self.words, self.notes = home, words, notes
        self.shelf = Shelf(home / "documents")
        self.index = self.open(home / "var", recipe)
        self.recipe = recipe

    def open(self, state: Path, recipe: int) -> Index:
        split.VERSION = _SPLITTER + recipe
        fingerprint = f"bag-of-stems {recipe}"
        return Index(state, self.shelf, _embedder(fingerprint), find_embedder=_find)

    def look(self) -> dict[str, Any]:
        """Say what an index holds that nothing was done to but to open it."""
        faults = [*stored_faults(self.index), *search_faults(self.index, self.words)]
        return {"documents": shown(self.index), "faults": faults}

    def check(self) -> dict[str, Any]:
        """Say what it holds after a sync."""
        return {
            "documents": shown(self.index),
            "faults": [
                *stored_faults(self.index),
                *search_faults(self.index, self.words),
                *left_files(self.shelf, self.home / "var"),
                *left_vectors(self.index),
            ],
        }

    def compare(self) -> list[str]:
        """Return in what the index differs from one that is made anew."""
        fresh_state = self.home / "fresh"
        shutil.rmtree(fresh_state, ignore_errors=True)
        fresh = self.open(fresh_state, self.recipe)
        fresh.sync()
        faults = []
        if shown(fresh) != shown(self.index):
            faults.append(f"a new index holds {shown(fresh)}, this one {shown(self.index)}")
        for word in [*self.words, "harbour council report"]:
            ours, theirs = hits(self.index, word), hits(fresh, word)
            if not same_hits(ours, theirs):
                faults.append(f"{word!r}: a new index finds {theirs}, this one {ours}")
        fresh.close()
        shutil.rmtree(fresh_state)
        return faults

    # ------------------------------------------------------------------ actions

    def add(self, *names: str) -> Any:
        changes = self.index.add([self.home / "outside" / name for name in names])
        return [str(one) for one in (*changes.failed, *changes.skipped)]

    def add_folder(self, name: str) -> Any:
        return self.add(name)

    def remove(self, *ids: str) -> Any:
        return [str(one) for one in self.index.remove(ids).failed]

    def describe(self, document_id: str, name: str, title: str) -> Any:
        write_sidecar(self.shelf.folder / name, title=title)
        return [str(one) for one in self.index.take_in([document_id]).failed]

    def sync(self) -> Any:
        return [str(one) for one in self.index.sync().failed]

    def rebuild(self) -> Any:
        return [str(one) for one in self.index.sync(rebuild=True).failed]

    def ask_and_restart(self) -> None:
        """Do as a command does that asks one question: it keeps the vectors in their file."""
        self.index.search(self.index.prepare("harbour council report"))
        self.restart()

    def restart(self) -> Any:
        self.index.close()
        self.index = self.open(self.home / "var", self.recipe)
        return []

    def recipe_change(self, recipe: int) -> Any:
        """Go on with another model and splitter, as a person does who changes the settings."""
        self.index.close()
        self.recipe = recipe
        self.index = self.open(self.home / "var", recipe)
        return self.sync()

    # What a person does by hand, each file at once.

    def edit(self, name: str, text: str) -> Any:
        self._place(self.shelf.folder / name, text)
        return []

    def delete(self, name: str) -> Any:
        path = self.shelf.folder / name
        sidecar_of(path).unlink(missing_ok=True)
        path.unlink()
        return []

    def rename(self, name: str, other: str) -> Any:
        path, new = self.shelf.folder / name, self.shelf.folder / other
        new.parent.mkdir(exist_ok=True)
        if sidecar_of(path).exists():
            os.replace(sidecar_of(path), sidecar_of(new))
        os.replace(path, new)
        return []

    def edit_sidecar(self, name: str, title: str) -> Any:
        self._place(sidecar_of(self.shelf.folder / name), f"title: {title}\n")
        return []

    def _place(self, path: Path, text: str) -> None:
        temporary = self.home / "by-hand"
        temporary.write_text(text, "utf-8")
        path.parent.mkdir(exist_ok=True)
        os.replace(temporary, path)


_SPLITTER = split.VERSION


def _embedder(fingerprint: str) -> BagOfStems:
    embedder = BagOfStems()
    embedder.fingerprint = fingerprint
    return embedder


def _find(named: ModelName, fingerprint: str) -> Embedder:
    """Load the model of an index that was made with another one, so that it goes on answering."""
    return _embedder(fingerprint)


def walk(home: str, plan: str) -> None:
    """Look at a home, sync it, do what is planned, and die."""
    script = json.loads(plan)
    taking.GROUP = GROUP
    nearest.SMALL, quick_vectors._WORTH = 0, 0  # the file of vectors is used and kept
    if script["sealing"]:
        vectors._SELDOM = 0.0  # each group is sealed
    notes = Notes(Path(home) / "notes")
    kill = script["kill"]
    if kill["from"] == "start":
        _arm(kill)
    notes.say("started")
    walker = Walker(Path(home), script["recipe"], script["words"], notes)
    walker.ask_and_restart()
    notes.say("look", walker.look())
    if kill["from"] == "look":
        _arm(kill)
    for action, *arguments in script["actions"]:
        notes.say("begin", action)
        notes.say("done", getattr(walker, action)(*arguments))
        if action == "sync":
            notes.say("check", walker.check())
            if script["compare"]:
                notes.say("compare", walker.compare())
    if script["ending"] == "close":
        walker.index.close()
        notes.say("closed")
        return
    notes.say("end")
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(kill: dict[str, Any]) -> None:
    if kill["kind"] == "step":
        from .actions import STEPS

        owner, name = STEPS[kill["step"]]
        setattr(owner, name, deadly(getattr(owner, name), kill["moment"], kill["n"] - 1))
    elif kill["kind"] == "statement":
        _arm_statements(kill["n"])
    elif kill["kind"] == "call":
        shim.arm(kill["path"], kill["operations"], kill["action"], kill["n"])


def deadly(real: Callable[..., object], moment: str, spared: int = 0) -> Callable[..., object]:
    """Return a function that dies of SIGKILL before or after its first call that is not spared."""
    calls = itertools.count()

    def call(*arguments: object, **named: object) -> object:
        if next(calls) < spared:
            return real(*arguments, **named)
        if moment == "after":
            real(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("alive after SIGKILL")

    return call


def _arm_statements(n: int) -> None:
    """Die right before the n-th statement that is run in the catalogue."""
    calls = itertools.count(1)

    def traced(statement: str) -> None:
        if next(calls) == n:
            os.kill(os.getpid(), signal.SIGKILL)

    real = open_files._connected

    def opening(path: Path) -> sqlite3.Connection:
        connection = real(path)
        connection.set_trace_callback(traced)
        return connection

    open_files._connected = opening
    for known in _open_connections():
        with contextlib.suppress(sqlite3.Error):
            known.set_trace_callback(traced)


def _open_connections() -> list[sqlite3.Connection]:
    import gc

    return [one for one in gc.get_objects() if isinstance(one, sqlite3.Connection)]
