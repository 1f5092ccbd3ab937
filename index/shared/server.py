"""The connection to PostgreSQL, tried again for a while; its errors in words, with no password."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import psycopg
from psycopg.errors import DiskFull
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from corpus.errors import ArchiveError, DatabaseAway, DatabaseRefuses
from index.addresses import shown
from index.shared.reasons import BUSY, READS_ONLY, reason_of, step_of
from index.shared.silence import ALL, Impatient, patient
from index.shared.tables import SCHEMA, bring_up

WAITS = (0.2, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0)
"""Seconds before each further attempt of work that lost its connection: a server that is started
again is back within them."""
_SETTINGS = {
    "application_name": "archive-assistant",
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds: a network that was cut is noticed
}

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Server:
    """One database, for all threads of a process. Every call raises DatabaseAway."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.shown = shown(address)
        self._ready = False
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            pool_size=2,
            max_overflow=6,  # of index, conversations, accounts each
            pool_timeout=10,
            pool_pre_ping=True,
            hide_parameters=True,  # they are people's texts
        )

    @contextlib.contextmanager
    def connected(self) -> Iterator[Connection]:
        """Give a connection, whose work is undone unless it commits."""
        with self.translated(), self._engine.connect() as connection:
            if not self._ready:
                with patient(connection, ALL):
                    bring_up(connection, self.shown)
                self._ready = True
            yield connection

    @contextlib.contextmanager
    def rows(self) -> Iterator[Rows]:
        """Give a connection that takes SQL as SQLite's does."""
        with self.connected() as connection:
            yield Rows(connection)

    @contextlib.contextmanager
    def listening(self, channel: str) -> Iterator[Callable[[float], bool]]:
        """Give what waits, for so many seconds at most, and tells whether something was told in a
        channel."""
        with self.translated(), self._connect() as connection:
            connection.autocommit = True
            connection.execute(f"LISTEN {channel}")

            def wait(seconds: float) -> bool:
                with self.translated():
                    return bool([*connection.notifies(timeout=seconds, stop_after=1)])

            yield wait

    @contextlib.contextmanager
    def translated(self) -> Iterator[None]:
        """Let no error of a library leave untranslated."""
        try:
            yield
        except ArchiveError:
            raise
        except PoolTimeout as error:
            raise self._away(BUSY) from error
        except DBAPIError as error:
            raise self._translated(error.orig) from error
        except psycopg.Error as error:
            raise self._translated(error) from error

    def see_that_it_writes(self, connection: Connection) -> None:
        """Raise DatabaseRefuses where it only reads, as a replica does, with nothing touched."""
        if connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on":
            raise self._refusing(READS_ONLY)

    def again(self, act: Callable[[], T]) -> T:
        """Do something; where the connection is lost, wait and do it again, some seconds long."""
        for seconds in WAITS:
            try:
                return act()
            except DatabaseRefuses:
                raise
            except DatabaseAway as error:
                _log.warning("%s; tried again in %s s", error, seconds)
                time.sleep(seconds)
        return act()

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._engine.dispose()

    def _connect(self) -> Impatient:
        connection = Impatient.connect(self._address, prepare_threshold=None, **_SETTINGS)  # type: ignore[arg-type]
        connection.execute(f"SET search_path = {SCHEMA}")
        connection.commit()
        return connection

    def _translated(self, error: BaseException | None) -> DatabaseAway:
        said = reason_of(error, self._address)
        if isinstance(error, DiskFull):
            return DatabaseRefuses(f"the database {self.shown} is full ({said}): give it disk room")
        if error is None or isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            return self._away(said)
        _log.error("database %s: %s", self.shown, type(error).__name__)
        return self._refusing(said)

    def _refusing(self, reason: str) -> DatabaseRefuses:
        step = step_of(reason, "see that its user may make and write tables there")
        return DatabaseRefuses(
            f"the database {self.shown} refused what was asked of it ({reason}): {step}"
        )

    def _away(self, reason: str) -> DatabaseAway:
        return DatabaseAway(
            f"the database {self.shown} cannot be reached ({reason}): {step_of(reason)}"
        )


class Rows:
    """A connection for SQL that SQLite takes too, with ``?`` for each value."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, query: str, values: Sequence[object] = (), /) -> Any:
        """Run a query, and return its rows."""
        return self._connection.exec_driver_sql(query.replace("?", "%s"), tuple(values))

    def commit(self) -> None:
        """Let what was done be so."""
        self._connection.commit()
