"""A documents folder as it should be, kept in a dictionary: what each action makes of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.documents import slug
from corpus.sidecar import sidecar_of

PLAIN = (
    "harbour council report ferry library tram tunnel bridge market school river station".split()
)


@dataclass(frozen=True, slots=True)
class File:
    """A document's file: ``body`` is the text that the index has of it."""

    heading: str
    body: str
    word: str
    sidecar: str | None = None

    @property
    def source(self) -> str:
        return f"{self.heading}\n\n{self.body}\n"

    @property
    def title(self) -> str:
        return self.sidecar or self.heading


Files = Mapping[str, File]
"""By name in the documents folder."""


def by_id(files: Files) -> dict[str, File]:
    return {slug(name): file for name, file in files.items()}


def make_file(chance: random.Random) -> File:
    """Return a file whose text has a word that no other has."""
    word = "uq" + "".join(chance.choice("bcdfghjklmnpqrtvwxz") for _ in range(9))
    sentences = [
        f"The {chance.choice(PLAIN)} of the {chance.choice(PLAIN)} saw {word} and "
        f"{_nonsense(chance)} with {_nonsense(chance)}."
        for _ in range(chance.choice((2, 3, 5, 30)))
    ]
    paragraphs = [" ".join(sentences[at : at + 10]) for at in range(0, len(sentences), 10)]
    return File(f"About {_nonsense(chance)}", "\n\n".join(paragraphs), word)


def _nonsense(chance: random.Random) -> str:
    letters = (chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(4))
    return "".join(letters)


def read_folder(folder: Path, known: Mapping[str, File]) -> dict[str, File | None]:
    """Return what lies in the folder now; ``known`` are all files there ever were, by source.

    None stands for a file that nobody wrote.
    """
    found: dict[str, File | None] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name.startswith(".") or path.name.endswith(".meta.yaml"):
            continue
        file = known.get(path.read_text("utf-8"))
        if file is not None:
            file = replace(file, sidecar=_sidecar(path))
        found[path.relative_to(folder).as_posix()] = file
    return found


def _sidecar(path: Path) -> str | None:
    sidecar = sidecar_of(path)
    if not sidecar.exists():
        return None
    return sidecar.read_text("utf-8").removeprefix("title: ").strip()


@dataclass(slots=True)
class Possible:
    """What an index may hold under an id: one of some texts with one of some titles; None for
    nothing. More than one of each only after a kill, until somebody has looked."""

    values: set[File | None]

    def allows(self, shown: list[str] | None) -> bool:
        if shown is None:
            return None in self.values
        title, text = shown
        files = [one for one in self.values if one is not None]
        titles = {one.title for one in files} | {one.heading for one in files}
        return title in titles and text in {one.body for one in files}


@dataclass(slots=True)
class Model:
    """The folder and the index. ``files`` and ``indexed`` are what they hold for certain, after
    what was acknowledged."""

    files: dict[str, File] = field(default_factory=dict)
    indexed: dict[str, File] = field(default_factory=dict)
    outside: dict[str, dict[str, File]] = field(default_factory=dict)
    """Files to add, by the name of the folder they lie in."""
    known: dict[str, File] = field(default_factory=dict)
    """All files there ever were, by what is in them."""
    recipe: int = 0

    def copy(self) -> Model:
        return replace(self, files=dict(self.files), indexed=dict(self.indexed))

    def apply(self, action: str, arguments: list[str]) -> None:
        """Do to the model what an action does."""
        done: dict[str, Callable[..., None]] = {
            "add": self._add, "add_folder": self._add_folder, "remove": self._remove,
            "describe": self._describe, "sync": self._sync, "rebuild": self._sync,
            "restart": self._nothing, "recipe_change": self._recipe_change,
            "edit": self._edit, "delete": self._delete, "rename": self._rename,
            "edit_sidecar": self._edit_sidecar,
        }  # fmt: skip
        done[action](*arguments)

    def _add(self, path: str) -> None:
        folder, name = path.split("/")
        self._put(name, self.outside[folder][name])

    def _add_folder(self, folder: str) -> None:
        for name, file in self.outside[folder].items():
            self._put(name, file)

    def _put(self, name: str, file: File) -> None:
        old = self.files.get(name)
        self.files[name] = replace(file, sidecar=old.sidecar if old else None)
        self.indexed[slug(name)] = self.files[name]

    def _remove(self, *ids: str) -> None:
        names = {slug(name): name for name in self.files}
        for one in ids:
            del self.files[names[one]], self.indexed[one]

    def _describe(self, document_id: str, name: str, title: str) -> None:
        self.files[name] = replace(self.files[name], sidecar=title)
        self.indexed[document_id] = self.files[name]

    def _sync(self) -> None:
        self.indexed = by_id(self.files)

    def _recipe_change(self, recipe: int) -> None:
        self.recipe = recipe
        self._sync()

    def _nothing(self) -> None:
        pass

    def _edit(self, name: str, source: str) -> None:
        old = self.files.get(name)
        self.files[name] = replace(self.known[source], sidecar=old.sidecar if old else None)

    def _delete(self, name: str) -> None:
        del self.files[name]

    def _rename(self, name: str, other: str) -> None:
        self.files[other] = self.files.pop(name)

    def _edit_sidecar(self, name: str, title: str) -> None:
        self.files[name] = replace(self.files[name], sidecar=title)
