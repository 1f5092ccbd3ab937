"""A file's bytes, or one clear error about why not; nothing large is read to find that out."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.readers.sniff import binary_kind

MAX_BYTES = 25_000_000


def load(path: Path, *, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bytes of a file.

    Raises UnreadableFile: missing, a folder, no regular file, empty, over ``max_bytes`` (seen
    before anything is read), or without read rights.
    """
    _check_status(path, max_bytes)
    with opened_errors(path), path.open("rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise _too_large(path, len(data), max_bytes)
    return data


@contextlib.contextmanager
def opened_errors(path: Path) -> Iterator[None]:
    """Tell of a file, in UnreadableFile, what the system says when it is opened or read inside."""
    try:
        yield
    except PermissionError as error:
        raise UnreadableFile(f"No rights to read {path}. Change its rights (chmod +r).") from error
    except OSError as error:
        raise UnreadableFile(
            f"{path} could not be read: {error.strerror}. Check its rights and its disk."
        ) from error


def check_text(data: bytes, *, name: str) -> None:
    """Raise UnreadableFile where the bytes of a file, called ``name``, cannot be text."""
    if kind := binary_kind(data):
        raise UnreadableFile(
            f"{name} is not text: it looks like {kind}. Save its text as .txt, .md or .html."
        )


def _check_status(path: Path, max_bytes: int) -> None:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnreadableFile(f"There is no file {path}. Check the path.") from error
    except PermissionError as error:
        raise UnreadableFile(f"No rights to reach {path}. Change the folder's rights.") from error
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"{path} could not be read: {error}.") from error
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableFile(f"{path} is a folder, not a file. Name a file in it.")
    if not stat.S_ISREG(status.st_mode):
        # Opening a pipe would wait for its writer for ever.
        raise UnreadableFile(f"{path} is not a regular file. Copy its text into a file.")
    if status.st_size == 0:
        raise UnreadableFile(f"{path} is empty. Write its text into it, or leave it out.")
    if status.st_size > max_bytes:
        raise _too_large(path, status.st_size, max_bytes)


def _too_large(path: Path, size: int, max_bytes: int) -> UnreadableFile:
    return UnreadableFile(
        f"{path} has {size / 1e6:,.1f} MB, and {max_bytes / 1e6:,.1f} MB is the most a document "
        "may have. Split it into smaller files."
    )
