"""The Corpus tab's list of wishes: declined questions that readers want documents for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.kept import Wish
from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.boxes import html_box
from assistant.web.fresh import fresh
from assistant.web.markup import html_text
from assistant.web.rights import allow_here, refusal_here
from assistant.web.theme import asset
from assistant.web.told import told, translated
from assistant.web.wording import counted, number, say
from assistant.web.work import attempted
from corpus.errors import ArchiveError

import gradio as gr  # isort: skip

if TYPE_CHECKING:
    from assistant.archive import Archive

# A browser draws this many without a pause; the others come up as these are seen to.
LINES = 50
_QUIET: dict[str, Any] = {
    "queue": False,
    "show_progress": "hidden",
    "api_visibility": "private",
}


class WishList:
    """The list, for whoever may change the documents; nobody else sees what readers asked."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._list = html_box("", "wanted", asset("wanted.js"))

    def connect(self, page: gr.Blocks, tab: gr.Tab) -> None:
        """Attach its events."""
        page.load(self.show, None, self._list, **_QUIET)
        tab.select(self.show, None, self._list, **_QUIET)
        self._list.settle(self.settle, None, self._list, **_QUIET)

    def show(self) -> str:
        """Return the open wishes; nothing where there are none."""
        if refusal_here(self._archive, "curate"):
            return ""
        return self._drawn("")

    def settle(self, event: gr.EventData) -> str:
        """Say that a wish is seen to, or is open after all."""
        sent = event._data or {}

        def work() -> str:
            allow_here(self._archive, "curate")
            done = not sent.get("undo")
            self._archive.chats.wishes.settle([int(sent.get("id", 0))], done=done)
            return ""

        why = attempted(work, str)
        if refusal_here(self._archive, "curate"):
            return fresh(wishes_html((), why))
        undo = 0 if why or sent.get("undo") else int(sent.get("id", 0))
        return fresh(self._drawn(why, undo))

    def _drawn(self, said: str, undo: int = 0) -> str:
        try:
            return wishes_html(self._archive.chats.wishes.list(), said, undo)
        except ArchiveError as error:
            return wishes_html((), told(error))


def wishes_html(wishes: Sequence[Wish], said: str = "", undo: int = 0) -> str:
    """Return the list. ``said`` is a sentence above it, and ``undo`` a wish that was just seen to,
    which can be brought back."""
    above = f'<p class="wrong" role="alert">{html_text(said)}</p>' if said else ""
    if undo:
        above += (
            f'<p class="calm" role="status">{say("wanted.told")} '
            f'<button type="button" data-settle="{undo}" data-undo="1">{say("wanted.undo")}'
            "</button></p>"
        )
    if not wishes:
        return f'<section class="findings wanted">{above}</section>' if above else ""
    count = len(wishes)
    heading = counted("wanted.questions", count)
    items = "".join(_item(one) for one in wishes[:LINES])
    shown = say("wanted.first", n=number(LINES))
    more = "" if count <= LINES else f'<p class="calm">{shown}</p>'
    return (
        f'<section class="findings wanted" aria-label="{say("wanted.missed")}">{above}'
        "<details open>"
        f'<summary tabindex="0">{heading}</summary><ul>{items}</ul>{more}</details></section>'
    )


def _item(wish: Wish) -> str:
    comment = f"<q>{html_text(wish.comment)}</q>" if wish.comment else ""
    return (
        f'<li><div><b dir="auto">{html_text(wish.question)}</b>'
        f'<span class="next"><time datetime="{html_text(wish.made)}">{html_text(wish.made[:10])}'
        f"</time> · {html_text(translated(wish.missing))}</span>{comment}</div>"
        f'<button type="button" data-settle="{wish.id}" data-busy="{say("page.moment")}">'
        f"{say('wanted.seen_to')}"
        f'<span class="vh">: {html_text(wish.question[:80])}</span></button></li>'
    )
