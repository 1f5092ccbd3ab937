"""The rows of kept conversations, as objects and back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from assistant.kept import Feedback, NewTurn, Turn
from corpus.errors import UnknownChat

OVERVIEW = (
    "SELECT id, title, created, changed,"
    " (SELECT count(*) FROM turns WHERE chat = chats.id AND replaced = 0) FROM chats"
)
MINE = "(? = '*' OR reader = ?)"
_WISH = (
    "(SELECT CASE WHEN done IS NULL THEN 'open' ELSE 'done' END FROM wishes WHERE turn = turns.id)"
)


class Rows(Protocol):
    """Runs SQL that both SQLite and PostgreSQL take."""

    def execute(self, query: str, values: Sequence[Any] = ..., /) -> Any:
        """Run a query, with ``?`` for each value, and return its rows."""


def insert_turn(connection: Rows, chat: str, turn: NewTurn) -> int:
    """Add a turn to a conversation that is there, and return its number."""
    made_with = json.dumps(dict(turn.made_with), ensure_ascii=False)
    connection.execute(
        "INSERT INTO recipes VALUES (?, ?) ON CONFLICT DO NOTHING", (turn.recipe, made_with)
    )
    # A language model may have written half characters (surrogates) and zeros, which are no text.
    answer = json.dumps(turn.answer, ensure_ascii=False)
    said = [
        text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
        for text in (turn.question, answer, turn.shown)
    ]
    found = connection.execute(
        "INSERT INTO turns (chat, asked, question, answer, shown, filters, recipe, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (chat, now(), *said, json.dumps(dict(turn.filters)), turn.recipe, _digest(*said)),
    )
    return int(found.fetchone()[0])


def turns_where(connection: Rows, where: str, *values: object) -> tuple[Turn, ...]:
    """Return the turns that a condition holds for, the oldest first."""
    query = (
        "SELECT id, asked, question, answer, shown, filters, turns.recipe, ingredients, replaced,"
        f" digest, {_WISH} FROM turns JOIN recipes USING (recipe) WHERE {where} ORDER BY id"
    )
    rows = connection.execute(query, values).fetchall()
    return tuple(_turn(row, _feedback(connection, row[0])) for row in rows)


def _turn(row: tuple[Any, ...], feedback: Iterable[Feedback]) -> Turn:
    number, asked, question, answer, shown, filters, recipe, made_with, *rest = row
    replaced, digest, wish = rest
    sound = _digest(question, answer, shown) == digest
    return Turn(
        number,
        asked,
        question,
        json.loads(answer) if sound else {},
        shown if sound else "",
        json.loads(filters),
        recipe,
        json.loads(made_with),
        tuple(feedback),
        bool(replaced),
        sound,
        wish or "",
    )


def _feedback(connection: Rows, turn: int) -> list[Feedback]:
    query = "SELECT verdict, marker, comment, given FROM feedback WHERE turn = ? ORDER BY id"
    return [Feedback(*row) for row in connection.execute(query, (turn,))]


def replace_turn(connection: Rows, chat: str, turn: int) -> None:
    """Let a turn go that was asked again; one that was judged, or that somebody wishes documents
    for, is kept, and no longer shown."""
    mine = "id = ? AND chat = ?"
    told = "SELECT turn FROM feedback UNION SELECT turn FROM wishes"
    connection.execute(f"DELETE FROM turns WHERE {mine} AND id NOT IN ({told})", (turn, chat))
    connection.execute(f"UPDATE turns SET replaced = 1 WHERE {mine}", (turn, chat))


def unsay(connection: Rows, turn: int, marker: int | None) -> None:
    """Delete what was said about a turn, or about one of its citations."""
    query = "DELETE FROM feedback WHERE turn = ? AND coalesce(marker, 0) = ?"
    connection.execute(query, (turn, marker or 0))


def check_cited(connection: Rows, chat: str, turn: int, marker: int | None, reader: str) -> None:
    """Raise UnknownChat unless a reader's conversation has this turn, and it this citation."""
    answer = answer_of(connection, chat, turn, reader)
    markers = [one["marker"] for one in answer.get("citations", [])]
    if marker is not None and marker not in markers:
        raise UnknownChat(f"that answer has no citation {marker}: open the conversation again")


def answer_of(connection: Rows, chat: str, turn: int, reader: str) -> dict[str, Any]:
    """Return the answer of a turn. Raises UnknownChat where a reader's conversation lacks it."""
    query = (
        f"SELECT answer FROM turns JOIN chats ON chats.id = turns.chat"
        f" WHERE turns.id = ? AND chats.id = ? AND {MINE}"
    )
    row = connection.execute(query, (turn, chat, reader, reader)).fetchone()
    if row is None:
        raise unknown(chat)
    answer: dict[str, Any] = json.loads(row[0])
    return answer


def _digest(question: str, answer: str, shown: str) -> str:
    parts = (hashlib.sha256(part.encode()).digest() for part in (question, answer, shown))
    return hashlib.sha256(b"".join(parts)).hexdigest()


def now() -> str:
    """Return the time as it is kept."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def unknown(chat: str) -> UnknownChat:
    """Return the error for a conversation that a reader has not got."""
    return UnknownChat(
        f"there is no conversation {chat[:40]}: it was deleted, or belongs to somebody else; "
        "'assistant chats list' names those that are kept"
    )
