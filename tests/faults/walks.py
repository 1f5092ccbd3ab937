"""The parent's side of a walk: plans what a child does, has it killed, and checks what is left."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from corpus.documents import slug

from . import shim
from .model import File, Model, Possible, make_file, read_folder

MOST_FILES = 10
RECIPES = 3


class Runner(Protocol):
    """Runs a function of the child's side; ``conftest.Children`` is one."""

    def run(self, name: str, *arguments: object, kill_after: float | None = None) -> Any: ...


@dataclass(slots=True)
class Summary:
    loops: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    landed: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        parts = {
            "killed by": self.kills, "killed in": self.landed,
            "left by what was under way": self.left, "done": self.done,
        }  # fmt: skip
        shown = [
            f"{name}: " + ", ".join(f"{what} {count}" for what, count in counter.most_common())
            for name, counter in parts.items()
        ]
        return [f"loops: {self.loops}", *shown]


class Found(AssertionError):
    """Something that must not be."""


class Walk:
    """A seeded random walk over one home; each step of it is a child that dies at some point."""

    def __init__(self, home: Path, runner: Runner, seed: int, *, calls: bool = True) -> None:
        """``calls`` where the children have the shim, and so may die at a call to the system."""
        self.home, self.runner, self.calls = home, runner, calls
        self.chance = random.Random(seed)
        self.model = Model()
        self.possible: dict[str, Possible] = {}
        self.gone: list[str] = []
        self.summary = Summary()
        self._names = 0
        self._opens_with = 0
        self._switched = False  # a change of the recipe was broken off
        self.last_plan: dict[str, Any] = {}
        (home / "documents").mkdir(parents=True)

    def loop(self) -> None:
        """Have one child live and die, and raise Found where what it left, or saw, is wrong."""
        plan = self._plan()
        (self.home / "notes").unlink(missing_ok=True)
        seconds = plan["kill"].get("seconds")
        self.last_plan = plan
        code, _ = self.runner.run("walk", self.home, json.dumps(plan), kill_after=seconds)
        notes = self._notes()
        self.summary.loops += 1
        self.summary.kills[self._killed_by(plan, notes, code)] += 1
        if code not in (0, -9):
            raise Found(f"the child ended with {code} after {notes[-1:]}")
        self._follow(plan, notes)

    # ------------------------------------------------------------------ planning

    def _plan(self) -> dict[str, Any]:
        chance = self.chance
        model = self.model.copy()
        actions = [["sync"]] if chance.random() < 0.9 else []
        for action in actions:
            model.apply(action[0], action[1:])
        while len(actions) < chance.choice((2, 4, 6)):
            action = self._action(model)
            if action is not None:
                model.apply(action[0], action[1:])
                actions.append(action)
                if chance.random() < 0.4:
                    actions.append(["sync"])
                    model.apply("sync", [])
        live = [file.word for file in self.model.files.values()]
        return {
            "recipe": self._opens_with,
            "words": [*live, *self.gone[-8:]],
            "sealing": chance.random() < 0.5,
            "compare": chance.random() < 0.2,
            "actions": actions,
            "ending": chance.choice(("close", "kill", "kill")),
            "kill": self._kill(),
        }

    def _kill(self) -> dict[str, Any]:
        chance = self.chance
        start = chance.choice(("start", "look", "look"))
        kinds = ["step", "statement", "time", *(["call", "call"] if self.calls else [])]
        kind = chance.choice(kinds)
        more: dict[str, Any] = {}
        if kind == "step":
            from .actions import STEPS

            more = {
                "step": chance.choice(list(STEPS)),
                "moment": chance.choice(("before", "after")),
                "n": chance.choice((1, 1, 1, 2, 3)),
            }
        elif kind == "statement":
            more = {"n": int(10 ** chance.uniform(0, 2.8))}
        elif kind == "time":
            more = {"seconds": chance.uniform(0.02, 1.0)}
        else:
            more = self._call()
        return {"kind": kind, "from": start, **more}

    def _call(self) -> dict[str, Any]:
        chance = self.chance
        place = chance.choice(
            ("", "documents", "catalogue", "-wal", "chroma/", "chroma.sqlite3", ".bin", "seal")
        )
        changes = shim.WRITE | shim.SYNC | shim.RENAME | shim.UNLINK
        operations = chance.choice((changes, changes, shim.WRITE, shim.SYNC, shim.UNLINK))
        return {
            "path": place or f"{self.home}/var",
            "operations": operations,
            "action": chance.choice((shim.KILL, shim.KILL, shim.TORN)),
            "n": int(10 ** chance.uniform(0, 2.3)),
        }

    def _action(self, model: Model) -> list[Any] | None:
        chance = self.chance
        both = [
            name
            for name, file in model.files.items()
            if (known := model.indexed.get(slug(name))) is not None and known.body == file.body
        ]
        names = list(model.files)
        few = len(names) < 3
        makers: list[tuple[int, Callable[[], list[Any] | None]]] = [
            (5, lambda: self._add(model, self._new_name()) if len(names) < MOST_FILES else None),
            (3, lambda: self._add(model, chance.choice(names)) if names else None),
            (2, lambda: self._add_folder(model, names) if len(names) < MOST_FILES else None),
            (4, lambda: ["edit", chance.choice(names), self._write().source] if names else None),
            (1, lambda: ["edit", self._new_name(), self._write().source]
             if len(names) < MOST_FILES else None),
            (3, lambda: self._remove(both) if both and not few else None),
            (2, lambda: ["delete", chance.choice(names)] if not few else None),
            (3, lambda: ["rename", chance.choice(names), self._new_name()] if names else None),
            (2, lambda: self._describe(both) if both else None),
            (2, lambda: ["edit_sidecar", chance.choice(names), f"Told {chance.randrange(10**6)}"]
             if names else None),
            (1, lambda: ["rebuild"]),
            (2, lambda: ["restart"]),
            (1, lambda: ["recipe_change", chance.randrange(RECIPES)]),
        ]  # fmt: skip
        weights = [weight for weight, _ in makers]
        return chance.choices([maker for _, maker in makers], weights)[0]()

    def _new_name(self) -> str:
        self._names += 1
        return f"{self.chance.choice(('', '', 'box/'))}d{self._names:04}.txt"

    def _write(self) -> File:
        file = make_file(self.chance)
        self.model.known[file.source] = file
        return file

    def _outside(self, folder: str, name: str) -> None:
        file = self._write()
        self.model.outside.setdefault(folder, {})[name] = file
        path = self.home / "outside" / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.source, "utf-8")

    def _add(self, model: Model, name: str) -> list[Any] | None:
        if "/" in name:
            return None
        self._names += 1
        folder = f"f{self._names}"
        self._outside(folder, name)
        return ["add", f"{folder}/{name}"]

    def _add_folder(self, model: Model, names: list[str]) -> list[Any]:
        self._names += 1
        folder = f"f{self._names}"
        flat = [name for name in names if "/" not in name]
        replaced = self.chance.sample(flat, min(len(flat), self.chance.choice((0, 1, 2))))
        new = [f"g{self._names}-{number}.txt" for number in range(self.chance.choice((1, 3, 4)))]
        for name in [*replaced, *new]:
            self._outside(folder, name)
        return ["add_folder", folder]

    def _remove(self, names: list[str]) -> list[Any]:
        count = min(len(names), self.chance.choice((1, 1, 2)))
        return ["remove", *(slug(name) for name in self.chance.sample(names, count))]

    def _describe(self, names: list[str]) -> list[Any]:
        name = self.chance.choice(names)
        return ["describe", slug(name), name, f"Said {self.chance.randrange(10**6)}"]

    # ------------------------------------------------------------------ following

    def _notes(self) -> list[tuple[str, Any]]:
        path = self.home / "notes"
        lines = path.read_text("utf-8").splitlines(keepends=True) if path.exists() else []
        return [tuple(json.loads(line)) for line in lines if line.endswith("\n")]

    def _killed_by(self, plan: dict[str, Any], notes: list[tuple[str, Any]], code: int) -> str:
        if notes and notes[-1][0] in ("closed", "end"):
            return "nothing: closed" if code == 0 else "itself, at the end"
        kill = plan["kill"]
        return f"{kill['kind']}" + (f" {kill['moment']} {kill['step']!r}" if "step" in kill else "")

    def _follow(self, plan: dict[str, Any], notes: list[tuple[str, Any]]) -> None:
        actions = iter(plan["actions"])
        under_way: list[Any] | None = None
        where = "start"
        for what, value in notes:
            if what == "look":
                where = "between"
                self._looked(value)
            elif what == "begin":
                under_way = next(actions)
                where = value
                assert under_way is not None
                if value == "recipe_change":
                    self._opens_with, self._switched = under_way[1], True
            elif what == "done":
                assert under_way is not None
                if under_way[0] == "recipe_change":
                    self._switched = False
                self._acknowledged(under_way, value)
                where, under_way = "between", None
            elif what == "check":
                self._checked(value)
            elif what == "compare" and value:
                raise Found(f"not as a new index: {value}")
        ended = notes and notes[-1][0] in ("closed", "end")
        if not ended:
            self.summary.landed[where] += 1
        self._died(under_way)

    def _looked(self, said: dict[str, Any]) -> None:
        if said["faults"]:
            raise Found(f"when opened: {said['faults']}")
        documents = said["documents"]
        if self._switched:  # an index that was kept may be older, until it is synced
            self.possible, self._switched = {}, False
            self._settle(documents)
            return
        for ident in {*documents, *self.possible, *self.model.indexed}:
            sure = Possible({self.model.indexed.get(ident)})
            possible = self.possible.get(ident, sure)
            shown = documents.get(ident)
            if not possible.allows(shown):
                raise Found(f"{ident} is {shown}, and may be {possible.values}")
        self._count_states(documents)
        self.possible = {}
        self._settle(documents)

    def _count_states(self, documents: dict[str, list[str]]) -> None:
        olds = news = 0
        for ident, possible in self.possible.items():
            if len(possible.values) < 2:
                continue
            old = self.model.indexed.get(ident)
            shown = documents.get(ident)
            is_old = shown == ([old.title, old.body] if old else None)
            olds, news = olds + is_old, news + (not is_old)
        if olds or news:
            self.summary.left["some old, some new" if olds and news else
                              "old" if olds else "new"] += 1  # fmt: skip

    def _settle(self, documents: dict[str, list[str]]) -> None:
        """Take as certain what was seen: the index, whichever of the possible states it is in."""
        bodies = {file.body: file for file in self.model.known.values()}
        self.model.indexed = {
            ident: File(bodies[text].heading, text, bodies[text].word,
                        title if title != bodies[text].heading else None)
            for ident, (title, text) in documents.items()
        }  # fmt: skip

    def _acknowledged(self, action: list[Any], failed: list[str]) -> None:
        if failed:
            raise Found(f"{action} failed: {failed}")
        before = {file.word for file in self.model.files.values()}
        self.model.apply(action[0], action[1:])
        after = {file.word for file in self.model.files.values()}
        self.gone += sorted(before - after)
        self.summary.done[action[0]] += 1

    def _checked(self, said: dict[str, Any]) -> None:
        if said["faults"]:
            raise Found(f"after a sync: {said['faults']}")
        wanted = {one: [file.title, file.body] for one, file in self.model.indexed.items()}
        if said["documents"] != wanted:
            raise Found(f"after a sync: {said['documents']} instead of {wanted}")

    def _died(self, under_way: list[Any] | None) -> None:
        """Take the folder as it is now, if it is a state between before and after."""
        after = self.model.copy()
        if under_way is not None:
            after.apply(under_way[0], under_way[1:])
            for ident in {*self.model.indexed, *after.indexed}:
                values = self.possible.setdefault(ident, Possible({self.model.indexed.get(ident)}))
                values.values.add(after.indexed.get(ident))
        there = read_folder(self.home / "documents", self.model.known)
        for name in {*there, *self.model.files, *after.files}:
            old, new = self.model.files.get(name), after.files.get(name)
            file = there.get(name)
            if name in there and file is None:
                raise Found(f"{name} holds what nobody wrote")
            titles = {one.sidecar for one in (old, new) if one} | ({None} if old != new else set())
            if file is None:
                if old is not None and new is not None:
                    raise Found(f"{name} is gone")
            elif file.body not in {one.body for one in (old, new) if one}:
                raise Found(f"{name} holds another text than its old or new one")
            elif file.sidecar not in titles:
                raise Found(f"the sidecar of {name} says {file.sidecar!r}, not one of {titles}")
        before = {file.word for file in self.model.files.values()}
        self.model.files = {name: file for name, file in there.items() if file is not None}
        self.gone += sorted(before - {file.word for file in self.model.files.values()})


def keep(home: Path, to: Path) -> None:
    """Keep a home in which something was found."""
    shutil.copytree(home, to, dirs_exist_ok=True)
