"""Wishes: questions that were declined, which a reader asks the curators to find documents for.

A wish hangs on its turn, as feedback does, and goes with its conversation.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from assistant.chats_database import ChatsDatabase
from assistant.chats_file import ChatsFile
from assistant.chats_rows import answer_of, now
from assistant.kept import EVERYBODY, Wish, checked_comment
from corpus.errors import UnknownWish, UsageError


class Wishes:
    """Keeps and finds wishes; safe to share between threads. Raises ChatsFailure."""

    def __init__(self, file: ChatsFile | ChatsDatabase) -> None:
        self._file = file

    def make(self, chat: str, turn: int, comment: str = "", reader: str = EVERYBODY) -> None:
        """Keep a wish for a turn that was declined, in place of an earlier one.

        Raises UnknownChat where the conversation has no such turn, and UsageError where it was
        answered.
        """
        said = checked_comment(comment)
        with self._file.deleting() as connection:
            if not answer_of(connection, chat, turn, reader).get("abstained"):
                raise UsageError("that question was answered: report what is wrong with the answer")
            connection.execute("DELETE FROM wishes WHERE turn = ?", (turn,))
            connection.execute(
                "INSERT INTO wishes (turn, comment, made) VALUES (?, ?, ?)",
                (turn, said, now()),
            )

    def take_back(self, chat: str, turn: int, reader: str = EVERYBODY) -> None:
        """Delete a wish. Raises UnknownChat where the conversation has no such turn."""
        with self._file.deleting() as connection:
            answer_of(connection, chat, turn, reader)
            connection.execute("DELETE FROM wishes WHERE turn = ?", (turn,))

    def list(self, *, everything: bool = False) -> tuple[Wish, ...]:
        """Return the wishes that are open, or all of them, the oldest first."""
        if not self._file.exists():
            return ()
        with self._file.reading() as connection:
            query = (
                "SELECT turn, question, answer, comment, made, done FROM wishes"
                " JOIN turns ON turns.id = turn"
                f" {'' if everything else 'WHERE done IS NULL'} ORDER BY made, turn"
            )
            return tuple(_wish(row) for row in connection.execute(query).fetchall())

    def settle(self, wishes: Sequence[int], *, done: bool = True) -> None:
        """Say that wishes are seen to, or that they are open after all.

        Raises UnknownWish, and then nothing is changed.
        """
        if not self._file.exists():
            raise _unknown(wishes[0]) if wishes else UsageError("name a wish")
        with self._file.writing() as connection:
            for wish in wishes:
                moment = now() if done else None
                query = "UPDATE wishes SET done = ? WHERE turn = ?"
                if not connection.execute(query, (moment, wish)).rowcount:
                    raise _unknown(wish)


def _wish(row: tuple[int, str, str, str, str, str | None]) -> Wish:
    number, question, answer, comment, made, done = row
    try:
        said = json.loads(answer)
    except ValueError:  # the disk lost it; the question is what counts
        said = {}
    searched, missing = str(said.get("searched", question)), str(said.get("answer", ""))
    return Wish(number, question, searched, missing, comment, made, done)


def _unknown(wish: int) -> UnknownWish:
    return UnknownWish(
        f"there is no wish {wish}: it was taken back, or its conversation was deleted; 'assistant "
        "wishes list --all' names those that are kept"
    )
