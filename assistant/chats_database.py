"""Kept conversations in the database that hosts share: a user's are on every host.

The tables and the SQL are those of the file (``chats_file.py``); only the marks for values differ.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.errors import ChatsFailure, DatabaseAway

if TYPE_CHECKING:
    from index.shared.server import Rows


class ChatsDatabase:
    """The conversations of all hosts, safe to share between threads; reached when first needed."""

    remark = ""

    def __init__(self, address: str) -> None:
        from index.sharing import server_of

        self._server = server_of(address)

    def exists(self) -> bool:
        """Tell that there may be conversations: others may have kept some."""
        return True

    def now(self) -> dt.datetime:
        """Return the time by the server's clock: that of a host, if it goes wrong, must not let all
        conversations be too old. Raises ChatsFailure."""
        with self.reading() as rows:
            found: dt.datetime = rows.execute("SELECT now()").scalar()
        return found.astimezone(dt.UTC)

    def close(self) -> None:
        """Let go of the connections; the next use makes new ones."""
        self._server.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Rows]:
        """Give what runs queries. Raises ChatsFailure."""
        try:
            with self._server.rows() as rows:
                yield rows
        except DatabaseAway as error:
            raise ChatsFailure(
                f"conversations can be neither kept nor read now: {error}"
            ) from error

    @contextlib.contextmanager
    def writing(self) -> Iterator[Rows]:
        """Commit what happens inside, or nothing of it. Raises ChatsFailure."""
        with self.reading() as rows:
            yield rows
            rows.commit()

    @contextlib.contextmanager
    def deleting(self, *, anew: bool = False) -> Iterator[Rows]:
        """Commit what is deleted inside. When its bytes are overwritten is for the server to say
        (``docs/hosts.md``)."""
        with self.writing() as rows:
            yield rows
