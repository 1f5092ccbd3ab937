"""What an index has to do with the indexes of other hosts: nothing, unless a database joins them.

``index.shared`` joins them through PostgreSQL; this file knows no library, and what is in it does
nothing, so that a home of its own pays nothing for it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from corpus.errors import ArchiveError, IndexFailure, UsageError
from corpus.extras import installing

if TYPE_CHECKING:
    from index.database import Database
    from index.shared.server import Server
    from index.store import Store

CURSOR = "shared"
"""The key in the table ``meta`` under which stands how far a catalogue follows others."""

T = TypeVar("T")

_hurried: ContextVar[bool] = ContextVar("hurried", default=False)


@contextlib.contextmanager
def hurried(yes: bool = True) -> Iterator[None]:
    """Let what this thread writes inside be tried once: a question waits for it, and the next look
    at the folder finds what was not written."""
    token = _hurried.set(yes)
    try:
        yield
    finally:
        _hurried.reset(token)


def is_hurried() -> bool:
    """Tell whether this thread has no time to try again."""
    return _hurried.get()


def forget_cursor(database: Database) -> None:
    """Note that a catalogue was changed beside the others: whoever follows with it again has to
    compare all that is in it."""
    if database.rows("SELECT 1 FROM meta WHERE key = ?", (CURSOR,)):
        with database.transaction() as connection:
            connection.execute("DELETE FROM meta WHERE key = ?", (CURSOR,))


class Link(Protocol):
    """How the writer of one index tells others of what it writes."""

    def turn(self) -> contextlib.AbstractContextManager[None]:
        """Let no other host write inside, and have what they wrote before."""

    def publish(
        self, connection: sqlite3.Connection, generations: Sequence[int], gone: Sequence[str]
    ) -> None:
        """Tell of new generations and of documents that are gone, within the local transaction
        that makes it so; where this raises, that one is rolled back."""

    def fresh(self) -> Collection[str]:
        """Return the documents that another host wrote a moment ago: their files may not be seen
        here yet."""

    def again(self, act: Callable[[], T]) -> T:
        """Do something, and once more where the connection was lost in the middle of it."""


class NoLink:
    """Nobody hears of anything."""

    def turn(self) -> contextlib.AbstractContextManager[None]:
        """Wait for nobody."""
        return contextlib.nullcontext()

    def publish(
        self, connection: sqlite3.Connection, generations: Sequence[int], gone: Sequence[str]
    ) -> None:
        """Tell nobody."""

    def fresh(self) -> Collection[str]:
        """There is no other host."""
        return ()

    def again(self, act: Callable[[], T]) -> T:
        """Do it once."""
        return act()


class Sharing(Protocol):
    """How a home is joined with those of other hosts."""

    @property
    def has_documents(self) -> bool:
        """Tell whether the documents folder of this host is the truth of the index."""

    @property
    def remark(self) -> str:
        """A sentence for people; empty where all is well."""

    @property
    def is_away(self) -> bool:
        """Tell whether nothing is heard of other hosts now, though there may be some."""

    @property
    def trouble(self) -> ArchiveError | None:
        """Why nothing can be had from other hosts now; None where all is well."""

    @property
    def joins(self) -> bool:
        """Tell whether there may be other hosts."""

    def check(self, *, waits: bool = True) -> None:
        """See that documents may be written here and now. Raises DocumentsElsewhere and
        DatabaseAway; where nobody ``waits`` for other hosts, HomeBusy if one has stopped in the
        middle of a write."""

    def attach(self, store: Store) -> None:
        """Let the index that answers follow the others, and them follow it."""

    def join(self, store: Store) -> None:
        """Fill a new index from what others have of its recipe, before it is built here.

        Raises IndexFailure where they have nothing and there are no documents here.
        """

    def whole(self, store: Store) -> contextlib.AbstractContextManager[None]:
        """Give a built index to the others when what is inside has brought it up to date."""

    def catch_up(self, store: Store) -> None:
        """Take in what others wrote. Raises DatabaseAway."""

    def adopt(self, store: Store) -> None:
        """Let the documents folder of this host be the truth from now on."""

    def follow(self, catch_up: Callable[[], None]) -> None:
        """Call ``catch_up``, in a thread, soon after others have written, until ``close``."""

    def close(self) -> None:
        """Let go of everything."""


class Alone:
    """A home of its own."""

    has_documents = True
    remark = ""
    is_away = False
    trouble = None
    joins = False

    def check(self, *, waits: bool = True) -> None:
        """Documents may always be written."""

    def attach(self, store: Store) -> None:
        """There is nobody to follow."""

    def join(self, store: Store) -> None:
        """Nobody has anything."""

    @contextlib.contextmanager
    def whole(self, store: Store) -> Iterator[None]:
        """Nobody is given anything."""
        yield

    def catch_up(self, store: Store) -> None:
        """Nobody wrote anything."""

    def adopt(self, store: Store) -> None:
        """It is the truth already. Raises UsageError."""
        raise UsageError(
            "this home is joined with no other: set `database` in assistant.toml first"
        )

    def follow(self, catch_up: Callable[[], None]) -> None:
        """There is nobody to follow."""

    def close(self) -> None:
        """There is nothing to let go of."""


def joined(address: str, documents: Path, *, needed: bool = True) -> Sharing:
    """Return what joins a home with those of other hosts; ``address`` is a database's, or empty.
    Where they are not ``needed``, a home is opened that has nothing from them yet and cannot now.

    Raises IndexFailure where what it takes is not installed.
    """
    if not address:
        return Alone()
    server = server_of(address)
    from index.shared.joined import Joined

    return Joined(server, documents, needed=needed)


def server_of(address: str) -> Server:
    """Return a database, not reached yet. Raises IndexFailure where what it takes is not
    installed."""
    try:
        from index.shared.server import Server
    except ImportError as error:
        raise IndexFailure(
            f"a database needs more than is installed ({error.name}): {installing('postgres')}"
        ) from error
    return Server(address)
