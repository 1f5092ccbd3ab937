from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import VectorsDamaged
from index import filling
from index import nearest as module
from index.embed import Vectors
from index.exact import exact_nearest
from index.nearest import Nearest, State

from .keepers import OpenKeeper
from .sealed import is_sealed
from .test_vectors import graph_file, halved, unit_vectors, with_a_flipped_bit

ROOT = Path(__file__).parents[2]
VECTORS = unit_vectors(3000)
QUESTIONS = unit_vectors(20, seed=8)


Opened = Callable[..., Nearest]


class Rows:
    """Stands for the catalogue: it holds what writers put in, and tells it slowly to a fill."""

    def __init__(self, numbers: range | list[int]) -> None:
        self.numbers = list(numbers)
        self.told = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()

    def pause(self) -> None:
        self.told.clear()
        self.go_on.clear()

    def passage_count(self) -> int:
        return len(self.numbers)

    def all_vectors(self, batch: int = 1000) -> Iterator[tuple[list[int], Vectors]]:
        return self.held_vectors(batch)

    def held_vectors(self, batch: int = 1000) -> Iterator[tuple[list[int], Vectors]]:
        last = -1
        while True:
            some = [one for one in self.numbers if one > last][:batch]
            if not some:
                return
            last = some[-1]
            yield some, VECTORS[some]
            if threading.current_thread().name == "chroma":
                self.told.set()
                assert self.go_on.wait(30)

    def exact(self, question: Vectors, k: int = 10) -> list[int]:
        found = exact_nearest(question, [(self.numbers, VECTORS[self.numbers])], k)
        return [number for number, _ in found]


def opened_here(folder: Path, rows: Rows, *, small: int = 0) -> Nearest:
    return Nearest(folder / "chroma", "one", rows, small=small)


@pytest.fixture
def opened(open_keeper: OpenKeeper) -> Opened:
    """Open what has its vectors kept in one way or the other."""

    def open_it(folder: Path, rows: Rows, *, small: int = 0) -> Nearest:
        keeper = open_keeper(folder, Alive(rows))
        return Nearest(folder / "chroma", "one", rows, small=small, keeper=keeper)

    return open_it


class Alive(Collection[int]):
    """The numbers that rows have at any time."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows.numbers)

    def __len__(self) -> int:
        return len(self._rows.numbers)

    def __contains__(self, number: object) -> bool:
        return number in self._rows.numbers


def asked(nearest: Nearest, question: Vectors, k: int = 10) -> list[int]:
    return [number for number, _ in nearest.nearest(question, k)]


def check(nearest: Nearest, rows: Rows) -> None:
    """Check that it answers as exact search does, which HNSW does for as few as these."""
    shared = sum(
        len(set(asked(nearest, question)) & set(rows.exact(question))) for question in QUESTIONS
    )
    assert shared >= 10 * len(QUESTIONS) * 0.98


def check_exact(nearest: Nearest, rows: Rows) -> None:
    for question in QUESTIONS:
        assert asked(nearest, question) == rows.exact(question)


def write(nearest: Nearest, rows: Rows, new: list[int], gone: list[int]) -> None:
    """Do as the writer does: rows first, then vectors; vectors first, then rows."""
    rows.numbers += new
    nearest.unseal()
    nearest.upsert(new, VECTORS[new])
    nearest.delete(gone)
    rows.numbers = [one for one in rows.numbers if one not in gone]
    nearest.seal()


@pytest.fixture
def filled_here(tmp_path: Path) -> tuple[Path, Rows]:
    """Return a folder with a sealed Chroma of 600 vectors that nobody has open."""
    return fill_600(tmp_path, opened_here)


@pytest.fixture
def filled(tmp_path: Path, opened: Opened) -> tuple[Path, Rows]:
    """The same, kept in one way or the other."""
    return fill_600(tmp_path, opened)


def fill_600(tmp_path: Path, opened: Opened) -> tuple[Path, Rows]:
    rows = Rows(range(600))
    nearest = opened(tmp_path, rows)
    nearest.wait()
    nearest.close()
    return tmp_path, rows


def test_opening_starts_nothing_and_the_first_questions_are_answered_exactly(
    filled: tuple[Path, Rows],
    opened: Opened,
) -> None:
    folder, rows = filled
    nearest = opened(folder, rows, small=1000)
    check_exact(nearest, rows)
    assert nearest.state is State.UNKNOWN
    nearest.close()


def test_a_small_index_never_starts_chroma_to_answer(filled_here: tuple[Path, Rows]) -> None:
    script = (
        "import sys; from pathlib import Path; import numpy as np\n"
        "from tests.index.test_nearest import *\n"
        f"nearest = opened_here(Path({str(filled_here[0])!r}), Rows(range(600)), small=600)\n"
        "for question in QUESTIONS: nearest.nearest(question, 10)\n"
        "nearest.close(); assert 'chromadb' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


def test_a_large_index_starts_chroma_when_asked_some_times(
    filled: tuple[Path, Rows], opened: Opened
) -> None:
    folder, rows = filled
    nearest = opened(folder, rows)
    for question in QUESTIONS[: module.FEW]:
        assert asked(nearest, question) == rows.exact(question)
    assert nearest.state is State.UNKNOWN
    asked(nearest, QUESTIONS[0])
    nearest.wait()
    assert nearest.state is State.READY
    check(nearest, rows)
    nearest.close()


def test_a_sealed_chroma_is_taken_as_it_is(filled_here: tuple[Path, Rows]) -> None:
    folder, rows = filled_here
    inode = graph_file(folder, "data_level0.bin").stat().st_ino
    nearest = opened_here(folder, rows)
    nearest.wait()
    check(nearest, rows)
    assert nearest.numbers() == rows.numbers
    nearest.close()
    assert graph_file(folder, "data_level0.bin").stat().st_ino == inode


@pytest.mark.parametrize("damage", [halved, with_a_flipped_bit], ids=lambda one: one.__name__)
def test_exact_search_answers_while_a_damaged_chroma_is_filled_again(
    filled_here: tuple[Path, Rows], damage: Callable[[Path], None]
) -> None:
    folder, rows = filled_here
    damage(graph_file(folder, "data_level0.bin"))
    nearest = opened_here(folder, rows)
    rows.pause()
    nearest.warm()
    assert rows.told.wait(30)
    assert nearest.state is State.FILLING
    check_exact(nearest, rows)
    rows.go_on.set()
    nearest.wait()
    assert nearest.state is State.READY
    check(nearest, rows)
    assert is_sealed(nearest, 600)
    nearest.close()


def test_what_is_written_while_chroma_is_filled_ends_up_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Opened
) -> None:
    monkeypatch.setattr(filling, "FILL", 200)
    rows = Rows(range(2000))
    nearest = opened(tmp_path, rows)
    check_exact(nearest, rows)  # so that what exact search holds has to follow
    rows.pause()
    nearest.warm()
    assert rows.told.wait(30)
    # Of those taken out, some are in Chroma already, and some are about to be put there.
    write(nearest, rows, new=[2500, 2501], gone=[5, 150, 199, 201, 1999])
    check_exact(nearest, rows)
    nearest.unseal()
    rows.go_on.set()
    nearest.wait()
    assert not nearest._cache._store.intact(1997)
    nearest.seal()
    assert is_sealed(nearest, 1997)
    assert nearest.numbers() == sorted(rows.numbers)
    check(nearest, rows)
    nearest.close()
    again = opened(tmp_path, rows)
    assert is_sealed(again, 1997)
    again.close()


def test_a_write_waits_until_chroma_is_read_through_and_not_until_it_is_filled(
    tmp_path: Path,
    opened: Opened,
) -> None:
    rows = Rows(range(300))
    rows.pause()
    nearest = opened(tmp_path, rows)
    write(nearest, rows, new=[400], gone=[1])
    assert nearest.state is State.FILLING
    rows.go_on.set()
    assert is_sealed(nearest, 300)
    assert nearest.numbers() == sorted(rows.numbers)
    nearest.close()


def test_files_that_another_program_changed_are_given_up_before_the_next_write(
    filled_here: tuple[Path, Rows],
) -> None:
    folder, rows = filled_here
    nearest = opened_here(folder, rows)
    nearest.wait()
    with_a_flipped_bit(graph_file(folder, "data_level0.bin"))
    check(nearest, rows)  # from memory
    write(nearest, rows, new=[700], gone=[])
    assert is_sealed(nearest, 601)
    assert nearest.numbers() == rows.numbers
    nearest.close()
    again = opened_here(folder, rows)
    assert is_sealed(again, 601)
    again.close()


def test_a_chroma_that_fails_while_running_is_filled_again(
    filled: tuple[Path, Rows], monkeypatch: pytest.MonkeyPatch, opened: Opened
) -> None:
    folder, rows = filled
    nearest = opened(folder, rows)
    nearest.wait()
    nearest._cache._store.delete([1])  # as if the disk had lost it
    real = nearest._cache._store.nearest

    def failing(vector: Vectors, k: int) -> list[tuple[int, float]]:
        monkeypatch.setattr(nearest._cache._store, "nearest", real)
        raise VectorsDamaged("it failed")

    monkeypatch.setattr(nearest._cache._store, "nearest", failing)
    rows.pause()
    check_exact(nearest, rows)
    assert rows.told.wait(30)
    assert nearest.state is State.FILLING
    rows.go_on.set()
    nearest.wait()
    assert nearest.numbers() == rows.numbers
    assert is_sealed(nearest, 600)
    nearest.close()


def test_a_folder_that_cannot_be_written_leaves_exact_search_and_is_tried_again(
    tmp_path: Path,
) -> None:
    (tmp_path / "chroma.seal").mkdir()  # neither a seal nor to be removed as one
    rows = Rows(range(100))
    nearest = opened_here(tmp_path, rows)
    with pytest.raises(VectorsDamaged, match="could not be used"):
        nearest.wait()
    check_exact(nearest, rows)
    write(nearest, rows, new=[100], gone=[3])
    check_exact(nearest, rows)
    (tmp_path / "chroma.seal").rmdir()
    write(nearest, rows, new=[101], gone=[])
    nearest.wait()
    assert is_sealed(nearest, 101)
    nearest.close()


def test_closing_stops_a_fill_which_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Opened
) -> None:
    monkeypatch.setattr(filling, "FILL", 100)
    rows = Rows(range(1000))
    nearest = opened(tmp_path, rows)
    rows.pause()
    nearest.warm()
    assert rows.told.wait(30)
    threading.Timer(0.2, rows.go_on.set).start()
    nearest.close()
    again = opened(tmp_path, rows)
    assert not again._cache._store.intact(1000)
    again.wait()
    assert again.numbers() == rows.numbers
    assert is_sealed(again, 1000)
    again.close()


_FILLS = """
import sys
from pathlib import Path
from index import filling
from tests.index.test_nearest import *
filling.FILL = 50
nearest = opened_here(Path(sys.argv[1]), Rows(range(3000)))
nearest.warm()
check(nearest, Rows(range(3000)))
print("asked", flush=True)
nearest.wait()
print("done", flush=True)
"""


@pytest.mark.parametrize("seconds", [0.0, 0.15, 0.6])
def test_a_process_killed_while_it_fills_leaves_nothing_that_is_trusted(
    tmp_path: Path, seconds: float
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _FILLS, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "asked\n"
        time.sleep(seconds)
        os.kill(child.pid, signal.SIGKILL)
    rows = Rows(range(3000))
    nearest = opened_here(tmp_path, rows)
    check_exact(nearest, rows)
    nearest.wait()
    assert is_sealed(nearest, 3000)
    assert nearest.numbers() == rows.numbers
    check(nearest, rows)
    nearest.close()


def test_many_threads_ask_while_one_writes_and_chroma_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Opened
) -> None:
    monkeypatch.setattr(filling, "FILL", 100)
    rows = Rows(range(1500))
    nearest = opened(tmp_path, rows)
    stop = threading.Event()
    wrong: list[str] = []

    def ask() -> None:
        while not stop.is_set():
            for place in (10, 700, 1400):  # which nobody takes out
                first = nearest.nearest(VECTORS[place], 3)[0]
                if first[0] != place or first[1] < 0.999:
                    wrong.append(f"{place}: {first} while {nearest.state}")

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(2000, 2040, 4):
        write(nearest, rows, new=list(range(number, number + 4)), gone=[number - 1900])
    nearest.wait()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert nearest.numbers() == sorted(rows.numbers)
    assert is_sealed(nearest, len(rows.numbers))
    nearest.close()


def test_the_similarities_are_those_of_the_vectors(
    filled: tuple[Path, Rows], opened: Opened
) -> None:
    folder, rows = filled
    nearest = opened(folder, rows)
    before = nearest.nearest(QUESTIONS[0], 5)
    nearest.wait()
    after = nearest.nearest(QUESTIONS[0], 5)
    assert [number for number, _ in before] == [number for number, _ in after]
    assert np.allclose([one for _, one in before], [one for _, one in after], atol=1e-5)
    nearest.close()


def test_chroma_is_filled_again_on_request(filled: tuple[Path, Rows], opened: Opened) -> None:
    folder, rows = filled
    nearest = opened(folder, rows)
    assert nearest.numbers() == rows.numbers  # and nothing is under way any more
    nearest._cache._store.delete([1, 2])
    assert nearest.numbers() != rows.numbers
    nearest.refill()
    assert nearest.numbers() == rows.numbers
    assert is_sealed(nearest, 600)
    nearest.close()


def test_two_threads_that_meet_the_same_failure_have_chroma_filled_once(
    filled: tuple[Path, Rows], monkeypatch: pytest.MonkeyPatch, opened: Opened
) -> None:
    folder, rows = filled
    nearest = opened(folder, rows)
    nearest.wait()
    both = threading.Barrier(2)

    def failing(vector: Vectors, k: int) -> list[tuple[int, float]]:
        both.wait(30)
        raise VectorsDamaged("it failed")

    monkeypatch.setattr(nearest._cache._store, "nearest", failing)
    threads = [threading.Thread(target=asked, args=(nearest, QUESTIONS[0])) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.undo()
    nearest.wait()
    assert nearest.state is State.READY
    check(nearest, rows)
    nearest.close()
