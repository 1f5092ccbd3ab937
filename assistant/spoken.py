"""Commands that a message tells a person to run, with the home that the message is about.

``index`` and ``corpus`` write "run 'assistant sync --rebuild'" without knowing whose home it is;
typed as it stands, that would rebuild another one. So whatever shows a message passes it through
``with_home``.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from assistant.home import Home, default_root, quoted

_COMMAND = re.compile(
    r"'(assistant (?!init\b|restore\b)[a-z]+\b(?:(?! --home | --help)[^'])*)'(?! \(process)"
)
"""A quoted command, unless it names its home, makes one, or is what a running process is called."""

_root: Path | None = None


def speak_of(home: Home) -> None:
    """Let this process's messages name ``home`` where a command would take another one."""
    global _root
    _root = home.root


def with_home(message: str) -> str:
    """Return a message for people with ``--home DIR`` in each command that has to name it."""
    if _root is None or _root == default_root():
        return message
    option = f"--home {shlex.quote(str(_root))}"
    return _COMMAND.sub(lambda found: quoted(f"{found[1]} {option}"), message)
