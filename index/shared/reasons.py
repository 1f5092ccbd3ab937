"""Why a database cannot be used, in its own words without the password, and what to do about it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

BUSY = "all connections of this process to it wait for it"
"""Why none is to be had in time."""
READS_ONLY = "cannot execute writes in a read-only transaction"
_STEPS = (
    (
        r"password|authentication|pg_hba|role \".*\" (?:does not exist|is not permitted)",
        "correct its user or password, in `database`, ~/.pgpass or ASSISTANT_DATABASE, or on the "
        "server",
    ),
    (
        r"too many (?:connections|clients)|remaining connection slots",
        "close other programs' connections, or let the server take more (max_connections, or the "
        "limit of its user and database)",
    ),
    (
        BUSY,
        "try again; where that stays so, see what keeps it busy or locks its tables "
        "(pg_stat_activity)",
    ),
    (r"SSL|sslmode|certificate", "see `sslmode` in `database`, and the server's certificate"),
    (r"database \".*\" does not exist", "make it there, or correct `database`"),
    (r"URI|connection option", "correct the address in `database`"),
    (
        r"read-only transaction|during recovery",
        "it only reads: let `database` name the server that takes writes, or several with "
        "target_session_attrs=read-write",
    ),
)
_USUAL = "see that it runs, and that `database` in assistant.toml is right"


def reason_of(error: BaseException | None, address: str) -> str:
    """Return the first line of what the server says, without the password."""
    lines = str(error).strip().splitlines() if error is not None else []
    said = lines[0].rpartition(" failed: ")[2] if lines else "the connection was lost"
    try:
        password = urlsplit(address).password or ""
    except ValueError:
        return "its address cannot be read"
    for secret in {password, unquote(password)} - {""}:
        said = said.replace(secret, "...")
    return said.removeprefix("FATAL:  ").strip()


def step_of(reason: str, usual: str = _USUAL) -> str:
    """Return what to do; servers may speak another language, and then it is the usual."""
    return next((step for said, step in _STEPS if re.search(said, reason)), usual)
