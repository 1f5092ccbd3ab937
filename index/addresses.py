"""Addresses of servers as people may see them."""

from __future__ import annotations

import contextlib
from urllib.parse import urlsplit


def shown(address: str) -> str:
    """Return an address without user, password and options."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(address)
        return f"{parts.netloc.rpartition('@')[2] or 'local'}{parts.path}"
    return "that is set"
