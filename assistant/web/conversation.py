"""The chat's events: ask, ask again, stop, clear, open a citation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.chat import (
    Frame,
    Message,
    answer_message,
    frames,
    is_answer,
    message_text,
    turns,
    user_message,
)
from assistant.web.evidence import EMPTY, referenced_cards, sources_html
from assistant.web.keeping import Keeping, messages_of, number_of, sources_of
from assistant.web.markup import markdown_text, parse_reference, plain_text, references_in
from assistant.web.reader import reader_html
from assistant.web.rights import scoped
from assistant.web.visitor import asker
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
    ) -> None:
        self._archive = archive
        self._keeping = Keeping(archive)
        self._chat, self._box, self._filters = chat, box, filters
        self._sources, self._reader, self._history = sources, reader, history

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
        page = [self._filters, self._history]
        asking: list[Any] = [
            box.submit(
                self.submit, [box, chat, *page], outputs, js=_with_page(2, _EDITING), **options
            ),
            chat.example_select(self.ask_example, page, outputs, js=_with_page(0), **options),
            chat.retry(self.ask_again, [chat, *page], outputs, js=_with_page(1), **options),
        ]
        quick: dict[str, Any] = {
            "queue": False,
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        box.stop(self.stop, [chat], [box, chat, self._sources], cancels=asking, **quick)
        self._history.fresh(self.clear, None, outputs, cancels=asking, **quick)
        self._history.reopen(self.reopen, None, outputs, cancels=asking, **quick)
        self._reader.cite(self.open, None, [self._reader, self._sources], **quick)

    def submit(
        self,
        question: str,
        messages: list[Message],
        chosen: object = "",
        chat: object = "",
        request: gr.Request | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """Answer what was typed; while the last question is being edited, in its place."""
        before, old = messages, None
        if str(chat).startswith(EDITED):
            before, _, old = _last_turn(messages)
        conversation = str(chat).removeprefix(EDITED)
        yield from self.ask(question, before, chosen, conversation, request, replaces=old)

    def ask(
        self,
        question: str,
        messages: list[Message],
        chosen: object = "",
        chat: object = "",
        request: gr.Request | None = None,
        *,
        replaces: int | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """Answer a question at the end of the conversation, and keep the turn.

        ``chosen`` are the page's filters, ``chat`` is the conversation's id, and ``replaces`` the
        turn that asked the same before.
        """
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        before = [*messages, user_message(question)]
        box, reader = _busy_box(), ""
        with closing(frames(self._archive, question, turns(messages), chosen)) as moments:
            for frame in moments:
                shown = gr.skip() if frame.sources is None else frame.sources
                # On disk before it is seen whole: a kill then loses nothing that was read.
                message = self._keeping.kept(frame, _reader(request), str(chat), chosen, replaces)
                yield box, [*before, message], shown, reader
                box, reader = gr.skip(), gr.skip()
        yield _free_box(), gr.skip(), gr.skip(), gr.skip()

    def ask_example(
        self,
        chosen: object,
        chat: object,
        event: gr.SelectData,
        request: gr.Request | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """Answer one of the empty page's questions."""
        yield from self.ask(str(event.value["text"]), [], chosen, chat, request)

    def ask_again(
        self,
        messages: list[Message],
        chosen: object = "",
        chat: object = "",
        request: gr.Request | None = None,
    ) -> Iterator[tuple[Any, ...]]:
        """Answer the last question once more, in place of its answer."""
        before, question, old = _last_turn(messages)
        if question:
            yield from self.ask(question, before, chosen, chat, request, replaces=old)

    def stop(self, messages: list[Message]) -> tuple[Any, ...]:
        """Free the question box; where no answer had begun, say that it was stopped."""
        if messages and is_answer(messages[-1]):
            return _free_box(), gr.skip(), gr.skip()
        before = [*messages[:-1]] if messages and messages[-1]["role"] == "assistant" else messages
        stopped = answer_message(Frame(markdown_text("Stopped."), kind="failure"))
        return _free_box(), [*before, stopped], EMPTY

    def clear(self) -> tuple[Any, ...]:
        """Begin a new conversation."""
        return _free_box(), [], EMPTY, ""

    def open(self, event: gr.EventData) -> tuple[Any, ...]:
        """Open a citation; one of an earlier answer brings that answer's sources back too."""
        data = event._data or {}
        wanted = [str(ref) for ref in (data.get("refs") or [])][:REFERENCES]
        places = [place for ref in wanted if (place := parse_reference(ref))]
        cards = referenced_cards(self._archive, places)
        sources = sources_html(cards) if cards else gr.skip()
        return reader_html(self._archive, str(data.get("ref", ""))), sources

    def reopen(self, event: gr.EventData, request: gr.Request | None = None) -> tuple[Any, ...]:
        """Show a kept conversation in place of the one on the page."""
        messages, sources = self._kept((event._data or {}).get("chat"), request)
        return _free_box(), messages, sources, ""

    def reloaded(self, chat: object, request: gr.Request | None = None) -> tuple[Any, ...]:
        """Return what a page needs when it opens: its conversation, if that is kept, with the last
        answer's sources, and today's examples."""
        messages, sources = self._kept(chat, request)
        return gr.update(value=messages, examples=examples(self._archive)), sources

    def _kept(self, chat: object, request: gr.Request | None) -> tuple[list[Message], str]:
        reader = _reader(request)
        if not (self._keeping.on and chat and reader) or str(chat) in self._archive.chats.leaving:
            return [], EMPTY
        try:
            found = self._archive.chats.open(str(chat), reader)
            sources = sources_of(self._archive, found.turns[-1]) if found.turns else EMPTY
            return messages_of(found), sources
        except ArchiveError:  # the list beside it says what is wrong
            return [], EMPTY

    @staticmethod
    def restored(archive: Archive) -> Callable[[list[Message]], tuple[Any, ...]]:
        """Return what a page needs when it opens: the last answer's sources, today's examples."""

        def opened(messages: list[Message]) -> tuple[Any, ...]:
            places = references_in(message_text(messages[-1])) if messages else ()
            sources = sources_html(referenced_cards(archive, places))
            return sources, gr.update(examples=examples(archive))

        return opened


def examples(archive: Archive) -> list[Any]:
    """Return the questions for the empty page, as Gradio wants them."""
    return [{"text": question} for question in archive.examples()]


def _last_turn(messages: list[Message]) -> tuple[list[Message], str, int | None]:
    """Return what came before the last question, that question, and the number of its turn."""
    places = [n for n, message in enumerate(messages) if message["role"] == "user"]
    if not places:
        return messages, "", None
    last = places[-1]
    old = number_of(messages[last + 1]) if last + 1 < len(messages) else None
    return messages[:last], plain_text(message_text(messages[last])), old


def _with_page(others: int, mark: str = "") -> str:
    """Return the script that puts the page's filters, and its conversation's id, behind an event's
    ``others`` inputs; ``mark`` is a script for what stands before the id."""
    names = [f"input{number}" for number in range(others)]
    chat = "(window.archiveChat?.() ?? '')"
    kept = ["window.archiveFilters?.() ?? ''", f"{mark} + {chat}" if mark else chat]
    return f"({', '.join(names)}) => [{', '.join([*names, *kept])}]"


def _reader(request: gr.Request | None) -> str:
    """Return who asks, by the account or the cookie that came along."""
    return asker(scoped(request)) if request is not None else ""


def _busy_box() -> gr.Textbox:
    return gr.Textbox(value="", submit_btn=False, stop_btn=True)


def _free_box() -> gr.Textbox:
    return gr.Textbox(submit_btn=True, stop_btn=False)
