"""The program with its real model reaches nothing beyond this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .program import ROOT, without_settings
from .small_corpus import FERRY, FERRY_WORTH, WORTH

SCRIPT = f"""
import json, socket, sys
sys.path.insert(0, {str(ROOT)!r})
tried = []

def here(address):
    # A path is a socket of this machine too.
    return not isinstance(address, tuple) or str(address[0]).startswith("127.")

def guard(real):
    def guarded(self, address, *rest):
        tried.append(repr(address))
        if not here(address):
            raise OSError(f"blocked: {{address}}")
        return real(self, address, *rest)
    return guarded

class Watched(socket.socket):
    connect = guard(socket.socket.connect)
    connect_ex = guard(socket.socket.connect_ex)
    sendto = guard(socket.socket.sendto)

resolve = socket.getaddrinfo

def guarded_resolve(host, *rest, **named):
    tried.append(repr((host,)))
    if host not in (None, "127.0.0.1", "localhost"):
        raise socket.gaierror(f"blocked: {{host}}")
    return resolve(host, *rest, **named)

socket.socket = Watched
socket.getaddrinfo = guarded_resolve
socket.gethostbyname = socket.gethostbyname_ex = guarded_resolve

from assistant.cli import cli
from assistant.shell import run

root, file, question = sys.argv[1:]
codes = [
    run(cli, "assistant", ["init", root]),
    run(cli, "assistant", ["add", file, "--home", root]),
    run(cli, "assistant", ["ask", question, "--home", root]),
]
seen = list(tried)
caught = 0
for forbidden in (
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
    lambda: socket.socket().connect(("192.0.2.1", 80)),
    lambda: socket.getaddrinfo("example.org", 80),
):
    try:
        forbidden()
    except OSError as error:
        caught += "blocked" in str(error)
print(json.dumps({{"codes": codes, "tried": seen, "caught": caught}}))
"""


@pytest.mark.slow
@pytest.mark.model
def test_a_home_is_made_filled_and_asked_without_a_network(tmp_path: Path) -> None:
    file = tmp_path / "ferry.md"
    file.write_text(FERRY, encoding="utf-8")
    environment = {
        key: value
        for key, value in without_settings().items()
        if not key.startswith(("HF_", "TRANSFORMERS_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "home"), str(file), WORTH],
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["codes"] == [0, 0, 0]
    assert last["caught"] == 3
    assert FERRY_WORTH in " ".join(done.stdout.split())
    outside = [address for address in last["tried"] if "127.0.0.1" not in address]
    assert outside == []
