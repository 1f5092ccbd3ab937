"""One reading process, as its parent sees it: started, asked, and killed with all its children."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from corpus import errors
from corpus.errors import CorpusError, ReaderStopped
from corpus.sandbox_wire import BadFrame, receive, send

_LOG = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[1]
# Not ``-m``: the package is found where this process found it, installed or not, and never in the
# folder that the user happens to work in.
_BOOT = (
    "import sys; sys.path.append(sys.argv.pop(1)); import importlib; "
    "importlib.import_module(sys.argv.pop(1)).main()"
)
_START_SECONDS = 60.0
_GAVE_UP = "SIGABRT"
"""How a process ends whose library, as that for PDF, is refused memory and cannot go on."""
_ENVIRONMENT = (
    "PATH HOME TMPDIR TZ LANG LANGUAGE LC_ALL LC_CTYPE PYTHONUTF8 LD_LIBRARY_PATH "
    "DYLD_LIBRARY_PATH TESSDATA_PREFIX"
).split()
# One process a file is enough, and each arena or thread of a library reserves address space.
_FIXED = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
_ERRORS: Mapping[str, type[CorpusError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, CorpusError)
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: the value, still JSON, or the error; ``last`` where the process ends now."""

    value: Any
    error: CorpusError | None
    last: bool
    peak: int


class _TimedOut(Exception):
    pass


class Worker:
    """A process that runs the module ``module``; ``memory`` is in bytes, over what it starts with.

    It is asked by one thread at a time. Any thread may kill it.
    """

    def __init__(self, module: str, *, memory: int) -> None:
        command = (sys.executable, "-P", "-c", _BOOT, str(_ROOT), module, str(os.getpid()))
        self._process = subprocess.Popen(
            [*command, str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,  # a forked copy of this process must hold nothing that it might flush
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | _FIXED,
            start_new_session=True,  # a group of its own, to be killed whole, out of Ctrl-C's way
        )
        self._ready = False
        self._killing = threading.Lock()

    @property
    def pid(self) -> int:
        """The process' id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Tell whether the process runs; the system may have ended it while it was idle."""
        return self._process.poll() is None

    def ask(self, job: dict[str, Any], *, seconds: float) -> Answered:
        """Have a job done. Raises ReaderStopped where the process took over ``seconds`` or died;
        it is of no use then, and killed, as it is by any other error."""
        path = job["path"]
        try:
            self._await_start(path)
            with contextlib.suppress(BrokenPipeError):  # the read tells the same
                send(self._stdin, job | {"seconds": seconds})
            answer = _answered(receive(self._stdout, self._until(seconds)))
        except _TimedOut:
            self.kill()
            raise ReaderStopped(
                f"{path} took longer than {seconds:g} s to read. "
                "Split it, or save it in another format."
            ) from None
        except (EOFError, BadFrame, OSError, ValueError) as error:
            self.kill()
            raise ReaderStopped(_of_death(path, self._death(error))) from error
        except BaseException:  # Ctrl-C: an answer that nobody waits for must not meet the next job
            self.kill()
            raise
        return answer

    def kill(self) -> None:
        """End the process and what it started; does nothing where that is done."""
        with self._killing:
            if self._process.returncode is not None:
                return
            # The group first: its number is ours only as long as the process is not reaped.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Kill the process and close the pipes; nobody may be asking it."""
        self.kill()
        self._close_pipes()

    def let_go(self) -> None:
        """Close this copy of the pipes and leave the process alone: it is another one's child."""
        self._process.returncode = 0  # or it would be waited for
        self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    @property
    def _stdin(self) -> int:
        assert self._process.stdin is not None
        return self._process.stdin.fileno()

    @property
    def _stdout(self) -> int:
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def _await_start(self, path: str) -> None:
        if self._ready:
            return
        try:
            receive(self._stdout, self._until(_START_SECONDS))
        except (_TimedOut, EOFError, BadFrame) as error:
            self.kill()
            raise ReaderStopped(
                f"{path} was not read: the process that reads files did not start "
                f"({self._death(error)}). Check the installation: python -c 'import corpus.worker'."
            ) from error
        self._ready = True

    def _until(self, seconds: float) -> Callable[[], None]:
        """Return a function that waits for bytes, and raises _TimedOut once the time is up."""
        poll = select.poll()
        poll.register(self._stdout, select.POLLIN)
        end = monotonic() + seconds

        def wait() -> None:
            if not poll.poll(max(0.0, end - monotonic()) * 1000):
                raise _TimedOut

        return wait

    def _death(self, error: Exception) -> str:
        code = self._process.returncode
        if not isinstance(error, EOFError):
            return str(error) or type(error).__name__
        if code is not None and code < 0:
            return signal.Signals(-code).name
        return f"exit code {code}"


def _of_death(path: str, reason: str) -> str:
    if reason == _GAVE_UP:
        return (
            f"{path} could not be read: its reader gave up, as it does where a file needs more "
            "memory than it may have. Split it, or save it in another format."
        )
    return (
        f"{path} could not be read: its reader died ({reason}). "
        "It may be damaged: save it again, or in another format."
    )


def _answered(frame: object) -> Answered:
    """Check the frame of an answer; BadFrame where it is none."""
    if not isinstance(frame, dict):
        raise BadFrame("no answer")
    last, peak, name, message = (frame.get(key) for key in ("last", "peak", "error", "message"))
    if type(last) is not bool or type(peak) is not int:
        raise BadFrame("an answer without its marks")
    if isinstance(frame.get("trace"), str):
        _LOG.warning("a reader failed: %s\n%s", message, frame["trace"])
    if name is None:
        return Answered(frame.get("value"), None, last, peak)
    if not isinstance(message, str) or name not in _ERRORS:
        raise BadFrame("an error that is none of ours")
    return Answered(None, _ERRORS[name](message), last, peak)
