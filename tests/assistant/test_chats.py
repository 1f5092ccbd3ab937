"""Kept conversations: real SQLite, real files."""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import chats_file
from assistant.chats import LONGEST_TITLE, Chats, title_of
from assistant.kept import EVERYBODY, Feedback, NewTurn
from corpus.errors import ChatsFailure, UnknownChat, UsageError

from .program import ROOT

ANNE, BO = "a" * 64, "b" * 64
ONE, TWO = "1" * 32, "2" * 32
MADE_WITH = {"schema": "3", "model": "all-MiniLM-L6-v2 fp32"}


def turn(question: str = "What is it?", answer: str = "A ferry. [1]", **more: object) -> NewTurn:
    citation = {"marker": 1, "quote": "A ferry.", "document_id": "d", "sha256": "ab", "start": 0}
    said = {"question": question, "answer": answer, "citations": [citation]}
    return NewTurn(question, said, f"shown {answer}", recipe="r", made_with=MADE_WITH, **more)  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "chats.sqlite"


@pytest.fixture
def chats(file: Path) -> Iterator[Chats]:
    kept = Chats(file)
    yield kept
    kept.close()


@pytest.fixture(params=["file", "database"])
def either(request: pytest.FixtureRequest, file: Path) -> Iterator[Chats]:
    """Conversations in a file, and in a database that hosts share."""
    address = request.getfixturevalue("database") if request.param == "database" else ""
    kept = Chats(file, address)
    yield kept
    kept.close()


def test_a_conversation_comes_back_as_it_was_kept(chats: Chats, file: Path) -> None:
    assert chats.list(ANNE) == ()
    assert not file.exists()
    first = chats.keep(ONE, ANNE, turn("What is  the\nferry?", filters={"sources": ["The Post"]}))
    second = chats.keep(ONE, ANNE, turn("And when?", "In 2031. [1]"))
    chats.close()
    again = Chats(file)
    found = again.open(ONE, ANNE)
    assert (found.chat.title, found.chat.turns) == ("What is the ferry?", 2)
    assert [one.id for one in found.turns] == [first, second]
    assert found.turns[0].question == "What is  the\nferry?"
    assert found.turns[0].filters == {"sources": ["The Post"]}
    assert found.turns[1].answer == turn("And when?", "In 2031. [1]").answer
    assert found.turns[1].shown == "shown In 2031. [1]"
    assert (found.turns[1].recipe, found.turns[1].made_with) == ("r", MADE_WITH)
    assert all(one.sound for one in found.turns)
    assert again.list(ANNE) == (found.chat,)
    again.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_reader_sees_and_changes_only_their_own(either: Chats) -> None:
    kept = either.keep(ONE, ANNE, turn())
    either.keep(TWO, BO, turn("Who?"))
    assert [one.id for one in either.list(BO)] == [TWO]
    assert either.list("") == ()
    for act in (
        lambda: either.open(ONE, BO),
        lambda: either.open(ONE, ""),
        lambda: either.rename(ONE, "mine", BO),
        lambda: either.delete([ONE], BO),
        lambda: either.judge(ONE, kept, Feedback("good"), BO),
        lambda: either.judge(TWO, kept, Feedback("good"), BO),
        lambda: either.keep(ONE, BO, turn("Let me in")),
    ):
        with pytest.raises(UnknownChat):
            act()
    assert {one.id for one in either.list(EVERYBODY)} == {ONE, TWO}
    assert either.open(ONE, ANNE).chat.turns == 1


@pytest.mark.parametrize("chat", ["", "x" * 32, "1" * 31, "../../etc/passwd"])
def test_an_id_that_no_page_makes_is_refused(either: Chats, chat: str) -> None:
    with pytest.raises(UsageError):
        either.keep(chat, ANNE, turn())


def test_the_latest_conversation_is_first(either: Chats) -> None:
    either.keep(ONE, ANNE, turn())
    time.sleep(0.002)
    either.keep(TWO, ANNE, turn())
    assert [one.id for one in either.list(ANNE)] == [TWO, ONE]
    time.sleep(0.002)
    either.keep(ONE, ANNE, turn())
    assert [one.id for one in either.list(ANNE)] == [ONE, TWO]


def test_a_title_is_cut_and_cleaned(either: Chats) -> None:
    either.keep(ONE, ANNE, turn("word " * 100))
    assert len(either.list(ANNE)[0].title) <= 70
    assert either.rename(ONE, "  The\x1b[31m\nferry  ") == "The [31m ferry"
    assert len(either.rename(ONE, "long " * 200)) <= LONGEST_TITLE
    assert either.rename(ONE, "x" * 900) == "x" * (LONGEST_TITLE - 1) + "…"
    with pytest.raises(UsageError, match="empty"):
        either.rename(ONE, " \n")
    assert title_of("x" * 900) == "x" * 69 + "…"


def test_asking_again_replaces_a_turn_and_keeps_what_was_judged(either: Chats) -> None:
    plain = either.keep(ONE, ANNE, turn("Why?", "Because."))
    judged = either.keep(ONE, ANNE, turn("Why?", "So."), replaces=plain)
    assert [one.id for one in either.open(ONE).turns] == [judged]
    either.judge(ONE, judged, Feedback("bad", comment="That says nothing."))
    last = either.keep(ONE, ANNE, turn("Why?", "The flood."), replaces=judged)
    assert [one.id for one in either.open(ONE).turns] == [last]
    [(chat, found)] = either.judged()
    assert (chat, found.id, found.replaced) == (ONE, judged, True)


def test_nobody_replaces_a_turn_of_another_conversation(either: Chats) -> None:
    mine = either.keep(ONE, ANNE, turn())
    either.keep(TWO, BO, turn(), replaces=mine)
    assert either.open(ONE).chat.turns == 1


def test_the_last_verdict_counts_and_can_be_taken_back(either: Chats) -> None:
    kept = either.keep(ONE, ANNE, turn())
    either.judge(ONE, kept, Feedback("good"), ANNE)
    either.judge(ONE, kept, Feedback("bad", comment=" Wrong year. "), ANNE)
    either.judge(ONE, kept, Feedback("wrong citation", 1, "Another ferry."), ANNE)
    said = [(one.verdict, one.marker, one.comment) for one in either.open(ONE).turns[0].feedback]
    assert said == [("bad", None, "Wrong year."), ("wrong citation", 1, "Another ferry.")]
    either.take_back(ONE, kept, reader=ANNE)
    assert [one.marker for one in either.open(ONE).turns[0].feedback] == [1]
    with pytest.raises(UnknownChat, match="no citation 2"):
        either.judge(ONE, kept, Feedback("wrong citation", 2), ANNE)
    with pytest.raises(UsageError, match="2,000"):
        either.judge(ONE, kept, Feedback("bad", comment="x" * 2_001), ANNE)


def words_in(folder: Path, words: list[str]) -> list[str]:
    held = b"".join(one.read_bytes() for one in folder.iterdir())
    return [one for one in words if one.encode() in held]


@pytest.mark.slow
def test_nothing_of_what_was_deleted_is_left_in_the_files(file: Path) -> None:
    rng, chats = random.Random(1), Chats(file)
    live: dict[str, list[str]] = {}
    dead: list[str] = []

    def word(kind: str) -> str:
        return f"{kind}{rng.getrandbits(64):016x}"

    for _ in range(80):
        act = rng.random()
        if act < 0.6 or not live:
            chat = f"{rng.getrandbits(128):032x}" if act < 0.3 or not live else rng.choice([*live])
            asked, said, comment = word("asked"), word("said"), word("comment")
            number = chats.keep(chat, ANNE, turn(asked, said * rng.choice([1, 9, 90, 900])))
            if act < 0.5:
                chats.judge(chat, number, Feedback("bad", comment=comment))
            else:
                comment = asked
            live[chat] = [*live.get(chat, []), asked, said, comment]
        elif act < 0.75:
            chat = rng.choice([*live])
            title = word("title")
            chats.rename(chat, title)
            dead += [one for one in live[chat] if one.startswith("title")]
            live[chat] = [*(one for one in live[chat] if not one.startswith("title")), title]
        else:
            chat = rng.choice([*live])
            chats.delete([chat])
            dead += [chat, *live.pop(chat)]
        assert words_in(file.parent, dead) == []
    alive = [one for words in live.values() for one in words]
    assert len(dead) > 30
    assert words_in(file.parent, alive) == alive
    chats.close()


def test_a_kill_between_deleting_and_wiping_leaves_no_trace(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chats = Chats(file)
    for number in range(9):
        chats.keep(f"{number:032x}", ANNE, turn(f"secret{number} {'x' * 3000}"))
    secrets = [f"secret{number}" for number in range(9)]
    monkeypatch.setattr(chats_file, "_wipe", lambda connection, *, anew: None)
    chats.delete([f"{number:032x}" for number in range(9)])
    left = {one.name: one.read_bytes() for one in file.parent.iterdir()}
    chats.close()
    monkeypatch.undo()
    for name, data in left.items():  # as the kill left them
        (file.parent / name).write_bytes(data)
    assert words_in(file.parent, secrets), "the log still has them, else this tests nothing"
    again = Chats(file)
    assert again.list(EVERYBODY) == ()
    assert words_in(file.parent, secrets) == []
    again.close()


def test_old_conversations_expire(either: Chats) -> None:
    either.keep(ONE, ANNE, turn())
    assert (either.expire(1), len(either.list(ANNE))) == (0, 1)
    with either._file.writing() as connection:
        connection.execute("UPDATE chats SET changed = '2020-01-01T00:00:00.000+00:00'")
    either.keep(TWO, ANNE, turn())
    assert (either.expire(30), [one.id for one in either.list(ANNE)]) == (1, [TWO])


def test_turns_that_end_at_the_same_moment_are_all_kept(either: Chats) -> None:
    failed: list[BaseException] = []

    def ask(number: int) -> None:
        try:
            for step in range(20):
                either.keep(ONE if step % 2 else TWO, ANNE, turn(f"{number} {step}"))
                either.list(ANNE)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    asked = [one.question for chat in (ONE, TWO) for one in either.open(chat).turns]
    assert sorted(asked) == sorted(f"{n} {step}" for n in range(8) for step in range(20))


KEEPING = """
import sys
from pathlib import Path
from assistant.chats import Chats
from assistant.kept import NewTurn
chats = Chats(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 1_000_000):
    said = {"answer": str(number) * 500}
    chats.keep("1" * 32, "a" * 64, NewTurn(str(number), said, "shown", recipe="r"))
    print(number, flush=True)
"""


@pytest.mark.slow
def test_a_kill_loses_no_turn_that_was_finished(file: Path) -> None:
    rng, asked = random.Random(5), 0
    for _ in range(12):
        command = [sys.executable, "-c", KEEPING, str(file), str(asked)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(rng.uniform(0, 0.05))
            process.send_signal(signal.SIGKILL)
            # What was being printed when the kill came may be cut short.
            lines = (first + process.stdout.read()).split("\n")[:-1]
        finished = int(lines[-1])
        kept = Chats(file)
        numbers = [int(one.question) for one in kept.open(ONE).turns]
        kept.close()
        assert numbers == list(range(len(numbers)))
        assert finished < len(numbers) <= finished + 2
        asked = len(numbers)


def test_a_damaged_file_is_set_aside_and_never_deleted(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chats = Chats(file)
    for number in range(50):
        chats.keep(f"{number:032x}", ANNE, turn("x" * 2000))
    chats.close()
    broken = bytearray(file.read_bytes())
    broken[4096:12_288] = os.urandom(8192)
    file.write_bytes(broken)
    with caplog.at_level(logging.ERROR):
        again = Chats(file)
        assert again.keep(ONE, ANNE, turn()) == 1
    [aside] = [one for one in file.parent.iterdir() if "damaged" in one.name]
    assert aside.read_bytes() == broken
    assert str(aside) in again.remark
    assert "nothing of it is deleted" in caplog.text
    assert [one.id for one in again.list(ANNE)] == [ONE]
    again.close()


@pytest.mark.parametrize(
    "held", [b"not a database at all" * 400, b"SQLite format 3\x00" + b"?" * 99]
)
def test_a_file_of_something_else_is_set_aside(file: Path, held: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(held)
    chats = Chats(file)
    assert chats.list(ANNE) == ()
    [aside] = [one for one in file.parent.iterdir() if "damaged" in one.name]
    assert aside.read_bytes() == held
    chats.close()


def test_damage_that_shows_while_the_chat_runs_costs_one_error(chats: Chats, file: Path) -> None:
    chats.keep(ONE, ANNE, turn())
    with chats._file.writing() as connection:
        connection.execute("DROP TABLE feedback")
    with pytest.raises(ChatsFailure, match=r"set aside as .*chats\.sqlite\.damaged-"):
        chats.open(ONE)
    assert chats.keep(TWO, ANNE, turn()) == 1
    assert [one.id for one in chats.list(ANNE)] == [TWO]


def test_a_flipped_byte_in_an_answer_is_noticed(either: Chats) -> None:
    either.keep(ONE, ANNE, turn())
    with either._file.writing() as connection:
        connection.execute("UPDATE turns SET answer = replace(answer, 'ferry', 'fairy')")
    [found] = either.open(ONE).turns
    assert (found.sound, found.answer, found.shown) == (False, {}, "")


def test_a_file_of_a_newer_release_is_left_as_it_is(chats: Chats, file: Path) -> None:
    chats.keep(ONE, ANNE, turn())
    chats.close()
    with sqlite3.connect(file) as connection:
        connection.execute(f"PRAGMA user_version = {chats_file.SCHEMA_VERSION + 1}")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(ChatsFailure, match="newer release"):
        chats.list(ANNE)
    assert file.read_bytes() == before
    assert {one.name for one in file.parent.iterdir()} <= {"chats.sqlite", "chats.sqlite-wal"}


def test_an_older_file_is_brought_up(
    chats: Chats, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chats.keep(ONE, ANNE, turn())
    chats.close()
    monkeypatch.setattr(chats_file, "SCHEMA_VERSION", chats_file.SCHEMA_VERSION + 1)
    step = {chats_file.SCHEMA_VERSION - 1: "ALTER TABLE chats ADD COLUMN pinned INTEGER"}
    monkeypatch.setattr(chats_file, "UPGRADES", step)
    assert chats.open(ONE).chat.turns == 1
    with chats._file.reading() as connection:
        assert connection.execute("SELECT pinned FROM chats").fetchall() == [(None,)]
        now = connection.execute("PRAGMA user_version").fetchone()
        assert now == (chats_file.SCHEMA_VERSION,)


@pytest.mark.slow
def test_a_file_that_another_program_has_costs_a_sentence(chats: Chats, file: Path) -> None:
    chats.keep(ONE, ANNE, turn())
    chats.close()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ChatsFailure, match="in use by another program"):
        chats.list(ANNE)
    other.close()
    assert len(chats.list(ANNE)) == 1


def test_half_characters_of_a_model_do_not_cost_the_turn(either: Chats) -> None:
    either.keep(ONE, ANNE, turn(answer="half \ud800 a character"))
    [found] = either.open(ONE).turns
    assert json.dumps(found.answer["answer"]) == '"half ? a character"'
