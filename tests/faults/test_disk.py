"""A disk that is full or may not be written gets one clear error, and no half-written state."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import ArchiveError, IndexFailure
from index.entries import Changes

from ..index.homes import Home, found, texts
from .test_kills import consistent


class Disk:
    """A small disk of memory, mounted at ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        command = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(folder)]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
            pytest.skip("only root may mount a small disk")

    def set(self, mode: str) -> None:
        command = ["mount", "-o", f"remount,{mode}", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)

    def fill(self, leaving: int = 0) -> None:
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        os.truncate(filler, filler.stat().st_size - leaving)

    def empty(self) -> None:
        (self.folder / "filler").unlink()

    def unmount(self) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    disk = Disk(tmp_path / "disk")
    yield disk
    disk.unmount()


@pytest.fixture
def home(tmp_path: Path, disk: Disk) -> Home:
    """Return a home with its state folder, and nothing else, on the small disk."""
    (tmp_path / "home/documents").mkdir(parents=True)
    (tmp_path / "home/var").symlink_to(disk.folder)
    home = Home(tmp_path / "home")
    home.write("ban.txt", "The city banned the cameras.\n")
    home.write("leak.txt", "A list of customers was leaked.\n")
    return home


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check_message(error: ArchiveError) -> None:
    assert "\n" not in str(error)
    assert "check" in str(error)


def test_a_state_folder_that_may_not_be_written_is_named(home: Home, disk: Disk) -> None:
    disk.set("ro")
    with pytest.raises(IndexFailure, match="could not be") as raised:
        home.open()
    check_message(raised.value)
    disk.set("rw")
    index = home.open()
    assert index.sync() == Changes(added=("ban", "leak"))
    index.close()


def test_a_disk_that_turned_read_only_is_named_and_left_as_it_is(home: Home, disk: Disk) -> None:
    index = home.open()
    index.sync()
    index.close()
    before = files(disk.folder)
    disk.set("ro")
    with pytest.raises(IndexFailure) as raised:
        home.open()
    check_message(raised.value)
    assert files(disk.folder) == before
    disk.set("rw")
    index = home.open()
    assert index.sync() == Changes(unchanged=2)
    assert found(index, "banned cameras", k=1) == ["ban"]
    index.close()


# What is free, in bytes, decides which of the writes is the first that fails.
@pytest.mark.parametrize("free", [0, 4_096, 16_384, 65_536, 131_072, 262_144, 524_288])
def test_a_full_disk_leaves_the_old_answers_and_works_again_when_there_is_space(
    home: Home, disk: Disk, free: int
) -> None:
    index = home.open()
    index.sync()
    before = texts(index)
    disk.fill(leaving=free)
    home.write("long.txt", LONG)
    with pytest.raises(IndexFailure) as raised:
        index.sync()
    check_message(raised.value)
    assert texts(index) == before
    assert found(index, "banned cameras", k=1) == ["ban"]
    disk.empty()
    assert index.sync() == Changes(added=("long",), unchanged=2)
    assert found(index, "quokka 77 fence", k=1) == ["long"]
    index.close()
    again = home.open()
    assert consistent(again)
    assert again.sync() == Changes(unchanged=3)
    again.close()


def test_a_full_disk_that_is_met_when_opening_is_named(home: Home, disk: Disk) -> None:
    disk.fill()
    with pytest.raises(IndexFailure) as raised:
        home.open()
    check_message(raised.value)
    disk.empty()
    index = home.open()
    assert index.sync() == Changes(added=("ban", "leak"))
    index.close()


@pytest.mark.parametrize("free", [0, 16_384, 65_536, 131_072])
def test_a_rebuild_on_a_full_disk_leaves_an_index_that_works(
    home: Home, disk: Disk, free: int
) -> None:
    index = home.open()
    index.sync()
    before = {one.name for one in (home.state / "index").iterdir()}
    disk.fill(leaving=free)
    with pytest.raises(IndexFailure) as raised:
        index.sync(rebuild=True)
    check_message(raised.value)
    assert {one.name for one in (home.state / "index").iterdir()} == before
    assert found(index, "banned cameras", k=1) == ["ban"]
    disk.empty()
    assert index.sync(rebuild=True) == Changes(added=("ban", "leak"))
    assert found(index, "banned cameras", k=1) == ["ban"]
    index.close()


LONG = "".join(f"Quokka number {number} jumped over the fence.\n\n" for number in range(2000))


@pytest.mark.parametrize("free", [0, 16_384, 65_536, 262_144, 524_288])
def test_an_add_on_a_full_disk_says_so_and_works_again_when_there_is_space(
    home: Home, disk: Disk, free: int
) -> None:
    index = home.open()
    index.sync()
    before = texts(index)
    long = home.outside("long.txt", LONG)
    disk.fill(leaving=free)
    with pytest.raises(IndexFailure) as raised:
        index.add([long])
    check_message(raised.value)
    assert texts(index) == before
    assert found(index, "banned cameras", k=1) == ["ban"]
    disk.empty()
    again = index.add([long])
    assert not again.failed
    assert index.sync() == Changes(unchanged=3)
    assert found(index, "quokka 77 fence", k=1) == ["long"]
    index.close()
    reopened = home.open()
    assert consistent(reopened)
    assert reopened.sync() == Changes(unchanged=3)
    reopened.close()


@pytest.mark.parametrize("free", [0, 4_096, 65_536])
def test_an_add_where_the_documents_do_not_fit_leaves_no_part_of_one(
    tmp_path: Path, disk: Disk, free: int
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/documents").symlink_to(disk.folder)
    home = Home(tmp_path / "home")
    home.write("ban.txt", "The city banned the cameras.\n")
    index = home.open()
    index.sync()
    long = home.outside("long.txt", LONG)
    disk.fill(leaving=free)
    kept = {path.name for path in disk.folder.iterdir()}
    (failed,) = index.add([long]).failed
    assert "\n" not in failed.error
    assert "Check" in failed.error
    assert {path.name for path in disk.folder.iterdir()} == kept
    assert set(texts(index)) == {"ban"}
    disk.empty()
    assert index.add([long]).added == ("long",)
    assert (disk.folder / "long.txt").read_text("utf-8") == LONG
    assert found(index, "quokka 77 fence", k=1) == ["long"]
    assert index.sync() == Changes(unchanged=2)
    index.close()


def test_a_state_folder_without_rights_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    home = Home(tmp_path)
    home.write("ban.txt", "The city banned the cameras.\n")
    home.state.mkdir(mode=0o500)
    with pytest.raises(IndexFailure) as raised:
        home.open()
    check_message(raised.value)
    home.state.chmod(0o700)
    shutil.rmtree(home.state)
    index = home.open()
    assert index.sync() == Changes(added=("ban",))
    index.close()


def test_an_index_on_a_full_disk_is_looked_at_all_the_same(home: Home, disk: Disk) -> None:
    index = home.open()
    index.sync()
    disk.fill()
    assert index.is_sound()
    disk.empty()
    assert index.is_sound()
    index.close()
