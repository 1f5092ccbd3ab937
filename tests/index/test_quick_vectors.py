"""A large index is asked from a file of its vectors; whatever happens to that, it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.errors import IndexFailure
from index import nearest, quick_vectors
from index.entries import Changes
from index.index import Index
from index.quick_vectors import QuickVectors

from ..faults.damage import DAMAGES, Damage
from .homes import Home, found, passage_numbers

WORDS = ("tram", "ferry", "camera", "court", "harbour", "council", "fine", "ban")


@pytest.fixture
def lacked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let every index be a large one. What is returned tells, for each reading of the vectors, how
    many came from the catalogue."""
    told: list[int] = []
    read = QuickVectors.all

    def telling(self: QuickVectors) -> object:
        yield from read(self)
        told.append(self._lacked)

    monkeypatch.setattr(nearest, "SMALL", 0)
    monkeypatch.setattr(quick_vectors, "_WORTH", 0)
    monkeypatch.setattr(QuickVectors, "all", telling)
    return told


@pytest.fixture
def home(tmp_path: Path, lacked: list[int]) -> Home:
    """Return an indexed home of eight documents with a passage each, and their file."""
    made = Home(tmp_path)
    for word in WORDS:
        made.write(f"{word}.txt", f"The {word}\n\nThe {word} was seen in the town on Monday.\n")
    index = made.open()
    index.sync()
    index.close()
    assert ask(made) == [[word] for word in WORDS]
    assert lacked == [8, 0]
    return made


def file_of(home: Home) -> Path:
    (path,) = home.state.glob("index/*/vectors")
    return path


def answers(index: Index, words: Sequence[str] = WORDS) -> list[list[str]]:
    return [found(index, f"Where was the {word} seen?", k=1) for word in words]


def ask(home: Home) -> list[list[str]]:
    """Ask few questions, so that Chroma is not started."""
    given = []
    for words in (WORDS[:4], WORDS[4:]):
        index = home.open()
        given += answers(index, words)
        index.close()
        assert index._vectors.state is nearest.State.UNKNOWN
    return given


def vector_bytes(index: Index, document_id: str) -> bytes:
    (hit,) = (
        one
        for one in index.search(index.prepare(f"the {document_id}"), k=9)
        if one.passage.document_id == document_id
    )
    query = "SELECT vector FROM passages JOIN documents USING (generation) WHERE id = ?"
    ((vector,),) = index._database.rows(query, [hit.passage.document_id])
    assert isinstance(vector, bytes)
    return vector


def test_the_vectors_are_read_from_the_file_from_the_second_command_on(
    home: Home, lacked: list[int]
) -> None:
    lacked.clear()
    assert ask(home) == [[word] for word in WORDS]
    assert lacked == [0, 0]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_written_anew(home: Home, lacked: list[int], damage: Damage) -> None:
    damage(file_of(home))
    lacked.clear()
    assert ask(home) == [[word] for word in WORDS]
    assert lacked == [8, 0]


def test_what_is_new_is_read_from_the_catalogue(home: Home, lacked: list[int]) -> None:
    before = file_of(home).read_bytes()
    index = home.open()
    index.add([home.outside("bridge.txt", "The bridge\n\nThe bridge was closed on Monday.\n")])
    index.close()
    assert file_of(home).read_bytes() == before
    lacked.clear()
    index = home.open()
    assert found(index, "When was the bridge closed?", k=1) == ["bridge"]
    assert answers(index) == [[word] for word in WORDS]
    index.close()
    assert lacked[0] == 1


def test_what_is_removed_or_replaced_is_in_the_file_no_more(home: Home) -> None:
    index = home.open()
    gone = [vector_bytes(index, "tram"), vector_bytes(index, "court")]
    assert all(vector in file_of(home).read_bytes() for vector in gone)
    index.remove(["tram"])
    assert gone[0] not in file_of(home).read_bytes()
    home.write("court.txt", "The judge\n\nThe judge was seen in the town on Monday.\n")
    index.sync()
    assert gone[1] not in file_of(home).read_bytes()
    index.close()
    index = home.open()
    assert found(index, "Where was the judge seen?", k=1) == ["court"]
    assert "tram" not in found(index, "Where was the tram seen?", k=8)
    index.close()
    assert gone[0] not in file_of(home).read_bytes()


def test_what_a_killed_process_removed_is_wiped_by_the_next(home: Home) -> None:
    index = home.open()
    gone = vector_bytes(index, "tram")
    # As far as ``remove`` comes before it wipes.
    index._beside.store._writer.forget(["tram"])
    index._beside.store._database.close()
    assert gone in file_of(home).read_bytes()
    (home.folder / "documents" / "tram.txt").unlink()
    index = home.open()
    assert gone not in file_of(home).read_bytes()
    assert len(passage_numbers(index)) == len(WORDS) - 1
    index.close()


def test_a_wipe_that_failed_is_done_by_the_next_run(home: Home) -> None:
    index = home.open()
    gone = vector_bytes(index, "tram")
    in_the_way = file_of(home).with_name("vectors.new")
    in_the_way.mkdir()
    with pytest.raises(IndexFailure):
        index.remove(["tram"])
    assert gone in file_of(home).read_bytes()
    in_the_way.rmdir()
    assert index.sync() == Changes(unchanged=len(WORDS) - 1)
    assert gone not in file_of(home).read_bytes()
    index.close()


def test_a_log_that_somebody_read_is_wiped_by_the_next_run(home: Home) -> None:
    index = home.open()
    index.add([home.outside("bridge.txt", "The bridge\n\nThe bridge was closed on Monday.\n")])
    gone = vector_bytes(index, "bridge")
    log = file_of(home).with_name("catalogue.sqlite-wal")
    reading = index._database._connection.execute("SELECT number FROM passages")
    reading.fetchone()
    with pytest.raises(IndexFailure):
        index.remove(["bridge"])
    assert gone in log.read_bytes()
    reading.close()
    assert index.sync() == Changes(unchanged=len(WORDS))
    assert gone not in log.read_bytes()
    index.close()


def test_an_index_that_is_made_again_does_not_take_the_file_of_the_old_one(
    home: Home, lacked: list[int]
) -> None:
    old = file_of(home).read_bytes()
    index = home.open()
    index.sync(rebuild=True)
    index.close()
    (new,) = home.state.glob("index/*/catalogue.sqlite")
    new.with_name("vectors").write_bytes(old)
    lacked.clear()
    assert ask(home) == [[word] for word in WORDS]
    assert lacked[0] == 8
