"""Wishes: declined questions that a reader asks documents for, from the file to the commands."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from gradio.context import LocalContext

from assistant import chats_file
from assistant.chats import Chats
from assistant.connect import connect, own
from assistant.home import Home
from assistant.kept import LONGEST_COMMENT, Feedback, NewTurn
from assistant.settings import Settings
from assistant.users import USER, Role, User
from assistant.web.wanted import LINES, WishList, wishes_html
from corpus.errors import UnknownChat, UnknownWish, UsageError

from .conftest import Command

ANNE, BO = "a" * 64, "b" * 64
ONE, TWO = "1" * 32, "2" * 32
MISSING = "The documents don't answer this: none of them mentions “zebra”."


def declined(question: str = "Where is the zebra?") -> NewTurn:
    answer = {"question": question, "searched": question, "answer": MISSING, "abstained": True}
    return NewTurn(question, answer, "shown", recipe="r")


def answered() -> NewTurn:
    return NewTurn("Who?", {"answer": "Ann. [1]", "abstained": False}, "shown", recipe="r")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "chats.sqlite"


@pytest.fixture
def chats(file: Path) -> Iterator[Chats]:
    kept = Chats(file)
    yield kept
    kept.close()


def test_a_declined_question_becomes_a_wish_that_is_seen_to(chats: Chats) -> None:
    assert chats.wishes.list() == ()
    turn = chats.keep(ONE, ANNE, declined())
    chats.wishes.make(ONE, turn, "  For a school paper. ", ANNE)
    [wish] = chats.wishes.list()
    assert (wish.id, wish.question, wish.missing) == (turn, "Where is the zebra?", MISSING)
    assert (wish.comment, wish.done) == ("For a school paper.", None)
    assert chats.open(ONE, ANNE).turns[0].wish == "open"
    chats.wishes.settle([turn])
    assert chats.wishes.list() == ()
    [kept] = chats.wishes.list(everything=True)
    assert kept.done is not None
    assert chats.open(ONE, ANNE).turns[0].wish == "done"
    chats.wishes.settle([turn], done=False)
    assert [one.id for one in chats.wishes.list()] == [turn]
    chats.wishes.take_back(ONE, turn, ANNE)
    assert chats.wishes.list(everything=True) == ()
    assert chats.open(ONE, ANNE).turns[0].wish == ""


def test_only_ones_own_declined_questions_can_be_wished_for(chats: Chats) -> None:
    turn = chats.keep(ONE, ANNE, declined())
    other = chats.keep(ONE, ANNE, answered())
    for act in (
        lambda: chats.wishes.make(ONE, turn, "", BO),
        lambda: chats.wishes.make(TWO, turn, "", ANNE),
        lambda: chats.wishes.take_back(ONE, turn, BO),
    ):
        with pytest.raises(UnknownChat):
            act()
    with pytest.raises(UsageError, match="was answered"):
        chats.wishes.make(ONE, other, "", ANNE)
    with pytest.raises(UsageError, match="shorten it"):
        chats.wishes.make(ONE, turn, "x" * (LONGEST_COMMENT + 1), ANNE)
    assert chats.wishes.list(everything=True) == ()
    chats.wishes.make(ONE, turn, "", ANNE)
    with pytest.raises(UnknownWish, match="no wish 99"):
        chats.wishes.settle([turn, 99])
    assert [one.done for one in chats.wishes.list()] == [None]


def test_a_wish_goes_with_its_conversation_and_outlives_the_next_try(
    chats: Chats, file: Path
) -> None:
    turn = chats.keep(ONE, ANNE, declined())
    chats.wishes.make(ONE, turn, "A peculiar reason.", ANNE)
    again = chats.keep(ONE, ANNE, declined(), replaces=turn)
    assert [one.id for one in chats.open(ONE).turns] == [again]
    assert [one.id for one in chats.wishes.list()] == [turn]
    chats.delete([ONE], ANNE)
    assert chats.wishes.list(everything=True) == ()
    chats.close()
    kept = b"".join(one.read_bytes() for one in file.parent.iterdir())
    assert b"peculiar" not in kept


def test_a_file_from_before_wishes_takes_them(chats: Chats, file: Path) -> None:
    turn = chats.keep(ONE, ANNE, declined())
    chats.judge(ONE, turn, Feedback("bad"), ANNE)
    chats.close()
    with sqlite3.connect(file) as connection:
        connection.executescript("DROP TABLE wishes; PRAGMA user_version = 1;")
    connection.close()
    chats.wishes.make(ONE, turn, "", ANNE)
    assert [one.id for one in chats.wishes.list()] == [turn]
    with chats._file.reading() as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (chats_file.SCHEMA_VERSION,)


def test_the_list_for_curators_escapes_what_readers_wrote(chats: Chats) -> None:
    turn = chats.keep(ONE, ANNE, declined("Where is <b>it</b>?"))
    chats.wishes.make(ONE, turn, "<script>", ANNE)
    drawn = wishes_html(chats.wishes.list())
    assert "1 question to find documents for" in drawn
    assert "&lt;b&gt;it&lt;/b&gt;" in drawn
    assert "<script>" not in drawn
    assert wishes_html(()) == ""
    many = chats.wishes.list() * (LINES + 1)
    assert wishes_html(many).count("<li>") == LINES


@pytest.mark.parametrize("role", ["reader", "curator"])
def test_only_curators_see_wishes_and_settle_them(chats: Chats, role: Role) -> None:
    turn = chats.keep(ONE, ANNE, declined())
    chats.wishes.make(ONE, turn, "", ANNE)
    archive: Any = SimpleNamespace(settings=Settings(users="accounts"), chats=chats)
    with gr.Blocks():
        shown = WishList(archive)
    asking: Any = SimpleNamespace(scope={USER: User("anne", role)}, cookies={})
    token = LocalContext.request.set(asking)
    try:
        seen = shown.show()
        settled = shown.settle(SimpleNamespace(_data={"id": turn}))  # type: ignore[arg-type]
    finally:
        LocalContext.request.reset(token)
    assert ("zebra" in seen) == (role == "curator")
    assert ("Undo" in settled) == (role == "curator")
    assert ("may not curate" in settled) == (role == "reader")
    assert bool(chats.wishes.list()) == (role == "reader")


def test_the_commands_list_wishes_and_see_to_them(command: Command, home: Home) -> None:
    at = ("--home", str(home.root))
    assert command("wishes", "list", *at).out.startswith("No wish is open")
    with own(home, command="test") as (archive, _):
        turn = archive.chats.keep(ONE, ANNE, declined())
        archive.chats.wishes.make(ONE, turn, "Please.", ANNE)
    shown = command("wishes", "list", *at).out
    assert "Where is the zebra?" in shown
    assert "“Please.”" in shown
    assert json.loads(command("wishes", "done", str(turn), "--json", *at).out) == {"done": [turn]}
    assert json.loads(command("wishes", "list", "--json", *at).out) == []
    [row] = json.loads(command("wishes", "list", "--all", "--json", *at).out)
    assert (row["id"], row["question"], row["missing"]) == (turn, "Where is the zebra?", MISSING)
    assert row["done"]
    ran = command("wishes", "done", "77", *at)
    assert (ran.code, ran.err.count("\n")) == (3, 1)
    assert "there is no wish 77" in ran.err


def test_the_process_that_owns_the_home_answers_for_wishes(fast: None, home: Home) -> None:
    with own(home, command="test") as (archive, _):
        turn = archive.chats.keep(ONE, ANNE, declined())
        archive.chats.wishes.make(ONE, turn, "", ANNE)
        with connect(home) as client:
            remote: Any = client
            assert type(remote).__name__ == "RemoteClient"
            assert [one["id"] for one in remote.wishes()] == [turn]
            remote.settle_wishes([turn])
            assert remote.wishes() == []
            assert remote.wishes(everything=True)[0]["done"]
            with pytest.raises(UnknownWish):
                remote.settle_wishes([turn + 1])
