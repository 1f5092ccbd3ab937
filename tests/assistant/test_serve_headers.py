from __future__ import annotations

import asyncio
from typing import Any

import pytest

from assistant.serve.headers import HEADERS, SecurityHeaders


async def hello(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
    await send({"type": "http.response.body", "body": b"hello"})


def answered(headers: dict[str, str], *, method: str = "GET", loopback_only: bool = True) -> Any:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "headers": pairs}
    app = SecurityHeaders(hello, loopback_only=loopback_only)
    asyncio.run(app(scope, receive, send))
    return sent[0]


def test_every_answer_gets_the_headers_beside_its_own():
    assert answered({"host": "localhost:7860"})["headers"] == [(b"a", b"b"), *HEADERS]


def test_a_refusal_gets_them_too():
    refused = answered({"host": "evil.example"})
    assert refused["status"] == 403
    assert set(HEADERS) <= set(refused["headers"])


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1:7860", "[::1]:7860", "127.0.0.1"])
def test_this_machine_is_answered_under_its_own_names(host: str):
    assert answered({"host": host})["status"] == 200


@pytest.mark.parametrize(
    "host", ["evil.example:7860", "", "127.0.0.1.evil.example", "[", "192.168.0.9"]
)
def test_a_server_for_this_machine_answers_to_no_other_name(host: str):
    assert answered({"host": host})["status"] == 403
    assert answered({"host": host}, loopback_only=False)["status"] == 200


def test_another_sites_page_may_not_write():
    own = {"host": "localhost:7860", "origin": "http://localhost:7860"}
    other = {"host": "localhost:7860", "origin": "http://evil.example"}
    unknown = {"host": "localhost:7860", "origin": "null"}
    statuses = [answered(one, method="POST")["status"] for one in (own, other, unknown)]
    assert statuses == [200, 403, 403]
    assert answered({"host": "localhost:7860"}, method="POST")["status"] == 200


def test_a_form_of_the_page_itself_may_write_and_no_other() -> None:
    form = {"host": "localhost:7860", "origin": "null"}
    statuses = {
        site: answered(form | {"sec-fetch-site": site}, method="POST")["status"]
        for site in ("same-origin", "same-site", "cross-site", "none")
    }
    assert statuses == {"same-origin": 200, "same-site": 403, "cross-site": 403, "none": 403}
    other = {"host": "localhost:7860", "origin": "http://evil.example"}
    lying = answered(other | {"sec-fetch-site": "same-origin"}, method="POST")
    assert lying["status"] == 403


def test_another_sites_page_may_not_even_have_something_read_but_by_a_link() -> None:
    here = {"host": "localhost:7860"}

    def status(site: str, where: str, **more: str) -> int:
        headers = here | {"sec-fetch-site": site, "sec-fetch-dest": where} | more
        answer = answered(headers, method="GET")
        assert set(HEADERS) <= set(answer["headers"])
        return answer["status"]

    inside = ("empty", "image", "script", "iframe", "style", "video", "object")
    assert {status("cross-site", where) for where in inside} == {403}
    assert {status("same-site", where) for where in inside} == {403}  # another port of this machine
    assert {status("same-origin", where) for where in inside} == {200}
    sites = ("cross-site", "same-site", "same-origin", "none")
    assert [status(site, "document") for site in sites] == [200] * 4
    assert answered(here)["status"] == 200  # a program
