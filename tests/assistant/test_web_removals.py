"""What was removed on the page and is had back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.settings import Settings
from assistant.web import removals
from assistant.web.removals import Removals
from corpus.documents import Overrides
from corpus.errors import ArchiveError, UnknownDocument

from ..fakes import BagOfStems
from .small_corpus import write_home


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(write_home(tmp_path / "home"), Settings(), embedder=BagOfStems()) as opened:
        opened.sync()
        yield opened


def files(archive: Archive) -> dict[str, bytes]:
    folder = archive.home.documents
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_a_document_comes_back_with_all_that_was_said_about_it(archive: Archive) -> None:
    archive.describe("library", Overrides(source="The Reading Room"))
    before, entry = files(archive), archive.entry("library")
    assert len(before) == 4
    kept = Removals()
    title, token = kept.remove(archive, "library")
    assert len(files(archive)) == 2
    assert kept.bring_back(archive, token) == title == entry.title
    assert files(archive) == before
    assert archive.entry("library").source == "The Reading Room"
    with pytest.raises(ArchiveError, match="too late"):
        kept.bring_back(archive, token)


def test_what_took_its_place_is_left_alone(archive: Archive) -> None:
    kept = Removals()
    _, token = kept.remove(archive, "library")
    path = archive.home.documents / "library.txt"
    path.write_text("Another library\n\nIt is small.\n", "utf-8")
    with pytest.raises(ArchiveError, match="taken its place"):
        kept.bring_back(archive, token)
    assert path.read_text("utf-8").startswith("Another")
    path.unlink()
    assert kept.bring_back(archive, token).startswith("City library")


def test_only_so_much_is_kept_and_nothing_of_nobody(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removals, "MOST", 1)
    kept = Removals()
    _, first = kept.remove(archive, "library")
    _, second = kept.remove(archive, "ferry")
    with pytest.raises(ArchiveError):
        kept.bring_back(archive, first)
    assert kept.bring_back(archive, second).startswith("Harbour ferry")
    monkeypatch.setattr(removals, "MOST_BYTES", 10)
    assert kept.remove(archive, "ferry")[1] == ""
    with pytest.raises(UnknownDocument):
        kept.remove(archive, "ferry")
