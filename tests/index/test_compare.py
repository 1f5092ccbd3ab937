"""Damage to Chroma's SQLite file, which has no seal, lasts no longer than until the next start."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.embed import Vectors
from index.index import Index
from index.nearest import State

from .homes import Home, found
from .sealed import is_sealed

DOCUMENTS = 30
IDS = (("embeddings", "embedding_id"), ("embeddings_queue", "id"))
Harm = Callable[[sqlite3.Connection, int], object]


def rename_an_id(connection: sqlite3.Connection, number: int) -> None:
    for table, column in IDS:
        changed = connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE {column} = ?",
            (str(number + 4096), str(number)),
        )
        assert changed.rowcount == 1


def change_a_vector(connection: sqlite3.Connection, number: int) -> None:
    """Change a vector that waits to be taken into the graph, to another of the same length."""
    (stored,) = connection.execute(
        "SELECT vector FROM embeddings_queue WHERE id = ?", (str(number),)
    ).fetchone()
    values = struct.unpack(f"<{len(stored) // 4}f", stored)
    other = struct.pack(f"<{len(values)}f", *reversed(values))
    connection.execute("UPDATE embeddings_queue SET vector = ? WHERE id = ?", (other, str(number)))


def swap_two_ids(connection: sqlite3.Connection, number: int) -> None:
    for one, other in ((number, "x"), (number + 1, number), ("x", number + 1)):
        for table, column in IDS:
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (str(other), str(one))
            )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    for number in range(DOCUMENTS):
        home.write(f"tram-{number}.txt", f"Tram {number}\n\nThe tram {number}{number} came late.\n")
    return home


def harm_chroma(home: Home, harm: Harm, number: int) -> None:
    (path,) = (home.state / "index").glob("*/chroma/chroma.sqlite3")
    connection = sqlite3.connect(path)
    with connection:
        harm(connection, number)
    connection.close()


def misses(index: Index) -> list[int]:
    """Return the passages that Chroma does not find by their own vectors."""
    index._vectors.numbers()  # when all work on it is done
    assert index._vectors.state is State.READY
    return [
        number
        for numbers, vectors in index.catalogue.all_vectors()
        for number, vector in zip(numbers, vectors, strict=True)
        if not is_found(index, number, vector)
    ]


def is_found(index: Index, number: int, vector: Vectors) -> bool:
    nearest = dict(index._vectors.nearest(vector, DOCUMENTS))
    return number in nearest and bool(np.isclose(nearest[number], vector @ vector, atol=1e-4))


@pytest.mark.parametrize("harm", [rename_an_id, change_a_vector, swap_two_ids])
@pytest.mark.parametrize("is_open", [False, True])
def test_what_no_seal_shows_is_mended_by_the_next_start(
    home: Home, harm: Harm, is_open: bool
) -> None:
    index = home.open()
    index.sync()
    assert misses(index) == []
    number = index._vectors.numbers()[7]
    if is_open:
        harm_chroma(home, harm, number)
        index.close()
    else:
        index.close()
        harm_chroma(home, harm, number)
    again = home.open()
    assert misses(again) == []
    again.close()
    once_more = home.open()
    assert misses(once_more) == []
    assert is_sealed(once_more._vectors, DOCUMENTS)
    once_more.close()


def test_a_sound_chroma_is_not_filled_again_while_documents_come_and_go(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    index = home.open()
    index.sync()
    index.close()
    caplog.clear()
    index = home.open()
    index.warm()
    for number in range(0, 20, 4):
        index.remove([f"tram-{number}"])
        index.add([home.outside(f"bus-{number}.txt", f"The bus {number} came.\n")])
    assert misses(index) == []
    assert "filled in again" not in caplog.text
    assert found(index, "bus 8 came", k=1) == ["bus-8"]
    index.close()
