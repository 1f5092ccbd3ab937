from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embed import Vectors
from index.exact import exact_nearest
from index.keeper import writing
from index.seal import Seal
from index.vectors import SETTINGS, VectorStore


def unit_vectors(count: int, dimensions: int = 32, seed: int = 7) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    normed: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normed


VECTORS = unit_vectors(50)
NUMBERS = list(range(1, 51))


def open_store(folder: Path, catalogue_id: str = "one") -> VectorStore:
    return VectorStore(folder / "chroma", catalogue_id)


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """Return a folder with fifty sealed vectors that nobody has open."""
    store = open_store(tmp_path)
    with writing(store):
        store.upsert(NUMBERS, VECTORS)
    store.close()
    return tmp_path


@given(st.integers(0, 40), st.integers(1, 15), st.integers(1, 50))
def test_exact_nearest_is_a_sort_of_all_similarities(count: int, batch: int, k: int) -> None:
    vectors = VECTORS[:count]
    batches = [
        (NUMBERS[first : min(first + batch, count)], vectors[first : first + batch])
        for first in range(0, count, batch)
    ]
    scores = [(number, float(VECTORS[49] @ vectors[number - 1])) for number in NUMBERS[:count]]
    expected = sorted(scores, key=lambda pair: -pair[1])[:k]
    found = exact_nearest(VECTORS[49], batches, k)
    assert [number for number, _ in found] == [number for number, _ in expected]
    assert [score for _, score in found] == pytest.approx(
        [score for _, score in expected], abs=1e-6
    )


def test_equal_vectors_come_in_the_order_of_their_numbers() -> None:
    same = np.eye(1, 32, dtype=np.float32).repeat(3, axis=0)
    found = exact_nearest(same[0], [([9, 2], same[:2]), ([4], same[2:])], 3)
    assert [number for number, _ in found] == [2, 4, 9]


# ---------------------------------------------------------------- the seal


def test_a_closed_store_is_intact(sealed: Path) -> None:
    assert open_store(sealed).intact(50)


def test_asking_leaves_a_store_intact(sealed: Path) -> None:
    for _ in range(3):
        store = open_store(sealed)
        assert store.intact(50)
        store.nearest(VECTORS[0], 5)
        store.close()


def test_a_store_that_grows_past_what_chroma_keeps_in_its_log_stays_intact(tmp_path: Path) -> None:
    vectors = unit_vectors(2400, 8)
    for first in range(0, 2400, 400):
        store = open_store(tmp_path)
        assert first == 0 or store.intact(first)
        with writing(store):
            store.upsert(range(first, first + 400), vectors[first : first + 400])
        assert store.nearest(vectors[first], 1)[0][0] == first
        store.close()
    assert open_store(tmp_path).intact(2400)


@pytest.mark.parametrize("expected", [0, 49, 51])
def test_another_number_of_vectors_than_the_catalogue_has_is_not_intact(
    sealed: Path, expected: int
) -> None:
    assert not open_store(sealed).intact(expected)


def test_vectors_of_another_catalogue_are_not_intact(sealed: Path) -> None:
    assert not open_store(sealed, "two").intact(50)


def test_a_write_that_fails_leaves_the_seal_broken(sealed: Path) -> None:
    store = open_store(sealed)
    with pytest.raises(RuntimeError, match="on the way"), writing(store):
        raise RuntimeError("on the way")
    store.close()
    assert not open_store(sealed).intact(50)


def graph_file(folder: Path, name: str) -> Path:
    (path,) = (folder / "chroma").glob(f"*/{name}")
    return path


def flipped(data: bytes) -> bytes:
    return data[:40] + bytes([data[40] ^ 1]) + data[41:]


def without(path: Path) -> None:
    path.unlink()


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def with_a_flipped_bit(path: Path) -> None:
    path.write_bytes(flipped(path.read_bytes()))


def with_a_byte_more(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


@pytest.mark.parametrize(
    "damage", [without, halved, emptied, with_a_flipped_bit], ids=lambda one: one.__name__
)
@pytest.mark.parametrize("name", ["data_level0.bin", "header.bin", "length.bin"])
def test_a_damaged_graph_file_is_noticed_and_made_again(
    sealed: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(graph_file(sealed, name))
    check_refill(sealed)


@pytest.mark.parametrize("damage", [without, with_a_byte_more], ids=lambda one: one.__name__)
def test_a_damaged_file_of_links_is_noticed_and_made_again(
    sealed: Path, damage: Callable[[Path], None]
) -> None:
    damage(graph_file(sealed, "link_lists.bin"))
    check_refill(sealed)


@pytest.mark.parametrize("damage", [without, halved, emptied], ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", ["chroma.seal", "chroma/chroma.sqlite3"])
def test_a_damaged_seal_or_database_is_noticed_and_made_again(
    sealed: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(sealed / name)
    check_refill(sealed)


def test_garbage_for_a_database_is_noticed_and_made_again(sealed: Path) -> None:
    (sealed / "chroma/chroma.sqlite3").write_bytes(b"garbage " * 1000)
    check_refill(sealed)


def test_a_missing_folder_is_noticed_and_made_again(sealed: Path) -> None:
    (sealed / "chroma").rename(sealed / "elsewhere")
    check_refill(sealed)


def test_a_file_in_place_of_the_folder_is_noticed(sealed: Path) -> None:
    (sealed / "chroma").rename(sealed / "elsewhere")
    (sealed / "chroma").write_bytes(b"not a folder")
    check_refill(sealed)


def test_files_that_nobody_touched_are_seen_to_be_so_without_reading_them(sealed: Path) -> None:
    store = open_store(sealed)
    assert store.intact(50)
    store.nearest(VECTORS[0], 5)
    assert store.untouched()
    with_a_flipped_bit(graph_file(sealed, "data_level0.bin"))
    assert not store.untouched()
    store.close()


def test_a_bit_that_flips_without_a_trace_is_noticed_by_the_hash(sealed: Path) -> None:
    path = graph_file(sealed, "data_level0.bin")
    before = path.stat()
    with_a_flipped_bit(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    check_refill(sealed)


def test_a_new_seal_reads_no_file_that_has_not_changed(
    sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (sealed / "chroma").glob("*/*"):
        os.utime(path, ns=(1, path.stat().st_mtime_ns - 10_000_000_000))
    folder = sealed / "chroma"
    seal = Seal(folder, "one", SETTINGS)
    assert seal.holds()
    before = (sealed / "chroma.seal").read_bytes()
    seal.remove()

    def read(*_: object) -> None:
        raise AssertionError("a file was read")

    monkeypatch.setattr(hashlib, "file_digest", read)
    seal.write()
    assert (sealed / "chroma.seal").read_bytes() == before
    next(folder.glob("*/header.bin")).touch()
    with pytest.raises(AssertionError, match="a file was read"):
        seal.write()


def check_refill(folder: Path) -> None:
    store = open_store(folder)
    assert not store.intact(50)
    store.empty()
    with writing(store):
        store.upsert(NUMBERS, VECTORS)
    assert store.intact(50)
    assert next(number for number, _ in store.nearest(VECTORS[4], 50)) == 5
    store.close()
    again = open_store(folder)
    assert again.intact(50)
    again.close()
