"""The file of accounts, ``var/accounts.json``, which only its user may read.

It is read anew when it has changed, so that a service follows what the command line does.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.users import ROLES, Role, User
from corpus.errors import AccountsFailure, UsageError


@dataclass(frozen=True, slots=True)
class Token:
    """A token for programs, as it is kept."""

    id: str
    hash: str
    made: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that somebody signed out of: its hash, and when it would have ended by itself."""

    hash: str
    until: int


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account; ``round`` changes with the password, which ends all sessions, and ``key``
    never, so that a new account of an old name is another one."""

    name: str
    role: Role
    password: str | None = None
    tokens: tuple[Token, ...] = ()
    round: str = field(default_factory=lambda: secrets.token_hex(8))
    key: str = field(default_factory=lambda: secrets.token_hex(8))
    ended: tuple[Ended, ...] = ()

    @property
    def user(self) -> User:
        """Return whose it is."""
        return User(self.name, self.role, self.key)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file holds; ``secret`` signs sessions."""

    secret: str
    accounts: dict[str, Account]


class AccountsFile:
    """The accounts on the disk; safe to share between threads and processes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read: tuple[tuple[int, int], Kept] | None = None

    def read(self) -> Kept:
        """Return what there is now. Raises AccountsFailure."""
        try:
            stat = os.stat(self._file)
            stamp = (stat.st_mtime_ns, stat.st_ino)
            read = self._read
            if read is None or read[0] != stamp:
                read = self._read = stamp, parsed(json.loads(self._file.read_text("utf-8")))
            return read[1]
        except FileNotFoundError:
            return Kept(secrets.token_hex(32), {})
        except (OSError, ValueError, KeyError, TypeError, UsageError) as error:
            raise _unusable(self._file, "read", error) from error

    def change(self, change: Callable[[dict[str, Account]], object]) -> None:
        """Let ``change`` change the accounts, and write them whole. Raises AccountsFailure."""
        from filelock import FileLock, Timeout

        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self._file}.lock", timeout=10):
                kept = self.read()
                accounts = dict(kept.accounts)
                change(accounts)
                _write(self._file, text_of(replace(kept, accounts=accounts)))
        except (OSError, Timeout) as error:
            raise _unusable(self._file, "written", error) from error


def parsed(raw: Any) -> Kept:
    """Return what was kept as JSON. Raises KeyError and others where that is nothing of ours."""
    accounts = [
        Account(
            one["name"],
            known_role(one["role"]),
            one["password"],
            tuple(Token(**token) for token in one["tokens"]),
            one["round"],
            one["key"],
            tuple(Ended(**ended) for ended in one.get("ended", ())),  # older files have none
        )
        for one in raw["accounts"]
    ]
    return Kept(raw["secret"], {one.name: one for one in accounts})


def text_of(kept: Kept) -> str:
    """Return accounts as they are kept."""
    accounts = [asdict(one) for one in kept.accounts.values()]
    return json.dumps({"secret": kept.secret, "accounts": accounts}, indent=1)


def _write(file: Path, text: str) -> None:
    temporary = file.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as staged:
        staged.write(text)
        staged.flush()
        os.fsync(staged.fileno())
    temporary.replace(file)


def known_role(role: str) -> Role:
    """Return a role by its name. Raises UsageError."""
    for one in ROLES:
        if one == role:
            return one
    raise UsageError(f"there is no role {role!r}: there are {', '.join(ROLES)}")


def _unusable(file: Path, what: str, error: Exception) -> AccountsFailure:
    why = getattr(error, "strerror", None) or type(error).__name__
    return AccountsFailure(
        f"{file} could not be {what} ({why}): check its rights, or move it away and make the "
        "accounts again"
    )
