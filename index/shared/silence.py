"""A connection that does not wait for ever for a server that says nothing.

A server that was paused, or whose disk hangs, keeps its connections, and the system under it goes
on acknowledging what is sent: keepalives and the timeouts of TCP notice nothing, and psycopg has
none.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterator
from typing import Any, cast

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy import Connection

SECONDS = 10.0
"""How long a server may say nothing; while something comes or goes, it may take as long as it
does."""
ALL = 600.0
"""The same where it has to look through all that it has."""


class Impatient(psycopg.Connection[TupleRow]):
    """Raises OperationalError, and is closed, where the server says nothing for ``seconds``."""

    seconds = SECONDS

    def wait(self, gen: Any, *given: Any, **named: Any) -> Any:
        """Wait as psycopg does, which asks several times a second whether to go on."""
        return super().wait(self._limited(gen), *given, **named)

    def _limited(self, gen: Generator[Any, int, Any]) -> Generator[Any, int, Any]:
        try:
            wanted, heard = next(gen), time.monotonic()
            while True:
                ready = yield wanted
                if ready:
                    heard = time.monotonic()
                elif time.monotonic() - heard > self.seconds:
                    self.close()
                    raise psycopg.OperationalError("it does not answer in time")
                wanted = gen.send(ready)
        except StopIteration as done:
            return done.value


@contextlib.contextmanager
def patient(connection: Connection, seconds: float) -> Iterator[None]:
    """Let the server say nothing for longer inside."""
    waiting = cast(Impatient, connection.connection.driver_connection)
    waiting.seconds = seconds
    try:
        yield
    finally:
        del waiting.seconds
