"""The accounts of a home: who somebody is, by password, token or session.

Passwords are kept as argon2 hashes and tokens, which are long and random, as SHA-256.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant.accounts_database import AccountsDatabase
from assistant.accounts_file import Account, AccountsFile, Token, known_role
from assistant.passwords import hashed, is_right
from assistant.users import Role, User
from corpus.errors import UnknownAccount, UsageError

ACCOUNTS = "accounts.json"
SHORTEST_PASSWORD = 10
SESSION_SECONDS = 30 * 24 * 3600
_LONGEST_PASSWORD = 1000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}", re.ASCII)
_TOKEN = re.compile(r"archive_([0-9a-f]{8})_([0-9a-f]{64})")


class Accounts:
    """The accounts of a home; safe to share between threads and processes."""

    def __init__(self, file: Path, database: str = "") -> None:
        """``database`` is the address of one that keeps them in place of the file."""
        self._file = AccountsDatabase(database) if database else AccountsFile(file)

    def all(self) -> tuple[Account, ...]:
        """Return the accounts by name."""
        found = self._file.read().accounts
        return tuple(found[name] for name in sorted(found))

    def role_of(self, name: str) -> Role | None:
        """Return somebody's role; None without an account."""
        account = self._file.read().accounts.get(name)
        return account.role if account else None

    # ------------------------------------------------------------------ who somebody is

    def by_password(self, name: str, password: str) -> User | None:
        """Return whose name and password these are, if they fit."""
        account = self._file.read().accounts.get(name)
        right = is_right(password[:_LONGEST_PASSWORD], account.password if account else None)
        return account.user if account and right else None

    def by_token(self, token: str) -> User | None:
        """Return whose token this is."""
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        given = _sha256(parts[2])
        for account in self._file.read().accounts.values():
            for one in account.tokens:
                if one.id == parts[1] and hmac.compare_digest(one.hash, given):
                    return account.user
        return None

    def session(self, user: User) -> str:
        """Return what a browser keeps of somebody who signed in."""
        until = int(time.time()) + SESSION_SECONDS
        said = f"{user.name}:{until}"
        return f"{said}:{self._signature(said)}"

    def by_session(self, session: str) -> User | None:
        """Return who signed in, unless that was long ago or the password is another one now."""
        said, _, signature = session.rpartition(":")
        name, _, until = said.rpartition(":")
        account = self._file.read().accounts.get(name)
        if account is None or not (until.isascii() and until.isdecimal()):
            return None
        good = hmac.compare_digest(signature.encode(), self._signature(said).encode())
        return account.user if good and int(until[:12]) > time.time() else None

    def _signature(self, said: str) -> str:
        kept = self._file.read()
        account = kept.accounts.get(said.rpartition(":")[0])
        text = f"{said}:{account.round if account else ''}"
        return hmac.new(kept.secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    # ------------------------------------------------------------------ changes

    def add(self, name: str, role: str, password: str | None) -> None:
        """Make an account. Raises UsageError."""
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"{name!r} cannot be an account's name: use up to 64 letters, digits, '.', '_', "
                "'@' and '-'"
            )
        made = Account(name, known_role(role), _hash_of(password))

        def change(accounts: dict[str, Account]) -> None:
            if name in accounts:
                raise UsageError(f"there is an account {name} already: choose another name")
            accounts[name] = made

        self._file.change(change)

    def remove(self, name: str) -> None:
        """Delete an account with its tokens and sessions. Raises UnknownAccount."""
        self._file.change(lambda accounts: accounts.pop(_known(accounts, name).name))

    def set_role(self, name: str, role: str) -> None:
        """Give an account another role. Raises UsageError."""
        self._put(name, lambda account: replace(account, role=known_role(role)))

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password, which ends its sessions. Raises UsageError."""
        kept, round_ = _hash_of(password), secrets.token_hex(8)
        self._put(name, lambda account: replace(account, password=kept, round=round_))

    def new_token(self, name: str) -> str:
        """Return a new token of an account; it is not kept, only its hash."""
        token_id, secret = secrets.token_hex(4), secrets.token_hex(32)
        made = Token(token_id, _sha256(secret), time.strftime("%Y-%m-%d"))
        self._put(name, lambda account: replace(account, tokens=(*account.tokens, made)))
        return f"archive_{token_id}_{secret}"

    def revoke(self, token_id: str) -> None:
        """Let a token be worth nothing. Raises UnknownAccount."""

        def change(accounts: dict[str, Account]) -> None:
            for account in accounts.values():
                left = tuple(one for one in account.tokens if one.id != token_id)
                if len(left) < len(account.tokens):
                    accounts[account.name] = replace(account, tokens=left)
                    return
            raise UnknownAccount(f"no token begins with {token_id}: 'assistant users list' has all")

        self._file.change(change)

    def _put(self, name: str, changed: Callable[[Account], Account]) -> None:
        def change(accounts: dict[str, Account]) -> None:
            accounts[name] = changed(_known(accounts, name))

        self._file.change(change)


def _known(accounts: dict[str, Account], name: str) -> Account:
    if name not in accounts:
        raise UnknownAccount(f"there is no account {name}: 'assistant users list' shows all")
    return accounts[name]


def _hash_of(password: str | None) -> str | None:
    if password is None:
        return None
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise UsageError(
            f"the password has {len(password)} characters: take {SHORTEST_PASSWORD} to "
            f"{_LONGEST_PASSWORD:,}"
        )
    return hashed(password)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
