"""The ``chat`` command: own the home, show the page at once, get the rest ready meanwhile."""

from __future__ import annotations

import logging
import sys
import threading

from assistant.archive import Archive
from assistant.connect import own
from assistant.home import Home
from assistant.owner import Ownership
from assistant.terminal import ProgressLine
from corpus.errors import ArchiveError

_log = logging.getLogger(__name__)


def run_chat(home: Home, *, host: str | None, port: int | None, open_browser: bool) -> None:
    """Serve the chat until it is stopped. Raises HomeBusy when the home is open elsewhere."""
    with own(home, command="assistant chat") as (archive, ownership):
        # The model takes seconds to load and Gradio to import, so both happen side by side.
        loading = threading.Thread(target=_load, args=(archive,), daemon=True)
        loading.start()
        if archive.new_index.remark and not archive.new_index.due:
            print(archive.new_index.remark, file=sys.stderr, flush=True)
        _update(archive)
        archive.start_watching()
        if archive.new_index.due:
            _build(archive)
        _serve(archive, ownership, host=host, port=port, open_browser=open_browser)


def _serve(
    archive: Archive,
    ownership: Ownership,
    *,
    host: str | None,
    port: int | None,
    open_browser: bool,
) -> None:
    from assistant.web.app import serve

    def on_ready(url: str) -> None:
        ownership.announce(url)
        print(f"The chat is at {url} (Ctrl-C stops it)", flush=True)

    serve(
        archive,
        host=host or archive.settings.host,
        port=archive.settings.port if port is None else port,
        open_browser=open_browser,
        on_ready=on_ready,
    )


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
    changes = archive.update(line)
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
