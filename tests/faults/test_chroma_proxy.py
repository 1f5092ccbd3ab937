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
from ..waiting import wait_until

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "chroma-nginx.conf"
TOKEN = "Bearer " + "4f2c" * 16

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
]


@pytest.fixture
def proxied(tmp_path: Path, chroma: ChromaServer) -> Iterator[Server]:
    """Run nginx with the file as it is, but for its places, before a server; return the way in."""
    port = free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", tmp_path / "chroma-key.pem", "-out", tmp_path / "chroma-cert.pem",
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / "chroma-tokens").write_text(f'"{TOKEN}" 1;\n', encoding="utf-8")
    text = CONFIGURATION.read_text("utf-8")
    for before, after in (
        ("/etc/nginx/", f"{tmp_path}/"),
        ("127.0.0.1:8000;", f"127.0.0.1:{chroma.port};"),
        ("listen 8443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
    ):
        assert before in text
        text = text.replace(before, after)
    places = "".join(
        f"{one}_temp_path {tmp_path}/{one};"
        for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"daemon off; master_process off; pid {tmp_path}/nginx.pid; error_log {tmp_path}/error.log;"
        f"events {{}} http {{ access_log off; {places}\n{text}\n}}\n",
        encoding="utf-8",
    )
    command = ["nginx", "-c", str(whole), "-p", str(tmp_path)]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command) as nginx:
        server = Server(
            f"https://localhost:{port}",
            headers={"Authorization": TOKEN},
            ca=str(tmp_path / "chroma-cert.pem"),
        )
        wait_until(lambda: _answers(server))
        yield server
        nginx.terminate()


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
