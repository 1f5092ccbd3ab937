"""A home that may not be written: a copy of its index answers, and is deleted in the end.

SQLite wants to write beside a catalogue even to read it, and so does whatever takes in what changed
in the documents. With a copy nothing else has to know: it is taken in there, and nothing is kept.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from assistant.chats import CHATS
from assistant.home import Home
from assistant.owner import busy
from corpus.errors import IndexFailure
from index.made import CATALOGUE
from index.recipes import POINTER, answering

REMARK = "this home may not be written: a copy of its index answers, and nothing is kept"


@contextlib.contextmanager
def copied(home: Home) -> Iterator[Home]:
    """Give the home with a copy of its index. Raises IndexFailure where it cannot be copied, and
    HomeBusy where another process has it open."""
    with contextlib.ExitStack() as stack:
        try:
            state = Path(
                stack.enter_context(
                    tempfile.TemporaryDirectory(
                        prefix="archive-read-only-", ignore_cleanup_errors=True
                    )
                )
            )
            with _unowned(home):
                _copy(home.state / "index", state / "index")
                for file in (home.state / CHATS, home.state / f"{CHATS}-wal"):
                    if file.is_file():
                        shutil.copyfile(file, state / file.name)
        except OSError as error:
            raise IndexFailure(
                f"{home.root} may not be written, and its index could not be copied to answer "
                f"({error.strerror}, {error.filename}): check the rights to read it, and that "
                "TMPDIR names a folder with room for it"
            ) from error
        yield dataclasses.replace(home, state=state)


def _copy(index: Path, target: Path) -> None:
    """Copy the catalogues that answer, with their logs; Chroma is filled from them if need be."""
    target.mkdir()
    with contextlib.suppress(FileNotFoundError):
        shutil.copyfile(index / POINTER, target / POINTER)
    folders = [index / name for name in answering(index)] or list(index.glob("*/"))
    for folder in folders:
        for file in (folder / CATALOGUE, folder / f"{CATALOGUE}-wal"):
            if file.is_file():
                (target / folder.name).mkdir(exist_ok=True)
                shutil.copyfile(file, target / folder.name / file.name)


@contextlib.contextmanager
def _unowned(home: Home) -> Iterator[None]:
    """Keep others from opening the home inside. Raises HomeBusy where one has it open."""
    try:
        lock = os.open(home.state / "owner.lock", os.O_RDONLY)
    except OSError:  # it never was open, or is on a disk that nobody can write
        yield
        return
    try:
        _share(lock, home)
        yield
    finally:
        os.close(lock)


def _share(lock: int, home: Home) -> None:
    try:
        import fcntl
    except ImportError:  # another system; SQLite's own lock is left
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        raise busy(home) from None
