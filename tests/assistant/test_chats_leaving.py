from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistant.chats import Chats
from assistant.kept import NewTurn

CHAT, READER = "c" * 32, "r" * 64


@pytest.fixture
def chats(tmp_path: Path) -> Chats:
    kept = Chats(tmp_path / "chats.sqlite")
    kept.keep(CHAT, READER, NewTurn("Why?", {"answer": "So."}, "So."))
    return kept


def test_what_is_undone_stays(chats: Chats) -> None:
    chats.leaving.begin(CHAT, READER, seconds=60)
    assert CHAT in chats.leaving
    assert not chats.leaving.undo(CHAT, "x" * 64)
    assert chats.leaving.undo(CHAT, READER)
    assert not chats.leaving.undo(CHAT, READER)
    chats.leaving.end(CHAT)
    assert [one.id for one in chats.list(READER)] == [CHAT]


def test_it_goes_by_itself(chats: Chats) -> None:
    chats.leaving.begin(CHAT, READER, seconds=0.05)
    for _ in range(200):
        if not chats.list(READER):
            break
        time.sleep(0.02)
    assert chats.list(READER) == ()
    assert CHAT not in chats.leaving


def test_closing_deletes_what_is_to_be_deleted(chats: Chats, tmp_path: Path) -> None:
    chats.leaving.begin(CHAT, READER, seconds=60)
    chats.close()
    assert Chats(tmp_path / "chats.sqlite").list(READER) == ()


def test_nobody_deletes_what_is_somebody_elses(chats: Chats) -> None:
    chats.leaving.begin(CHAT, "x" * 64, seconds=60)
    chats.leaving.end(CHAT)
    assert [one.id for one in chats.list(READER)] == [CHAT]
