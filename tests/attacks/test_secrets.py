"""Secrets of the environment, of questions and of documents are found in nothing that is kept."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import pytest

from assistant.home import Home

from ..assistant.llm_server import Step, serving
from ..assistant.program import __file__ as program
from ..assistant.program import fast, without_settings
from ..assistant.small_corpus import WORTH, write_home

KEY = "sk-planted-0123456789abcdef0123456789abcdef"
TOKEN = "hf_plantedABCDEFGHIJKLMNOPQRSTUVWX"
ASKED = "zyxwvut-what-was-asked"
TOLD = "qponmlk-in-a-document"
PASSWORD = "planted-password-0987"
SETTINGS = """
llm = "scripted"
keep_chats = true
users = "accounts"
[llms.scripted]
kind = "openai-like"
model = "scripted"
url = "{url}"
key_variable = "PLANTED_KEY"
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = write_home(tmp_path / "home")
    (made.documents / "secret.txt").write_text(f"The vault opens with {TOLD} today.\n", "utf-8")
    return made


def own(address: str, known: dict[str, str]) -> list[httpx.Response]:
    """Ask in every way; the answers may say what was asked, and no key."""
    question = {"question": f"{WORTH} {ASKED}"}
    chat = {"model": "archive", "messages": [{"role": "user", "content": f"{WORTH} {ASKED}"}]}
    options = {"headers": known, "timeout": 60.0}
    return [
        httpx.post(f"{address}/api/ask", json={"question": WORTH}, **options),
        httpx.post(f"{address}/api/ask", json=question, **options),
        httpx.post(f"{address}/api/ask", json=question | {"stream": True}, **options),
        httpx.post(f"{address}/v1/chat/completions", json=chat, **options),
        httpx.get(f"{address}/api/search", params={"q": ASKED}, **options),
        httpx.get(f"{address}/api/documents/secret", **options),
    ]


def wrong(address: str, known: dict[str, str]) -> list[httpx.Response]:
    """Ask for what is wrong or about the service; nothing of what was sent may come back."""
    form = {"name": "ada", "password": PASSWORD}
    question = {"question": f"{WORTH} {ASKED}"}
    return [
        httpx.post(f"{address}/login", data=form, timeout=60),
        httpx.post(f"{address}/api/ask", json={"question": {"a": ASKED}}, headers=known),
        httpx.post(f"{address}/api/ask", json=question | {"k": KEY}, headers=known),
        httpx.get(f"{address}/metrics", headers=known),
        httpx.get(f"{address}/healthz"),
        httpx.get(f"{address}/readyz"),
        httpx.get(f"{address}/openapi.json", headers=known),
        httpx.get(f"{address}/api/documents", headers={"authorization": f"Bearer {TOKEN}"}),
    ]


@pytest.mark.slow
def test_nothing_that_is_kept_or_said_has_a_secret(
    home: Home, record_property: pytest.RecordProperty
) -> None:
    at = ("--home", str(home.root))
    fast("users", "add", "ada", "--role", "admin", "--no-password", *at)
    known = {"authorization": f"Bearer {fast('users', 'token', 'ada', *at).out.strip()}"}
    planted = {"PLANTED_KEY": KEY, "HF_TOKEN": TOKEN, "OPENAI_API_KEY": KEY}
    answers, told = [], []
    with serving("Nothing of the kind [9].") as model, tempfile.TemporaryFile() as said:
        home.settings_file.write_text(SETTINGS.format(url=model.url), "utf-8")
        command = [sys.executable, program, "serve", *at, "--port", "0", "--log-requests"]
        with subprocess.Popen(
            command,
            env=without_settings() | planted,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline(), process.stdout.readline()]
            address = lines[1].split()[4]
            for status, script in ((200, None), (401, None), (500, None), (200, Step.BREAK)):
                # Some servers say in their errors what they were sent.
                model.status, model.error = status, f"Incorrect key {KEY} for {ASKED}"
                model.script = [script] if script else model.script
                answers += own(address, known)
            told += wrong(address, known)
            process.send_signal(signal.SIGTERM)
            lines.append(process.stdout.read())
            process.wait(30)
        said.seek(0)
        printed = said.read() + "".join(lines).encode()
        headers = str(model.headers)
    assert KEY in headers  # it was there to be told
    kept = {
        str(path.relative_to(home.root)): path.read_bytes()
        for path in home.state.rglob("*")
        if path.is_file()
    }
    kept |= {"the output": printed, "wrong answers": b"".join(one.content for one in told)}
    places = kept | {"answers": b"".join(one.content for one in answers)}
    found = [
        (name, secret)
        for name, data in places.items()
        for secret in (KEY, TOKEN, ASKED, TOLD, PASSWORD)
        if secret.encode() in data and not _may_hold(name, secret)
    ]
    assert found == []
    assert b'"route": "/api/ask"' in printed
    assert ASKED.encode() in places["answers"]
    record_property("inputs", len(places) * 5)
    print("places searched:", len(places), "of", sum(map(len, places.values())), "bytes")


def _may_hold(name: str, secret: str) -> bool:
    """Tell whether that is what something is for: the index holds documents, answers the asked."""
    return (secret == TOLD and (name.startswith("var/index/") or name == "answers")) or (
        secret == ASKED and name == "answers"
    )
