from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.index import Index

from .homes import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "documents").mkdir()
    return Home(tmp_path)


@pytest.fixture
def index(home: Home) -> Iterator[Index]:
    opened = home.open()
    yield opened
    opened.close()
