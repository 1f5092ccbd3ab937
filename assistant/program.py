"""Which program answers: a digest of what decides an answer besides the documents and settings.

Evaluations keep answers by it, so it has to be of the program that runs, not of one that was
installed over it since.
"""

from __future__ import annotations

import functools
import hashlib
import platform
import time
from importlib import metadata
from pathlib import Path

STARTED = time.time()
"""When this process had begun to load the program: any file of it that is younger was not loaded,
or not only."""
ROOT = Path(__file__).resolve().parents[1]
_ROOMS = ("corpus", "index", "assistant")
_NOT_ASKED = ("assistant/web/", "corpus/documents/")
_KINDS = (".py", ".json", ".sql", ".txt")
_LIBRARIES = ("numpy", "openvino", "onnxruntime", "torch", "tokenizers", "chromadb", "PyStemmer")
_CLOCK_SECONDS = 2.0
"""Some file systems keep times of two seconds."""


def program_digest(root: Path = ROOT) -> str:
    """Return sixteen hex digits of the program that this process runs.

    Empty where its files changed since the process started: then nobody can tell.
    """
    files = _files(root)
    young = STARTED - _CLOCK_SECONDS
    if any(max(one.st_mtime, one.st_ctime) > young for one in (path.stat() for path in files)):
        return ""
    return _digest(root, files)


@functools.cache
def _digest(root: Path, files: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for path in files:
        data = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root).as_posix()} {data}\n".encode())
    digest.update(f"python {platform.python_version()}\n".encode())
    for library in _LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    return digest.hexdigest()[:16]


def _files(root: Path) -> tuple[Path, ...]:
    found = (path for room in _ROOMS for path in (root / room).rglob("*") if path.suffix in _KINDS)
    kept = (one for one in found if not one.relative_to(root).as_posix().startswith(_NOT_ASKED))
    return tuple(sorted(kept))


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"
