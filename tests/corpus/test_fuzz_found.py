"""What fuzzing found before, and files made by hand to hurt a reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.documents import Reading
from corpus.errors import CorpusError
from corpus.sandbox import Readers
from tests.corpus.nasty import NASTY
from tests.fuzz.findings import FOUND, run
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS, check_reading

_FAULTS = ("its reader failed", "its reader died", "makes no sense", "is missing")


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(size=1)
    yield readers
    readers.close()


def what_became_of(readers: Readers, path: Path, into: Path) -> str:
    """Read a file, or take it apart, and return the message if it was refused."""
    try:
        if readers.is_container(path):
            unpacked = readers.unpack(path, into)
            assert sum(file.stat().st_size for file in unpacked.files) < 1_000_000_000
        else:
            check_reading(readers.read(path, folder=path.parent))
    except CorpusError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("path", sorted(FOUND.glob("*.bin")), ids=lambda path: path.stem)
def test_what_fuzzing_found_stays_repaired(path: Path) -> None:
    run(path.stem.rpartition("-")[0], path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_what_fuzzing_starts_from_is_read(target: str) -> None:
    assert seeds(target)
    for data in seeds(target):
        run(target, data)


@pytest.mark.slow
@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_file_is_read_or_refused_within_the_limits(
    readers: Readers, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(NASTY[name]())
    said = what_became_of(readers, path, tmp_path / "out")
    assert not [fault for fault in _FAULTS if fault in said], said
    assert {one.name for one in tmp_path.iterdir()} <= {name, "out"}
    # The next file is none the worse for it.
    good = tmp_path / "good.txt"
    good.write_text("The council met on Tuesday.\n", "utf-8")
    assert isinstance(readers.read(good, folder=tmp_path), Reading)
