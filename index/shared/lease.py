"""One writer at a time among all hosts.

An advisory lock of the database is held while a host writes. It goes with the connection, so a host
that was killed or cut off blocks nobody. A host that goes on without noticing cannot write: it has
the number of its turn, and each write compares it with the one of now, in its own transaction.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from corpus.errors import DatabaseAway, HomeBusy
from index.shared.silence import SECONDS, patient

PATIENCE = 60
"""Seconds to wait for another host that writes; one turn writes 64 documents at most."""
_STOPPED = 3
_LOCK = 7_219_002


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write, on the connection that holds it."""

    connection: Connection
    number: int

    def check(self) -> int:
        """Return the number of the last write, inside a transaction that keeps others from writing
        until it ends. Raises DatabaseAway where the turn is another host's by now."""
        query = "SELECT lease, head FROM corpus WHERE one = 1 FOR UPDATE"
        number, head = self.connection.execute(text(query)).one()
        if number != self.number:
            raise DatabaseAway(
                "another host has begun to write meanwhile, and nothing was changed: try again"
            )
        return int(head)


def see_that_nobody_stopped(connection: Connection) -> None:
    """Raise HomeBusy where another host has the right to write and has not used it for a while: it
    stands still, and a question must not wait for that."""
    query = f"""
        SELECT holder FROM corpus, pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND objid = :lock AND granted AND datname = current_database()
        AND state <> 'active' AND now() - state_change > interval '{_STOPPED} seconds'"""
    holder = connection.execute(text(query), {"lock": _LOCK}).scalar()
    connection.rollback()
    if holder is not None:
        raise _busy(holder)


@contextlib.contextmanager
def leased(connection: Connection, host: str) -> Iterator[Lease]:
    """Hold the right to write inside. Raises HomeBusy where another host has it for long."""
    _lock(connection)
    try:
        query = "UPDATE corpus SET lease = lease + 1, holder = :host WHERE one = 1 RETURNING lease"
        number = connection.execute(text(query), {"host": host}).scalar_one()
        connection.commit()
        yield Lease(connection, int(number))
    finally:
        _unlock(connection)


def _lock(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
    try:
        with patient(connection, PATIENCE + SECONDS):
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    except DBAPIError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        connection.rollback()
        holder = connection.execute(text("SELECT holder FROM corpus")).scalar_one()
        raise _busy(holder) from error
    connection.commit()


def _busy(holder: str) -> HomeBusy:
    return HomeBusy(
        f"{holder} is writing to the index that hosts share: try again when that is done, or end "
        "that process if it stands still"
    )


def _unlock(connection: Connection) -> None:
    """Give the lock back; a connection that cannot be asked to is closed, which does so too."""
    try:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        connection.commit()
    except DBAPIError:
        connection.invalidate()
