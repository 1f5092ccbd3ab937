"""Files of an index that are damaged while it is open: the process lives, and answers rightly."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.home import Home as AssistantHome
from assistant.owner import read_owner
from assistant.remote import RemoteClient
from corpus.errors import ArchiveError

from ..assistant.small_corpus import COUNCIL_WORTH, FERRY_WORTH, WORTH, write_home
from ..assistant.test_processes import owning
from ..index.homes import Home
from .conftest import Children
from .damage import DAMAGES, cut_in_half, flip_some
from .test_damage import FILES

DAMAGED = (*(one.__name__ for one in DAMAGES), "flipped")


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize("pattern", FILES)
def test_damage_to_an_open_index_kills_nobody_and_is_mended(
    home: Home, children: Children, pattern: str, damage: str
) -> None:
    code, said = children.run("harmed_while_open", home.folder, pattern, damage, pattern)
    assert code == 0, f"the process died of {code}"
    # SQLite would map this file into memory, and the system ends whoever has mapped what is cut.
    assert (said.pop("harmed") == 0) == (pattern == "catalogue.sqlite-shm")
    wrong = said.pop("wrong", [])
    errors = [one for one in said.values() if isinstance(one, list)]
    for kind, words in errors:
        assert kind not in ("untyped", "wrong"), words
        assert "\n" not in words
        assert "sync --rebuild" in words or "check" in words
    if not pattern.startswith("catalogue"):
        assert errors == []  # Chroma is only a cache
    assert wrong == []
    assert children.run("mended", home.folder) == (0, [])


def replaced(path: Path) -> None:
    """Put another file with the same bytes in its place, as some backup programs do."""
    shutil.copy(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def lost_with_its_folder(path: Path) -> None:
    shutil.rmtree(path.parents[1])


@dataclass(frozen=True)
class Owner:
    """A process that has a home open as the chat does, asked as other commands ask it."""

    home: AssistantHome
    is_alive: object

    def client(self) -> RemoteClient:
        owner = read_owner(self.home)
        assert owner is not None
        return RemoteClient(owner)

    def quotes(self) -> set[str]:
        return {one["quote"] for one in self.client().ask(WORTH)["citations"]}

    def damages(self, *, repair: bool = False) -> list[str]:
        """Return what the doctor says about the index."""
        found = self.client().doctor(repair=repair)["findings"]
        return [one["detail"] for one in found if one["kind"] == "damaged index"]

    def file(self, pattern: str) -> Path:
        (path,) = (self.home.state / "index").glob(f"*/{pattern}")
        return path


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Owner]:
    home = write_home(tmp_path / "home")
    with owning(home) as process:
        yield Owner(home, lambda: process.poll() is None)


@pytest.mark.slow
def test_the_process_of_the_chat_answers_on_whatever_happens_to_chroma(owner: Owner) -> None:
    right = {FERRY_WORTH, COUNCIL_WORTH}
    assert owner.quotes() == right
    chance = random.Random(1)
    for number, pattern in enumerate(("chroma/*/data_level0.bin", "chroma/*/header.bin",
                                      "chroma/chroma.sqlite3", "chroma.seal")):  # fmt: skip
        for harm in (lambda path: flip_some(path, chance), cut_in_half, Path.unlink):
            for path in (owner.home.state / "index").glob(f"*/{pattern}"):
                harm(path)
            assert owner.quotes() == right
        text = f"Tram {number}\n\nThe tram number {number} came.\n"
        tram = owner.home.root / f"tram-{number}.txt"
        tram.write_text(text, "utf-8")
        assert owner.client().add([str(tram)])["added"] == [f"tram-{number}"]
        assert owner.client().search(f"tram number {number}")["hits"][0]["document_id"] in {
            f"tram-{one}" for one in range(number + 1)
        }
        assert owner.quotes() == right


@pytest.mark.slow
def test_the_process_of_the_chat_lives_on_a_damaged_catalogue_and_rebuilds_it(
    owner: Owner,
) -> None:
    right = {FERRY_WORTH, COUNCIL_WORTH}
    assert owner.quotes() == right
    for harm in (cut_in_half, lambda path: path.write_bytes(b"garbage " * 1000)):
        harm(owner.file("catalogue.sqlite"))
        said = right
        try:
            said = owner.quotes()
        except ArchiveError as error:
            said = {str(error)}
        assert said == right or "sync --rebuild" in said.pop()
        assert set(owner.client().sync(rebuild=True)["added"]) == {"council", "ferry", "library"}
        assert owner.quotes() == right


@pytest.mark.slow
@pytest.mark.parametrize("harm", [replaced, lost_with_its_folder], ids=lambda one: one.__name__)
def test_the_doctor_sees_through_the_chat_what_became_of_the_catalogues_file(
    owner: Owner, harm: Callable[[Path], None]
) -> None:
    right = {FERRY_WORTH, COUNCIL_WORTH}
    assert owner.damages() == []
    harm(owner.file("catalogue.sqlite"))
    assert owner.quotes() == right  # SQLite has the file of before open, and answers from that
    assert owner.damages() == ["the index is not as it was written"]
    assert owner.damages(repair=True) == []
    assert owner.quotes() == right
    assert owner.file("catalogue.sqlite").exists()
    assert owner.damages() == []
