"""The ``chat`` and ``serve`` commands: own the home, answer at once, get the rest ready then."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections.abc import Iterator

from assistant.archive import Archive
from assistant.connect import own
from assistant.home import Home
from assistant.owner import Ownership
from assistant.settings import load_settings
from assistant.terminal import ProgressLine
from corpus.errors import ArchiveError, DatabaseAway, StoreAway, UsageError
from index.entries import Changes

_log = logging.getLogger(__name__)


def run_chat(
    home: Home, *, host: str | None, port: int | None, open_browser: bool, log: bool = False
) -> None:
    """Serve the chat until it is stopped. Raises HomeBusy when the home is open elsewhere."""
    place = _place(home, host)
    with _traced(home), _ready(home, "assistant chat") as (archive, ownership):
        # Gradio takes seconds to import, which happens beside the loading of the model.
        from assistant.serve.observed import log_requests
        from assistant.web.app import serve

        if log:
            log_requests()

        def on_ready(url: str) -> None:
            ownership.announce(url)
            print(f"The chat is at {url} (Ctrl-C stops it)", flush=True)

        serve(
            archive,
            host=place,
            port=archive.settings.port if port is None else port,
            open_browser=open_browser,
            on_ready=on_ready,
        )


def run_service(home: Home, *, host: str | None, port: int | None, log: bool = False) -> None:
    """Serve programs until that is stopped. Raises HomeBusy when the home is open elsewhere."""
    place = _place(home, host)
    with _traced(home), _ready(home, "assistant serve") as (archive, _):
        from assistant.serve.api import serve
        from assistant.serve.observed import log_requests

        if log:
            log_requests()
        serve(
            archive,
            host=place,
            port=archive.settings.port if port is None else port,
            on_ready=lambda url: print(f"The service is at {url} (Ctrl-C stops it)", flush=True),
        )


@contextlib.contextmanager
def _traced(home: Home) -> Iterator[None]:
    """Trace what is done inside, where the settings want that."""
    if not load_settings(home.settings_file).tracing:
        yield
        return
    from assistant.tracing import begin_tracing

    end = begin_tracing()
    try:
        yield
    finally:
        end()


def _place(home: Home, host: str | None) -> str:
    """Return where to listen. Raises UsageError where others could come in unknown."""
    from assistant.accounts import ACCOUNTS, Accounts
    from assistant.serve.places import is_loopback

    settings = load_settings(home.settings_file)
    place = host or settings.host
    if settings.users == "off" and not is_loopback(place):
        raise UsageError(
            f"others could reach {place}, and nobody has to sign in: leave --host out, or set "
            'users = "accounts" in assistant.toml (docs/users.md)'
        )
    if (
        settings.users == "accounts"
        and not Accounts(home.state / ACCOUNTS, settings.database).all()
    ):
        raise UsageError(
            "there are no accounts to sign in with: 'assistant users add NAME --role admin' makes "
            "the first"
        )
    return place


@contextlib.contextmanager
def _ready(home: Home, command: str) -> Iterator[tuple[Archive, Ownership]]:
    """Own a home, with its index up to date, its folder watched and its model being loaded."""
    with own(home, command=command, waiting=_tell) as (archive, ownership):
        threading.Thread(target=_load, args=(archive,), daemon=True).start()
        if archive.new_index.remark and not archive.new_index.due:
            _tell(archive.new_index.remark)
        _update(archive)
        archive.start_watching()
        if archive.new_index.due:
            _build(archive)
        yield archive, ownership


def _tell(said: str) -> None:
    print(said, file=sys.stderr, flush=True)


def _build(archive: Archive) -> None:
    """Build the new index in a thread: it may take hours, and the old one answers."""
    line = ProgressLine()

    def done(said: str) -> None:
        line.clear()
        print(said, file=sys.stderr, flush=True)

    print(
        "The settings ask for another index: it is built now, and the old one answers meanwhile.",
        flush=True,
    )
    archive.new_index.start(line, done)


def _update(archive: Archive) -> None:
    line = ProgressLine()
    try:
        changes = archive.update(line)
    except DatabaseAway:  # the remark says so, and the copy of this host answers
        changes = Changes()
    except StoreAway as error:
        changes = Changes()
        _tell(str(error))
    line.clear()
    for failed in changes.failed:
        print(f"not indexed: {failed.error}", file=sys.stderr)
    print(f"{len(archive.entries())} documents are ready.", flush=True)


def _load(archive: Archive) -> None:
    try:
        archive.load()
    except ArchiveError:
        # The question that needs the model reports it, in the chat.
        _log.exception("loading the embedding model")
