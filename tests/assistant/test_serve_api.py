"""The service over a real socket: the same objects as the commands print, errors, and limits."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.serve import examples
from assistant.serve.errors import status_of
from assistant.serve.headers import HEADERS
from assistant.serve.limits import Gate
from assistant.serve.observed import log_requests
from assistant.settings import Settings
from corpus import errors
from corpus.errors import ArchiveError, TooBusy

from ..fakes import BagOfStems
from ..waiting import wait_until
from .program import fast_parts
from .serving import Served, served
from .small_corpus import FERRY, FERRY_WORTH, LIBRARY, NOWHERE, WORTH, write_home

PAPER = "The harbour master counted 412 sailing boats on the first day of the summer regatta."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = write_home(tmp_path_factory.mktemp("served") / "home")
    with pytest.MonkeyPatch.context() as patch:
        for name, part in fast_parts().items():
            patch.setattr(name, part)
        with Archive(home, Settings(max_file_mb=1), embedder=BagOfStems()) as archive:
            archive.sync()
            with served(archive) as running:
                yield running


def without_times(told: Any) -> Any:
    return {key: value for key, value in told.items() if key != "timings_ms"}


def events_of(answer: httpx.Response) -> list[tuple[str, Any]]:
    """Return the names and values of server-sent events."""
    found = []
    for block in answer.text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def error_of(answer: httpx.Response) -> tuple[int, str, str]:
    said = answer.json()["error"]
    assert "Traceback" not in answer.text
    return answer.status_code, said["type"], said["message"]


# ------------------------------------------------------------------ questions


def test_an_answer_is_the_object_that_the_command_prints(server: Served) -> None:
    options = {"explain": True, "why_not": "library", "places": True}
    said = server.post("/api/ask", json={"question": WORTH, **options})
    assert said.status_code == 200
    own = LocalClient(server.service.archive).ask(WORTH, **options)  # type: ignore[arg-type]
    assert without_times(said.json()) == json.loads(json.dumps(without_times(own)))
    assert [one["quote"] for one in said.json()["citations"]][1] == FERRY_WORTH


def test_filters_and_history_narrow_and_complete_a_question(server: Served) -> None:
    body = {
        "question": "When does it end?",
        "history": [{"question": WORTH, "answer": FERRY_WORTH}],
        "filters": {"since": "2024-01-01", "sources": ["The Harbour Post"], "tags": ["ferry"]},
    }
    told = server.post("/api/ask", json=body).json()
    assert told["searched"] != told["question"]
    assert {one["document_id"] for one in told["hits"]} == {"ferry"}


def test_events_tell_the_answer_piece_by_piece_and_end_with_the_whole(server: Served) -> None:
    body = {"question": WORTH, "stream": True, "explain": True}
    said = server.post("/api/ask", json=body)
    assert said.headers["content-type"].startswith("text/event-stream")
    told = events_of(said)
    names = [name for name, _ in told]
    assert names == ["searched", "short", "said", "said", "answered"]
    whole = told[-1][1]
    own = LocalClient(server.service.archive).ask(WORTH, explain=True)
    assert without_times(whole) == json.loads(json.dumps(without_times(own)))
    pieces = "".join(
        f"{one['text']} [{one['citation']['marker']}]" for name, one in told if name == "said"
    )
    assert pieces == whole["answer"]
    accepted = server.post(
        "/api/ask", json={"question": WORTH}, headers={"accept": "text/event-stream"}
    )
    assert [name for name, _ in events_of(accepted)] == names


def test_a_declined_question_is_an_answer(server: Served) -> None:
    told = server.post("/api/ask", json={"question": NOWHERE})
    assert (told.status_code, told.json()["abstained"]) == (200, True)
    assert told.json()["citations"] == []


def test_search_answers_alike_by_body_and_by_address(server: Served) -> None:
    body = {"query": "ferry contract", "k": 2, "filters": {"tags": ["ferry"]}}
    posted = server.post("/api/search", json=body)
    got = server.get("/api/search", params={"q": "ferry contract", "k": 2, "tag": "ferry"})
    own = LocalClient(server.service.archive).search("ferry contract", k=2)
    assert without_times(posted.json()) == without_times(got.json())
    assert [one["document_id"] for one in posted.json()["hits"]] == ["ferry"]
    assert got.json()["hits"][0].keys() == own["hits"][0].keys()


@pytest.mark.parametrize("name", ["tags", "from"])
def test_an_address_with_a_name_that_is_not_taken_is_refused(server: Served, name: str) -> None:
    got = server.get("/api/search", params={"q": "ferry contract", name: "ferry"})
    status, kind, message = error_of(got)
    assert (status, kind) == (422, "BadRequest")
    assert f"query.{name}: Extra inputs" in message


# ------------------------------------------------------------------ documents


def test_documents_are_listed_and_shown_as_by_the_commands(server: Served) -> None:
    client = LocalClient(server.service.archive)
    listed = server.get("/api/documents")
    assert listed.json() == client.list()
    assert listed.headers["x-total-count"] == str(len(client.list()))
    second = server.get("/api/documents", params={"offset": 1, "limit": 1})
    assert second.json() == client.list()[1:2]
    assert server.get("/api/documents/ferry").json() == client.show("ferry")


def test_a_file_is_added_under_its_own_name_and_removed_again(server: Served) -> None:
    files = {"files": ("../../2024 Regatta.txt", PAPER.encode())}
    about = {"title": "Regatta", "date": "2024-07-01", "tags": ["boats", "sport"]}
    added = server.post("/api/documents", files=files, data=about)
    assert (added.status_code, added.json()["added"]) == (200, ["2024-regatta"])
    shown = server.get("/api/documents/2024-regatta").json()
    assert (shown["title"], shown["date"], shown["tags"]) == (
        "Regatta",
        "2024-07-01",
        ["boats", "sport"],
    )
    assert shown["text"] == PAPER
    told = server.post("/api/ask", json={"question": "How many sailing boats were counted?"})
    assert told.json()["citations"][0]["quote"] == PAPER
    gone = httpx.delete(f"{server.address}/api/documents/2024-regatta")
    assert (gone.status_code, gone.json()["removed"]) == (200, ["2024-regatta"])
    again = httpx.delete(f"{server.address}/api/documents/2024-regatta")
    assert error_of(again)[:2] == (404, "UnknownDocument")


def test_what_cannot_be_taken_in_is_told_by_its_own_name(server: Served) -> None:
    nothing = server.post("/api/documents", files={"files": ("empty.txt", b"")})
    assert error_of(nothing) == (
        422,
        "UnreadableFile",
        "empty.txt is empty. Write its text into it, or leave it out.",
    )
    both = server.post(
        "/api/documents",
        files=[("files", ("empty.txt", b"")), ("files", ("copy.txt", LIBRARY.encode()))],
    )
    assert both.status_code == 200
    assert [one["path"] for one in both.json()["failed"]] == ["empty.txt"]
    assert [one["path"] for one in both.json()["skipped"]] == ["copy.txt"]
    assert "/tmp" not in both.text


def test_of_two_files_of_one_name_neither_is_lost_without_a_word(server: Served) -> None:
    texts = ["The lighthouse was painted red in May.", "The bakery on the quay opens at six."]
    files = [("files", ("note.txt", text.encode())) for text in texts]
    report = server.post("/api/documents", files=files).json()
    assert report["added"] == ["note"]
    assert [one["path"] for one in report["failed"]] == ["note.txt"]
    assert server.get("/api/documents/note").json()["text"] == texts[0]
    assert httpx.delete(f"{server.address}/api/documents/note").status_code == 200


def test_addresses_of_this_machine_are_not_fetched(server: Served) -> None:
    tried = server.post("/api/documents/from-web", json={"urls": [f"{server.address}/healthz"]})
    assert tried.status_code == 422
    assert tried.json()["changes"]["added"] == []
    path = server.post("/api/documents/from-web", json={"urls": ["file:///etc/passwd"]})
    assert error_of(path)[:2] == (422, "BadRequest")


# ------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/api/ask", {"question": " "}, (400, "BadQuestion", "the question is empty")),
        ("/api/ask", {"question": "x" * 4001}, (413, "QuestionTooLong", "4,000")),
        ("/api/ask", {"question": "a\0b"}, (400, "BadQuestion", "NUL")),
        ("/api/ask", {"questin": "x"}, (422, "BadRequest", "questin: Extra inputs")),
        ("/api/ask", {"question": "x", "llm": "gpt"}, (404, "UnknownModel", "gpt")),
        (
            "/api/ask",
            {"question": "x", "llm": "openai-like:m@http://127.0.0.1:9/v1", "stream": True},
            (404, "UnknownModel", "there are none"),
        ),
        (
            "/api/ask",
            {"question": "x", "filters": {"since": "2024-01-02", "until": "2024-01-01"}},
            (400, "BadFilter", "2024-01-02"),
        ),
        (
            "/api/ask",
            {"question": "x", "filters": {"since": "yesterday"}},
            (422, "BadRequest", "filters.since: write the date as 2020-08-18. /openapi.json"),
        ),
        (
            "/api/search",
            {"query": "x", "filters": {"since": "2024-02-30"}},
            (422, "BadRequest", "filters.since: there is no such day. /openapi.json"),
        ),
        (
            "/api/search",
            {"query": "x", "filters": {"tags": [" "]}},
            (400, "BadFilter", "a tag to look for is empty"),
        ),
        (
            "/api/ask",
            {"question": "x", "filters": {"documents": ["nope"]}},
            (404, "UnknownDocument", "nope"),
        ),
        ("/api/search", {"query": "x", "k": 0}, (422, "BadRequest", "k: ")),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(
    server: Served, path: str, body: Any, expected: tuple[int, str, str]
) -> None:
    status, kind, message = error_of(server.post(path, json=body))
    assert (status, kind) == expected[:2]
    assert expected[2] in message


def test_an_address_or_a_method_that_is_none_is_told_in_the_same_form(server: Served) -> None:
    assert error_of(server.get("/api/nothing"))[:2] == (404, "BadRequest")
    wrong = server.get("/api/ask")
    assert error_of(wrong)[:2] == (405, "BadRequest")
    assert wrong.headers["allow"] == "POST"
    assert error_of(server.get("/api/documents/nope"))[:2] == (404, "UnknownDocument")


def test_every_error_of_the_tree_has_a_status_and_only_the_unknown_is_500() -> None:
    tree = [one for one in vars(errors).values() if isinstance(one, type)]
    found = {one.__name__: status_of(one("x")) for one in tree if issubclass(one, ArchiveError)}
    unmapped = {name for name, status in found.items() if status == 500}
    assert unmapped == {"ArchiveError", "RequestRefused", "BackupFailure", "CheckFailed"}
    assert found["BadSettings"] == 400
    assert found["UnsupportedFormat"] == 422
    assert found["ModelUnavailable"] == 503


def test_what_nobody_foresaw_is_told_without_its_cause(
    server: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(server.service.archive, "entries", broken)
    failed = server.get("/api/documents")
    assert error_of(failed)[:2] == (500, "InternalError")
    assert "secret" not in failed.text
    assert "ZeroDivisionError: secret" in caplog.text
    assert f"request {failed.headers['x-request-id']} failed" in caplog.text


# ------------------------------------------------------------------ who may ask, and how much


def test_every_answer_has_the_headers_also_an_error(server: Served) -> None:
    for path in ("/healthz", "/api/nothing", "/api/documents"):
        got = server.get(path).headers
        assert {name.decode(): value.decode() for name, value in HEADERS}.items() <= dict(
            got
        ).items()


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"host": "evil.example"},
    ],
)
def test_another_sites_page_changes_nothing(server: Served, headers: dict[str, str]) -> None:
    before = server.get("/api/documents").json()
    tries = [
        server.post("/api/documents", files={"files": ("a.txt", b"A text.")}, headers=headers),
        server.post("/api/ask", json={"question": WORTH}, headers=headers),
        httpx.delete(f"{server.address}/api/documents/ferry", headers=headers),
    ]
    assert [one.status_code for one in tries] == [403, 403, 403]
    assert server.get("/api/documents").json() == before


def test_a_form_of_another_page_is_no_question(server: Served) -> None:
    # What a page may send without asking first: plain text that is JSON.
    headers = {"content-type": "text/plain"}
    sent = server.post("/api/ask", content=json.dumps({"question": WORTH}), headers=headers)
    assert error_of(sent)[:2] == (422, "BadRequest")


def test_bodies_and_files_that_are_too_large_are_refused(server: Served) -> None:
    announced = server.post("/api/ask", json={"question": "x" * 2_000_000})
    assert error_of(announced)[:2] == (413, "BodyTooLarge")

    def drops() -> Iterator[bytes]:
        yield b'{"question": "'
        for _ in range(20):
            yield b"x" * 100_000

    headers = {"content-type": "application/json"}
    unannounced = server.post("/api/ask", content=drops(), headers=headers)
    assert error_of(unannounced)[:2] == (413, "BodyTooLarge")
    one = server.post("/api/documents", files={"files": ("big.txt", b"x" * 1_000_001)})
    assert error_of(one) == (
        413,
        "BodyTooLarge",
        "big.txt is larger than 1 MB: split it up, or set max_file_mb",
    )
    all_of_it = server.post("/api/documents", files={"files": ("big.txt", b"x" * 3_000_000)})
    assert error_of(all_of_it)[:2] == (413, "BodyTooLarge")


def test_beyond_the_queue_is_429_and_then_it_goes_on() -> None:
    async def all_at_once() -> tuple[list[str], str]:
        gate, may_end, done = Gate("questions", at_once=2, waiting=1), asyncio.Event(), []

        async def one(name: str) -> None:
            async with gate.turn():
                await may_end.wait()
                done.append(name)

        tasks = [asyncio.create_task(one(name)) for name in "abc"]
        await asyncio.sleep(0)
        with pytest.raises(TooBusy) as refused:
            await one("d")
        may_end.set()
        await asyncio.gather(*tasks)
        await one("e")
        return done, str(refused.value)

    done, refused = asyncio.run(all_at_once())
    assert done == ["a", "b", "c", "e"]
    assert refused == "3 questions are being answered: try again in a moment"


def test_who_was_told_to_wait_is_not_kept_out_by_those_who_ask_on_and_on() -> None:
    async def crowd() -> dict[int, int]:
        gate, turns = Gate("questions", at_once=1, waiting=6), dict.fromkeys(range(20), 0)
        chance = random.Random(5)

        async def asks(number: int) -> None:
            while sum(turns.values()) < 400:
                try:
                    async with gate.turn():
                        await asyncio.sleep(0)
                        turns[number] += 1
                except TooBusy:
                    for _ in range(chance.randrange(10, 20)):
                        await asyncio.sleep(0)

        await asyncio.gather(*map(asks, turns))
        return turns

    turns = asyncio.run(crowd())
    assert min(turns.values()) >= 5, turns


def test_questions_beyond_the_queue_are_answered_with_429(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = server.service.asking
    monkeypatch.setattr(gate, "_most", 0)
    for path, body in (("/api/ask", {"question": WORTH}), ("/api/search", {"query": WORTH})):
        refused = server.post(path, json=body)
        assert error_of(refused)[:2] == (429, "TooBusy")
        assert refused.headers["retry-after"] == "1"
    streamed = server.post("/api/ask", json={"question": WORTH, "stream": True})
    assert error_of(streamed)[:2] == (429, "TooBusy")


def test_a_reader_who_leaves_half_way_frees_the_place(server: Served) -> None:
    gate = server.service.asking
    left = threading.Event()
    real = server.service.archive.stream

    def slow(*arguments: Any, **named: Any) -> Any:
        for event in real(*arguments, **named):
            yield event
            left.wait(5)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server.service.archive, "stream", slow)
        body = {"question": WORTH, "stream": True}
        with httpx.stream("POST", f"{server.address}/api/ask", json=body) as answer:
            next(answer.iter_lines())
            assert gate.taken == 1
        left.set()
        for _ in range(100):
            if gate.taken == 0:
                break
            threading.Event().wait(0.05)
    assert gate.taken == 0


# ------------------------------------------------------------------ looked after


def test_health_and_readiness(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    assert server.get("/healthz").json() == {"status": "ok"}
    assert server.get("/readyz").json() == {"status": "ready"}
    monkeypatch.setattr(server.service.archive.index.embedder, "loaded", False)
    waiting = server.get("/readyz")
    assert (waiting.status_code, waiting.json()["status"]) == (
        503,
        "not ready: the model is being loaded",
    )
    assert server.get("/healthz").status_code == 200


def test_metrics_count_what_was_answered_and_say_nothing_of_it(server: Served) -> None:
    def counted() -> dict[str, float]:
        lines = [one for one in server.get("/metrics").text.splitlines() if one[0] != "#"]
        return {name: float(value) for name, _, value in (one.rpartition(" ") for one in lines)}

    before = counted()
    server.post("/api/ask", json={"question": "Where is the walrus?"})
    server.post("/api/ask", json={"question": WORTH, "stream": True})
    server.get("/walrus")
    after = counted()
    asked = 'archive_requests_total{route="/api/ask",method="POST",status="200"}'
    assert after[asked] - before.get(asked, 0) == 2
    for outcome in ("answered", "declined"):
        name = f'archive_questions_total{{outcome="{outcome}"}}'
        assert after[name] - before[name] == 1
    assert after["archive_documents"] == len(server.service.archive.entries())
    assert after['archive_request_seconds_count{route="/api/ask"}'] >= 2
    assert "walrus" not in server.get("/metrics").text


def test_a_line_of_json_tells_of_each_request_and_not_what_was_asked(
    server: Served, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = logging.getLogger("assistant.serve.observed")
    for name in ("level", "propagate", "handlers"):
        value = getattr(logger, name)
        monkeypatch.setattr(logger, name, [*value] if name == "handlers" else value)
    log_requests()
    asked = server.post("/api/ask", json={"question": "Where is the walrus?"})
    server.get("/api/documents/walrus")
    refused = server.get("/walrus", headers={"host": "evil.example"})
    written: list[str] = []

    def all_told() -> bool:  # a line is written when its answer is sent, so it may come after it
        written.extend(capfd.readouterr().err.splitlines())
        return len(written) >= 3

    wait_until(all_told)
    lines = [json.loads(one) for one in written]
    logger.setLevel(logging.NOTSET)
    told = [(one["method"], one["route"], one["status"], one["user"]) for one in lines]
    assert told == [
        ("POST", "/api/ask", 200, None),
        ("GET", "/api/documents/{document_id:path}", 404, None),
        ("GET", "other", 403, None),
    ]
    ids = [asked.headers["x-request-id"], refused.headers["x-request-id"]]
    assert [lines[0]["id"], lines[2]["id"]] == ids
    assert "walrus" not in json.dumps(lines)


def test_the_schema_has_an_example_of_each_answer_that_is_like_a_real_one(server: Served) -> None:
    schema = server.get("/openapi.json").json()
    assert {path for path in schema["paths"] if not path.startswith("/v1")} == {
        "/api/ask",
        "/api/search",
        "/api/documents",
        "/api/documents/from-web",
        "/api/documents/{document_id}",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    told = LocalClient(server.service.archive).ask(WORTH)
    assert examples.ANSWER.keys() == told.keys()
    assert examples.ANSWER["citations"][0].keys() == told["citations"][0].keys()
    assert examples.ANSWER["hits"][0].keys() == told["hits"][0].keys()
    assert examples.ENTRY.keys() == server.get("/api/documents").json()[0].keys()
    assert set(schema["components"]["schemas"]["AskJson"]["properties"]) >= told.keys()
    tried = 0
    for path, ways in schema["paths"].items():
        for body in ways.get("post", {}).get("requestBody", {}).get("content", {}).values():
            for name, example in body.get("examples", {}).items():
                if path != "/api/documents/from-web":  # nothing is fetched from elsewhere here
                    assert server.post(path, json=example["value"]).status_code == 200, name
                tried += 1
    assert tried == 7


def test_the_text_of_a_document_is_the_one_quoted_from(server: Served) -> None:
    text = server.get("/api/documents/ferry").json()["text"]
    told = server.post("/api/ask", json={"question": WORTH}).json()
    for one in told["citations"]:
        if one["document_id"] == "ferry":
            assert text[one["start"] : one["end"]] == one["quote"]
            assert one["quote"] in FERRY
