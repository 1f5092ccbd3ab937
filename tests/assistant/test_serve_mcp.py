"""The Model Context Protocol, asked by the SDK's own client over both of its ways."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.connect import own
from assistant.home import Home
from assistant.owner import read_owner
from assistant.serve.mcp_stdio import HomeAtTimes

from ..waiting import wait_until
from .conftest import Command, json_of
from .program import __file__ as program
from .program import fast_parts, without_settings
from .serving import Served, served
from .small_corpus import COUNCIL_WORTH, FERRY, FERRY_WORTH, NOWHERE, WORTH

Asked = Callable[[Client], Awaitable[Any]]


@pytest.fixture(scope="module")
def server(_shared_archive: Archive) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        for name, part in fast_parts().items():
            patch.setattr(name, part)
        with served(_shared_archive) as running:
            yield running


def over_http(server: Served, asked: Asked) -> Any:
    async def connected() -> Any:
        async with Client(f"{server.address}/mcp") as client:
            return await asked(client)

    return asyncio.run(connected())


def over_stdio(home: Home, asked: Asked) -> Any:
    arguments = [program, "mcp", "--home", str(home.root)]
    place = StdioServerParameters(command=sys.executable, args=arguments, env=without_settings())

    async def connected() -> Any:
        async with Client(place) as client:
            return await asked(client)

    return asyncio.run(connected())


async def conversation(client: Client) -> Any:
    """Use each tool once."""
    tools = (await client.list_tools()).tools
    answer = await client.call_tool("ask", {"question": WORTH})
    found = await client.call_tool("search", {"query": "ferry contract", "k": 1, "tags": ["ferry"]})
    part = await client.call_tool("get_document", {"document_id": "ferry", "start": 4, "most": 4})
    unknown = await client.call_tool("get_document", {"document_id": "nope"})
    return tools, answer, found, part, unknown


def check(said: Any) -> None:
    tools, answer, found, part, unknown = said
    assert [one.name for one in tools] == ["ask", "search", "get_document"]
    for one in tools:
        assert one.annotations.read_only_hint is True
        assert one.annotations.destructive_hint is False
        assert one.output_schema["type"] == "object"
    quotes = {one["quote"]: one for one in answer.structured_content["citations"]}
    assert quotes.keys() == {COUNCIL_WORTH, FERRY_WORTH}
    place = quotes[FERRY_WORTH]
    assert place["document_id"] == "ferry"
    text = FERRY.split("---\n\n")[1]
    assert text[place["start"] : place["end"]] == FERRY_WORTH
    words = answer.content[0].text
    assert words.startswith("Sources disagree: 21 million euros [1]")
    assert f"\n\n{FERRY_WORTH} [2]\n\nSources:\n[1] What the council paid" in words
    assert "(ferry, characters 0 to 77)" in words
    assert [one["document_id"] for one in found.structured_content["hits"]] == ["ferry"]
    assert found.content[0].text.startswith("ferry, characters 0 to 210:\nThe city signed")
    assert (part.structured_content["text"], part.structured_content["end"]) == ("city", 8)
    assert part.content[0].text.endswith("Characters 4 to 8 of 210 of ferry:\n\ncity")
    assert unknown.is_error
    assert unknown.content[0].text.endswith(
        "no document has the id 'nope': 'assistant list' shows the ids there are"
    )


def test_the_tools_answer_over_http_with_quotes_and_places(server: Served) -> None:
    check(over_http(server, conversation))


def test_the_tools_say_what_is_wrong_and_what_the_documents_lack(server: Served) -> None:
    async def asked(client: Client) -> Any:
        return [
            await client.call_tool("ask", {"question": NOWHERE}),
            await client.call_tool("ask", {"question": " "}),
            await client.call_tool("search", {"query": "x", "since": "2024-02-01", "k": 0}),
            await client.call_tool(
                "search", {"query": "x", "since": "2024-02-02", "until": "2024-02-01"}
            ),
            await client.call_tool("search", {"query": "x", "tag": ["ferry"], "filters": {}}),
            await client.call_tool("search", {"query": "x", "tags": ["fery"]}),
            await client.call_tool("search", {"query": "x", "until": "2023-02-30", "tags": [""]}),
            await client.call_tool("ask", {"question": "x", "sources": ["  "]}),
        ]

    declined, empty, invalid, crossed, misspelt, unknown, no_day, blank = over_http(server, asked)
    assert no_day.content[0].text == (
        "search: until: there is no such day; tags.0: String should have at least 1 character"
    )
    assert "a source to look for is empty: name one, or leave it out" in blank.content[0].text
    assert unknown.content[0].text.startswith(
        "No document has the tag “fery”. Did you mean “ferry”?"
    )
    assert declined.structured_content["abstained"] is True
    assert "What came closest:" in declined.content[0].text
    assert not declined.is_error
    assert "the question is empty" in empty.content[0].text
    assert invalid.content[0].text == "search: k: Input should be greater than or equal to 1"
    assert "since 2024-02-02 is after until 2024-02-01" in crossed.content[0].text
    assert "search takes no 'tag' and no 'filters', only query, k," in misspelt.content[0].text
    assert all(one.is_error for one in (empty, invalid, crossed, misspelt, no_day, blank))
    assert "Traceback" not in str((empty, invalid, crossed))


def test_what_nobody_foresaw_is_not_told_to_the_client(
    server: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(server.service.archive, "entry", broken)

    async def asked(client: Client) -> Any:
        return await client.call_tool("get_document", {"document_id": "ferry"})

    failed = over_http(server, asked)
    assert failed.is_error
    assert "secret" not in failed.content[0].text
    assert "ZeroDivisionError: secret" in caplog.text


def test_another_sites_page_cannot_use_the_tools(server: Served) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"accept": "application/json, text/event-stream"}
    assert server.post("/mcp", json=call, headers=accept).status_code == 200
    for foreign in ({"origin": "http://evil.example"}, {"host": "evil.example"}):
        refused = server.post("/mcp", json=call, headers=accept | foreign)
        assert refused.status_code == 403
    assert 'route="/mcp"' in server.get("/metrics").text


def test_a_desktop_client_is_answered_over_stdio(home: Home, fast: None) -> None:
    check(over_stdio(home, conversation))
    assert read_owner(home) is None


def test_over_stdio_the_process_that_has_the_home_open_is_asked(home: Home, fast: None) -> None:
    async def asked(client: Client) -> Any:
        answer = await client.call_tool("ask", {"question": WORTH})
        owner = read_owner(home)
        return answer, owner and owner.pid

    with own(home, command="assistant chat") as (archive, _):
        archive.sync()
        answer, pid = over_stdio(home, asked)
        told = LocalClient(archive).ask(WORTH)
    assert answer.structured_content["citations"] == json.loads(json.dumps(told["citations"]))
    assert pid == os.getpid()


def test_nothing_but_the_protocol_is_on_stdout(home: Home) -> None:
    first = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    call = {"name": "ask", "arguments": {"question": WORTH}}
    lines = [
        first,
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
    ]
    with subprocess.Popen(
        [sys.executable, program, "mcp", "--home", str(home.root)],
        env=without_settings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in lines:
            process.stdin.write(json.dumps(line) + "\n")
        process.stdin.flush()
        said = [json.loads(process.stdout.readline()) for _ in range(2)]
        rest, errors = process.communicate(timeout=60)
    assert [one["id"] for one in said] == [1, 2]
    assert FERRY_WORTH in said[1]["result"]["content"][0]["text"]
    assert (rest, errors, process.returncode) == ("", "", 0)


def test_the_home_is_left_to_others_soon(home: Home, fast: None, command: Command) -> None:
    held = HomeAtTimes(home, idle_seconds=0.3)
    assert len(held.use(lambda client: client.list())) == 3
    owner = read_owner(home)
    assert owner is not None
    assert owner.command == "assistant mcp"
    told: list[str] = []
    with own(home, command="assistant chat", waiting=told.append) as (archive, _):
        assert told == [
            f"Waiting for 'assistant mcp' (process {os.getpid()}), which has the home open ..."
        ]
        rows = held.use(lambda client: client.list())
        assert [one["id"] for one in rows] == [one.id for one in archive.entries()]
        threading.Event().wait(0.5)
    # Nobody else has it now, so it is opened here again.
    assert len(held.use(lambda client: client.list())) == 3
    assert len(json_of(command("list", "--json", "--home", str(home.root)))) == 3
    held.close()
    assert read_owner(home) is None


def test_a_home_in_use_is_not_left(home: Home, fast: None) -> None:
    held = HomeAtTimes(home, idle_seconds=0.05)
    begun, may_end = threading.Event(), threading.Event()

    def work(_: object) -> None:
        begun.set()
        may_end.wait(10)

    thread = threading.Thread(target=held.use, args=(work,))
    thread.start()
    begun.wait(10)
    held.use(lambda client: client.list())
    threading.Event().wait(0.3)
    assert read_owner(home) is not None
    may_end.set()
    thread.join(10)
    wait_until(lambda: read_owner(home) is None)


def test_a_wrong_home_is_told_on_stderr(command: Command, tmp_path: Any) -> None:
    refused = command("mcp", "--home", str(tmp_path / "nowhere"))
    assert (refused.code, refused.out) == (2, "")
    assert "has no documents folder" in refused.err


def test_nobody_stays_to_listen_for_what_never_comes(server: Served) -> None:
    accept = {"accept": "text/event-stream"}
    refused = httpx.get(f"{server.address}/mcp", headers=accept)
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
