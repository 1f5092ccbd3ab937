"""What a catalogue says about itself: what it was made with, and whether it was ever finished.

It stands in the catalogue's own table ``meta``, so it is written and copied with it. Any schema so
far has that table; a catalogue of a release before 2026-12 has nothing in it about recipes
(``index.upgrade`` knows those).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CatalogueDamaged
from index.database import SCHEMA_VERSION, Database, is_newer, newer
from index.readonly import reading
from index.recipe import Ingredients

CATALOGUE = "catalogue.sqlite"
_RECIPE, _COMPLETE, _SUBSET = "recipe", "complete", "subset"


@dataclass(frozen=True, slots=True)
class ModelName:
    """What ``choose_embedder`` needs to load a model again; empty where nobody said."""

    model: str = ""
    backend: str = ""
    query_prefix: str = ""
    passage_prefix: str = ""


NOBODY = ModelName()


@dataclass(frozen=True, slots=True)
class Made:
    """What an index was made with, and when (ISO 8601). ``complete`` once it has held all documents
    that the folder had at that time; ``subset`` while all that it holds is, just so, in the index
    that answers."""

    ingredients: Ingredients
    named: ModelName = NOBODY
    made: str = ""
    complete: bool = False
    subset: bool = False

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the model whose vectors it holds."""
        return self.ingredients.get("model", "")


@dataclass(frozen=True, slots=True)
class Found:
    """An index folder with the schema of its catalogue, 0 where there is none that can be read.

    ``traces`` of what was deleted are in it where a process was killed before it could wipe them.
    """

    folder: Path
    schema: int = 0
    made: Made | None = None
    traces: bool = False

    @property
    def can_answer(self) -> bool:
        """Tell whether today's searches can read it, and there is all to be found in it."""
        return self.schema == SCHEMA_VERSION and self.made is not None and self.made.complete

    def is_made_with(self, wanted: Ingredients) -> bool:
        """Tell whether its recipe is this one."""
        return self.made is not None and dict(self.made.ingredients) == dict(wanted)


def look_into(folder: Path) -> Found:
    """Look at an index folder without changing it.

    Raises IndexFailure where a newer release than this one made it, or another process has it.
    """
    path = folder / CATALOGUE
    if not path.is_file():
        return Found(folder)
    try:
        with reading(path) as rows:
            schema = int(rows("PRAGMA user_version")[0][0])
            known: dict[str, str] = dict(rows("SELECT key, value FROM meta"))
    except CatalogueDamaged:
        return Found(folder)  # whoever opens it to work with it says what is wrong
    made = _read(known)
    said = made.ingredients.get("schema", "") if made else ""
    if is_newer(schema) and said in ("", str(schema)):
        raise newer(path, schema)
    return Found(folder, schema, made, traces="traces" in known)


def describe(database: Database, ingredients: Ingredients, named: ModelName) -> None:
    """Write into a catalogue what it is made with, unless that stands there."""
    value = {
        "ingredients": dict(ingredients),
        "model": named.model,
        "backend": named.backend,
        "query_prefix": named.query_prefix,
        "passage_prefix": named.passage_prefix,
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }
    _write(database, _RECIPE, json.dumps(value))


def is_complete(database: Database) -> bool:
    """Tell whether a catalogue has ever held all that there was in the folder."""
    return bool(database.rows("SELECT 1 FROM meta WHERE key = ?", (_COMPLETE,)))


def mark_complete(database: Database) -> None:
    """Note that a catalogue holds all that there is in the folder. On disk when it returns."""
    _write(database, _COMPLETE, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))


def mark_subset(database: Database, is_one: bool) -> None:
    """Note whether all that a catalogue holds is in the index that answers."""
    if is_one:
        _write(database, _SUBSET, "of the index that answers")
    elif database.rows("SELECT 1 FROM meta WHERE key = ?", (_SUBSET,)):
        with database.transaction() as connection:
            connection.execute("DELETE FROM meta WHERE key = ?", (_SUBSET,))


def _write(database: Database, key: str, value: str) -> None:
    with database.transaction() as connection:
        connection.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (key, value))


def _read(known: dict[str, str]) -> Made | None:
    try:
        said = json.loads(known[_RECIPE])
        return Made(
            {str(name): str(version) for name, version in said["ingredients"].items()},
            ModelName(
                str(said["model"]),
                str(said["backend"]),
                str(said.get("query_prefix", "")),
                str(said.get("passage_prefix", "")),
            ),
            str(said["made"]),
            _COMPLETE in known,
            _SUBSET in known,
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
