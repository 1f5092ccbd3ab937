"""Draws the tabs that other packages offer."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from assistant.tabs import PageTab, Wish
from assistant.users import Right, allow
from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.markup import html_text
from assistant.web.rights import scoped
from assistant.web.told import sentence, told
from assistant.web.visitor import asker
from assistant.web.wording import FIRST, say, texts
from assistant.web.work import broken
from corpus.errors import ArchiveError

import gradio as gr  # isort: skip

if TYPE_CHECKING:
    from assistant.archive import Archive

_log = logging.getLogger(__name__)


def draw_tab(archive: Archive, tab: PageTab) -> None:
    """Draw a tab of another package at this place of the page."""
    answering = tab.opened(archive)

    def answer(sent: object, request: gr.Request) -> str:
        try:
            wish = json.loads(str(sent))
        except (ValueError, RecursionError):
            wish = None
        if not isinstance(wish, dict):
            return _said(say("page.unreadable"))
        try:
            # Gradio tells a component's function of its request, and nobody else.
            whole = scoped(request)
            allow(archive.settings, getattr(whole, "scope", None) or {}, _needed(tab, wish))
            return answering(wish, asker(whole))
        except ArchiveError as error:
            return _said(sentence(told(error)))
        except Exception:
            _log.exception("The tab %s could not do what was asked of it", tab.id)
            return _said(broken())

    key = f"tabs.{tab.id}"
    name = say(key) if key in texts(FIRST) else tab.name
    with gr.Tab(name, id=tab.id, elem_id=f"tab-{tab.id}"):
        gr.HTML(
            f'<p class="offered-wait" role="status">{say("page.moment")}</p>',
            elem_id=tab.id,
            elem_classes="offered",
            # In a function, so that its names are its own.
            js_on_load=f"((element, server) => {{\n{tab.script}\n}})(element, server);",
            apply_default_css=False,
            server_functions=[answer],
        )


def _needed(tab: PageTab, wish: Wish) -> Right:
    if wish.get("act") in tab.look_after:
        return "look after"
    return "curate" if wish.get("act") in tab.curate else "read"


def _said(why: str) -> str:
    return f'<p class="offered-wait" role="alert">{html_text(why)}</p>'
