"""Why a database cannot be used, in its own words without the password, and what to do about it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_STEPS = (
    (
        r"password|authentication|pg_hba|role \".*\" (?:does not exist|is not permitted)",
        "correct its user or password, in `database`, ~/.pgpass or ASSISTANT_DATABASE, or on the "
        "server",
    ),
    (
        r"too many (?:connections|clients)|remaining connection slots|connections are in use",
        "close other programs' connections, or let the server take more (max_connections, or the "
        "limit of its user and database)",
    ),
    (r"SSL|certificate", "see `sslmode` in `database`, and the server's certificate"),
    (r"database \".*\" does not exist", "make it there, or correct `database`"),
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


def step_of(reason: str) -> str:
    """Return what to do; servers may speak another language, and then it is the usual."""
    return next((step for said, step in _STEPS if re.search(said, reason)), _USUAL)
