"""What the page takes from whoever is let in: how much of it, from where, and what the log says."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from assistant.archive import Archive
from assistant.serve.limits import LARGEST_OF_PAGE
from assistant.settings import Settings
from assistant.web.app import application

from ..assistant.program import fast_parts
from ..assistant.serving import running
from ..assistant.small_corpus import WORTH, write_home
from ..assistant.test_serve_users import call_of_the_page
from ..fakes import BagOfStems

SECRET = "Zanzibar0815"
CALLS = ("queue/join", "run/predict", "call/ask", "component_server", "cancel", "reset")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = write_home(tmp_path_factory.mktemp("takes") / "home")
    with pytest.MonkeyPatch.context() as patch:
        for name, part in fast_parts().items():
            patch.setattr(name, part)
        with Archive(home, Settings(), embedder=BagOfStems()) as opened:
            opened.sync()
            with (
                running(application(opened, loopback_only=True)) as address,
                httpx.Client(base_url=address, timeout=30) as made,
            ):
                yield made


@contextlib.contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Give the address of another server, and what it was asked for."""
    asked: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def functions(client: httpx.Client) -> dict[str, int]:
    """Return the page's functions: name and number."""
    config = client.get("/config").json()
    return {one["api_name"]: one["id"] for one in config["dependencies"] if one["backend_fn"]}


def test_nothing_is_fetched_for_anybody_whatever_is_called_a_file(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To Gradio's own look at addresses, the site would be one of the Internet.
    monkeypatch.setattr("safehttpx.is_public_ip", lambda _: True)
    named = functions(client)
    with elsewhere() as (site, asked):
        file = {"path": f"{site}/large", "meta": {"_type": "gradio.FileData"}}
        turn = {"role": "user", "content": [{"type": "file", "file": file}]}
        for number, sent in (
            (named["add"], [[file], "", None, None]),
            (named["submit"], [WORTH, [turn], "", "", ""]),
            (named["show_2"], [file, None]),
        ):
            assert "Files are not fetched" in call_of_the_page(client, number, sent, None)
        for way in ("GET", "HEAD"):
            for before in ("file=", "file/", "file%3D", "proxy="):
                got = client.request(way, f"/gradio_api/{before}{site}/x")
                assert got.status_code == 404, before
    assert asked == []


def test_what_comes_to_the_page_is_small(client: httpx.Client) -> None:
    large = b'{"data": ["' + b"x" * LARGEST_OF_PAGE + b'"], "fn_index": 0, "session_hash": "x"}'
    pieces = [large[at : at + 1_000_000] for at in range(0, len(large), 1_000_000)]
    kind = {"content-type": "application/json"}
    for call in CALLS:
        for body in (large, iter(pieces)):  # whose length is told, and not
            got = client.post(f"/gradio_api/{call}", content=body, headers=kind)
            assert got.status_code == 413, call
            assert got.json()["error"]["type"] == "BodyTooLarge"
    assert client.get("/readyz").status_code in (200, 503)


def test_a_question_cannot_pass_the_queue_by(client: httpx.Client) -> None:
    named = functions(client)
    for path in ("run/ask", "run/submit", "run/predict"):
        sent: dict[str, Any] = {"data": [WORTH, None], "fn_index": named["ask"]}
        assert client.post(f"/gradio_api/{path}", json=sent).status_code == 404
    assert client.post("/gradio_api/api/ask", json={"data": [WORTH]}).status_code == 404
    assert "18 million" in call_of_the_page(client, named["ask"], [WORTH, None], None)


def test_what_is_sent_wrongly_is_not_repeated_in_a_log(
    client: httpx.Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    submit = functions(client)["submit"]
    turn = {"role": SECRET, "content": SECRET}
    with caplog.at_level(logging.DEBUG, logger="assistant"):
        for sent in ([SECRET, [turn], "", "", ""], [SECRET], [SECRET, SECRET, "", "", ""]):
            assert "process_completed" in call_of_the_page(client, submit, sent, None)
    assert caplog.text.count("a function of the page failed") == 3
    assert SECRET not in caplog.text + "".join(capfd.readouterr())
