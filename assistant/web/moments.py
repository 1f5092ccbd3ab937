"""What the chat's components show at a moment, and what the page's script sends with its events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.chat import Frame, Message, answer_message, is_answer, message_text
from assistant.web.evidence import empty_html, referenced_cards, sources_html
from assistant.web.keeping import number_of
from assistant.web.markup import markdown_text, plain_text, references_in
from assistant.web.rights import scoped
from assistant.web.runs import Run
from assistant.web.visitor import asker
from assistant.web.wording import say

import gradio as gr  # isort: skip

if TYPE_CHECKING:
    from assistant.archive import Archive

EXAMPLES = 3
"""Questions on the empty page at once."""
UNCHANGED: tuple[Any, ...] = (gr.skip(), gr.skip(), gr.skip(), gr.skip())
"""The box, the conversation, the sources and the reader, as they are."""


def at_the_end(run: Run, before: list[Message], message: Message | None) -> tuple[Any, ...]:
    """Return what a page shows when its answer is done, or when the page has ended it."""
    if not run.ended:
        return (free_box(), *UNCHANGED[1:])
    if not run.newest:
        return UNCHANGED
    if run.shown is not None:
        return run.shown
    return (*stopped([*before, message] if message else before), gr.skip())


def with_page(others: int, mark: str = "") -> str:
    """Return the script that puts the page's filters, its conversation's id and the token of a new
    run behind an event's ``others`` inputs; ``mark`` is a script for what stands before the id."""
    chat = "(window.archiveChat?.() ?? '')"
    kept = ["window.archiveFilters?.() ?? ''", f"{mark} + {chat}" if mark else chat]
    return _script(others, [*kept, "window.archiveRun?.(true) ?? ''"])


def with_run(others: int) -> str:
    """Return the script that puts the token of the last run behind an event's other inputs."""
    return _script(others, ["window.archiveRun?.() ?? ''"])


def _script(others: int, kept: Sequence[str]) -> str:
    names = [f"input{number}" for number in range(others)]
    return f"({', '.join(names)}) => [{', '.join([*names, *kept])}]"


def stopped(messages: list[Message]) -> tuple[Any, ...]:
    """Return the box, the conversation and the sources after a stop."""
    if messages and is_answer(messages[-1]):
        return free_box(), messages, gr.skip()
    before = [*messages[:-1]] if messages and messages[-1]["role"] == "assistant" else messages
    told = answer_message(Frame(markdown_text(say("chat.stopped")), kind="failure"))
    return free_box(), [*before, told], empty_html()


def busy_box() -> gr.Textbox:
    """Return the question box while an answer is under way."""
    return gr.Textbox(value="", submit_btn=False, stop_btn=True)


def free_box() -> gr.Textbox:
    """Return the question box when the next question may be asked."""
    return gr.Textbox(submit_btn=True, stop_btn=False)


def examples(archive: Archive, begin: int = 0) -> list[Any]:
    """Return questions for the empty page, from one on, as Gradio wants them."""
    every = archive.examples()
    shown = [every[(begin + one) % len(every)] for one in range(min(EXAMPLES, len(every)))]
    return [{"text": question} for question in shown]


def other_examples(archive: Archive) -> Callable[[gr.EventData], Any]:
    """Return what shows other examples on the empty page."""

    def others(event: gr.EventData) -> Any:
        begin = (event._data or {}).get("begin")
        return gr.update(examples=examples(archive, begin if isinstance(begin, int) else 0))

    return others


def reader_of_request(request: gr.Request | None) -> str:
    """Return who asks, by the account or the cookie that came along."""
    return asker(scoped(request)) if request is not None else ""


def id_of(archive: Archive, version: str) -> str | None:
    """Return the id of the document whose text has a hash that begins so."""
    found = archive.version(version)
    return found.id if found else None


def last_turn(messages: list[Message]) -> tuple[list[Message], str, int | None]:
    """Return what came before the last question, that question, and the number of its turn."""
    places = [n for n, message in enumerate(messages) if message["role"] == "user"]
    if not places:
        return messages, "", None
    last = places[-1]
    old = number_of(messages[last + 1]) if last + 1 < len(messages) else None
    return messages[:last], plain_text(message_text(messages[last])), old


def restored(archive: Archive) -> Callable[[list[Message]], tuple[Any, ...]]:
    """Return what a page needs when it opens: the last answer's sources, today's examples."""

    def opened(messages: list[Message]) -> tuple[Any, ...]:
        places = references_in(message_text(messages[-1])) if messages else ()
        sources = sources_html(referenced_cards(archive, places))
        return sources, gr.update(examples=examples(archive))

    return opened
