from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ..chroma_server import chroma, mortal
from ..index.homes import Home
from . import shim

__all__ = ["chroma", "mortal"]

ROOT = Path(__file__).parents[2]

DOCUMENTS = {
    "ban.txt": "The ban\n\nThe city banned the cameras. The police may not use them.\n",
    "leak.md": "---\ndate: 2020-02-28\n---\n\n# The leak\n\nA list of customers was leaked.\n\n"
    "## Reaction\n\nThe vendor said that the hole was closed.\n",
    "fine.txt": "The fine\n\nThe regulator fined the vendor in 2022. It did not pay.\n",
}


@dataclass(frozen=True, slots=True)
class Children:
    """Children to run dangerous things in."""

    forker: subprocess.Popen[str]

    def run(
        self, name: str, *arguments: object, kill_after: float | None = None
    ) -> tuple[int, Any]:
        """Return the exit code, negative for the signal it died of, and what was returned."""
        assert self.forker.stdin is not None
        assert self.forker.stdout is not None
        request = [name, [str(one) for one in arguments], kill_after]
        self.forker.stdin.write(json.dumps(request) + "\n")
        self.forker.stdin.flush()
        code, value = json.loads(self.forker.stdout.readline())
        return code, value


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    """Children that have the shim where there is a C compiler (``shim.is_loaded``)."""
    forker = start_forker(shim.preloaded())
    yield Children(forker)
    assert forker.stdin is not None
    forker.stdin.close()
    forker.wait(10)


def start_forker(environment: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.forker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="session")
def synced_home(tmp_path_factory: pytest.TempPathFactory, children: Children) -> Path:
    """Return a home with three indexed documents that nobody has open; copy it."""
    home = Home(tmp_path_factory.mktemp("synced"))
    for name, text in DOCUMENTS.items():
        home.write(name, text)
    assert children.run("synced", home.folder)[0] == 0
    return home.folder


@pytest.fixture
def home(synced_home: Path, tmp_path: Path) -> Home:
    """Return a copy of the synced home, with the files' times kept."""
    shutil.copytree(synced_home, tmp_path / "home")
    return Home(tmp_path / "home")
