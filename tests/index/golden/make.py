"""Writes the index that a release makes of the golden documents, as SQL.

Run with the release's own code, from anywhere: ``README.md`` beside this file says how.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.append(str(HERE))

from embedder import Golden  # type: ignore[import-not-found]  # noqa: E402

_CATALOGUE = "*/catalogue.sqlite"


def main() -> None:
    from corpus.shelf import Shelf
    from index.index import Index

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(HERE / "documents", home / "documents")
        with contextlib.closing(Index(home / "var", Shelf(home / "documents"), Golden())) as index:
            index.sync()
        (catalogue,) = (home / "var" / "index").glob(_CATALOGUE)
        print(f"-- {catalogue.parent.name}")
        with contextlib.closing(sqlite3.connect(catalogue)) as connection:
            for line in dump(connection):
                print(line)


def dump(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the statements that make the same file. A full-text table is filled as it was once,
    so that no byte of its insides is written down."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    objects = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
    ).fetchall()
    shadows = tuple(f"{name}_" for _, name, sql in objects if "USING fts5 " in sql)
    yield f"PRAGMA user_version = {version};"
    for kind, name, sql in objects:
        if name.startswith("sqlite_") or (name.startswith(shadows) and "VIRTUAL" not in sql):
            continue
        yield f"{sql};"
        if kind == "table" and "fts5vocab" not in sql:
            yield from _rows(connection, name, is_text="USING fts5" in sql)


def _rows(connection: sqlite3.Connection, table: str, *, is_text: bool) -> Iterator[str]:
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    names = [*(["rowid"] if is_text else []), *names]
    values = " || ', ' || ".join(f"quote({name})" for name in names)
    for (row,) in connection.execute(f"SELECT {values} FROM {table} ORDER BY 1"):
        # A statement is a line, whatever the texts hold.
        shown = row.replace("\n", "' || char(10) || '")
        yield f"INSERT INTO {table} ({', '.join(names)}) VALUES ({shown});"


if __name__ == "__main__":
    main()
