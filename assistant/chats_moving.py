"""Moving conversations and accounts into the database that hosts share, and out of it."""

from __future__ import annotations

from assistant.accounts import ACCOUNTS
from assistant.accounts_database import AccountsDatabase
from assistant.accounts_file import Account, AccountsFile
from assistant.chats import CHATS
from assistant.chats_database import ChatsDatabase
from assistant.chats_file import ChatsFile
from assistant.chats_rows import Rows
from assistant.home import Home

_HANGS_ON_TURNS = (
    ("feedback", "verdict, marker, comment, given"),
    ("wishes", "comment, made, done"),
)
_TURN = "asked, question, answer, shown, filters, recipe, replaced, digest"


def move_people(old: Home, old_database: str, new: Home, new_database: str) -> None:
    """Put the conversations and accounts of a home where its new one keeps them: a database that
    hosts share, or files.

    What is there already stays as it is, so a move can be gone on with. Raises ChatsFailure and
    AccountsFailure.
    """
    if old_database == new_database:
        return  # the files were copied with the others, or all is in the same database
    here, there = _chats(old, old_database), _chats(new, new_database)
    try:
        if here.exists():
            with here.reading() as rows, there.writing() as into:
                _move_chats(rows, into)
    finally:
        here.close()
        there.close()
    known = _accounts(old, old_database).read().accounts
    if known:
        _accounts(new, new_database).change(lambda accounts: _add(accounts, known))
    if new_database:  # a copy that nobody reads would keep what people delete
        for file in (*new.state.glob(f"{CHATS}*"), *new.state.glob(f"{ACCOUNTS}*")):
            file.unlink()


def _chats(home: Home, database: str) -> ChatsDatabase | ChatsFile:
    return ChatsDatabase(database) if database else ChatsFile(home.state / CHATS)


def _accounts(home: Home, database: str) -> AccountsDatabase | AccountsFile:
    return AccountsDatabase(database) if database else AccountsFile(home.state / ACCOUNTS)


def _add(there: dict[str, Account], known: dict[str, Account]) -> None:
    for name, account in known.items():
        there.setdefault(name, account)


def _move_chats(old: Rows, new: Rows) -> None:
    new_chats = {row[0] for row in new.execute("SELECT id FROM chats").fetchall()}
    for recipe in old.execute("SELECT recipe, ingredients FROM recipes").fetchall():
        new.execute("INSERT INTO recipes VALUES (?, ?) ON CONFLICT DO NOTHING", recipe)
    query = "SELECT id, reader, title, created, changed FROM chats"
    for chat in old.execute(query).fetchall():
        if chat[0] not in new_chats:
            new.execute("INSERT INTO chats VALUES (?, ?, ?, ?, ?)", chat)
            _move_turns(old, new, chat[0])


def _move_turns(old: Rows, new: Rows, chat: str) -> None:
    """Turns get new numbers there, and what hangs on them follows."""
    turns = old.execute(f"SELECT id, {_TURN} FROM turns WHERE chat = ? ORDER BY id", (chat,))
    for number, *values in turns.fetchall():
        marks = ", ".join("?" * (len(values) + 1))
        made = new.execute(
            f"INSERT INTO turns (chat, {_TURN}) VALUES ({marks}) RETURNING id", (chat, *values)
        )
        turn = made.fetchone()[0]
        for what, columns in _HANGS_ON_TURNS:
            query = f"SELECT {columns} FROM {what} WHERE turn = ?"
            for said in old.execute(query, (number,)).fetchall():
                marks = ", ".join("?" * (len(said) + 1))
                new.execute(f"INSERT INTO {what} (turn, {columns}) VALUES ({marks})", (turn, *said))
