"""The page's layout, and which event of it calls what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.tabs import PageTab
from assistant.users import may
from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.boxes import html_box
from assistant.web.conversation import Conversation
from assistant.web.copies import copies_html
from assistant.web.corpus_page import CorpusPage
from assistant.web.evidence import empty_html
from assistant.web.filters import Choices, choices
from assistant.web.functions import add_functions
from assistant.web.history import feedback, history
from assistant.web.moments import examples, other_examples, restored
from assistant.web.notice import Notice, notice
from assistant.web.offered import draw_tab
from assistant.web.page_picture import page_picture_html
from assistant.web.reader import reader_html
from assistant.web.rights import scoped
from assistant.web.settings_tab import settings_tab
from assistant.web.theme import asset
from assistant.web.why import why_html, why_not_html
from assistant.web.wording import say

import gradio as gr  # isort: skip

if TYPE_CHECKING:
    from assistant.archive import Archive

# People who ask at the same moment are answered side by side; further ones wait in the queue.
ASKING = 8
WAITING = 64
# Seconds between two cleanings of the upload folder, and the age at which a file there goes.
CLEANING = (600, 3600)
EVIDENCE = ("evidence.js", "picture.js", "steps.js", "hover.js")
"""The script of the evidence column, in parts that follow one another."""
ASKING_SCRIPTS = ("chat.js", "asking.js", "heard.js")
"""The script of the conversation and of the question below it."""


def build_page(archive: Archive, tabs: Sequence[PageTab] = ()) -> gr.Blocks:
    """Return the whole page over an open archive, with the tabs that other packages offer."""
    with gr.Blocks(
        title=say("page.title"),
        fill_height=True,
        fill_width=True,
        analytics_enabled=False,
        delete_cache=CLEANING,
    ) as blocks:
        page: gr.Blocks = blocks
        # First, since events of the page would else take their names.
        add_functions(archive, concurrency_limit=ASKING)
        html_box(asset("header.html"), "header", asset("header.js") + asset("help.js"))
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(say("tabs.chat"), id="chat", elem_id="tab-chat", scale=1):
                _chat(archive, page)
            with gr.Tab(say("tabs.corpus"), id="corpus", elem_id="tab-corpus") as tab:
                CorpusPage(archive).connect(page, tab)
            for offered in (*tabs, settings_tab()):
                draw_tab(archive, offered)
    # Closed to calls that would pass the queue by.
    page.queue(default_concurrency_limit=ASKING, max_size=WAITING, api_open=False)
    return page


def _notice(archive: Archive) -> None:
    def state(_: object, request: gr.Request) -> Notice:
        # Gradio tells a component's function of its request, and nobody else.
        scope = getattr(scoped(request), "scope", None) or {}
        return notice(archive, looks_after=may(archive.settings, scope, "look after"))

    gr.HTML(
        '<p class="index-news" role="status" hidden></p>',
        elem_id="notice",
        js_on_load=asset("notice.js"),
        apply_default_css=False,
        server_functions=[state],
    )


def _chat(archive: Archive, page: gr.Blocks) -> None:
    with gr.Row(elem_id="split", equal_height=True):
        if archive.settings.keep_chats:
            html_box(asset("history.html"), "history")
        with gr.Column(scale=6, min_width=320, elem_id="left"):
            kept = history(archive)
            chat = _chatbot(archive)
            feedback(archive)
            peek = html_box(asset("peek.html"), "peek", "".join(map(asset, ASKING_SCRIPTS)))
            _notice(archive)
            filters = _filters(archive)
            box = _question_box()
        with gr.Column(scale=5, min_width=320, elem_id="right"):
            sources = _sources(archive)
            reader = _reader(archive)
    conversation = Conversation(archive, chat, box, filters, sources, reader, kept, peek)
    conversation.connect(concurrency_limit=ASKING)
    peek.others(other_examples(archive), None, chat, **_QUIET)
    if archive.settings.keep_chats:
        chat.change(None, [chat], None, js=asset("shown.js"), **_QUIET)
        page.load(conversation.reloaded, [kept], [chat, sources], js=asset("reload.js"), **_QUIET)
        return
    chat.change(None, [chat], None, js=asset("save.js"), **_QUIET)
    page.load(None, None, [chat], js=asset("restore.js"), **_QUIET).then(
        restored(archive), [chat], [sources, chat], **_QUIET
    )


def _filters(archive: Archive) -> gr.HTML:
    def filter_choices(document: object = None) -> Choices:
        return choices(archive, str(document or ""))

    return gr.HTML(
        asset("filters.html"),
        elem_id="filters",
        js_on_load=asset("filters.js") + asset("wishes.js"),
        apply_default_css=False,
        server_functions=[filter_choices],
    )


def _sources(archive: Archive) -> gr.HTML:
    def why(sent: object) -> str:
        return why_html(archive, sent)

    def why_not(sent: object) -> str:
        return why_not_html(archive, sent)

    def filter_choices(_: object = None) -> Choices:
        return choices(archive)

    return gr.HTML(
        empty_html(),
        elem_id="sources",
        js_on_load=asset("why.js"),
        apply_default_css=False,
        server_functions=[why, why_not, filter_choices],
    )


def _reader(archive: Archive) -> gr.HTML:
    def page_picture(reference: object) -> str:
        return page_picture_html(archive, str(reference))

    def copies(reference: object) -> str:
        return copies_html(archive, str(reference))

    def document(reference: object) -> str:
        return reader_html(archive, str(reference))

    return gr.HTML(
        "",
        elem_id="reader",
        js_on_load="".join(map(asset, EVIDENCE)),
        apply_default_css=False,
        server_functions=[page_picture, copies, document],
    )


def _chatbot(archive: Archive) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="chat",
        label=say("chat.conversation"),
        show_label=False,
        container=False,
        height="100%",
        layout="bubble",
        placeholder=asset("welcome.html"),
        examples=examples(archive),
        buttons=["copy"],
        feedback_options=None,
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
    )


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        elem_id="question",
        label=say("chat.question"),
        placeholder=say("chat.ask"),
        show_label=False,
        container=False,
        submit_btn=True,
        stop_btn=False,
        autofocus=True,
        max_lines=6,
    )


_QUIET: dict[str, Any] = {
    "queue": False,
    "show_progress": "hidden",
    "api_visibility": "private",
}
