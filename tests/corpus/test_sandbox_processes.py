"""The processes that read: how they are shared, and that none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from corpus.documents import Reading
from corpus.errors import ReaderStopped
from corpus.sandbox import Readers, ReadJob, shared

from ..waiting import wait_until

ROOT = Path(__file__).parents[2]
MISBEHAVING = "tests.corpus.misbehaving"
GOOD = "The council met on Tuesday and decided to keep the library open.\n"


def ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_what_a_stopped_reader_had_started_is_stopped_with_it(
    bad_readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    path = made("starts_a_child.txt")
    with pytest.raises(ReaderStopped):
        bad_readers.read(path, folder=tmp_path, seconds=3)
    child = int(path.with_suffix(".pid").read_text())
    # Killed, but not by its parent: the system ends it when it may.
    wait_until(lambda: ended(child))


def test_who_stops_taking_readings_stops_the_reading(
    made: Callable[[str], Path], tmp_path: Path
) -> None:
    readers = Readers(size=2, worker=MISBEHAVING)
    jobs = [ReadJob(made(f"{name}.txt"), tmp_path) for name in ("a", "sleeps", "loops", "b")]
    found = readers.read_many(jobs)
    next(found)
    pids = readers.pids()
    started = time.monotonic()
    found.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 20
    assert [ended(pid) for pid in pids].count(False) <= 1
    assert readers.read(made("c.txt"), folder=tmp_path).document.id == "c"
    readers.close()


def test_many_threads_may_read_at_once(
    bad_readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    names = [f"exits-{number}" if number % 9 == 4 else f"note {number}" for number in range(60)]
    paths = [made(f"{name}.txt") for name in names]
    exits = tmp_path / "exits.txt"
    exits.write_text(GOOD)
    counts: set[int] = set()

    def title(path: Path) -> str:
        counts.add(len(bad_readers.pids()))
        if path.stem.startswith("exits"):
            with pytest.raises(ReaderStopped):
                bad_readers.read(exits, folder=tmp_path)
            return path.stem
        return bad_readers.read(path, folder=tmp_path).document.title

    with ThreadPoolExecutor(12) as threads:
        titles = list(threads.map(title, paths))
    assert titles == [name if name.startswith("exits") else f"Notes of {name}" for name in names]
    assert max(counts) == 2


def test_a_reader_outlives_the_thread_that_was_the_first_to_need_it(
    readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    path = made("a.txt")
    with ThreadPoolExecutor(1) as thread:
        thread.submit(readers.read, path, folder=tmp_path).result()
    before = readers.pids()
    time.sleep(0.2)
    readers.read(path, folder=tmp_path)
    assert readers.pids() == before


def test_an_idle_reader_is_ended_and_another_started_when_needed(
    made: Callable[[str], Path], tmp_path: Path
) -> None:
    readers = Readers(size=1, idle_seconds=0.2)
    readers.read(made("a.txt"), folder=tmp_path)
    (pid,) = readers.pids()
    wait_until(lambda: readers.pids() == ())
    assert ended(pid)
    assert readers.read(made("b.txt"), folder=tmp_path).document.id == "b"
    readers.close()


def test_a_reader_that_the_system_ended_while_idle_costs_no_file(
    readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    readers.read(made("a.txt"), folder=tmp_path)
    (pid,) = readers.pids()
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: ended(pid))
    assert readers.read(made("b.txt"), folder=tmp_path).document.id == "b"


def test_closed_readers_leave_no_process_and_read_no_more(
    readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    path = made("a.txt")
    readers.read(path, folder=tmp_path)
    (pid,) = readers.pids()
    readers.close()
    assert ended(pid)
    with pytest.raises(ReaderStopped, match="Nothing is read any more"):
        readers.read(path, folder=tmp_path)


PARENT = f"""
import signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from corpus.sandbox import Readers, ReadJob
readers = Readers(size=2, worker={MISBEHAVING!r})
folder = Path(sys.argv[1])
def tell():
    while len(readers.pids()) < 2:
        pass
    print(*readers.pids(), flush=True)
threading.Thread(target=tell).start()
list(readers.read_many(ReadJob(folder / name, folder) for name in ("loops.txt", "sleeps.txt")))
"""


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_parent_leaves_no_reader_behind(
    made: Callable[[str], Path], tmp_path: Path, by: signal.Signals
) -> None:
    made("loops.txt")
    made("sleeps.txt")
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert [ended(pid) for pid in pids] == [False, False]
    parent.send_signal(by)
    _, trouble = parent.communicate(timeout=30)
    wait_until(lambda: all(ended(pid) for pid in pids))
    assert parent.returncode == -by
    assert trouble.count("Traceback") == (by is signal.SIGINT)


def test_an_interrupt_from_the_terminal_is_left_to_the_parent(
    readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    readers.read(made("a.txt"), folder=tmp_path)
    (pid,) = readers.pids()
    assert os.getpgid(pid) != os.getpgid(0)
    os.kill(pid, signal.SIGINT)
    readers.read(made("b.txt"), folder=tmp_path)
    assert readers.pids() == (pid,)


def test_a_forked_process_has_readers_of_its_own(
    readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    path = made("a.txt")
    expected = readers.read(path, folder=tmp_path)
    pids = readers.pids()
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        said = b"failed"
        try:
            own = readers.read(path, folder=tmp_path) == expected
            said = b"own" if own and not set(readers.pids()) & set(pids) else b"shared"
            readers.close()
        finally:
            os.write(write_end, said)
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        assert answer.read() == "own"
    os.waitpid(child, 0)
    assert readers.read(path, folder=tmp_path) == expected
    assert readers.pids() == pids


def test_there_is_one_set_of_readers_and_it_ends_with_the_program(
    made: Callable[[str], Path], tmp_path: Path
) -> None:
    assert shared() is shared()
    program = """
import sys
from pathlib import Path
from corpus.sandbox import shared
title = shared().read(Path(sys.argv[1]), folder=Path(sys.argv[1]).parent).document.title
heavy = {"lxml", "trafilatura", "ftfy", "dateparser", "markdown_it", "pypdfium2"}
print(title, sorted(heavy & set(sys.modules)), *shared().pids(), sep="|")
"""
    ran = subprocess.run(
        [sys.executable, "-c", program, str(made("a.html"))],
        capture_output=True, text=True, timeout=60, check=True, cwd=ROOT,
    )  # fmt: skip
    title, heavy, pid = ran.stdout.split("|")
    assert (title, heavy, ran.stderr) == ("Notes of a", "[]", "")
    assert ended(int(pid))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_files(readers: Readers, tmp_path: Path) -> None:
    for number in range(2_000):
        text = f"Note {number}\n\n" + GOOD * 20
        (tmp_path / f"{number}.txt").write_text(text, "utf-8")
    jobs = (ReadJob(tmp_path / f"{number}.txt", tmp_path) for number in range(2_000))
    sizes = []
    for at, (job, reading) in enumerate(readers.read_many(jobs)):
        assert isinstance(reading, Reading)
        assert reading.document.path == job.path.name
        if at % 500 == 499:
            every = [psutil.Process(), *(psutil.Process(pid) for pid in readers.pids())]
            sizes.append([process.memory_info().rss for process in every])
    assert len(sizes) == 4
    for first, last in zip(sizes[0], sizes[-1], strict=True):
        assert last - first < 8_000_000


def test_readers_that_cannot_be_started_say_so(
    made: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made("a.txt")
    readers = Readers(size=1, worker="corpus.no_such_module")
    with pytest.raises(ReaderStopped, match=r"did not start \(exit code 1\)\. Check the install"):
        readers.read(path, folder=tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    for _ in range(3):  # a failed start must not count as a process for ever
        with pytest.raises(ReaderStopped, match="could be started: No such file"):
            readers.read(path, folder=tmp_path)
    readers.close()
