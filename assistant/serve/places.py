"""Addresses to listen on: who reaches them, and what a browser calls them."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Literal


def address_of(host: str, listener: socket.socket) -> str:
    """Return the address under which a browser on this machine reaches a listener."""
    port = listener.getsockname()[1]
    everywhere = not host or _is(host, "is_unspecified")
    name = "localhost" if everywhere else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches what listens there."""
    return _is(host, "is_loopback")


def _is(host: str, kind: Literal["is_loopback", "is_unspecified"]) -> bool:
    try:
        return bool(getattr(ip_address(host), kind))
    except ValueError:
        return host == "localhost" and kind == "is_loopback"
