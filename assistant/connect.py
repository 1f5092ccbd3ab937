"""Opening a home: in this process when nobody has it, else through the process that has it."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

from assistant.archive import Archive
from assistant.client import Client, LocalClient, dispatch
from assistant.home import Home
from assistant.owner import Ownership, busy, is_alive, read_owner
from assistant.remote import RemoteClient
from assistant.settings import Settings, load_settings
from corpus.errors import HomeBusy
from index.entries import ProgressListener
from index.index import discard

_WAIT_SECONDS = 20.0
"""How long a command waits for an owner that is neither done nor answering (it is starting)."""


@contextlib.contextmanager
def connect(
    home: Home,
    *,
    progress: ProgressListener | None = None,
    command: str | None = None,
    start_over: bool = False,
) -> Iterator[Client]:
    """Give a client of the home, in whichever process has it open.

    ``start_over`` throws the index away before it is opened, which helps when it is damaged; where
    another process has the home open, that is left to ``Client.sync(rebuild=True)``. Raises
    HomeBusy when the owner does not answer, and what opening the home raises.
    """
    settings = load_settings(home.settings_file)
    ownership = _own_or_reach(home, command or _command(), progress)
    if isinstance(ownership, RemoteClient):
        yield ownership
        return
    if start_over:
        discard(home.state)
    with _opened(home, settings, ownership, progress) as (_, client):
        yield client


@contextlib.contextmanager
def own(home: Home, *, command: str | None = None) -> Iterator[tuple[Archive, Ownership]]:
    """Open the home in this process or not at all, as a chat does.

    Raises HomeBusy naming the owner, at once.
    """
    settings = load_settings(home.settings_file)
    try:
        ownership = Ownership(home, command or _command())
    except HomeBusy:
        raise busy(home) from None
    with _opened(home, settings, ownership, None) as (archive, _):
        yield archive, ownership


@contextlib.contextmanager
def _opened(
    home: Home, settings: Settings, ownership: Ownership, progress: ProgressListener | None
) -> Iterator[tuple[Archive, Client]]:
    with contextlib.ExitStack() as stack:
        stack.callback(ownership.release)
        archive = stack.enter_context(Archive(home, settings))
        client = LocalClient(archive, progress)
        ownership.answer(
            lambda call, arguments, tell: dispatch(LocalClient(archive, tell), call, arguments)
        )
        # Entered last, so left first: the calls of others end before the archive is closed.
        stack.callback(ownership.stop_answering)
        yield archive, client


def _own_or_reach(
    home: Home, command: str, progress: ProgressListener | None
) -> Ownership | RemoteClient:
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            return Ownership(home, command)
        except HomeBusy:
            owner = read_owner(home)
            if owner is not None and is_alive(owner):
                return RemoteClient(owner, progress)
            if time.monotonic() > deadline:
                raise busy(home) from None
            time.sleep(0.05)


def _command() -> str:
    return " ".join(["assistant", *sys.argv[1:2]])
