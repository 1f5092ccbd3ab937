"""The process that reads files, one after another, so that a bad one harms no other process.

Started by ``corpus.sandbox_process`` and spoken to over its stdin and stdout. It limits itself
before it opens anything, and readers are imported when the first file needs them. This keeps
accidents and bombs away from the program; it is no jail for code that a file has made it run.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError, ReaderStopped
from corpus.sandbox_wire import BadFrame, receive, send, to_json

Call = Callable[[dict[str, Any]], object]

_GRACE_SECONDS = 10
"""How much later than its parent the worker stops itself, should the parent not do it."""
_LARGEST_FILE = 128 << 20
"""Bytes: room for the page image that OCR may pass on in a file; nothing else is written."""
_OPEN_FILES = 128
_TRACE_LENGTH = 4_000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def read(job: dict[str, Any]) -> object:
    """Read a file into a document."""
    from corpus.read import read_document

    return read_document(
        Path(job["path"]),
        folder=Path(job["folder"]),
        document_id=job["document_id"],
        max_bytes=job["max_bytes"],
    )


def find_place(job: dict[str, Any]) -> object:
    """Find a quote on the pages of a PDF."""
    from corpus import places

    return places.find_place(Path(job["path"]), job["quote"], page=job["page"])


def page_image(job: dict[str, Any]) -> object:
    """Draw a page of a PDF."""
    from corpus import places

    return places.page_image(Path(job["path"]), job["page"], width_px=job["width_px"])


def is_container(job: dict[str, Any]) -> object:
    """Look whether a file holds several documents."""
    from corpus import unpack as containers

    return containers.is_container(Path(job["path"]))


def unpack(job: dict[str, Any]) -> object:
    """Take a file that holds several documents apart."""
    from corpus import unpack as containers

    return containers.unpack(Path(job["path"]), Path(job["into"]), max_bytes=job["max_bytes"])


CALLS: dict[str, Call] = {
    "read": read,
    "find_place": find_place,
    "page_image": page_image,
    "is_container": is_container,
    "unpack": unpack,
}


def main(calls: Mapping[str, Call] = CALLS) -> None:
    """Answer calls until stdin ends. Arguments: the parent's process id, the memory in bytes."""
    parent, memory = int(sys.argv[1]), int(sys.argv[2])
    read_end, write_end = _private_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to decide about
    _die_with(parent)
    ceiling = _limit(memory)
    send(write_end, {"ready": os.getpid()})
    while True:
        try:
            job = receive(read_end)
        except EOFError:
            return
        _arm(job["seconds"])
        answer = _answer(calls, job, memory)
        signal.setitimer(signal.ITIMER_REAL, 0)
        # What a large file took is not always given back, and the next one needs its room.
        answer["last"] = answer["last"] or virtual_bytes() > ceiling - memory // 2
        answer["peak"] = peak_bytes()
        _reply(write_end, answer, str(job["path"]))
        if answer["last"]:
            return


def _private_pipes() -> tuple[int, int]:
    """Move stdin and stdout out of the way: a library that prints must not print into a frame."""
    read_end, write_end = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return read_end, write_end


def _answer(calls: Mapping[str, Call], job: dict[str, Any], memory: int) -> dict[str, Any]:
    path = job["path"]
    try:
        if job["at"] is not None:
            with contextlib.suppress(OSError):  # absolute paths do not need it
                os.chdir(job["at"])
        return {"value": to_json(calls[job["call"]](job)), "last": False}
    except CorpusError as error:
        if not _ran_out_of_memory(error):
            return _error(error)
    except OSError as error:
        if not _ran_out_of_memory(error):
            reason = error.strerror or error
            return _error(ReaderStopped(f"{path} could not be read: {reason}. Save it again."))
    except ImportError as error:
        missing = error.name or str(error)
        return _error(ReaderStopped(f"{path} was not read: {missing} is missing. Install it."))
    except RecursionError:
        return _error(ReaderStopped(f"{path} is nested too deeply. Save it in another format."))
    except Exception as error:
        if not _ran_out_of_memory(error):
            return _unexpected(path, error)
    return _error(
        ReaderStopped(
            f"{path} needed more than {memory / 1e6:,.0f} MB to read. "
            "Split it, or save it in another format."
        ),
        last=True,
    )


def _ran_out_of_memory(error: BaseException | None) -> bool:
    """Tell whether ``error`` is, or came of, a failed allocation: libraries wrap such errors."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _unexpected(path: str, error: Exception) -> dict[str, Any]:
    import traceback

    trace = traceback.format_exc()[-_TRACE_LENGTH:]
    stopped = ReaderStopped(
        f"{path} could not be read: its reader failed ({type(error).__name__}). "
        "It may be damaged: save it again, or in another format."
    )
    return _error(stopped) | {"trace": trace}


def _error(error: CorpusError, *, last: bool = False) -> dict[str, Any]:
    return {"error": type(error).__name__, "message": str(error), "last": last}


def _reply(write_end: int, answer: dict[str, Any], path: str) -> None:
    # The parent may be gone, and nobody is left to tell.
    with contextlib.suppress(BrokenPipeError):
        try:
            send(write_end, answer)
        except (BadFrame, MemoryError):
            large = ReaderStopped(f"{path} holds too much text for one document. Split it.")
            send(write_end, answer | {"value": None} | _error(large, last=True))
            answer["last"] = True


def _limit(memory: int) -> int:
    """Limit this process and its children to come; return the ceiling of its address space."""
    ceiling = virtual_bytes() + memory
    for what, most in (
        (resource.RLIMIT_AS, ceiling),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # Some systems refuse to limit memory; the parent's clock is left then.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    return ceiling


def _arm(seconds: float) -> None:
    """Have the kernel end this process, should it outlast its parent's patience; and any child of
    it (OCR) that outlives it, by the processor time that children inherit."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS)
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds + _GRACE_SECONDS)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


def _die_with(parent: int) -> None:
    """Have Linux end this process when its parent ends; elsewhere stdin and the clock do it."""
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(0)


def virtual_bytes() -> int:
    """Return the size of this process' address space; 0 where the system does not tell."""
    return _status("VmSize") or 0


def peak_bytes() -> int:
    """Return the most memory that this process has had resident."""
    # ru_maxrss is no use on Linux: a child starts with its parent's.
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _status(name: str) -> int | None:
    try:
        lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), None)


if __name__ == "__main__":
    main()
