"""Kept conversations in backups: whole while turns are being kept, and damaged ones too."""

from __future__ import annotations

import threading
from pathlib import Path

from assistant.archive import Archive
from assistant.backup import make_backup
from assistant.chats import Chats
from assistant.client import LocalClient
from assistant.home import Home
from assistant.kept import NewTurn
from assistant.restore import restore_backup
from assistant.settings import Settings

from ..fakes import BagOfStems
from .archives import members_of

ONE, ANNE = "1" * 32, "a" * 64


def keep(chats: Chats, number: int) -> None:
    chats.keep(ONE, ANNE, NewTurn(f"Question {number}?", {"answer": "x" * 4000}, "shown"))


def test_a_backup_has_the_conversations_of_one_moment(home: Home, tmp_path: Path) -> None:
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        for number in range(20):
            keep(archive.chats, number)
        stop = threading.Event()
        kept = [20]

        def go_on() -> None:
            while not stop.is_set():
                keep(archive.chats, kept[0])
                kept[0] += 1

        thread = threading.Thread(target=go_on)
        thread.start()
        made = LocalClient(archive).backup(str(tmp_path / "b.zip"))
        stop.set()
        thread.join()
        assert made["left_out"] == []
        assert len(archive.chats.open(ONE).turns) == kept[0]
    chats = Chats(restore_backup(tmp_path / "b.zip", tmp_path / "new").home.state / "chats.sqlite")
    numbers = [int(turn.question.split()[1][:-1]) for turn in chats.open(ONE).turns]
    assert 20 <= len(numbers) <= kept[0]
    assert numbers == list(range(len(numbers)))
    keep(chats, 0)
    chats.close()


def test_damaged_conversations_are_set_aside_and_backed_up_as_they_are(
    home: Home, tmp_path: Path
) -> None:
    broken = b"SQLite format 3\x00" + b"?" * 5000
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        (home.state / "chats.sqlite").write_bytes(broken)
        made = LocalClient(archive).backup(str(tmp_path / "b.zip"))
        assert made["left_out"] == []
    members = members_of(tmp_path / "b.zip")
    [name] = [one for one in members if "chats.sqlite.damaged-" in one]
    assert members[name] == broken
    restored = restore_backup(tmp_path / "b.zip", tmp_path / "new").home
    [again] = restored.state.glob("chats.sqlite.damaged-*")
    assert again.read_bytes() == broken


def test_a_damaged_file_of_somebody_does_not_cost_the_backup(home: Home, tmp_path: Path) -> None:
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        (home.state / "notes.sqlite").write_bytes(b"no database" * 900)
        made = make_backup(home, archive.index.catalogue.file, tmp_path / "b.zip")
    assert [(one.path, one.reason) for one in made.manifest.left_out] == [
        ("var/notes.sqlite", "it is damaged")
    ]
    assert restore_backup(tmp_path / "b.zip", tmp_path / "new").manifest.documents == 3
