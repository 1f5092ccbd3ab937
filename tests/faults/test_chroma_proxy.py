"""The proxy that docs/scaling-chroma.md puts before a Chroma server, where nginx is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import VectorsAway
from index.chroma_http import ChromaHttp
from index.server import Server

from ..chroma_server import ChromaServer, free_port
from ..nginx import TOKEN, certificate, nginx
from ..waiting import wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]


@pytest.fixture
def proxied(tmp_path: Path, chroma: ChromaServer) -> Iterator[Server]:
    """Run nginx with the file as it is, but for its places, before a server; return the way in."""
    port = free_port()
    ca = certificate(tmp_path)
    command = nginx(tmp_path, f"127.0.0.1:{port}", f"127.0.0.1:{chroma.port}")
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command) as process:
        server = Server(
            f"https://localhost:{port}",
            headers={"Authorization": TOKEN},
            ca=str(ca),
        )
        wait_until(lambda: _answers(server))
        yield server
        process.terminate()


def _answers(server: Server) -> bool:
    try:
        ChromaHttp(server).reach()
    except VectorsAway:
        return False
    return True


def test_the_proxy_lets_in_whoever_has_the_token_and_nobody_else(proxied: Server) -> None:
    inside = ChromaHttp(proxied)
    assert isinstance(inside.collections("GET"), list)
    assert not inside.answers_anybody()
    for headers in ({}, {"Authorization": "Bearer 4f2c"}, {"Authorization": TOKEN[:-1]}):
        with pytest.raises(VectorsAway, match="does not let us in"):
            ChromaHttp(Server(proxied.url, headers=headers, ca=proxied.ca)).reach()
    with pytest.raises(VectorsAway, match="no safe connection"):
        ChromaHttp(Server(proxied.url, headers=proxied.headers)).reach()
