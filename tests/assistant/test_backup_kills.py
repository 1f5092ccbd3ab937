"""SIGKILL while a backup is written or restored, and a disk that fills up."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.backup import make_backup
from assistant.home import Home
from assistant.owner import read_owner
from assistant.remote import RemoteClient
from assistant.restore import restore_backup
from assistant.settings import Settings
from corpus.errors import BackupFailure, IndexFailure
from index.entries import Progress

from ..fakes import BagOfStems
from ..faults.test_disk import Disk
from ..waiting import wait_until
from .program import ROOT
from .small_corpus import listing, write_home
from .test_processes import owning

LOOP = """
import sys
from pathlib import Path
from assistant.backup import make_backup
from assistant.home import home_at
from assistant.restore import restore_backup
what, one, other, catalogue = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
if what == "backup":
    make_backup(home_at(Path(one)), Path(catalogue), Path(other), force=True)
else:
    restore_backup(Path(one), Path(other))
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of which a backup takes a while: most of it is pictures and chats."""
    home = write_home(tmp_path_factory.mktemp("large") / "home")
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
    for number in range(10):
        noise = random.Random(number).randbytes(300_000)
        (home.documents / f"{number}.bin").write_bytes(noise)
        (home.state / f"{number}.bin").write_bytes(noise)
    return home


def catalogue_of(home: Home) -> Path:
    [found] = home.state.rglob("catalogue.sqlite")
    return found


def killed(what: str, one: Path, other: Path, catalogue: Path, after: float) -> bool:
    """Begin, kill it after some seconds, and tell whether it was done by then."""
    command = [sys.executable, "-c", LOOP, what, str(one), str(other), str(catalogue)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("\n")
    process.stdin.flush()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    out, _ = process.communicate(timeout=30)
    return out == "done\n"


def seconds_of(work: str, one: Path, other: Path, catalogue: Path) -> float:
    begun = time.monotonic()
    if work == "backup":
        make_backup(Home(one, one / "documents", one / "assistant.toml", one / "var"),
                    catalogue, other)  # fmt: skip
    else:
        restore_backup(one, other)
    return time.monotonic() - begun


@pytest.mark.slow
def test_a_killed_backup_leaves_the_old_file_or_the_new_one(large: Home, tmp_path: Path) -> None:
    catalogue, file = catalogue_of(large), tmp_path / "b.zip"
    takes = seconds_of("backup", large.root, file, catalogue)
    old = file.read_bytes()
    rng, kept, done = random.Random(1), 0, 0
    for _ in range(12):
        done += killed("backup", large.root, file, catalogue, rng.uniform(0, 1.2 * takes))
        if file.read_bytes() == old:
            kept += 1
        else:
            restore_backup(file, tmp_path / "new")
            shutil.rmtree(tmp_path / "new")
            old = file.read_bytes()
    assert kept, "no kill came before the end"
    make_backup(large, catalogue, file, force=True)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b.zip"]
    home = restore_backup(file, tmp_path / "new").home
    assert listing(home.documents) == listing(large.documents)


@pytest.mark.slow
def test_a_killed_restore_leaves_no_home_or_a_whole_one(large: Home, tmp_path: Path) -> None:
    catalogue, file, new = catalogue_of(large), tmp_path / "b.zip", tmp_path / "new"
    make_backup(large, catalogue, file)
    takes = seconds_of("restore", file, new, catalogue)
    expected = listing(large.documents)
    shutil.rmtree(new)
    rng, none = random.Random(2), 0
    for _ in range(12):
        done = killed("restore", file, new, catalogue, rng.uniform(0, 1.2 * takes))
        if new.exists():
            assert listing(new / "documents") == expected
            assert (new / catalogue.relative_to(large.root)).exists()
            shutil.rmtree(new)
        else:
            assert not done
            none += 1
    assert none, "no kill came before the end"
    restore_backup(file, new)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b.zip", "new"]


@pytest.mark.slow
def test_an_owner_stops_a_backup_that_nobody_waits_for(large: Home, tmp_path: Path) -> None:
    def leave(progress: Progress) -> None:
        raise KeyboardInterrupt

    with owning(large):
        owner = read_owner(large)
        assert owner is not None
        with pytest.raises(KeyboardInterrupt):
            RemoteClient(owner, leave).backup(str(tmp_path / "b.zip"))
        wait_until(lambda: not list(tmp_path.iterdir()))
        made = RemoteClient(owner).backup(str(tmp_path / "b.zip"))
        assert made["documents"] == 3


@pytest.fixture
def disk(tmp_path: Path) -> object:
    disk = Disk(tmp_path / "disk")
    yield disk
    disk.unmount()


@pytest.mark.slow
@pytest.mark.parametrize("leaving", [0, 8192, 100_000, 1_000_000])
def test_a_full_disk_gets_one_error_and_keeps_the_old_backup(
    large: Home, disk: Disk, leaving: int
) -> None:
    catalogue, file = catalogue_of(large), disk.folder / "b.zip"
    file.write_bytes(b"the old one")
    disk.fill(leaving)
    with pytest.raises((BackupFailure, IndexFailure), match="free space") as error:
        make_backup(large, catalogue, file, force=True)
    assert "\n" not in str(error.value)
    assert listing(disk.folder).keys() == {"b.zip", "filler"}
    assert file.read_bytes() == b"the old one"


@pytest.mark.slow
def test_a_full_disk_gets_one_error_and_no_home(large: Home, disk: Disk, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    made = make_backup(large, catalogue_of(large), file)
    needed = sum(one.size for one in made.manifest.members)
    # The last is enough for the bytes, and not for the blocks that they take.
    for leaving in (0, needed // 2, needed + 4096):
        disk.fill(leaving)
        with pytest.raises(BackupFailure, match=r"(make room|free space)"):
            restore_backup(file, disk.folder / "new")
        assert listing(disk.folder).keys() == {"filler"}
        disk.empty()
