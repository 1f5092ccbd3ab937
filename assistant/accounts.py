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
from assistant.accounts_file import Account, AccountsFile, Ended, Kept, Token, known_role
from assistant.passwords import hashed, is_right
from assistant.users import Role, User
from corpus.errors import UnknownAccount, UsageError

ACCOUNTS = "accounts.json"
SHORTEST_PASSWORD = 10
SESSION_SECONDS = 30 * 24 * 3600
MOST_ENDED = 100
"""Sessions that somebody signed out of, kept as such; with one more, all of the account end."""
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
        said = f"{user.name}:{until}:{secrets.token_hex(8)}"
        return f"{said}:{_signature(said, self._file.read())}"

    def by_session(self, session: str) -> User | None:
        """Return who signed in, unless that was long ago, they signed out, or the password is
        another one now."""
        account = self._signed_in(session)
        return account.user if account else None

    def end_session(self, session: str) -> None:
        """Let a session be worth nothing, wherever else it may be kept. Raises AccountsFailure."""
        account = self._signed_in(session)
        if account is None:
            return
        now, made = time.time(), Ended(_sha256(session), _until(session))

        def without(account: Account) -> Account:
            ended = (*(one for one in account.ended if one.until > now), made)
            if len(ended) > MOST_ENDED:
                return replace(account, round=secrets.token_hex(8), ended=())
            return replace(account, ended=ended)

        self._put(account.name, without)

    def _signed_in(self, session: str) -> Account | None:
        said, _, signature = session.rpartition(":")
        kept = self._file.read()
        account = kept.accounts.get(_name(said))
        # Compared in any case, so that nobody learns which names have accounts.
        good = hmac.compare_digest(signature.encode(), _signature(said, kept).encode())
        if account is None or not good or _until(session) <= time.time():
            return None
        given = _sha256(session)
        return None if any(one.hash == given for one in account.ended) else account

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
        self._put(name, lambda account: replace(account, password=kept, round=round_, ended=()))

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


def _signature(said: str, kept: Kept) -> str:
    account = kept.accounts.get(_name(said))
    text = f"{said}:{account.round if account else ''}"
    return hmac.new(kept.secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _name(said: str) -> str:
    return said.partition(":")[0]


def _until(session: str) -> int:
    until = session.split(":")[1:2]
    return int(until[0][:12]) if until and until[0].isascii() and until[0].isdecimal() else 0


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
