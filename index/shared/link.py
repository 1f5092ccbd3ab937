"""One index of this host, and what the database has of it.

The database is the truth: a write is done when it commits there. It does so inside the local
transaction that makes the same write visible here, so a process that is killed between the two has
its own write come back like that of another host.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

from index.copied import packed
from index.open_files import rows_of
from index.recipe import digits
from index.shared import cursor, rows
from index.shared.cursor import Cursor
from index.shared.lease import Lease, leased
from index.shared.truth import Truth
from index.sharing import is_hurried

if TYPE_CHECKING:
    from index.store import Store

FRESH_SECONDS = 90.0
"""As long as this a network drive may not show a file that another host has put there: documents
that are as new are not taken for gone."""
T = TypeVar("T")


class StoreLink:
    """Follows the database, and writes to it; used by the thread that holds the store's lock."""

    def __init__(self, truth: Truth, store: Store) -> None:
        self._truth = truth
        self._store = store
        self.recipe = digits(store.made_with)
        self._lease: Lease | None = None
        self._before = Cursor("", 0, "")
        self._fresh: dict[str, float] = {}

    # ------------------------------------------------------------------ writing

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Let no other host write inside, and have what they wrote before.

        Raises DatabaseAway, DocumentsElsewhere and HomeBusy.
        """
        if self._lease is not None:
            yield
            return
        with self.alone():
            assert self._lease is not None
            known = rows.is_known(self._lease.connection, self.recipe)
            if known:
                self.pull(self._lease.connection)
            elif self._store.catalogue.stamps():  # the database is a new one
                self.publish_all()
            yield

    @contextlib.contextmanager
    def alone(self, *, adopts: bool = False) -> Iterator[None]:
        """Let no other host write inside; with ``adopts``, whichever folder is the truth."""
        with (
            self._truth.server.connected() as connection,
            leased(connection, self._truth.host) as lease,
        ):
            head = self._truth.head(connection, 0)
            if not adopts:
                self._truth.check_folder()
            self._before = Cursor(head.identity, head.change, head.folder or "")
            self._lease = lease
            try:
                yield
            finally:
                self._lease = None

    def publish(
        self, connection: sqlite3.Connection, generations: Sequence[int], gone: Sequence[str]
    ) -> None:
        """Write to the database what ``connection`` is about to commit."""
        assert self._lease is not None
        mark = rows.new_mark()
        self._truth.folder.write(mark, self._before.mark)
        change = rows.write(
            self._lease,
            self.recipe,
            [packed(rows_of(connection), one) for one in generations],
            gone,
            mark=mark,
            host=self._truth.host,
            named=(self._store.made_with, self._store.named),
        )
        self._lease.connection.commit()
        self._before = Cursor(self._before.identity, change, mark)
        self._truth.wrote(mark)
        cursor.write(connection, self._before)

    def publish_all(self) -> None:
        """Let the database hold just what this index holds; inside a turn."""
        assert self._lease is not None
        database = self._store.database
        there = rows.digests(self._lease.connection, self.recipe)
        self._lease.connection.rollback()
        here = database.rows("SELECT generation, id FROM documents WHERE state = 'active'")
        new = [
            number
            for number, document_id in sorted(here)
            if packed(database.rows, number).digest != there.get(document_id)
        ]
        gone = sorted(there.keys() - {document_id for _, document_id in here})
        for first in range(0, max(len(new), 1), rows.AT_ONCE):
            with database.transaction() as connection:
                self.publish(connection, new[first : first + rows.AT_ONCE], () if first else gone)

    def again(self, act: Callable[[], T]) -> T:
        """Do something, and once more where the connection was lost; inside a turn, and where
        somebody waits for an answer, only once."""
        once = self._lease is not None or is_hurried()
        return act() if once else self._truth.server.again(act)

    # ------------------------------------------------------------------ following

    def pull(self, connection: Connection) -> bool:
        """Take over what was written since; tell whether there was anything."""
        known = cursor.read(self._store.database)
        head = self._truth.head(connection, known.change if known else 0)
        if known is None or (known.identity, known.mark) != (head.identity, head.known_mark or ""):
            self._compare(connection, head)
            return True
        if known.change == head.change:
            return False
        for one in rows.writes_since(connection, self.recipe, known.change, head):
            at = Cursor(head.identity, one.change, one.mark)
            until = time.monotonic() + FRESH_SECONDS - one.seconds
            self._fresh |= {each.id: until for each in one.copies}
            if one.copies or one.gone:
                self._store.take_over(one.copies, one.gone, _then(at))
            else:
                self._note(at)
        return True

    def fresh(self) -> frozenset[str]:
        """Return the documents that another host wrote a moment ago."""
        now = time.monotonic()
        self._fresh = {one: until for one, until in self._fresh.items() if until > now}
        return frozenset(self._fresh)

    def _compare(self, connection: Connection, head: rows.Head) -> None:
        """Take over what differs, where it is not known what was followed so far."""
        there = rows.digests(connection, self.recipe)
        connection.rollback()
        database = self._store.database
        here = dict(database.rows("SELECT id, generation FROM documents WHERE state = 'active'"))
        gone = [one for one in here if one not in there]
        new = [
            one
            for one, digest in there.items()
            if one not in here or packed(database.rows, here[one]).digest != digest
        ]
        if gone:
            self._store.take_over((), gone, lambda connection: None)
        for first in range(0, len(new), rows.AT_ONCE):
            found = rows.copies(connection, self.recipe, new[first : first + rows.AT_ONCE])
            connection.rollback()
            self._store.take_over(found, (), lambda connection: None)
        self._note(Cursor(head.identity, head.change, head.mark or ""))

    def _note(self, at: Cursor) -> None:
        with self._store.database.transaction() as connection:
            cursor.write(connection, at)


def _then(at: Cursor) -> Callable[[sqlite3.Connection], None]:
    return lambda connection: cursor.write(connection, at)
