"""The chat's events: ask, ask again, stop, clear, open a citation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.chat import (
    Message,
    frames,
    is_answer,
    turns,
    user_message,
)
from assistant.web.evidence import empty_html, referenced_cards, sources_html
from assistant.web.keeping import Keeping, messages_of, sources_of
from assistant.web.markup import parse_reference
from assistant.web.moments import (
    UNCHANGED,
    at_the_end,
    busy_box,
    examples,
    free_box,
    id_of,
    last_turn,
    reader_of_request,
    stopped,
    with_page,
    with_run,
)
from assistant.web.reader import reader_html
from assistant.web.runs import Runs
from corpus.errors import ArchiveError

import gradio as gr  # isort: skip

if TYPE_CHECKING:
    from assistant.archive import Archive

# What the page puts before a conversation's id while its last question is being edited.
EDITED = "-"
# An answer quotes a few sentences; a longer list of references did not come from this page.
REFERENCES = 100


_EDITING = f"(window.archiveEdit?.() ? '{EDITED}' : '')"


class Conversation:
    """Connects the chat's components to an archive.

    What is on the page comes along with every event, so that two people never see each other's.
    Its turns are kept one by one as they end (``Keeping``).
    """

    def __init__(
        self,
        archive: Archive,
        chat: gr.Chatbot,
        box: gr.Textbox,
        filters: gr.HTML,
        sources: gr.HTML,
        reader: gr.HTML,
        history: gr.HTML,
        peek: gr.HTML,
    ) -> None:
        self._archive = archive
        self._runs = Runs()
        self._keeping = Keeping(archive)
        self._chat, self._box, self._filters = chat, box, filters
        self._sources, self._reader, self._history = sources, reader, history
        self._peek = peek

    def connect(self, *, concurrency_limit: int) -> None:
        """Attach every event of the chat."""
        chat, box = self._chat, self._box
        outputs = [box, chat, self._sources, self._reader]
        options: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": concurrency_limit,
            "concurrency_id": "asking",
        }
        # What these components hold is not sent: the script puts what it knows in their places.
        page = [self._filters, self._history, self._reader]
        box.submit(self.submit, [box, chat, *page], outputs, js=with_page(2, _EDITING), **options)
        chat.example_select(self.ask_example, page, outputs, js=with_page(0), **options)
        chat.retry(self.ask_again, [chat, *page], outputs, js=with_page(1), **options)
        self._peek.search(self.search_for, [chat, *page], outputs, js=with_page(1), **options)
        # In the queue as well, so that what they bring comes behind all moments sent before; and
        # nothing is cancelled there, for the answer's own last moment is to arrive (``Runs``).
        quiet_ones: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        ending = quiet_ones | {"concurrency_limit": None}
        box.stop(
            self.stop, [chat, self._reader], [box, chat, self._sources], js=with_run(1), **ending
        )
        self._history.fresh(self.clear, [self._reader], outputs, js=with_run(0), **ending)
        self._history.reopen(self.reopen, [self._reader], outputs, js=with_run(0), **ending)
        opened = [self._reader, self._sources]
        self._reader.cite(
            self.open, None, opened, queue=False, trigger_mode="always_last", **quiet_ones
        )

    def submit(
        self,
        question: str,
        messages: list[Message],
        chosen: object = "",
        chat: object = "",
        token: object = "",
        request: gr.Request | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """Answer what was typed; while the last question is being edited, in its place."""
        before, old = messages, None
        if str(chat).startswith(EDITED):
            before, _, old = last_turn(messages)
        conversation = str(chat).removeprefix(EDITED)
        yield from self.ask(question, before, chosen, conversation, token, request, replaces=old)

    def ask(
        self,
        question: str,
        messages: list[Message],
        chosen: object = "",
        chat: object = "",
        token: object = "",
        request: gr.Request | None = None,
        *,
        replaces: int | None = None,
        searched: str = "",
    ) -> Iterator[tuple[Any, ...]]:
        """Answer a question at the end of the conversation, and keep the turn.

        ``chosen`` are the page's filters, ``chat`` is the conversation's id, ``token`` names the
        run, and ``replaces`` is the turn that asked the same before. ``searched`` is what to
        search for in place of the question.
        """
        run = self._runs.begin(token)
        if not question.strip() or run.ended:
            yield UNCHANGED
            return
        before = [*messages, user_message(question)]
        message, box, reader = None, busy_box(), ""
        earlier = turns(messages, lambda version: id_of(self._archive, version))
        with closing(frames(self._archive, question, earlier, chosen, searched)) as moments:
            for frame in moments:
                if run.ended:
                    break
                shown = gr.skip() if frame.sources is None else frame.sources
                # On disk before it is seen whole: a kill then loses nothing that was read.
                message = self._keeping.kept(
                    frame, reader_of_request(request), str(chat), chosen, replaces
                )
                yield box, [*before, message], shown, reader
                box, reader = gr.skip(), gr.skip()
        yield (at_the_end(run, before, message))

    def ask_example(
        self,
        chosen: object,
        chat: object,
        token: object,
        event: gr.SelectData,
        request: gr.Request | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """Answer one of the empty page's questions."""
        yield from self.ask(str(event.value["text"]), [], chosen, chat, token, request)

    def ask_again(
        self,
        messages: list[Message],
        chosen: object = "",
        chat: object = "",
        token: object = "",
        request: gr.Request | None = None,
        *,
        searched: str = "",
    ) -> Iterator[tuple[Any, ...]]:
        """Answer the last question once more, in place of its answer."""
        before, question, old = last_turn(messages)
        if question:
            yield from self.ask(
                question, before, chosen, chat, token, request, replaces=old, searched=searched
            )

    def search_for(
        self,
        messages: list[Message],
        chosen: object,
        chat: object,
        token: object,
        event: gr.EventData,
        request: gr.Request | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """Answer the last question once more from what is found for other words."""
        words = str((event._data or {}).get("text") or "").strip()
        if not words:
            yield UNCHANGED
            return
        yield from self.ask_again(messages, chosen, chat, token, request, searched=words)

    def stop(self, messages: list[Message], token: object = "") -> tuple[Any, ...]:
        """Free the question box; where no answer had begun, say that it was stopped."""
        self._runs.end(token)
        if messages and is_answer(messages[-1]):
            return free_box(), gr.skip(), gr.skip()
        return stopped(messages)

    def clear(self, token: object = "") -> tuple[Any, ...]:
        """Begin a new conversation."""
        shown: tuple[Any, ...] = (free_box(), [], empty_html(), "")
        self._runs.end(token, shown)
        return shown

    def open(self, event: gr.EventData) -> tuple[Any, ...]:
        """Open a citation; one of an earlier answer brings that answer's sources back too."""
        data = event._data or {}
        wanted = [str(ref) for ref in (data.get("refs") or [])][:REFERENCES]
        places = [place for ref in wanted if (place := parse_reference(ref))]
        cards = referenced_cards(self._archive, places)
        sources = sources_html(cards) if cards else gr.skip()
        return reader_html(self._archive, str(data.get("ref", ""))), sources

    def reopen(
        self, token: object, event: gr.EventData, request: gr.Request | None = None
    ) -> tuple[Any, ...]:
        """Show a kept conversation in place of the one on the page."""
        messages, sources = self._kept((event._data or {}).get("chat"), request)
        shown = (free_box(), messages, sources, "")
        self._runs.end(token, shown)
        return shown

    def reloaded(self, chat: object, request: gr.Request | None = None) -> tuple[Any, ...]:
        """Return what a page needs when it opens: its conversation, if that is kept, with the last
        answer's sources, and today's examples."""
        messages, sources = self._kept(chat, request)
        return gr.update(value=messages, examples=examples(self._archive)), sources

    def _kept(self, chat: object, request: gr.Request | None) -> tuple[list[Message], str]:
        reader = reader_of_request(request)
        if not (self._keeping.on and chat and reader) or str(chat) in self._archive.chats.leaving:
            return [], empty_html()
        try:
            found = self._archive.chats.open(str(chat), reader)
            sources = sources_of(self._archive, found.turns[-1]) if found.turns else empty_html()
            return messages_of(found), sources
        except ArchiveError:  # the list beside it says what is wrong
            return [], empty_html()
