"""Conversations offered to whichever browser opens a link, once and soon.

A browser whose cookies are gone, or another one, has no conversations; whoever owns the home can
make a link that brings them there (``assistant chats link``).
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence

MINUTES = 10


class Offers:
    """Offers that are open, in this process's memory."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._open: dict[str, tuple[float, tuple[str, ...]]] = {}

    def make(self, chats: Sequence[str]) -> str:
        """Return a token for conversations; none stand for all."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._open[token] = (self._now() + MINUTES * 60, tuple(chats))
        return token

    def take(self, token: str) -> tuple[str, ...] | None:
        """Return what a token stands for, which is used up by that; None where it is no good."""
        with self._lock:
            until, chats = self._open.pop(token, (float("-inf"), ()))
            return chats if self._now() <= until else None
