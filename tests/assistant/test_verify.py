from __future__ import annotations

from pathlib import Path

import pytest

from assistant.export_read import Quotes
from assistant.verify import standings, verified

from ..index.homes import Home

QUOTE = "The ferry is late again."
TEXT = f"{QUOTE} Ice came early in March, and the pier closed. {QUOTE} It sails on Monday."
FIRST, SECOND = 0, TEXT.rindex(QUOTE)


@pytest.mark.parametrize(
    ("stood", "now"), [(FIRST, FIRST), (9, FIRST), (SECOND - 9, SECOND), (SECOND + 99, SECOND)]
)
def test_of_two_places_of_a_quote_the_nearer_is_named(tmp_path: Path, stood: int, now: int) -> None:
    home = Home(tmp_path)
    home.write("ferry.txt", f"{TEXT}\n")
    index = home.open()
    index.sync()
    document = index.catalogue.document("ferry")
    assert document.text == TEXT
    (found,) = standings(
        index.catalogue,
        [
            {
                "document_id": "ferry",
                "sha256": "0" * 64,  # of an earlier text
                "start": stood,
                "end": stood + len(QUOTE),
                "quote": QUOTE,
            }
        ],
    )
    index.close()
    assert found["status"] == "elsewhere"
    assert found["now"] is not None
    assert found["now"]["start"] == now
    assert document.text[found["now"]["start"] : found["now"]["end"]] == QUOTE


def test_a_file_that_lacks_a_quote_it_names_does_not_pass() -> None:
    whole = Quotes("markdown", "Ferries", "2026-01-05", (), 0)
    assert verified("ferries.md", whole, [])["passed"]
    cut = Quotes("markdown", "Ferries", "2026-01-05", (), 1)
    assert not verified("ferries.md", cut, [])["passed"]
