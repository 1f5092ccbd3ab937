"""Telling another process, which watches the folder, what the owner of the home takes in."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NoReturn

from assistant.contract_corpus import changes_json
from index.entries import Changes

if TYPE_CHECKING:
    from assistant.archive import Archive
    from assistant.owner_server import Caller

_SECONDS = 0.5
"""How often it is seen whether the caller is still there, and the owner not about to end."""


def follow(archive: Archive, caller: Caller) -> NoReturn:
    """Tell a caller of each change that is taken in; raises CallerGone in the end."""
    heard: SimpleQueue[Changes] = SimpleQueue()
    with archive.watching.listening(heard.put):
        while True:
            archive.watching.start()  # again, where whoever watched has stopped
            try:
                changes = heard.get(timeout=_SECONDS)
            except Empty:
                caller.news(None)
            else:
                caller.news(changes_json(changes, archive.entries()))
