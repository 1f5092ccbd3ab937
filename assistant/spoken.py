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
    r"(?P<mark>['`])(?P<command>(?:assistant (?!init\b|restore\b)|evals (?!compare\b|judge-))"
    r"[a-z]+\b(?:(?! --home | --help|(?P=mark)).)*)(?P=mark)(?! \(process)"
)
"""A quoted command, unless it names its home, makes one, takes none, or is what a running process
is called."""

_root: Path | None = None


def speak_of(home: Home) -> None:
    """Let this process's messages name ``home`` where a command would take another one."""
    global _root
    _root = home.root


def with_home(message: str) -> str:
    """Return a message for people with ``--home DIR`` in each command that has to name it."""
    if not (home := _option()):
        return message
    return _COMMAND.sub(lambda found: quoted(found["command"] + home), message)


def in_this_home(command: str) -> str:
    """Return a command, which stands by itself, with ``--home DIR`` where it has to name it."""
    return command + _option()


def _option() -> str:
    if _root is None or _root == default_root():
        return ""
    return f" --home {shlex.quote(str(_root))}"
