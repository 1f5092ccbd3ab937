"""The boxes of quotes on the pages of PDFs, as ``ask --places`` tells them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.settings import Settings

from ..corpus import pdfs
from ..fakes import BagOfStems
from .small_corpus import write_home

QUESTION = "What did the lighthouse of Saltmere cost?"
FACT = "The lighthouse of Saltmere cost 4,500 pounds in all."


@pytest.fixture
def client(tmp_path: Path) -> Iterator[LocalClient]:
    home = write_home(tmp_path / "home")
    other = pdfs.lines("The harbour is open on Sunday.")
    (home.documents / "report.pdf").write_bytes(pdfs.drawn(other, pdfs.lines(FACT, x=100, y=600)))
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        yield LocalClient(archive)


def test_a_quote_of_a_pdf_knows_its_page_and_its_box_when_asked(client: LocalClient) -> None:
    assert "places" not in client.ask(QUESTION)["citations"][0]
    citation = client.ask(QUESTION, places=True)["citations"][0]
    assert (citation["document_id"], citation["quote"], citation["page"]) == ("report", FACT, 2)
    (place,) = citation["places"]
    ((x0, y0, x1, y1),) = place["boxes"]
    assert (place["page"], round(place["width"]), round(place["height"])) == (2, 595, 842)
    assert x0 == 100
    assert y0 < 842 - 600 < y1
    assert 100 < x1 - x0 < 350
