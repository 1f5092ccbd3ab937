"""What became of each address that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that was saved at ``path``, which is ``relative`` below the staging folder.

    ``original`` is the web page it was made from. A sidecar, where there is one, lies beside.
    """

    path: Path
    relative: str
    url: str
    title: str | None
    original: Path | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """An address that gave no document, and the error that says why."""

    url: str
    error: CorpusError


@dataclass(frozen=True, slots=True)
class Known:
    """An address of a feed or a sitemap that the corpus has already: it was not asked for."""

    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """What is about to be fetched: the ``number``th address, of ``total`` where that is known."""

    url: str
    number: int
    total: int | None


Outcome = Fetched | Refused | Known
Listener = Callable[[Step], None]
