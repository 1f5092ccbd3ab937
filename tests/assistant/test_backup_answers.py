"""A home restored elsewhere gives the same answers as before to all of the starter suite."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.home import CHECKOUT, Home, make_home
from assistant.restore import restore_backup
from assistant.settings import Settings
from evals.cases import load_suite

from .test_backup import tables


def answers(archive: Archive) -> dict[str, Any]:
    """Return the answers to all cases, without how long they took."""
    client = LocalClient(archive)
    found: dict[str, Any] = {}
    for case in load_suite("starter").cases:
        asked = client.ask(case.question, history=case.history, filters=case.filters, explain=True)
        found[case.id] = {key: value for key, value in asked.items() if key != "timings_ms"}
    return found


def catalogue_of(archive: Archive) -> Path:
    return archive.index.catalogue.file


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.timeout(600)
def test_a_restored_home_gives_the_answers_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home: Home = make_home(tmp_path / "home")
    shutil.copytree(CHECKOUT / "corpus" / "documents", home.documents, dirs_exist_ok=True)
    with Archive(home, Settings()) as archive:
        assert archive.sync().failed == ()
        before = answers(archive)
        rows = tables(catalogue_of(archive))
        LocalClient(archive).backup(str(tmp_path / "home.zip"))
    restored = restore_backup(tmp_path / "home.zip", tmp_path / "else where").home
    shutil.rmtree(home.root)
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
        assert tables(catalogue_of(archive)) == rows
        after = answers(archive)
    assert len(after) > 50
    assert {one: after[one] for one in after if after[one] != before[one]} == {}
