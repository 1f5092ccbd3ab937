"""The child's side of faults of the system: what it says while calls fail, and afterwards."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from corpus import sandbox_process
from corpus.errors import ArchiveError
from corpus.sandbox import Readers
from corpus.shelf import Shelf
from corpus.sidecar import write_sidecar
from index.entries import Changes
from index.index import Index

from ..fakes import BagOfStems
from . import shim
from .actions import answers
from .inspecting import hits, left_files, search_faults, shown, stored_faults

WORDS = ("banned", "leaked", "regulator", "quokka", "wombat", "numbat")
LONG = "".join(f"The wombat number {number} sat on the fence.\n\n" for number in range(300))


def failing(home: str, fault: str, action: str) -> dict[str, Any]:
    """Do an action while calls fail, and again when they work; say what came of each."""
    index = _open(home)
    _prepare(Path(home), action)
    with _fault(home, json.loads(fault)) as struck:
        said = {"error": _error(lambda: _act(index, home, action)), "during": _searches(index)}
    said["struck"] = struck()
    said["after"] = _mended(index, home, action)
    index.close()
    return said


def failing_to_open(home: str, fault: str) -> dict[str, Any]:
    """Open an index while calls fail, and again when they work."""
    opened: list[Index] = []
    with _fault(home, json.loads(fault)) as struck:
        said = {"error": _error(lambda: opened.append(_open(home)))}
        said["during"] = _searches(opened[0]) if opened else None
    for one in opened:
        one.close()
    said["struck"] = struck()
    index = _open(home)
    _prepare(Path(home), "sync")
    said["after"] = _mended(index, home, "sync")
    index.close()
    return said


def without_faults(home: str, action: str) -> dict[str, Any]:
    """Do the same with nothing in the way."""
    index = _open(home)
    _prepare(Path(home), action)
    said = _mended(index, home, action)
    index.close()
    return said


def _open(home: str) -> Index:
    # Readers of its own, so that they are started with the environment of now.
    return Index(Path(home) / "var", Shelf(Path(home) / "documents"), BagOfStems(),
                 readers=Readers(size=1))  # fmt: skip


def _prepare(home: Path, action: str) -> None:
    """Lay ready what the action takes in."""
    if action == "sync":
        documents = home / "documents"
        (documents / "fine.txt").write_text("The fine\n\nThe numbat paid it.\n", "utf-8")
        (documents / "more.txt").write_text(f"More\n\nA quokka came.\n\n{LONG}", "utf-8")
    (home / "outside").mkdir(exist_ok=True)
    (home / "outside/new.txt").write_text(f"The new one\n\nA quokka sat there.\n\n{LONG}", "utf-8")


def _act(index: Index, home: str, action: str) -> Changes:
    if action == "add":
        return index.add([Path(home) / "outside/new.txt"])
    if action == "sync":
        return index.sync()
    if action == "rebuild":
        return index.sync(rebuild=True)
    if action == "remove":
        return index.remove(["fine"])
    assert action == "describe"
    write_sidecar(Path(home) / "documents/ban.txt", title="The wombat")
    return index.take_in(["ban"])


def _error(action: Callable[[], Changes | None]) -> list[str] | None:
    """Return the error's kind and words, be it raised or reported."""
    try:
        changes = action()
    except ArchiveError as error:
        return [type(error).__name__, str(error)]
    except BaseException as error:
        return ["untyped", f"{type(error).__name__}: {error}"]
    return ["reported", changes.failed[0].error] if changes and changes.failed else None


def _searches(index: Index) -> Any:
    try:
        return {"documents": shown(index), "hits": {word: hits(index, word) for word in WORDS}}
    except ArchiveError as error:
        return [type(error).__name__, str(error)]
    except BaseException as error:
        return ["untyped", f"{type(error).__name__}: {error}"]


def _mended(index: Index, home: str, action: str) -> dict[str, Any]:
    """Do the action again with nothing in the way, and say what there is then."""
    try:
        changes = _act(index, home, action)
        if action == "remove":  # it may be done already
            assert not (Path(home) / "documents/fine.txt").exists()
        else:
            assert not changes.failed, changes.failed
        index.sync()
    except BaseException as error:
        return {"raised": f"{type(error).__name__}: {error}"}
    faults = [*stored_faults(index), *search_faults(index, WORDS[:3]),
              *left_files(Shelf(Path(home) / "documents"), Path(home) / "var")]  # fmt: skip
    return {
        "documents": shown(index),
        "hits": {word: [one[:4] for one in hits(index, word, k=5)] for word in WORDS},
        "faults": faults,
    }


@contextlib.contextmanager
def _fault(home: str, fault: dict[str, Any]) -> Iterator[Callable[[], int]]:
    """Let calls fail inside; gives a function that tells how many did."""
    kind = fault["kind"]
    if kind == "call":
        shim.arm(fault["path"], fault["operations"], fault["error"], fault["nth"])
        struck = [0]
        try:
            yield lambda: struck[0]
        finally:
            struck[0] = max(0, shim.seen() - fault["nth"] + 1)
            shim.disarm()
    elif kind == "reading":
        with _readers_fail(Path(home)):
            yield lambda: 1
    elif kind == "size":
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault["bytes"], hard))
        try:
            yield lambda: 1
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    else:
        with _closed(Path(home), fault["folders"]):
            yield lambda: 1


@contextlib.contextmanager
def _readers_fail(home: Path) -> Iterator[None]:
    """Let the processes that read documents, which start inside, fail to."""
    wanted = {
        "FAULT_PATH": "/documents/", "FAULT_OPS": str(shim.READ), "FAULT_ACTION": str(errno.EIO),
        "FAULT_WHILE": str(home / "failing"),
    }  # fmt: skip
    os.environ.update(wanted)
    # Readers have few of their parent's variables.
    sandbox_process._ENVIRONMENT = (*sandbox_process._ENVIRONMENT, "LD_PRELOAD", *wanted)
    (home / "failing").touch()
    try:
        yield
    finally:
        (home / "failing").unlink()
        for name in wanted:
            del os.environ[name]


@contextlib.contextmanager
def _closed(home: Path, folders: list[str]) -> Iterator[None]:
    """Take the right to write in folders and their files away, from root as well."""
    paths = [one for folder in folders for one in ((home / folder), *(home / folder).rglob("*"))]
    modes = {one: one.stat().st_mode for one in paths}
    for one, mode in modes.items():
        one.chmod(mode & 0o555)
    _override_rights(False)
    try:
        yield
    finally:
        _override_rights(True)
        for one, mode in modes.items():
            if one.exists():
                one.chmod(mode)


def without_rights(home: str) -> Any:
    """Return what ``answers`` does, in a process that may open only what anybody may, for good:
    programs that root starts would have all rights again."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for right in (1, 2):  # passing over rights to write, and to read
            assert libc.prctl(24, right, 0, 0, 0) == 0, os.strerror(ctypes.get_errno())
        _override_rights(False)
    return answers(home)


def _override_rights(allowed: bool) -> None:
    """Let root, like anybody else, be stopped by a file's rights, or not."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; the same for higher ones
    assert libc.capget(header, sets) == 0
    passing_over = 0b110  # of all rights, and of those to read and search
    sets[0] = sets[0] | (sets[1] & passing_over) if allowed else sets[0] & ~passing_over
    assert libc.capset(header, sets) == 0, os.strerror(ctypes.get_errno())
