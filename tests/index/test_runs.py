"""Runs over many files: groups, bad files, interruptions, and going on after them."""

from __future__ import annotations

import os
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from corpus.documents import Overrides, Reading
from corpus.errors import CorpusError, ReaderStopped
from corpus.sandbox import Readers, ReadJob, shared
from index import taking
from index.embed import Vectors
from index.entries import Changes, Failed, Interrupted, Progress, Skipped
from index.index import Index
from index.taking import same_text

from .homes import Home, chroma_numbers, found, passage_numbers, texts
from .sealed import is_sealed


class Watched(Readers):
    """The readers of this process, with a list of what they read; some files kill their reader."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def read_many(
        self, jobs: Iterable[ReadJob], *, ahead: int | None = None
    ) -> Iterator[tuple[ReadJob, Reading | CorpusError]]:
        for job, reading in shared().read_many(jobs, ahead=ahead):
            self.names.append(job.path.name)
            stopped = "bomb" in job.path.name
            yield job, ReaderStopped(f"{job.path} took too long") if stopped else reading


@pytest.fixture
def readers() -> Watched:
    return Watched()


@pytest.fixture
def index(home: Home, readers: Watched, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    monkeypatch.setattr(taking, "GROUP", 4)
    opened = Index(home.state, home.shelf, home.embedder, readers=readers)
    yield opened
    opened.close()


def many(home: Home, count: int, folder: str = "outside/set") -> Path:
    for number in range(count):
        path = home.folder / folder / f"d{number:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Case {number}\n\nMarker{number:02} is said here.\n", "utf-8")
    return home.folder / folder


def consistent(index: Index) -> bool:
    states = index._database.rows("SELECT DISTINCT state FROM documents")
    sealed = is_sealed(index._vectors, len(passage_numbers(index)))
    return sealed and chroma_numbers(index) == passage_numbers(index) and states == [("active",)]


class StopsAt:
    """Stands for a person who presses Ctrl-C while the ``count``-th group is embedded."""

    def __init__(self, home: Home, count: int) -> None:
        self._embed, self._left = home.embedder.embed, count
        self.home = home

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self._left -= 1
        if self._left == 0:
            raise KeyboardInterrupt
        return self._embed(texts)


def test_an_interrupted_add_keeps_what_was_done_and_goes_on_where_it_stopped(
    home: Home, index: Index, readers: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = many(home, 11)
    with monkeypatch.context() as patch:
        patch.setattr(home.embedder, "embed", StopsAt(home, 3))
        with pytest.raises(Interrupted) as stopped:
            index.add([folder])
    assert stopped.value.changes == Changes(added=tuple(f"d{n:02}" for n in range(8)))
    assert len(texts(index)) == 8
    assert consistent(index)
    readers.names.clear()
    assert index.add([folder]) == Changes(added=("d08", "d09", "d10"), unchanged=8)
    assert readers.names == ["d08.txt", "d09.txt", "d10.txt"]
    assert consistent(index)


def test_an_interrupted_sync_goes_on_where_it_stopped(
    home: Home, index: Index, readers: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(home, 10, "documents")
    with monkeypatch.context() as patch:
        patch.setattr(home.embedder, "embed", StopsAt(home, 2))
        with pytest.raises(KeyboardInterrupt):
            index.sync()
    assert len(texts(index)) == 4
    readers.names.clear()
    assert index.sync().unchanged == 4
    assert len(readers.names) == 6
    assert len(texts(index)) == 10
    assert consistent(index)


def test_a_folder_that_was_added_is_not_read_again(
    home: Home, index: Index, readers: Watched
) -> None:
    folder = many(home, 6)
    said = Overrides(source="The Record")
    index.add([folder], overrides=said)
    readers.names.clear()
    home.embedder.embedded.clear()
    assert index.add([folder], overrides=said) == Changes(unchanged=6)
    assert readers.names == []
    (folder / "d03.txt").write_text("Case\n\nAnother text.\n", "utf-8")
    assert index.add([folder], overrides=said) == Changes(updated=("d03",), unchanged=5)
    assert readers.names == ["d03.txt"]
    assert index.add([folder], overrides=Overrides(source="The Ebb")).updated == tuple(
        f"d{number:02}" for number in range(6)
    )


def test_each_file_is_read_once(home: Home, index: Index, readers: Watched) -> None:
    index.add([many(home, 6)])
    assert readers.names == [f"d{number:02}.txt" for number in range(6)]
    readers.names.clear()
    assert index.sync() == Changes(unchanged=6)
    assert readers.names == []


def test_bad_files_never_stop_a_run(home: Home, index: Index) -> None:
    folder = many(home, 6)
    (folder / "bomb.txt").write_text("A text.")
    (folder / "binary.txt").write_bytes(b"\0\1\2" * 500)
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    os.mkfifo(folder / "pipe.txt")
    changes = index.add([folder])
    assert changes.added == tuple(f"d{number:02}" for number in range(6))
    assert [one.path for one in changes.failed] == [
        str(folder / "binary.txt"),
        str(folder / "bomb.txt"),
    ]
    assert [Path(one.path).name for one in changes.skipped] == ["loop.txt", "pipe.txt"]
    assert consistent(index)


def test_a_link_and_a_pipe_in_the_folder_are_told_by_every_sync(home: Home, index: Index) -> None:
    home.write("a.txt", "A text.")
    (home.shelf.folder / "passwd.txt").symlink_to("/etc/passwd")
    os.mkfifo(home.shelf.folder / "pipe.txt")
    first = index.sync()
    assert first.added == ("a",)
    assert [(one.path, one.reason) for one in first.skipped] == [
        (
            "passwd.txt",
            "it is a link that leads outside, to a folder or nowhere, which is not read: "
            "put the file itself in its place",
        ),
        (
            "pipe.txt",
            "it is a pipe or a device, which is not read: put the file itself in its place",
        ),
    ]
    assert index.sync() == Changes(unchanged=1, skipped=first.skipped)


def test_a_file_that_could_not_be_read_is_not_read_again_for_every_question(
    home: Home, index: Index, readers: Watched
) -> None:
    home.write("bomb.txt", "A text.")
    failed = index.sync().failed
    assert [one.path for one in failed] == ["bomb.txt"]
    readers.names.clear()
    assert index.sync_unless_writing() == Changes(failed=failed)
    assert readers.names == []
    assert index.sync() == Changes(failed=failed)
    assert readers.names == ["bomb.txt"]


def test_a_copy_is_not_read_again_for_every_question(
    home: Home, index: Index, readers: Watched
) -> None:
    first = home.write("first.txt", "The city banned the cameras.\n")
    index.sync()
    home.write("second.txt", "The city banned the cameras.\n")
    skipped = index.sync().skipped
    assert [one.path for one in skipped] == ["second.txt"]
    readers.names.clear()
    assert index.sync_unless_writing() == Changes(unchanged=1, skipped=skipped)
    assert readers.names == []
    first.write_text("The county allowed quokkas.\n", "utf-8")
    changes = index.sync_unless_writing()
    assert changes is not None
    assert (changes.added, changes.updated) == (("second",), ("first",))
    home.write("third.txt", "The city banned the cameras.\n")
    index.sync()
    (home.shelf.folder / "second.txt").unlink()
    changes = index.sync_unless_writing()
    assert changes is not None
    assert (changes.added, changes.removed) == (("third",), ("second",))


def test_a_copy_names_its_twin_by_the_id_that_it_has_now(home: Home, index: Index) -> None:
    home.write("report.txt", "The city banned the cameras.\n")
    index.sync()
    home.write("second.txt", "The city banned the cameras.\n")
    assert index.sync().skipped == (Skipped("second.txt", same_text("report")),)
    # Its file stays as it was, and the id becomes that of another text.
    index.add([home.outside("Report.txt", "The regulator fined the firm.\n")])
    changes = index.sync_unless_writing()
    assert changes is not None
    assert changes.skipped == (Skipped("second.txt", same_text("report-2")),)


def test_progress_counts_what_is_finished_and_the_parts_of_a_long_document(
    home: Home, index: Index
) -> None:
    long = "\n\n".join(f"Quokka number {number} jumped over the fence." for number in range(1500))
    home.write("long.txt", f"Quokkas\n\n{long}\n")
    many(home, 5, "documents")
    seen: list[Progress] = []
    index.sync(progress=seen.append)
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    assert {one.total for one in seen} == {6}
    parts = [one.part for one in seen if (one.stage, one.name) == ("embedding", "long.txt")]
    assert len(parts) > 2
    assert parts == sorted(parts)
    assert parts[0] == 0
    assert parts[-1] < 1


def test_a_folder_that_cannot_be_read_is_reported_and_keeps_its_documents(
    home: Home, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write("closed/ban.txt", "The city banned the cameras.\n")
    home.write("leak.txt", "A list of customers was leaked.\n")
    index.sync()
    home.write("leak.txt", "A list of vendors was leaked.\n")
    real = os.scandir

    def refusing(path: str | Path) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    folder = home.shelf.folder / "closed"
    failed = Failed(
        "closed/", f"The folder {folder} could not be read: Permission denied. Change its rights."
    )
    assert index.sync() == Changes(updated=("leak",), failed=(failed,))
    assert index.sync() == Changes(unchanged=1, failed=(failed,))
    assert found(index, "banned cameras")[0] == "closed/ban"
    monkeypatch.undo()
    assert index.sync() == Changes(unchanged=2)


def test_what_a_killed_process_left_is_swept_after_an_hour(home: Home, index: Index) -> None:
    old = home.write("a/.0123456789abcdef.tmp", "half a file")
    new = home.write(".fedcba9876543210.tmp", "half a file")
    foreign = home.write(".editor.tmp", "somebody else's")
    for path in (old, foreign):
        os.utime(path, (time.time() - 4000, time.time() - 4000))
    index.sync()
    assert (old.exists(), new.exists(), foreign.exists()) == (False, True, True)


def test_a_new_file_that_takes_an_id_over_leaves_the_other_document_there(
    home: Home, index: Index
) -> None:
    home.write("b.txt", "A list of customers was leaked.\n")
    home.write("report.txt", "The city banned the cameras.\n")
    index.sync()
    source = home.outside("Report.txt", "The regulator fined the firm.\n")
    assert index.add([source]) == Changes(added=("report-2",), updated=("report",))
    assert texts(index)["report"] == "The regulator fined the firm."
    assert texts(index)["report-2"] == "The city banned the cameras."
    assert index.sync() == Changes(unchanged=3)
    assert consistent(index)


def test_a_zip_with_nothing_in_it_says_so(home: Home, index: Index) -> None:
    home.folder.joinpath("outside").mkdir(exist_ok=True)
    path = home.folder / "outside/empty.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    assert index.add([path]) == Changes(skipped=(Skipped(str(path), "no document is in it"),))


def test_a_zip_is_taken_apart_below_a_folder_of_its_name(home: Home, index: Index) -> None:
    folder = home.folder / "outside/set"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "pack.zip", "w") as pack:
        pack.writestr("a/ban.txt", "The city banned the cameras.\n")
        pack.writestr("leak.txt", "A list of customers was leaked.\n")
        pack.writestr("bad.txt", b"\0\1\2" * 500)
    changes = index.add([folder])
    assert changes.added == ("pack/a/ban", "pack/leak")
    assert [one.path for one in changes.failed] == [f"{folder / 'pack.zip'}/bad.txt"]
    assert "archive-unpacked" not in changes.failed[0].error
    assert index.add([folder]).unchanged == 2
    assert index.sync() == Changes(unchanged=2)


def test_a_zip_in_the_documents_folder_is_named_and_left_alone(home: Home, index: Index) -> None:
    with zipfile.ZipFile(home.shelf.folder / "pack.zip", "w") as pack:
        pack.writestr("ban.txt", "The city banned the cameras.\n")
    path = home.shelf.folder / "pack.zip"
    reason = f"{path} holds several documents: 'assistant add FILE' takes them in one by one."
    assert index.sync() == Changes(skipped=(Skipped("pack.zip", reason),))


def test_an_add_and_a_sync_at_once_do_each_files_work_once(home: Home, index: Index) -> None:
    folder = many(home, 30)
    done = threading.Event()
    reports: list[Changes] = []

    def sync_on() -> None:
        while not done.is_set():
            reports.append(index.sync())

    syncing = threading.Thread(target=sync_on)
    syncing.start()
    try:
        added = index.add([folder])
    finally:
        done.set()
        syncing.join()
    assert len(added.added) == 30
    assert [one for one in reports if one.added or one.updated or one.removed] == []
    assert index.sync() == Changes(unchanged=30)
    assert consistent(index)
