"""A real Chroma server for tests: started on a free port, killed, started again."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.server import Server

from .network import HERE, Place
from .waiting import BUSY


class ChromaServer:
    """``chroma run`` over a folder; it keeps its port when it is started again."""

    COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"

    def __init__(self, folder: Path, place: Place = HERE) -> None:
        self.folder = folder
        self.place = place
        self.port = free_port()
        self.url = f"http://{place.address}:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def server(self, *, timeout: float = 5, patience: float = 30) -> Server:
        return Server(self.url, timeout=timeout, patience=patience)

    def start(self) -> None:
        program = Path(sysconfig.get_path("scripts")) / "chroma"
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            place = ["--host", self.place.address, "--port", str(self.port)]
            self._process = subprocess.Popen(
                [*self.place.enter, str(program), "run", "--path", str(self.folder), *place],
                stdout=log,
                stderr=log,
                cwd=self.folder.parent,
                env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
            )
        end = time.monotonic() + BUSY
        while not self._answers():
            assert self._process.poll() is None, "chroma run has ended"
            assert time.monotonic() < end, "chroma run does not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def lose_everything(self) -> None:
        """Delete what it keeps; it is not running."""
        assert self._process is None
        shutil.rmtree(self.folder)

    def collections(self) -> list[dict[str, object]]:
        """Return all collections there are, with their metadata."""
        said = self.place.get(self.url + self.COLLECTIONS)
        assert said is not None, "chroma run does not answer"
        found: list[dict[str, object]] = json.loads(said)
        return found

    def counts(self) -> list[int]:
        """Return how many vectors are in each collection."""
        places = [f"{self.url}{self.COLLECTIONS}/{one['id']}/count" for one in self.collections()]
        return [int(self.place.get(place) or -1) for place in places]

    def _answers(self) -> bool:
        return self.place.get(f"{self.url}/api/v2/heartbeat") is not None


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """A Chroma server for all tests, each of which has collections of its own."""
    server = ChromaServer(tmp_path_factory.mktemp("chroma") / "data")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[ChromaServer]:
    """A Chroma server for one test, which may kill it."""
    server = ChromaServer(tmp_path / "server" / "data")
    server.folder.parent.mkdir()
    server.start()
    yield server
    server.kill()
