"""Conversations that a reader deleted a moment ago and may still have back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from corpus.errors import ArchiveError

UNDO_SECONDS = 20.0
_log = logging.getLogger(__name__)


class Leaving:
    """Deletes conversations after a while, for the readers that they belong to.

    What is still to be deleted when the program ends is deleted then; a program that is killed
    meanwhile has deleted nothing, and the conversation is there again.
    """

    def __init__(self, delete: Callable[[Sequence[str], str], None]) -> None:
        self._delete = delete
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[str, threading.Timer]] = {}

    def __contains__(self, chat: str) -> bool:
        """Tell whether a conversation is about to be deleted."""
        with self._lock:
            return chat in self._waiting

    def begin(self, chat: str, reader: str, seconds: float = UNDO_SECONDS) -> None:
        """Delete a conversation so many seconds from now."""
        with self._lock:
            if chat not in self._waiting:
                timer = threading.Timer(seconds, self.end, (chat,))
                timer.daemon = True
                self._waiting[chat] = (reader, timer)
                timer.start()

    def undo(self, chat: str, reader: str) -> bool:
        """Leave a conversation where it is; False where it is too late, or somebody else's."""
        with self._lock:
            if self._waiting.get(chat, ("", None))[0] != reader:
                return False
            self._waiting.pop(chat)[1].cancel()
            return True

    def end(self, chat: str) -> None:
        """Delete a conversation now, if it is about to be."""
        with self._lock:
            reader, timer = self._waiting.pop(chat, ("", None))
        if timer is None:
            return
        timer.cancel()
        try:
            self._delete([chat], reader)
        except ArchiveError as error:
            _log.warning("a conversation could not be deleted: %s", error)

    def finish(self) -> None:
        """Delete now what is to be deleted."""
        with self._lock:
            chats = [*self._waiting]
        for chat in chats:
            self.end(chat)
