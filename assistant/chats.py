"""Kept conversations and feedback: ``var/chats.sqlite``, which is people's own and never made anew.

A conversation belongs to a *reader*: the hash of a secret in a browser. Nobody sees another
reader's; ``EVERYBODY`` stands for the owner of the home, who may see all (the command line).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

from assistant.chats_database import ChatsDatabase
from assistant.chats_file import ChatsFile
from assistant.chats_leaving import Leaving
from assistant.chats_offers import Offers
from assistant.chats_rows import (
    MINE,
    OVERVIEW,
    Rows,
    check_cited,
    insert_turn,
    now,
    replace_turn,
    turns_where,
    unknown,
    unsay,
)
from assistant.chats_wishes import Wishes
from assistant.kept import (
    EVERYBODY,
    Chat,
    Conversation,
    Feedback,
    NewTurn,
    Turn,
    checked_comment,
)
from corpus.errors import ChatsFailure, UsageError

CHATS = "chats.sqlite"
"""The file's name in the state folder."""
LONGEST_TITLE = 120
_SHORT_TITLE = 70
_ID = re.compile(r"[0-9a-f]{32}")


class Chats:
    """Keeps and finds conversations; safe to share between threads. Raises ChatsFailure.

    The file is made when there is something to keep.
    """

    def __init__(self, path: Path, database: str = "") -> None:
        """``database`` is the address of one that keeps them in place of the file."""
        self._file = ChatsDatabase(database) if database else ChatsFile(path)
        self.offers = Offers()
        self.wishes = Wishes(self._file)
        self.leaving = Leaving(self.delete)

    @property
    def remark(self) -> str:
        """A sentence for people where a damaged file was set aside, else empty."""
        return self._file.remark

    def look(self) -> None:
        """Open the file if there is one, so that a damaged one is set aside, where it is kept."""
        with contextlib.suppress(ChatsFailure):
            if self._file.exists():
                with self._file.reading():
                    pass

    def close(self) -> None:
        """Let go of the file, once what is to be deleted is gone."""
        self.leaving.finish()
        self._file.close()

    def list(self, reader: str = EVERYBODY) -> tuple[Chat, ...]:
        """Return a reader's conversations, the one that was gone on with last first."""
        if not self._file.exists():
            return ()
        with self._file.reading() as connection:
            query = f"{OVERVIEW} WHERE {MINE} ORDER BY changed DESC, id"
            return tuple(Chat(*row) for row in connection.execute(query, (reader, reader)))

    def open(self, chat: str, reader: str = EVERYBODY) -> Conversation:
        """Return a conversation with its turns. Raises UnknownChat."""
        if not self._file.exists():
            raise unknown(chat)
        with self._file.reading() as connection:
            query = f"{OVERVIEW} WHERE id = ? AND {MINE}"
            row = connection.execute(query, (chat, reader, reader)).fetchone()
            if row is None:
                raise unknown(chat)
            turns = turns_where(connection, "chat = ? AND replaced = 0", chat)
            return Conversation(Chat(*row), turns)

    def keep(self, chat: str, reader: str, turn: NewTurn, *, replaces: int | None = None) -> int:
        """Add a turn to a conversation, which begins with its first, and return its number.

        It is on disk when this returns. ``replaces`` is the turn that asked the same question
        before; it goes, or, where a reader has judged it, it is no longer shown.
        """
        if not _ID.fullmatch(chat) or not reader:
            raise UsageError("a conversation is named by 32 hexadecimal digits and has a reader")
        with self._file.writing() as connection:
            _begin(connection, chat, reader, turn.question)
            if replaces is not None:
                replace_turn(connection, chat, replaces)
            return insert_turn(connection, chat, turn)

    def rename(self, chat: str, title: str, reader: str = EVERYBODY) -> str:
        """Give a conversation a title, and return it as it is kept. Raises UnknownChat."""
        plain = _shortened(title, LONGEST_TITLE)
        if not plain:
            raise UsageError("the title is empty: type a name for the conversation")
        with self._file.deleting() as connection:  # the old title may say what it should not
            query = f"UPDATE chats SET title = ? WHERE id = ? AND {MINE}"
            if not connection.execute(query, (plain, chat, reader, reader)).rowcount:
                raise unknown(chat)
        return plain

    def delete(self, chats: Sequence[str], reader: str = EVERYBODY) -> None:
        """Delete conversations with their feedback; nothing of them is left in the files.

        Raises UnknownChat, and then none is deleted.
        """
        with self._file.deleting(anew=True) as connection:
            for chat in chats:
                query = f"DELETE FROM chats WHERE id = ? AND {MINE}"
                if not connection.execute(query, (chat, reader, reader)).rowcount:
                    raise unknown(chat)
            used = "SELECT recipe FROM turns"
            connection.execute(f"DELETE FROM recipes WHERE recipe NOT IN ({used})")

    def hand_over(self, chats: Sequence[str], reader: str) -> None:
        """Let conversations, or without any named all, belong to a reader from now on."""
        with self._file.writing() as connection:
            if not chats:
                connection.execute("UPDATE chats SET reader = ?", (reader,))
            for chat in chats:
                connection.execute("UPDATE chats SET reader = ? WHERE id = ?", (reader, chat))

    def expire(self, days: int) -> int:
        """Delete what was not gone on with for so many days; return how many conversations."""
        if not self._file.exists():
            return 0
        before = (self._file.now() - dt.timedelta(days=days)).isoformat(timespec="seconds")
        with self._file.reading() as connection:
            query = "SELECT id FROM chats WHERE changed < ?"
            old = [str(row[0]) for row in connection.execute(query, (before,))]
        if old:
            self.delete(old)
        return len(old)

    def judge(self, chat: str, turn: int, feedback: Feedback, reader: str = EVERYBODY) -> None:
        """Keep what a reader says about a turn, in place of what was said before.

        Raises UnknownChat where the conversation has no such turn or citation.
        """
        comment = checked_comment(feedback.comment)
        with self._file.deleting() as connection:
            check_cited(connection, chat, turn, feedback.marker, reader)
            unsay(connection, turn, feedback.marker)
            connection.execute(
                "INSERT INTO feedback (turn, verdict, marker, comment, given)"
                " VALUES (?, ?, ?, ?, ?)",
                (turn, feedback.verdict, feedback.marker, comment, now()),
            )

    def take_back(
        self, chat: str, turn: int, marker: int | None = None, reader: str = EVERYBODY
    ) -> None:
        """Delete what a reader said about a turn, or about one of its citations."""
        with self._file.deleting() as connection:
            check_cited(connection, chat, turn, marker, reader)
            unsay(connection, turn, marker)

    def judged(self) -> tuple[tuple[str, Turn], ...]:
        """Return all turns that somebody judged, each with its conversation, the oldest first."""
        if not self._file.exists():
            return ()
        with self._file.reading() as connection:
            turns = turns_where(connection, "id IN (SELECT turn FROM feedback)")
            chats = dict(connection.execute("SELECT id, chat FROM turns").fetchall())
            return tuple((str(chats[turn.id]), turn) for turn in turns)

    def before(self, chat: str, turn: int) -> tuple[Turn, ...]:
        """Return the turns of a conversation that came before one of its turns."""
        with self._file.reading() as connection:
            return turns_where(connection, "chat = ? AND id < ? AND replaced = 0", chat, turn)


def _begin(connection: Rows, chat: str, reader: str, question: str) -> None:
    values = (chat, reader, title_of(question), now(), now())
    # Another host may begin it at the same moment.
    connection.execute("INSERT INTO chats VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", values)
    query = "UPDATE chats SET changed = ? WHERE id = ? AND reader = ?"
    if not connection.execute(query, (now(), chat, reader)).rowcount:
        raise unknown(chat)


def title_of(question: str) -> str:
    """Return the title of a conversation that begins with a question."""
    return _shortened(question, _SHORT_TITLE)


def _shortened(text: str, most: int) -> str:
    """Return a text as one line of at most so many characters, cut between words where it can."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) <= most:
        return line
    return f"{line[: most - 1].rsplit(' ', 1)[0]}…"
