"""A home restored elsewhere, or whose vectors are on a server, answers as before."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.home import CHECKOUT, Home, make_home
from assistant.restore import restore_backup
from assistant.settings import Settings
from evals.cases import load_suite
from index.nearest import State

from ..chroma_server import ChromaServer
from .test_backup import tables

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.timeout(600)]


@dataclass(frozen=True, slots=True)
class Answered:
    """A home with the starter corpus, its answers, the rows of its catalogue, and a backup."""

    home: Home
    answers: dict[str, Any]
    rows: object
    backup: Path


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Answered:
    folder = tmp_path_factory.mktemp("answered")
    home = make_home(folder / "home")
    shutil.copytree(CHECKOUT / "corpus" / "documents", home.documents, dirs_exist_ok=True)
    with Archive(home, Settings()) as archive:
        assert archive.sync().failed == ()
        before = answers(archive)
        rows = tables(catalogue_of(archive))
        LocalClient(archive).backup(str(folder / "home.zip"))
    return Answered(home, before, rows, folder / "home.zip")


def answers(archive: Archive, *, every: int = 1) -> dict[str, Any]:
    """Return the answers to all cases, or to some, without how long they took."""
    client = LocalClient(archive)
    found: dict[str, Any] = {}
    for case in load_suite("starter").cases[::every]:
        asked = client.ask(case.question, history=case.history, filters=case.filters, explain=True)
        found[case.id] = {key: value for key, value in asked.items() if key != "timings_ms"}
    return found


def catalogue_of(archive: Archive) -> Path:
    return archive.index.catalogue.file


def test_a_restored_home_gives_the_answers_of_before(
    tmp_path: Path, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    restored = restore_backup(answered.backup, tmp_path / "else where").home
    away = answered.home.root.rename(tmp_path / "away")
    with Archive(restored, Settings()) as archive:
        embedder = type(archive.index.embedder)
        embed, embedded = embedder.embed, []
        monkeypatch.setattr(
            embedder, "embed", lambda self, texts: embedded.extend(texts) or embed(self, texts)
        )
        changes = archive.sync()
        assert (changes.added, changes.updated, changes.removed) == ((), (), ())
        assert changes.unchanged == len(archive.entries()) > 0
        assert embedded == []
        assert tables(catalogue_of(archive)) == answered.rows
        after = answers(archive)
    assert len(after) > 50
    assert {one: after[one] for one in after if after[one] != answered.answers[one]} == {}
    away.rename(answered.home.root)


def test_vectors_on_a_server_give_the_answers_of_before(
    answered: Answered, chroma: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive(answered.home, Settings(vectors=chroma.url)) as archive:
        with archive.index.view() as store:
            store.vectors.wait()
            cache = store.vectors._cache
        asked = []
        real = cache._store.nearest
        monkeypatch.setattr(
            cache._store, "nearest", lambda *given: asked.append(given) or real(*given)
        )
        found = answers(archive, every=9)
        assert cache.state is State.READY
    assert len(asked) >= len(found) >= 25
    assert found == {case: answered.answers[case] for case in found}
