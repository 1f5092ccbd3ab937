"""The doctor's look at the vector server: whether it answers, and whom else it answers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from assistant.archive import Archive
from assistant.vector_server import HEADERS, is_open_to_listeners
from corpus.errors import VectorsAway
from corpus.findings import Finding, Severity
from index.remote import Remote, left_behind
from index.remote_names import COLLECTIONS

_GUIDE = "docs/scaling-chroma.md"
_OPEN = (
    "has no password, and knows ways to be made to run other people's code: let only a private "
    f"network reach it, and a proxy that asks for a token stand before it ({_GUIDE})"
)


def look_at_server(archive: Archive) -> Iterator[Finding]:
    """Yield what is wrong with the server that keeps the vectors, if one does, and where else this
    home has left some."""
    remote = archive.index.remote
    if remote is not None:
        with contextlib.suppress(VectorsAway):  # whoever waits for the vectors says so
            yield from _of_doors(remote)
    server = remote.server if remote else None
    for place, names in left_behind(archive.home.state / "index", server).items():
        yield _finding(
            "warning",
            f"vectors of this home are also at {place}: {', '.join(names)}",
            f"delete them there, then their lines in var/index/{COLLECTIONS} ({_GUIDE})",
        )


def away(error: VectorsAway) -> Finding:
    """Return what the doctor says of a server that cannot be used."""
    return _finding("error", str(error), "run 'assistant doctor' again when it is there")


def _of_doors(remote: Remote) -> Iterator[Finding]:
    server = remote.server
    if remote.answers_anybody():
        said = "without the headers that are set" if server.headers else "without credentials"
        yield _finding(
            "warning", f"the vector server {server.url} answers {said}", f"Chroma {_OPEN}"
        )
    if server.headers and is_open_to_listeners(server):
        yield _finding(
            "warning",
            f"what {HEADERS} holds crosses the network to {server.url} as it is",
            f"give the proxy a certificate, and write https ({_GUIDE})",
        )


def _finding(severity: Severity, detail: str, next_step: str) -> Finding:
    return Finding("", "", "vector server", severity, detail, next_step)
