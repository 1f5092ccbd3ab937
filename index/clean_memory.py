"""Memory that is handed out cleared, for a library that saves what it never wrote.

Chroma's graph (hnswlib) is saved with the gaps in it, in which stands whatever the memory held
before: words of documents, removed ones among them, were found in its files. With glibc's
``M_PERTURB`` all memory is cleared when it is handed out; elsewhere nothing is done.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import Callable, Iterator

_M_PERTURB = -6
_CLEAR_TO_ZERO = 0xFF
"""glibc fills with the complement of this."""

_lock = threading.Lock()
_inside = 0


@contextlib.contextmanager
def clean_memory() -> Iterator[None]:
    """Clear all memory that this process is given while it is inside; threads may overlap."""
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _inside
    with _lock:
        before, _inside = _inside, _inside + change
        if bool(before) != bool(_inside):
            _mallopt(_M_PERTURB, _CLEAR_TO_ZERO if _inside else 0)


def _find() -> Callable[[int, int], object]:
    with contextlib.suppress(OSError, AttributeError, TypeError):
        libc = ctypes.CDLL(None)
        libc.gnu_get_libc_version  # noqa: B018  - of glibc alone
        mallopt: Callable[[int, int], object] = libc.mallopt
        return mallopt
    return lambda option, value: None


_mallopt = _find()
