from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from index.index import Index

from ..chroma_server import ChromaServer, chroma, mortal
from .homes import Home
from .keepers import OpenKeeper, embedded, remote

__all__ = ["chroma", "mortal"]


@pytest.fixture(params=["embedded", pytest.param("server", marks=pytest.mark.slow)])
def open_keeper(request: pytest.FixtureRequest) -> OpenKeeper:
    """Open what keeps vectors: each of the kinds that there are."""
    if request.param == "embedded":
        return embedded
    server: ChromaServer = request.getfixturevalue("chroma")
    return partial(remote, server.server())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "documents").mkdir()
    return Home(tmp_path)


@pytest.fixture
def index(home: Home) -> Iterator[Index]:
    opened = home.open()
    yield opened
    opened.close()
