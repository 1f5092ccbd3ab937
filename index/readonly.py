"""Catalogues of any release so far, read without being changed."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import CatalogueDamaged
from index.database import in_use, is_in_use
from index.open_files import RowsOf, read_only, rows_of


@contextlib.contextmanager
def reading(path: Path) -> Iterator[RowsOf]:
    """Give what runs queries on a file, for moments.

    Raises CatalogueDamaged where the file cannot be read or has no such table, and IndexFailure
    where another process has it.
    """
    try:
        with read_only(path) as connection:
            yield rows_of(connection)
    except sqlite3.Error as error:
        if is_in_use(error):
            raise in_use(path) from error
        raise CatalogueDamaged(
            f"the catalogue {path} could not be read ({error}): run 'assistant sync --rebuild'"
        ) from error
