"""Telling how long steps take to whoever listens; nobody does unless tracing was begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

Listener = Callable[[str, float], None]
"""Hears the name of a step that has just ended, and how many seconds it took."""
_listener: Listener | None = None


def listen(listener: Listener | None) -> None:
    """Let somebody hear of every step from now on, or nobody."""
    global _listener
    _listener = listener


def is_heard() -> bool:
    """Tell whether anybody listens."""
    return _listener is not None


def took(step: str, seconds: float) -> None:
    """Tell of a step that has just ended."""
    if _listener is not None:
        _listener(step, seconds)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Tell how long what is done inside took, also where it fails."""
    begun = perf_counter()
    try:
        yield
    finally:
        took(name, perf_counter() - begun)
