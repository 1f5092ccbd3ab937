"""Damage that SQLite does not see."""

from __future__ import annotations

import pytest

from corpus.errors import CatalogueDamaged
from index.index import Index

from .homes import Home

LONG = " ".join(f"word{number}" for number in range(80))


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM bands WHERE band = (SELECT min(band) FROM bands)",
        "UPDATE bands SET band = band + 1 WHERE band = (SELECT max(band) FROM bands)",
        "INSERT INTO bands VALUES (17, 1)",
        "INSERT INTO bands SELECT band, 99 FROM bands LIMIT 1",
        "UPDATE documents SET signature = zeroblob(length(signature))",
        "UPDATE passages SET vector = zeroblob(length(vector))",
        "UPDATE documents SET title = 'Another'",
    ],
)
def test_a_changed_value_is_noticed(home: Home, index: Index, damage: str) -> None:
    home.write("long.txt", f"A title\n\n{LONG}.\n")
    index.sync()
    assert index.is_sound()
    index._database.rows(damage)
    assert not index.is_sound()
    index.close()
    with pytest.raises(CatalogueDamaged, match="run 'assistant sync --rebuild'"):
        home.open()
    mended = Index(home.state, home.shelf, home.embedder, mend=True)
    assert mended.sync().added == ("long",)
    assert mended.is_sound()
    mended.close()
