"""Accounts in the database that hosts share: one row, with what the file would hold."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import replace

from assistant.accounts_file import Account, Kept, parsed, text_of
from corpus.errors import AccountsFailure, DatabaseAway

AWAY_SECONDS = 600.0
"""How long those who are known go on being known while the database is away. Nobody can be given or
denied anything in it then, either."""

_AGAIN = 2.0
"""Seconds until a database that was away is asked again: to be cut off takes seconds to notice."""


class AccountsDatabase:
    """The accounts of all hosts; safe to share between threads."""

    def __init__(self, address: str) -> None:
        from index.sharing import server_of

        self._server = server_of(address)
        self._known: tuple[int, Kept] | None = None
        self._asked = 0.0
        self._not_before = 0.0

    def read(self) -> Kept:
        """Return what there is now. Raises AccountsFailure."""
        now = time.monotonic()
        lasts = self._known is not None and now - self._asked < AWAY_SECONDS
        if self._known is not None and lasts and now < self._not_before:
            return self._known[1]
        try:
            found = self._read()
        except DatabaseAway as error:
            self._not_before = time.monotonic() + _AGAIN
            if self._known is None or not lasts:
                raise _unusable(error) from error
            return self._known[1]
        self._asked = now
        return found

    def change(self, change: Callable[[dict[str, Account]], object]) -> None:
        """Let ``change`` change the accounts, and write them whole. Raises AccountsFailure."""
        try:
            with self._server.rows() as rows:
                new = text_of(Kept(secrets.token_hex(32), {}))
                rows.execute("INSERT INTO accounts VALUES (1, 1, ?) ON CONFLICT DO NOTHING", (new,))
                row = rows.execute("SELECT kept FROM accounts WHERE one = 1 FOR UPDATE").one()
                kept = parsed(json.loads(row[0]))
                accounts = dict(kept.accounts)
                change(accounts)
                rows.execute(
                    "UPDATE accounts SET version = version + 1, kept = ? WHERE one = 1",
                    (text_of(replace(kept, accounts=accounts)),),
                )
                rows.commit()
        except DatabaseAway as error:
            raise _unusable(error) from error

    def _read(self) -> Kept:
        known = self._known
        with self._server.rows() as rows:
            version = rows.execute("SELECT version FROM accounts").scalar()
            if version is None:
                return Kept(secrets.token_hex(32), {})
            if known is None or known[0] != version:
                row = rows.execute("SELECT version, kept FROM accounts").one()
                known = self._known = int(row[0]), parsed(json.loads(row[1]))
        return known[1]


def _unusable(error: DatabaseAway) -> AccountsFailure:
    return AccountsFailure(f"the accounts cannot be read or changed now: {error}")
