"""A home whose index is joined with those of other hosts through a database."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import ArchiveError, DatabaseAway, OtherModels
from index.shared import rows
from index.shared.lease import see_that_nobody_stopped
from index.shared.link import StoreLink
from index.shared.server import Server
from index.shared.truth import Truth

if TYPE_CHECKING:
    from index.store import Store

POLL = 1.0
"""Seconds between two looks, where the database tells of nothing: a notice may get lost."""
_LONGEST = 5.0
"""Seconds between two attempts to reach a database that is away."""

_log = logging.getLogger(__name__)


class Joined:
    """``index.sharing.Sharing`` through PostgreSQL."""

    joins = True

    def __init__(self, server: Server, documents: Path, *, needed: bool = True) -> None:
        self._server = server
        self._needed = needed
        self._other_models: OtherModels | None = None
        self._truth = Truth(server, documents)
        self._away: DatabaseAway | None = None
        self._links: dict[Store, StoreLink] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def has_documents(self) -> bool:
        """Tell whether the documents folder of this host is the truth of the index."""
        return self._truth.is_here

    @property
    def is_away(self) -> bool:
        """Tell whether the database could not be reached when it was last tried."""
        return self._away is not None

    @property
    def trouble(self) -> ArchiveError | None:
        """Why nothing can be had from the database now; None where all is well."""
        return self._away or self._other_models

    @property
    def remark(self) -> str:
        """A sentence for people; empty where all is well."""
        if self._away is not None:
            return (
                f"{self._away}. Until then this host's copy of the index answers, and no document "
                "can be changed"
            )
        if not self._truth.is_here and self._truth.folder.holds_files():
            return (
                f"the documents of this index lie in {self._truth.place}: what is in this home's "
                "documents folder is not read"
            )
        return ""

    def check(self, *, waits: bool = True) -> None:
        """See that documents may be written here and now. Raises DocumentsElsewhere, and
        DatabaseAway also of a server that only reads; where nobody ``waits`` for other hosts,
        HomeBusy if one has stopped in the middle of a write."""
        with self._reaching(), self._server.connected() as connection:
            self._server.see_that_it_writes(connection)
            self._truth.head(connection, 0)
            if not waits:
                see_that_nobody_stopped(connection)
        self._truth.check_folder()

    def attach(self, store: Store) -> None:
        """Let the index that answers follow the database, and the database hold it.

        Where the database is away, what is here answers. Raises DatabaseAway where that is nothing
        and something is needed, and OtherModels where the database has indexes of other models
        only.
        """
        link = self._link(store)
        store.link = link
        try:
            with self._reaching(), store.lock:
                self._begin(store, link)
        except DatabaseAway:
            if self._needed and not store.catalogue.stamps():
                raise
        except OtherModels as error:
            if self._needed:
                raise
            self._other_models = error

    def _begin(self, store: Store, link: StoreLink) -> None:
        with self._server.connected() as connection:
            rows.sweep(connection)
            self._truth.head(connection, 0)
            is_known = rows.is_known(connection, link.recipe)
            if is_known:
                link.pull(connection)
        if is_known:
            store.settle()
        elif not self._truth.is_here:
            raise self._said_of_models()
        elif store.catalogue.stamps():
            with link.turn():  # which writes all of it
                pass

    def join(self, store: Store) -> None:
        """Fill a new index from what the database has of its recipe.

        Raises OtherModels where it has nothing and this host has no documents to build it from.
        """
        link = self._link(store)
        with self._reaching(), store.lock, self._server.connected() as connection:
            self._truth.head(connection, 0)
            if rows.is_known(connection, link.recipe):
                link.pull(connection)
                store.settle()
            elif not self._truth.is_here:
                raise self._said_of_models()

    @contextlib.contextmanager
    def whole(self, store: Store) -> Iterator[None]:
        """Give a built index to the others when what is inside has brought it up to date."""
        link = self._link(store)
        if not self._truth.is_here:  # it was filled from the database, and nothing was added
            yield
        else:
            with self._reaching(), store.lock, link.alone():
                yield
                link.publish_all()
        store.link = link

    def catch_up(self, store: Store) -> None:
        """Take in what other hosts wrote. Raises DatabaseAway."""
        follows = self._thread is not None and threading.current_thread() is not self._thread
        if follows and self._away is not None:
            raise self._away  # the thread says when it is back: nobody else waits for that
        link = self._link(store)
        with self._reaching(), store.lock, self._server.connected() as connection:
            if store.link is not link or not rows.is_known(connection, link.recipe):
                self._truth.head(connection, 0)
            elif link.pull(connection):
                store.settle()

    def adopt(self, store: Store) -> None:
        """Let the documents folder of this host be the truth from now on."""
        link = self._link(store)
        with self._reaching(), store.lock, link.alone(adopts=True):
            link.publish_all()

    def follow(self, catch_up: Callable[[], None]) -> None:
        """Call ``catch_up``, in a thread, soon after others have written, until ``close``."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._follow, args=(catch_up,), name="following", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Let go of everything."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._server.close()

    def _follow(self, catch_up: Callable[[], None]) -> None:
        wait = 0.2
        while not self._stop.is_set():
            try:
                with self._server.listening(rows.CHANNEL) as told:
                    while not self._stop.is_set():
                        catch_up()
                        wait = 0.2
                        self._idle(told)
            except ArchiveError as error:
                if self._away is None:
                    _log.warning("not followed: %s", error)
                if isinstance(error, DatabaseAway):
                    self._away = error
            except Exception:
                _log.exception("following the database")
            self._stop.wait(wait)
            wait = min(2 * wait, _LONGEST)

    def _idle(self, told: Callable[[float], bool]) -> None:
        """Wait until something is told, or it is time for another look."""
        for _ in range(4):
            if self._stop.is_set() or told(POLL / 4):
                return

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        """Remember whether the database could be reached."""
        try:
            yield
        except DatabaseAway as error:
            self._away = error
            raise
        self._away = None

    def _link(self, store: Store) -> StoreLink:
        return self._links.setdefault(store, StoreLink(self._truth, store))

    def _said_of_models(self) -> OtherModels:
        with self._server.connected() as connection:
            known = rows.models(connection)
        made = ", ".join(
            sorted({f"model = {one.model!r} (backend {one.backend!r})" for one in known})
        )
        return OtherModels(
            f"the documents lie in {self._truth.place}, and no host has made an index of them with "
            f"this host's model and release; there is one with {made or 'none'}: set that here, or "
            "run 'assistant sync' there with the settings of this host"
        )
