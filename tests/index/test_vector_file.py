"""The file of vectors beside a catalogue says what the catalogue says, or nothing."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import vector_file
from index.embed import Numbers, Vectors
from index.vector_blocks import Block, Place
from index.vector_file import Known, VectorFile

from ..faults.damage import DAMAGES, Damage, flip
from .test_vectors import unit_vectors

VECTORS = unit_vectors(100)
GENERATIONS = {number: 1 + number // 7 for number in range(1, 100)}
KNOWN = {
    generation: Known(f"{generation:016x}", list(GENERATIONS.values()).count(generation))
    for generation in set(GENERATIONS.values())
}


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_file, "_ROWS", 20)


@pytest.fixture
def file(tmp_path: Path) -> VectorFile:
    """Return a file with the vectors 1 to 99, of seven in most generations."""
    written = VectorFile(tmp_path / "vectors", "catalogue")
    numbers = np.arange(1, 100)
    batches = [(numbers[:50], VECTORS[1:51]), (numbers[50:], VECTORS[51:])]
    written.write(batches, GENERATIONS, KNOWN)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vectors"]
    return written


def held(batches: list[tuple[Numbers, Vectors]]) -> list[int]:
    """Return the numbers, when each vector is checked to be that of its number."""
    for numbers, vectors in batches:
        assert np.array_equal(vectors, VECTORS[numbers])
    return sorted(int(one) for numbers, _ in batches for one in numbers)


def of(generations: set[int]) -> list[int]:
    return [number for number, generation in GENERATIONS.items() if generation in generations]


def test_what_was_written_is_read(file: VectorFile) -> None:
    found, known = file.read(KNOWN)
    assert held(found) == list(range(1, 100))
    assert known == set(KNOWN)


@pytest.mark.parametrize(
    ("change", "left_out"),
    [
        (lambda known: known.pop(3), {3}),
        (lambda known: known.update({3: Known("f" * 64, 7)}), {3}),
        (lambda known: known.update({3: Known("", 7)}), {3}),
        (lambda known: known.update({3: Known(known[3].digest, 8)}), {3}),
        (lambda known: known.update({99: Known("1" * 64, 2)}), set()),
    ],
    ids=["gone", "of another digest", "without one", "with a passage more", "a new one"],
)
def test_a_generation_counts_only_as_it_was(
    file: VectorFile, change: Callable[[dict[int, Known]], object], left_out: set[int]
) -> None:
    now = dict(KNOWN)
    change(now)
    found, known = file.read(now)
    assert known == set(KNOWN) - left_out
    assert held(found) == of(set(KNOWN) - left_out)


def test_the_vectors_of_another_catalogue_do_not_count(file: VectorFile, tmp_path: Path) -> None:
    assert VectorFile(tmp_path / "vectors", "another").read(KNOWN) == ([], frozenset())
    assert VectorFile(tmp_path / "none", "catalogue").read(KNOWN) == ([], frozenset())


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_does_not_count(file: VectorFile, tmp_path: Path, damage: Damage) -> None:
    damage(tmp_path / "vectors")
    found, known = file.read(KNOWN)
    assert set(held(found)) == set(of(set(known)))
    file.wipe(KNOWN)
    assert file.read(KNOWN)[1] <= known


def test_a_flipped_bit_costs_a_block_and_says_nothing_wrong(
    file: VectorFile, tmp_path: Path
) -> None:
    path = tmp_path / "vectors"
    sound = path.read_bytes()
    chance = random.Random(5)
    for _ in range(60):
        path.write_bytes(sound)
        flip(path, chance)
        found, known = file.read(KNOWN)
        assert set(held(found)) == set(of(set(known)))
        assert known < set(KNOWN)


def test_nothing_of_a_generation_that_is_gone_is_left(file: VectorFile, tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    size = path.stat().st_size
    gone = [VECTORS[number].tobytes() for number in of({3, 8})]
    assert all(vector in path.read_bytes() for vector in gone)
    file.wipe(set(KNOWN) - {3, 8})
    data = path.read_bytes()
    assert not any(vector in data for vector in gone)
    assert len(data) == size
    found, known = file.read(KNOWN)
    assert known == set(KNOWN) - {3, 8}
    assert held(found) == of(set(known))
    file.wipe(set(KNOWN) - {3, 8})
    assert path.read_bytes() == data


def test_a_file_of_which_little_is_left_is_deleted(file: VectorFile, tmp_path: Path) -> None:
    file.wipe({1, 2})
    assert not (tmp_path / "vectors").exists()
    file.wipe({1, 2})


@pytest.mark.parametrize("place", [60, 20 * 24 + 200, 20 * 24 + 40 + 32 + 4 * 5 * 384])
def test_a_damaged_file_is_deleted_where_something_is_to_be_gone(
    file: VectorFile, tmp_path: Path, place: int
) -> None:
    path = tmp_path / "vectors"
    data = bytearray(path.read_bytes())
    data[place] ^= 1  # in the rows of the first block, and in its vectors
    path.write_bytes(data)
    file.wipe(set(KNOWN) - {1})
    assert not path.exists()


def test_a_damaged_vector_elsewhere_does_not_keep_what_is_to_be_gone(
    file: VectorFile, tmp_path: Path
) -> None:
    path = tmp_path / "vectors"
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(data)
    file.wipe(set(KNOWN) - {1})
    assert not any(VECTORS[number].tobytes() in path.read_bytes() for number in of({1}))
    assert file.read(KNOWN)[1] < set(KNOWN) - {1}


def test_wiping_reads_no_vector_of_a_block_in_which_nothing_goes(
    file: VectorFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Place] = []
    whole = vector_file.read_block

    def remembered(file: io.BufferedReader, place: Place) -> Block | None:
        read.append(place)
        return whole(file, place)

    monkeypatch.setattr(vector_file, "read_block", remembered)
    file.wipe(set(KNOWN) - {1})
    assert [place.start for place in read] == [0]


def test_a_disk_that_takes_nothing_leaves_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "is a file"
    folder.write_text("")
    unwritable = VectorFile(folder / "vectors", "catalogue")
    unwritable.write([(np.arange(1, 21), VECTORS[1:21])], GENERATIONS, KNOWN)
    assert unwritable.read(KNOWN) == ([], frozenset())
