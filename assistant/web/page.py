"""The page's layout, and which event of it calls what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.conversation import Conversation, examples
from assistant.web.corpus_tab import corpus_html, hint_html, outcomes_html
from assistant.web.evidence import EMPTY
from assistant.web.theme import asset
from assistant.web.uploads import Upload, file_name, take
from corpus.errors import ArchiveError

import gradio as gr  # isort: skip

if TYPE_CHECKING:
    from assistant.archive import Archive

# People who ask at the same moment are answered side by side; further ones wait in the queue.
ASKING = 8
WAITING = 64
# Seconds between two cleanings of the upload folder, and the age at which a file there goes.
CLEANING = (600, 3600)


def build_page(archive: Archive) -> gr.Blocks:
    """Return the whole page over an open archive."""
    with gr.Blocks(
        title="Archive",
        fill_height=True,
        fill_width=True,
        analytics_enabled=False,
        delete_cache=CLEANING,
    ) as blocks:
        page: gr.Blocks = blocks
        _html(asset("header.html"), elem_id="header", js_on_load=asset("header.js"))
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Chat", id="chat", elem_id="tab-chat", scale=1):
                _chat(archive, page)
            with gr.Tab("Corpus", id="corpus", elem_id="tab-corpus"):
                _corpus(archive, page)
    page.queue(default_concurrency_limit=ASKING, max_size=WAITING)
    return page


def _chat(archive: Archive, page: gr.Blocks) -> None:
    with gr.Row(elem_id="split", equal_height=True):
        with gr.Column(scale=6, min_width=320, elem_id="left"):
            chat = _chatbot(archive)
            _html(asset("peek.html"), elem_id="peek", js_on_load=asset("chat.js"))
            box = _question_box()
        with gr.Column(scale=5, min_width=320, elem_id="right"):
            sources = _html(EMPTY, elem_id="sources")
            reader = _html("", elem_id="reader", js_on_load=asset("evidence.js"))
    Conversation(archive, chat, box, sources, reader).connect(concurrency_limit=ASKING)
    chat.change(None, [chat], None, js=asset("save.js"), **_QUIET)
    page.load(None, None, [chat], js=asset("restore.js"), **_QUIET).then(
        Conversation.restored(archive), [chat], [sources, chat], **_QUIET
    )


def _chatbot(archive: Archive) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="chat",
        label="Conversation",
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
        label="Question",
        placeholder="Ask about the documents",
        show_label=False,
        container=False,
        submit_btn=True,
        stop_btn=False,
        autofocus=True,
        max_lines=6,
    )


def _upload_box() -> gr.File:
    """Return a file drop that hands over each file with its own name.

    It takes any kind of file: one that can't be read gets its line among the others, with the
    reason, instead of a passing message of the browser's.
    """
    box = gr.File(label="Add documents", file_count="multiple", height=168, elem_id="upload")

    def upload(file: Any) -> Upload:
        path = Path(file.path)
        return Upload(path, file_name(file.orig_name, path))

    # Gradio would hand over the cleaned-up name, and leave an empty file behind for each. (A
    # subclass would be the plain way, but Gradio writes a stub file next to a subclass's source.)
    vars(box)["_process_single_file"] = upload
    return box


def _corpus(archive: Archive, page: gr.Blocks) -> None:
    with gr.Row(elem_classes="page"):
        with gr.Column(scale=2, min_width=280, elem_id="adding"):
            upload = _upload_box()
            _html(hint_html(archive.settings.max_file_mb))
            log = _html(outcomes_html(()), elem_id="log")
        with gr.Column(scale=5, min_width=280, elem_id="holding"):
            wanted = gr.Textbox(
                label="Filter",
                show_label=False,
                container=False,
                placeholder="Filter by title, outlet, date or tag",
                elem_id="filter",
            )
            table = _html("", elem_id="corpus", js_on_load=asset("corpus.js"))

    def show(words: str | None) -> str:
        return corpus_html(archive.entries(), words or "")

    def add(uploads: list[Upload] | None, words: str | None) -> Iterator[tuple[Any, ...]]:
        outcomes: tuple[Any, ...] = ()
        for outcomes in take(archive, uploads or []):
            yield outcomes_html(outcomes), gr.skip(), gr.skip()
        yield outcomes_html(outcomes), show(words), None

    def remove(words: str | None, event: gr.EventData) -> str:
        return _removed(archive, words or "", str((event._data or {}).get("id", "")))

    upload.upload(
        add,
        [upload, wanted],
        [log, table, upload],
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=1,
    )
    table.remove(remove, [wanted], table, **_QUIET)
    wanted.change(show, [wanted], table, trigger_mode="always_last", **_QUIET)
    page.load(show, [wanted], table, **_QUIET)


def _removed(archive: Archive, words: str, document_id: str) -> str:
    try:
        title = archive.entry(document_id).title
        archive.remove([document_id])
        notice = f"Removed “{title}”."
    except ArchiveError as error:
        notice = str(error)
    return corpus_html(archive.entries(), words, notice)


_QUIET: dict[str, Any] = {
    "queue": False,
    "show_progress": "hidden",
    "api_visibility": "private",
}


def _html(value: str, *, js_on_load: str | None = None, elem_id: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, js_on_load=js_on_load, apply_default_css=False)
