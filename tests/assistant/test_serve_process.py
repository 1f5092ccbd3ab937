"""``assistant serve`` as a process: its start, its stop, and who else uses the home meanwhile."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.home import Home
from assistant.owner import read_owner

from ..waiting import wait_until
from .conftest import Command, json_of
from .llm_server import Server, serving
from .program import __file__ as program
from .program import without_settings
from .small_corpus import WORTH

LLM = """
llm = "scripted"
[llms.scripted]
kind = "openai-like"
model = "scripted"
url = "{url}"
"""
WORDS = "Blue Wave Lines has the ferry contract, worth 18 million euros [1]."


@contextlib.contextmanager
def started(home: Home) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run ``assistant serve`` and give its address; it has to end well when it is told to."""
    command = [sys.executable, program, "serve", "--home", str(home.root), "--port", "0"]
    with subprocess.Popen(
        command, env=without_settings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline(), process.stdout.readline()]
            assert lines[0] == "3 documents are ready.\n"
            yield lines[1].split()[4], process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()
    assert process.returncode == 0
    assert read_owner(home) is None


def test_commands_work_through_the_service_and_a_chat_is_told_of_it(
    command: Command, home: Home
) -> None:
    with started(home) as (address, process):
        assert httpx.get(f"{address}/readyz").status_code == 200
        at = ("--home", str(home.root))
        rows = json_of(command("list", "--json", *at))
        assert rows == httpx.get(f"{address}/api/documents").json()
        for other in ("chat", "serve"):
            refused = command(other, *at)
            assert refused.code == 3
            assert f"is open in 'assistant serve' (process {process.pid})" in refused.err


@pytest.mark.slow
def test_who_goes_away_stops_the_llm_and_a_stop_lets_the_others_be_finished(home: Home) -> None:
    chat = {"model": "archive", "messages": [{"role": "user", "content": WORTH}]}
    asked = {"question": WORTH}
    with serving(4, WORDS) as model:
        home.settings_file.write_text(LLM.format(url=model.url), "utf-8")
        with started(home) as (address, process):
            for path, body in (("/api/ask", asked), ("/v1/chat/completions", chat)):
                leave_once_it_writes(address, path, body, model)
                assert model.gone.wait(3.5)
                model.gone.clear()
            streamed = asked | {"stream": True}
            with httpx.stream("POST", f"{address}/api/ask", json=streamed, timeout=30) as answer:
                lines = answer.iter_lines()
                assert next(lines) == "event: searched"
                process.send_signal(signal.SIGTERM)
                rest = list(lines)
    assert "event: answered" in rest
    assert WORDS[:-5] in rest[-2]


def leave_once_it_writes(address: str, path: str, body: Any, model: Server) -> None:
    """Ask, and close the connection as soon as the language model is asked."""
    before, place, sent = len(model.requests), urlsplit(address), json.dumps(body)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with socket.create_connection((place.hostname, place.port)) as connection:
        connection.sendall(f"{head}Content-Length: {len(sent)}\r\n\r\n{sent}".encode())
        wait_until(lambda: len(model.requests) > before, seconds=60)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_nobody_is_served_unknown_from_elsewhere(command: Command, home: Home, host: str) -> None:
    for served in ("serve", "chat"):
        refused = command(served, "--host", host, "--home", str(home.root))
        assert refused.code == 2
        assert f"others could reach {host}, and nobody has to sign in" in refused.err
        home.settings_file.write_text('users = "accounts"\n', "utf-8")
        refused = command(served, "--host", host, "--home", str(home.root))
        assert refused.code == 2
        assert "there are no accounts to sign in with: 'assistant users add" in refused.err
        home.settings_file.write_text("", "utf-8")
    assert read_owner(home) is None


def test_the_service_needs_nothing_of_the_page() -> None:
    script = "import sys, assistant.serve.api; sys.exit(bool({'gradio', 'torch'} & {*sys.modules}))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
