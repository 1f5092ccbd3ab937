"""Running a command so that a person sees one clear line when something goes wrong."""

from __future__ import annotations

import atexit
import contextlib
import errno
import io
import logging
import logging.handlers
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from assistant.spoken import with_home
from corpus.errors import ArchiveError, UsageError

STOPPED = 130
"""The exit code of what Ctrl-C ended."""
_FULL = (errno.ENOSPC, errno.EDQUOT)

_log = logging.getLogger(__name__)


def run(command: click.Command, name: str, arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0 done, 1 a check or gate failed, 2 wrong use, 3 something could not be read or reached, 130
    stopped by Ctrl-C. Errors go to stderr as one line; a traceback goes to the home's log only.
    """
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    _open_what_is_closed()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a letter shows another; it must not cost the answer.
        sys.stdout.reconfigure(errors="replace")
    try:
        _check_encoding(given)
        # Not by the command's own main, which takes a reader who has had enough for a failure.
        with command.make_context(name, given) as context:
            code = command.invoke(context)
        sys.stdout.flush()
        return int(code or 0)
    except click.exceptions.Exit as done:  # of --help and --version
        return done.exit_code
    except ArchiveError as error:
        return _fail(name, str(error), error.exit_code)
    except click.ClickException as error:
        at = getattr(error, "ctx", None)  # of the subcommand that was used wrongly
        used = at.command_path if at else name
        return _fail(name, f"{error.format_message()} ('{used} --help' shows how)", 2)
    except (click.Abort, KeyboardInterrupt) as stop:
        return _fail(name, _stopped(stop), STOPPED)
    except BrokenPipeError:
        _leave_stdout()
        return 0
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            _leave_stdout()  # it may be what is full
            return _fail(name, f"{error.strerror}: make room on the disk, or write elsewhere", 3)
        if logging.getLogger().handlers:  # else Python shows the traceback on stderr
            _log.exception("%s failed", name)
        where = _log_file()
        hint = f"; the details are in {where}" if where else ""
        return _fail(name, f"unexpected {type(error).__name__}: {_first_line(error)}{hint}", 3)


def _open_what_is_closed() -> None:
    """Put nothing in place of a standard stream that was closed, as by ``2>&-``.

    What is printed to a stderr that is not there lands on stdout, which is for results; and a file
    of ours that got the number 2 would be what a library writes its warnings into.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def _leave_stdout() -> None:
    # Python would complain again when it exits.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def leave(code: int) -> NoReturn:
    """End the process with an exit code, whatever its threads are doing.

    A thread of a native library that comes back to Python while Python takes itself apart ends the
    process with SIGABRT. What has to be closed is closed by now, and what is written is whole at
    any moment; so where threads are left, or a person stopped them, Python is not taken apart.
    """
    if code != STOPPED and not any(one.daemon for one in threading.enumerate()):
        sys.exit(code)
    atexit._run_exitfuncs()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def log_to(folder: Path) -> None:
    """Send log records to ``assistant.log`` in the state folder; where that fails, nowhere."""
    root = logging.getLogger()
    if _log_file():
        return
    handler: logging.Handler = logging.NullHandler()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handler = _Log(
            folder / "assistant.log",
            maxBytes=2_000_000,
            backupCount=2,
            encoding="utf-8",
            delay=True,
        )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)


def _check_encoding(arguments: Sequence[str]) -> None:
    for argument in arguments:
        try:
            argument.encode("utf-8")
        except UnicodeEncodeError:
            shown = argument[:80]
            raise UsageError(
                f"the argument {shown} is not valid UTF-8: type it again, or rename the file"
            ) from None


def _log_file() -> str | None:
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.FileHandler):
            return handler.baseFilename
    return None


class _Log(logging.handlers.RotatingFileHandler):
    """A log that a full or protected disk may keep from being written; nobody is told."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Print no traceback on the person's terminal."""


class StoppedWhole(KeyboardInterrupt):
    """A person stopped what is done whole or not at all, so nothing was."""


def _stopped(stop: BaseException) -> str:
    """Return what an interrupted run had done (``index.entries.Interrupted`` says it)."""
    if isinstance(stop, StoppedWhole):
        return "stopped; everything is as it was before"
    kept = "stopped; what was done so far is kept"
    changes = getattr(stop, "changes", None)
    if changes is None:
        return kept
    counts = {what: len(getattr(changes, what)) for what in ("added", "updated", "removed")}
    done = ", ".join(f"{n:,} {what}" for what, n in counts.items() if n)
    return kept + (f" ({done})" if done else "") + ": run the command again to go on"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]


def _fail(name: str, message: str, code: int) -> int:
    print(f"{name}: {with_home(' '.join(message.split()))}", file=sys.stderr)
    return code
