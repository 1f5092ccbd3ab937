"""The setting ``vectors``: what it may be, and the server that it names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.errors import BadSettings
from index.server import Server

if TYPE_CHECKING:
    from assistant.settings import Settings

EMBEDDED = "embedded"
HEADERS = "ASSISTANT_VECTORS_HEADERS"
"""The variable with the headers of an authenticating proxy; credentials stand in no file."""
WITHOUT = (
    "The vector server cannot be used now: answers come without it, the same, only slower. "
    "'assistant doctor' says why."
)
"""What readers hear. Its address is the business of whoever runs it."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def checked_vectors(where: str, value: str) -> str:
    """Return the setting as it is used. Raises BadSettings."""
    if value == EMBEDDED:
        return value
    problem = _problem(value)
    if problem:
        raise BadSettings(
            f'{where} is {_shown(value)!r}: {problem}; write "embedded", or the '
            'address of a Chroma server as in "https://chroma.example:8443"'
        )
    return value.rstrip("/")


def server_of(settings: Settings, environment: Mapping[str, str] = os.environ) -> Server | None:
    """Return the server that the settings name, with its headers; None for the embedded one.

    Raises BadSettings.
    """
    if settings.vectors == EMBEDDED:
        return None
    return Server(
        settings.vectors,
        settings.vectors_tenant,
        settings.vectors_database,
        _headers(environment.get(HEADERS, "")),
        settings.vectors_ca,
        settings.vectors_timeout,
        settings.vectors_patience,
    )


def is_open_to_listeners(server: Server) -> bool:
    """Tell whether whoever listens on the network reads what is sent there, headers and all."""
    address = urlsplit(server.url)
    return address.scheme == "http" and address.hostname not in _LOOPBACK


def _problem(value: str) -> str:
    try:
        address = urlsplit(value)
        port = address.port
    except ValueError:
        return "that is no address"
    if address.scheme not in ("http", "https") or not address.hostname or port == 0:
        return "that is no address of a server"
    if address.username is not None or address.password is not None:
        return f"credentials do not belong there but into {HEADERS}"
    if address.query or address.fragment or any(one.isspace() for one in value):
        return "there is more in it than an address"
    return ""


def _shown(value: str) -> str:
    """Return an address without the credentials that somebody wrote into it."""
    before, at, after = value.rpartition("@")
    return f"{before.partition('//')[0]}//...@{after}" if at else value


def _headers(text: str) -> dict[str, str]:
    """Return the headers of a text, a line each. Raises BadSettings without telling a value."""
    headers = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        is_name = bool(name) and all(one.isalnum() or one in "-_" for one in name)
        if not (colon and is_name and value and name.isascii() and _is_printable(value)):
            raise BadSettings(
                f'{HEADERS} has a line that is no header: write each as "Name: value", as in '
                '"Authorization: Bearer ..."'
            )
        headers[name] = value
    return headers


def _is_printable(value: str) -> bool:
    return value.isascii() and value.isprintable()
