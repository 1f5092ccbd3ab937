"""Hashing and checking passwords with argon2."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher().hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one that was hashed.

    Where there is none it takes as long, so that nobody learns which names have accounts.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(kept or _of_nobody(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()  # RFC 9106's second choice: 64 MiB, three passes


@functools.cache
def _of_nobody() -> str:
    return hashed("nobody's")
