from __future__ import annotations

import dataclasses
import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.dispatch import dispatch
from assistant.home import Home, make_home
from assistant.owner import Owner, Ownership, busy, is_alive, read_owner
from assistant.remote import RemoteClient
from assistant.wire import value_of
from corpus import errors
from corpus.errors import ArchiveError, HomeBusy, IndexFailure
from index.entries import ProgressListener


def echo(call: str, arguments: dict[str, Any], tell: ProgressListener) -> Any:
    """Answer with what was asked; a call named after an error raises it."""
    if call == "break":
        raise ValueError("a secret of the inside")
    if hasattr(errors, call):
        raise getattr(errors, call)(arguments["message"])
    return {"call": call, "arguments": arguments}


@pytest.fixture
def empty_home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


@pytest.fixture
def ownership(empty_home: Home) -> Iterator[Ownership]:
    held = Ownership(empty_home, "assistant chat")
    held.answer(echo)
    yield held
    held.release()


@pytest.fixture
def owner(empty_home: Home, ownership: Ownership) -> Owner:
    found = read_owner(empty_home)
    assert found is not None
    return found


def request(owner: Owner, call: str, **arguments: Any) -> bytes:
    asked = {"token": owner.token, "call": call, "arguments": arguments}
    return json.dumps(asked).encode() + b"\n"


def sent(owner: Owner, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", owner.port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as reply:
            return reply.readline()


def refusal(owner: Owner, data: bytes) -> str:
    with pytest.raises(ArchiveError) as error:
        value_of(sent(owner, data))
    assert type(error.value) is ArchiveError
    return str(error.value)


def test_one_process_holds_a_home_and_a_second_is_refused_at_once(empty_home: Home) -> None:
    first = Ownership(empty_home, "assistant chat")
    start = time.monotonic()
    with pytest.raises(HomeBusy, match="another process has this home open"):
        Ownership(empty_home, "assistant ask")
    assert time.monotonic() - start < 1
    first.release()
    Ownership(empty_home, "assistant ask").release()


def test_the_owners_file_is_for_its_user_alone_and_says_who_it_is(
    empty_home: Home, ownership: Ownership
) -> None:
    file = empty_home.state / "owner.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = read_owner(empty_home)
    assert found is not None
    assert found == Owner(os.getpid(), "assistant chat", found.port, found.token)
    assert len(found.token) == 64
    assert is_alive(found)


def test_the_owners_file_stays_private_when_the_address_is_announced(
    empty_home: Home, owner: Owner, ownership: Ownership
) -> None:
    ownership.announce("http://127.0.0.1:7860")
    assert read_owner(empty_home) == dataclasses.replace(owner, url="http://127.0.0.1:7860")
    assert stat.S_IMODE((empty_home.state / "owner.json").stat().st_mode) == 0o600


def test_it_listens_on_this_machine_only(owner: Owner) -> None:
    others = {
        address[4][0]
        for address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        if not str(address[4][0]).startswith("127.")
    }
    for address in others:
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((str(address), owner.port), timeout=2)
    with socket.create_connection(("127.0.0.1", owner.port), timeout=2) as connection:
        assert connection.getpeername()[0] == "127.0.0.1"


def test_a_call_is_answered_with_a_value(owner: Owner) -> None:
    assert value_of(sent(owner, request(owner, "ask", question="Wo? ₂ \ud800"))) == {
        "call": "ask",
        "arguments": {"question": "Wo? ₂ \ud800"},
    }


@pytest.mark.parametrize("token", ["", "0" * 64, None, 7, ["x"], "tokén"])
def test_a_wrong_token_is_refused(owner: Owner, token: object) -> None:
    asked = {"token": token, "call": "ask", "arguments": {}}
    assert refusal(owner, json.dumps(asked).encode() + b"\n") == (
        "that request carries a wrong token: run the command again"
    )


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\n",
        b"\xff\xfe\n",
        b"[]\n",
        b"null\n",
        b'"text"\n',
        b'{"token": "x"}\n',
        b'{"token": "x", "call": "ask"}\n',
        b'{"token": \n',
        b"[" * 100_000 + b"\n",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_garbage_is_refused_and_the_next_call_is_answered(owner: Owner, data: bytes) -> None:
    assert refusal(owner, data) == "that request could not be read: run the command again"
    assert value_of(sent(owner, request(owner, "list"))) == {"call": "list", "arguments": {}}


def test_a_connection_that_says_nothing_is_closed_without_a_word(owner: Owner) -> None:
    assert sent(owner, b"") == b""


def test_a_request_longer_than_the_limit_is_refused(owner: Owner) -> None:
    long = request(owner, "ask", question="why " * 3_000_000)
    with socket.create_connection(("127.0.0.1", owner.port), timeout=10) as connection:
        try:
            connection.sendall(long)
            with connection.makefile("rb") as reply:
                line = reply.readline()
        except ConnectionError:
            line = b""  # it hung up while the rest was still on its way
    if line:
        with pytest.raises(ArchiveError, match="could not be read"):
            value_of(line)
    assert value_of(sent(owner, request(owner, "list"))) == {"call": "list", "arguments": {}}


ERRORS = sorted(
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, ArchiveError)
)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_of_the_tree_crosses_as_the_same_class_with_the_same_message(
    owner: Owner, name: str
) -> None:
    message = "no document has the id 'ʟöwe': 'assistant list' shows them"
    with pytest.raises(ArchiveError) as error:
        value_of(sent(owner, request(owner, name, message=message)))
    assert (type(error.value).__name__, str(error.value)) == (name, message)


def test_an_unforeseen_error_crosses_without_its_insides(owner: Owner) -> None:
    assert refusal(owner, request(owner, "break")) == (
        "'break' failed in the process that has the home open (ValueError): its log has the details"
    )


@pytest.mark.parametrize("call", ["", "close", "__init__", "_call", "ask.im_class"])
def test_only_the_clients_calls_may_be_made(owner: Owner, call: str) -> None:
    with pytest.raises(ArchiveError, match=r"the call .* is unknown: are two versions installed\?"):
        dispatch(RemoteClient(owner), call, {})


def test_a_call_under_way_is_finished_when_the_owner_stops(empty_home: Home) -> None:
    started, may_end = threading.Event(), threading.Event()

    def slow(call: str, arguments: dict[str, Any], tell: ProgressListener) -> str:
        started.set()
        assert may_end.wait(10)
        return "finished"

    held = Ownership(empty_home, "assistant chat")
    held.answer(slow)
    owner = read_owner(empty_home)
    assert owner is not None
    with ThreadPoolExecutor(2) as pool:
        reply = pool.submit(sent, owner, request(owner, "sync"))
        assert started.wait(10)
        stopped = pool.submit(held.release)
        time.sleep(0.2)
        assert not stopped.done()
        may_end.set()
        stopped.result(10)
        assert value_of(reply.result(10)) == "finished"
    assert read_owner(empty_home) is None
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", owner.port), timeout=2)


def test_a_connection_that_breaks_off_leaves_the_owners_terminal_alone(
    empty_home: Home, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    asked, hung_up = threading.Event(), threading.Event()

    def big(call: str, arguments: dict[str, Any], tell: ProgressListener) -> str:
        asked.set()
        assert hung_up.wait(10)
        return "x" * 20_000_000

    held = Ownership(empty_home, "assistant chat")
    held.answer(big)
    owner = read_owner(empty_home)
    assert owner is not None
    connection = socket.create_connection(("127.0.0.1", owner.port), timeout=10)
    connection.sendall(request(owner, "show"))
    assert asked.wait(10)
    connection.close()
    hung_up.set()
    held.release()
    assert capfd.readouterr() == ("", "")
    assert [record.message for record in caplog.records] == [
        "a call from another process broke off"
    ]


def test_many_clients_are_answered_at_once(empty_home: Home) -> None:
    together = threading.Barrier(20, timeout=20)

    def wait_for_all(call: str, arguments: dict[str, Any], tell: ProgressListener) -> Any:
        together.wait()
        return arguments["number"]

    held = Ownership(empty_home, "assistant chat")
    held.answer(wait_for_all)
    owner = read_owner(empty_home)
    assert owner is not None
    with ThreadPoolExecutor(20) as pool:
        replies = pool.map(lambda n: sent(owner, request(owner, "ask", number=n)), range(20))
        assert [value_of(reply) for reply in replies] == list(range(20))
    held.release()


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_what_a_dead_process_left_is_not_taken_for_an_owner(empty_home: Home) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        stale = Owner(dead_process(), "assistant chat", free.getsockname()[1], "0" * 64)
        file = empty_home.state / "owner.json"
        file.write_text(json.dumps(dataclasses.asdict(stale)), encoding="utf-8")
        assert read_owner(empty_home) == stale
        assert not is_alive(stale)
        free.listen()  # another program may have taken the port since
        assert not is_alive(stale)
    Ownership(empty_home, "assistant ask").release()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "3", '{"pid": 1}', '{"colour": 1}', "\udcff"]
)
def test_a_broken_owners_file_is_no_owner(empty_home: Home, text: str) -> None:
    file = empty_home.state / "owner.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert read_owner(empty_home) is None
    assert str(busy(empty_home)) == (
        f"another process has {empty_home.root} open and does not answer: wait for it or end it"
    )
    Ownership(empty_home, "assistant ask").release()


@pytest.mark.parametrize(
    ("url", "end"),
    [
        ("http://127.0.0.1:7860", "is open already in {}: its chat is at http://127.0.0.1:7860"),
        (None, "is open in {}: wait until that is done, or end it"),
    ],
)
def test_a_busy_home_names_who_has_it_and_where(
    empty_home: Home, ownership: Ownership, url: str | None, end: str
) -> None:
    if url:
        ownership.announce(url)
    who = f"'assistant chat' (process {os.getpid()})"
    assert str(busy(empty_home)) == f"{empty_home.root} {end.format(who)}"


def test_an_owner_that_is_gone_is_named(owner: Owner, ownership: Ownership) -> None:
    ownership.stop_answering()
    with pytest.raises(HomeBusy) as error:
        RemoteClient(owner).list()
    assert str(error.value) == (
        f"'assistant chat' (process {os.getpid()}), which had this home open, did not answer: run "
        "the command again"
    )


def test_an_owners_file_that_cannot_be_written_is_named_and_the_home_let_go(
    empty_home: Home,
) -> None:
    (empty_home.state / "owner.json").mkdir()
    with pytest.raises(IndexFailure, match=r"the state folder .*var could not be written"):
        Ownership(empty_home, "assistant chat")
    (empty_home.state / "owner.json").rmdir()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(Ownership(empty_home, "assistant chat").release).result(10)
    Ownership(empty_home, "assistant ask").release()


def test_whoever_opens_a_home_is_named_before_it_answers(empty_home: Home) -> None:
    held = Ownership(empty_home, "assistant add")
    opening = read_owner(empty_home)
    assert opening == Owner(os.getpid(), "assistant add", 0, "")
    assert not is_alive(opening)
    assert f"is open in 'assistant add' (process {os.getpid()}): wait until" in str(
        busy(empty_home)
    )
    held.answer(echo)
    answering = read_owner(empty_home)
    assert answering is not None
    assert is_alive(answering)
    held.stop_answering()
    assert read_owner(empty_home) == opening
    held.release()
    assert read_owner(empty_home) is None


def test_an_owner_that_dies_half_way_through_its_answer_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:

        def die_while_answering() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(b'{"value": [1, 2')

        pool.submit(die_while_answering)
        with pytest.raises(HomeBusy, match=r"did not answer: run the command again"):
            RemoteClient(Owner(1, "assistant chat", server.getsockname()[1], "0" * 64)).list()


def test_a_state_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    home.state.rmdir()
    home.state.write_text("in the way", encoding="utf-8")
    with pytest.raises(IndexFailure, match=r"the state folder .*var could not be written"):
        Ownership(home, "assistant ask")


def test_an_owner_that_stops_does_not_wait_for_a_call_that_goes_on_and_on(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.owner._GOODBYE_SECONDS", 0.2)
    begun, finish = threading.Event(), threading.Event()

    def long_call(call: str, arguments: dict[str, Any], tell: ProgressListener) -> Any:
        begun.set()
        finish.wait(30)

    held = Ownership(empty_home, "assistant chat")
    held.answer(long_call)
    owner = read_owner(empty_home)
    assert owner is not None
    with ThreadPoolExecutor(1) as pool:
        pool.submit(sent, owner, request(owner, "sync"))
        assert begun.wait(10)
        start = time.monotonic()
        held.release()
        assert 0.2 <= time.monotonic() - start < 10
        Ownership(empty_home, "assistant ask").release()
        finish.set()
