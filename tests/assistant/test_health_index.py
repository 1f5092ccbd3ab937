"""The doctor sees what is wrong with the vectors, and fills them in again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.home import Home
from assistant.settings import Settings
from corpus.errors import BackendRefused
from index.embed import Vectors
from index.entries import Progress
from index.fallback import FirstThatWorks
from index.store import Store
from index.vector_check import VectorCheck, check_vectors

from ..fakes import BagOfStems
from ..index.sealed import is_sealed
from .conftest import Command, json_of
from .small_corpus import WORTH


@pytest.fixture
def archive(fast: None, home: Home) -> Iterator[Archive]:
    """Thirty documents with a passage each."""
    for number in range(27):
        text = f"Tram {number}\n\nTram number {number} came to stop {number * 7} today.\n"
        (home.documents / f"tram-{number:02}.txt").write_text(text, encoding="utf-8")
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        yield archive


@pytest.fixture
def store(archive: Archive) -> Iterator[Store]:
    with archive.index.view() as store:
        store.vectors.wait()
        yield store


def numbers_of(store: Store) -> list[int]:
    return [number for numbers, _ in store.catalogue.all_vectors() for number in numbers]


def damages(store: Store) -> dict[str, Any]:
    """Return what can go wrong in Chroma, by name."""
    chroma = store.vectors._cache._store
    first, second = numbers_of(store)[:2]
    away = -np.ones((1, 256), dtype=np.float32)
    return {
        "missing": lambda: chroma.delete([first, second]),
        "strays": lambda: chroma.upsert([999_999], away),
        # The graph holds it in a place where nobody looks for it.
        "lost": lambda: chroma.upsert([first], away),
    }


def findings(found: Any) -> list[tuple[str, str]]:
    return [
        (one["severity"], one["detail"])
        for one in found["findings"]
        if one["kind"] == "damaged index"
    ]


SAYS = {
    "missing": ("error", "2 of 30 vectors are missing in Chroma"),
    "strays": ("error", "1 of the vectors in Chroma belong to no document"),
    "lost": ("warning", "1 of 30 vectors looked up are not found by Chroma"),
}


def test_sound_vectors_are_all_looked_up(archive: Archive, store: Store) -> None:
    assert check_vectors(store) == VectorCheck(30, 30)
    found = LocalClient(archive).doctor()
    assert findings(found) == []
    assert found["vectors"] == {
        "passages": 30, "looked_up": 30, "lost": 0, "missing": 0, "strays": 0,
    }  # fmt: skip


@pytest.mark.parametrize("damage", ["missing", "strays", "lost"])
def test_what_is_wrong_in_chroma_is_found_and_mended(
    archive: Archive, store: Store, damage: str
) -> None:
    client = LocalClient(archive)
    before = client.search(WORTH)["hits"]
    damages(store)[damage]()
    found = client.doctor()
    assert findings(found) == [SAYS[damage]]
    assert found["vectors"] is not None
    assert found["vectors"][damage] == (2 if damage == "missing" else 1)  # type: ignore[literal-required]
    mended = client.doctor(repair=True)
    assert findings(mended) == []
    assert [(one["severity"], one["detail"]) for one in mended["repaired"]] == [SAYS[damage]]
    assert findings(client.doctor()) == []
    assert is_sealed(store.vectors, 30)
    assert client.search(WORTH)["hits"] == before


class _Refused(BagOfStems):
    """A way of running the model that gives wrong vectors."""

    loaded = False

    def load(self) -> None:
        raise BackendRefused("refused", reason="it gives other vectors (cosine 0.1)")

    def embed_question(self, question: str) -> Vectors:
        self.load()
        raise AssertionError

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self.embed_question("")


def test_a_backend_that_was_refused_is_told(fast: None, home: Home) -> None:
    embedder = FirstThatWorks({"the best": _Refused, "another": BagOfStems})
    with Archive(home, Settings(), embedder=embedder) as archive:
        found = LocalClient(archive).doctor()["findings"]
        told = [one for one in found if one["kind"] == "embedding model"]
        assert [(one["severity"], one["detail"]) for one in told] == [
            ("warning", "the best is not used, as it gives other vectors (cosine 0.1)")
        ]
    with Archive(home, Settings(), embedder=_Refused()) as archive:
        found = LocalClient(archive).doctor()["findings"]
        told = [one for one in found if one["kind"] == "embedding model"]
        assert [(one["severity"], one["detail"]) for one in told] == [("error", "refused")]


def test_a_repair_embeds_nothing(archive: Archive, store: Store) -> None:
    embedder = store.embedder
    assert isinstance(embedder, BagOfStems)
    damages(store)["missing"]()
    embedder.embedded.clear()
    LocalClient(archive).doctor(repair=True)
    assert embedder.embedded == []


def test_passages_that_say_the_same_are_not_lost(archive: Archive, home: Home) -> None:
    for number in range(25):
        text = f"Bus {number}\n\nThe bus came.\n"
        (home.documents / f"bus-{number}.txt").write_text(text, encoding="utf-8")
    archive.sync()
    with archive.index.view() as store:
        assert check_vectors(store).is_sound


def test_of_many_some_are_looked_up_evenly(store: Store) -> None:
    told: list[Progress] = []
    check = check_vectors(store, most=10, progress=told.append)
    assert (check.passages, check.looked_up) == (30, 10)
    assert (told[0].stage, told[0].done, told[0].total) == ("looking up vectors", 0, 30)
    assert check_vectors(store, most=7).looked_up == 6
    assert check_vectors(store, most=None).looked_up == 30


def test_the_command_looks_up_all_on_request(
    command: Command, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.health_index.MOST", 2)
    at = ("--home", str(home.root))
    some = command("doctor", *at)
    assert f"2 of 3 vectors were looked up: 'assistant doctor --all --home {home.root}'" in some.out
    assert "looked up" not in command("doctor", "--all", *at).out
    assert json_of(command("doctor", "--all", "--json", *at))["vectors"]["looked_up"] == 3


def test_documents_that_go_meanwhile_are_not_lost(archive: Archive, store: Store) -> None:
    def remove(progress: Progress) -> None:
        archive.remove(["tram-05", "tram-06"])

    check = check_vectors(store, progress=remove)
    assert check.is_sound
