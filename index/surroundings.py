"""What all index folders of a home have in common."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.sandbox import Readers
from corpus.shelf import Shelf
from index.sharing import Alone, Sharing

if TYPE_CHECKING:
    from index.remote import Remote


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all index folders of a home have in common.

    ``lock`` is held by whoever writes an index or puts files on the shelf; ``claimed`` are files
    that an add has put there and not yet written to the index. ``remote``, if any, is the server
    that keeps the vectors.
    """

    shelf: Shelf
    readers: Readers
    max_bytes: int
    lock: threading.RLock
    claimed: set[Path]
    sharing: Sharing = field(default_factory=Alone)
    remote: Remote | None = None
