"""Opening a home: in this process when nobody has it, else through the process that has it."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from assistant.archive import Archive
from assistant.client import Client, LocalClient
from assistant.dispatch import dispatch
from assistant.following import follow
from assistant.home import Home
from assistant.owner import Owner, Ownership, busy, is_alive, named, read_owner
from assistant.owner_server import Caller
from assistant.read_only import REMARK, copied
from assistant.remote import RemoteClient
from assistant.settings import Settings, load_settings
from assistant.settings_in_use import stale_settings
from assistant.vector_server import EMBEDDED
from assistant.wire import Json
from corpus.errors import ArchiveError, HomeBusy, HomeReadOnly
from index.entries import ProgressListener

_WAIT_SECONDS = 20.0
"""How long a command waits for an owner that is neither done nor answering: it is opening the home
or closing it."""
_LEAVE_SOON = ("assistant mcp",)
"""Owners that have the home open only while they are asked, and some seconds longer."""
_TELL_SECONDS = 1.0
"""After this long a person is told what is being waited for."""


@contextlib.contextmanager
def connect(
    home: Home,
    *,
    progress: ProgressListener | None = None,
    command: str | None = None,
    mend: bool = False,
    builds: bool = False,
    reads: bool = False,
    examines: bool = False,
    remark: Callable[[str], None] = lambda said: None,
    waiting: Callable[[str], None] = lambda said: None,
) -> Iterator[Client]:
    """Give a client of the home, in whichever process has it open.

    Where that process ends before it has answered a question, it is answered here. ``waiting``
    hears, once, whom it takes long to reach.

    ``mend`` throws an index away that is too damaged to be opened; where another process has
    the home open, that is left to ``Client.sync(rebuild=True)``. ``remark`` hears what people
    should know of the index that answers, unless the command ``builds`` the one to come. One that
    only ``reads`` is answered from a copy where the home may not be written. One that ``examines``
    the home says all that itself, and gets a home too whose first index is to come from a database
    that is away. Raises HomeBusy when the owner does not answer, and what opening the home raises.
    """
    settings = load_settings(home.settings_file)
    try:
        ownership = _own_or_reach(home, command or _command(), waiting)
    except HomeReadOnly:
        if not reads:
            raise
        with _from_a_copy(home, settings, progress, remark) as client:
            yield client
        return
    if isinstance(ownership, Owner):
        again = partial(connect, home, progress=progress, command=command, waiting=waiting)
        with _through(ownership, settings, progress, remark, again) as client:
            yield client
        return
    opening = _opened(home, settings, ownership, progress, mend=mend, examines=examines)
    with opening as (archive, client):
        if not (builds or examines) and archive.new_index.remark:
            remark(archive.new_index.remark)
        yield client
        if archive.index.vectors_away and not (reads or examines):  # which say so themselves
            remark(archive.index.vectors_away)


@contextlib.contextmanager
def _from_a_copy(
    home: Home, settings: Settings, progress: ProgressListener | None, remark: Callable[[str], None]
) -> Iterator[Client]:
    alone = dataclasses.replace(settings, vectors=EMBEDDED)  # a copy has no server's vectors
    with copied(home) as copy, Archive(copy, alone, mend=True) as archive:
        remark("; ".join(filter(None, (REMARK, archive.index.remark))))
        yield LocalClient(archive, progress)


@contextlib.contextmanager
def _through(
    owner: Owner,
    settings: Settings,
    progress: ProgressListener | None,
    remark: Callable[[str], None],
    again: Callable[[], contextlib.AbstractContextManager[Client]],
) -> Iterator[Client]:
    """Give a client that asks the owner, and connects ``again`` where that ends meanwhile."""
    with contextlib.ExitStack() as stack:
        remote = RemoteClient(owner, progress, lambda: stack.enter_context(again()))
        with contextlib.suppress(ArchiveError):  # the call that is to come says what is wrong
            if said := stale_settings(owner, remote.settings(), settings):
                remark(said)
        yield remote


@contextlib.contextmanager
def own(
    home: Home,
    *,
    command: str | None = None,
    waiting: Callable[[str], None] = lambda said: None,
) -> Iterator[tuple[Archive, Ownership]]:
    """Open the home in this process or not at all, as a chat does. An index that is too damaged to
    be opened is made again.

    Raises HomeBusy naming the owner, at once; one that leaves the home soon is waited for, and
    ``waiting`` hears of it.
    """
    settings = load_settings(home.settings_file)
    ownership = _own(home, command or _command(), waiting)
    with _opened(home, settings, ownership, None, mend=True) as (archive, _):
        yield archive, ownership


def _own(home: Home, command: str, waiting: Callable[[str], None]) -> Ownership:
    begun, told = time.monotonic(), False
    while True:
        try:
            return Ownership(home, command)
        except HomeBusy:
            owner = read_owner(home)
            leaves = owner is not None and owner.command in _LEAVE_SOON
            if not leaves or time.monotonic() - begun > _WAIT_SECONDS:
                raise busy(home) from None
            if not told:
                told = True
                waiting(_waits_for(owner))
        time.sleep(0.05)


def _waits_for(owner: Owner | None) -> str:
    return f"Waiting for {named(owner)}, which has the home open ..."


@contextlib.contextmanager
def _opened(
    home: Home,
    settings: Settings,
    ownership: Ownership,
    progress: ProgressListener | None,
    *,
    mend: bool = False,
    examines: bool = False,
) -> Iterator[tuple[Archive, Client]]:
    with contextlib.ExitStack() as stack:
        stack.callback(ownership.release)
        archive = stack.enter_context(Archive(home, settings, mend=mend, examines=examines))
        client = LocalClient(archive, progress)
        ownership.answer(partial(_answer, archive))
        # Entered last, so left first: the calls of others end before the archive is closed.
        stack.callback(ownership.stop_answering)
        yield archive, client


def _answer(archive: Archive, call: str, arguments: dict[str, Json], caller: Caller) -> Json:
    if call == "watch":
        follow(archive, caller)
    return dispatch(LocalClient(archive, caller), call, arguments)


def _own_or_reach(home: Home, command: str, waiting: Callable[[str], None]) -> Ownership | Owner:
    begun, told = time.monotonic(), False
    while True:
        try:
            return Ownership(home, command)
        except HomeReadOnly:
            owner = read_owner(home)
            if owner is None or not is_alive(owner):
                raise
            return owner  # which has it by another way: a folder may be mounted twice
        except HomeBusy:
            owner = read_owner(home)
            if owner is not None and is_alive(owner):
                return owner
            waited = time.monotonic() - begun
            if waited > _WAIT_SECONDS:
                raise busy(home) from None
            if waited > _TELL_SECONDS and not told:
                told = True
                waiting(_waits_for(owner))
            time.sleep(0.05)


def _command() -> str:
    return " ".join(["assistant", *sys.argv[1:2]])
