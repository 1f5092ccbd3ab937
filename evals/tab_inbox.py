"""What readers found wrong with answers, beside the runs: each may become a case."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from assistant.client import LocalClient
from assistant.web.told import translated
from assistant.web.wording import say
from evals.inbox import Entry, entries

if TYPE_CHECKING:
    from assistant.archive import Archive

SHOWN = 50


def inbox_html(archive: Archive, reader: str) -> str:
    """Return the complaints of one reader, the newest first.

    Only of that one: nobody reads on the page what somebody else asked. The owner of the home sees
    all of them on the command line.
    """
    found = list(_complaints(archive, reader))
    items = "".join(map(_item, found[:SHOWN]))
    listed = f"<ol>{items}</ol>" if items else f'<p class="quiet">{say("evals.inbox.none")}</p>'
    return (
        '<section class="inbox" aria-labelledby="evals-inbox">'
        f'<h3 id="evals-inbox">{say("evals.inbox.heading")}</h3>'
        f'<p class="quiet">{say("evals.inbox.about", command="<code>evals inbox</code>")}</p>'
        f"{listed}</section>"
    )


def _complaints(archive: Archive, reader: str) -> Iterator[Entry]:
    if not (reader and archive.settings.keep_chats):
        return
    own = {chat.id for chat in archive.chats.list(reader)}
    for entry in entries(archive.home, client=LocalClient(archive)):
        if entry.turn["chat"] in own:
            yield entry


def _item(entry: Entry) -> str:
    turn = entry.turn
    said = "".join(
        f"<li><b>{_verdict(one['marker'])}</b> {escape(one['comment'])}</li>"
        for one in turn["feedback"]
        if one["verdict"] != "good"
    )
    answer = str(turn["answer"].get("answer", ""))
    if turn["answer"].get("abstained"):
        answer = translated(answer)
    return (
        f'<li><details class="case"><summary><span class="q">{escape(turn["question"])}</span>'
        f'<time>{escape(turn["asked"][:10])}</time></summary><div class="in"><ul>{said}</ul>'
        f"<h4>{say('evals.inbox.answer')}</h4><p>{escape(answer)}</p><h4>{say('evals.inbox.make')}</h4>"
        f"<p><code>evals inbox accept {escape(entry.id)}</code></p></div></details></li>"
    )


def _verdict(marker: int | None) -> str:
    return say("evals.inbox.citation", n=marker) if marker is not None else say("evals.inbox.bad")
