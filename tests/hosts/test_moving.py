"""A home that moves to a database, with what people keep in it, and out of it again."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.accounts import ACCOUNTS, Accounts
from assistant.chats import CHATS, Chats
from assistant.kept import Feedback, NewTurn
from assistant.settings import load_settings

from ..assistant.program import fast
from ..assistant.small_corpus import WORTH, write_home

CHAT, READER = "1" * 32, "2" * 64
DECLINED = NewTurn("Who flies?", {"abstained": True, "citations": []}, "shown", recipe="r")


def kept(chats: Chats) -> object:
    """Return what is kept, but for the numbers of turns."""
    told = chats.open(CHAT)
    turns = [
        (one.asked, one.question, one.answer, one.feedback, one.recipe, one.wish)
        for one in told.turns
    ]
    return told.chat, turns, [(one.question, one.comment) for one in chats.wishes.list()]


def test_conversations_and_accounts_move_with_a_home(tmp_path: Path, database: str) -> None:
    home = write_home(tmp_path / "old")
    at = ("--home", str(home.root))
    assert fast("users", "add", "ada", "--no-password", *at).code == 0
    token = fast("users", "token", "ada", *at).out.strip()
    chats = Chats(home.state / CHATS)
    turn = chats.keep(CHAT, READER, DECLINED)
    chats.judge(CHAT, turn, Feedback("bad", None, "Nobody flies.", ""))
    chats.wishes.make(CHAT, turn, "Who does?")
    before = kept(chats)
    chats.close()
    suite = tmp_path / "suite.jsonl"
    suite.write_text(json.dumps({"question": WORTH}))
    new, back = tmp_path / "new", tmp_path / "back"

    done = fast("migrate", "--to", database, "--to", str(new), "--suite", str(suite), *at)
    assert (done.code, done.err) == (0, "")
    assert "Its database is at postgresql://" in done.out
    assert "cret" not in done.out
    assert load_settings(new / "assistant.toml").database == database
    assert Accounts(new / "var" / ACCOUNTS, database).by_token(token) is not None
    there = Chats(new / "var" / CHATS, database)
    assert kept(there) == before
    there.close()
    assert not [*new.glob(f"var/{CHATS}*"), *new.glob(f"var/{ACCOUNTS}*")]
    asked = ("ask", WORTH, "--home")
    assert fast(*asked, str(new)).out == fast(*asked, str(home.root)).out

    done = fast("migrate", "--to", str(back), "--suite", str(suite), "--home", str(new))
    assert (done.code, done.err) == (0, "")
    again = Chats(back / "var" / CHATS)
    assert kept(again) == before
    again.close()
    assert Accounts(back / "var" / ACCOUNTS).by_token(token) is not None
    assert load_settings(back / "assistant.toml").database == ""
