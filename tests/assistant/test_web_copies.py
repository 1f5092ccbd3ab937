from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.settings import Settings
from assistant.web.copies import copies_html
from assistant.web.markup import Reference

from ..fakes import BagOfStems
from .small_corpus import FERRY, write_home

# Texts of a few sentences are too short to be taken for versions of each other.
STORY = FERRY + "\n".join(
    f"On day {number} the ferry carried {number * 31} people across the bay in {number + 7} trips."
    for number in range(1, 40)
)
QUOTE = "Two electric boats replace the diesel boats."


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    home = write_home(tmp_path / "home")
    (home.documents / "ferry.md").write_text(STORY)
    copy = STORY.replace("Harbour ferry gets", "<i>Ferry</i> gets").replace("31 March", "30 March")
    (home.documents / "reprint.md").write_text(copy.replace("The Harbour Post", "Wire"))
    with Archive(home, Settings(), embedder=BagOfStems()) as opened:
        opened.sync()
        yield opened


def reference(archive: Archive, quote: str) -> str:
    document = archive.document("ferry")
    start = document.text.index(quote)
    return str(Reference(document.sha256[:16], start, start + len(quote), 1))


def test_the_same_quote_in_another_version_is_linked(archive: Archive) -> None:
    assert archive.entry("reprint").version_of or archive.entry("ferry").version_of
    shown = copies_html(archive, reference(archive, QUOTE))
    other = archive.document("reprint")
    start = other.text.index(QUOTE)
    place = Reference(other.sha256[:16], start, start + len(QUOTE))
    assert f'<a href="#cite-{place}">&lt;i&gt;Ferry&lt;/i&gt; gets' in shown
    assert "Wire · 12 March 2024" in shown


def test_a_version_that_says_it_otherwise_is_no_copy(archive: Archive) -> None:
    assert copies_html(archive, reference(archive, "31 March 2031")) == ""


@pytest.mark.parametrize("sent", ["", "x", "0" * 16 + ".0.4.1", "None"])
def test_what_is_no_quote_has_no_copies(archive: Archive, sent: str) -> None:
    assert copies_html(archive, sent) == ""
