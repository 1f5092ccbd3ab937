"""The list of conversations beside the chat, and what readers say about answers.

Everything here acts for the reader whose cookie came along, so that nobody reaches a conversation
of somebody else's by its id.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict

from assistant.kept import VERDICTS, Conversation, Feedback
from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.keeping import Keeping, why_not
from assistant.web.markup import Reference, parse_reference
from assistant.web.rights import scoped
from assistant.web.theme import asset
from assistant.web.told import sentence, told
from assistant.web.visitor import asker
from assistant.web.wording import say
from assistant.web.work import broken
from corpus.errors import ArchiveError, UnknownChat, UsageError

import gradio as gr  # isort: skip

if TYPE_CHECKING:
    from assistant.archive import Archive

_log = logging.getLogger(__name__)
LIST = (
    *("history.js", "history_change.js", "history_undo.js", "history_menu.js"),
    "history_events.js",
)
"""The script of the list of conversations, in parts that follow one another."""


class ChatRow(TypedDict):
    """A conversation as the list shows it; ``changed`` is in milliseconds since 1970."""

    id: str
    title: str
    changed: float


class Listed(TypedDict):
    """The list; ``remark`` is a sentence for people, ``on`` whether conversations are kept."""

    on: bool
    remark: str
    chats: list[ChatRow]


class Done(TypedDict):
    """What became of a wish: ``error`` is a sentence, empty where it was done."""

    error: str
    title: str


def history(archive: Archive) -> gr.HTML:
    """Return the bar above the chat, whose script also fills the list beside it."""
    keeping = Keeping(archive)

    def chats(_: object, request: gr.Request) -> Listed:
        return listed(archive, keeping, _reader(request))

    def rename(sent: object, request: gr.Request) -> Done:
        return _done(
            lambda raw: archive.chats.rename(raw["chat"], raw["title"], _own(request)), sent
        )

    def delete(sent: object, request: gr.Request) -> Done:
        return _done(lambda raw: _leave(archive, raw, _own(request)), sent)

    def undo(sent: object, request: gr.Request) -> Done:
        return _done(lambda raw: _stay(archive, str(raw["chat"]), _own(request)), sent)

    return gr.HTML(
        asset("talk.html"),
        elem_id="talk",
        js_on_load="".join(map(asset, LIST)),
        apply_default_css=False,
        server_functions=[chats, rename, delete, undo],
    )


def feedback(archive: Archive) -> gr.HTML:
    """Return the part of the page that takes what readers say about answers."""

    def judge(sent: object, request: gr.Request) -> Done:
        return _done(lambda raw: said(archive, raw, _own(request)), sent)

    def wish(sent: object, request: gr.Request) -> Done:
        return _done(lambda raw: wished(archive, raw, _own(request)), sent)

    return gr.HTML(
        asset("feedback.html"),
        elem_id="feedback",
        js_on_load=asset("feedback.js") + asset("wish.js"),
        apply_default_css=False,
        server_functions=[judge, wish],
    )


def listed(archive: Archive, keeping: Keeping, reader: str) -> Listed:
    """Return a reader's conversations for the list."""
    if not keeping.on:
        return {"on": False, "remark": "", "chats": []}
    if not reader:
        return {"on": True, "remark": say("history.no_cookie"), "chats": []}
    try:
        keeping.expire()
        found = archive.chats.list(reader)
    except ArchiveError as error:
        return {"on": True, "remark": why_not(error), "chats": []}
    rows: list[ChatRow] = [
        {"id": one.id, "title": one.title, "changed": _milliseconds(one.changed)}
        for one in found
        if one.id not in archive.chats.leaving
    ]
    remark = archive.chats.remark
    return {"on": True, "remark": sentence(told(remark)) if remark else "", "chats": rows}


def said(archive: Archive, raw: dict[str, Any], reader: str) -> None:
    """Keep what a reader said about a turn (``turn``) or about a citation of one (``ref``).

    An empty verdict takes back what was said. Raises ArchiveError.
    """
    chat, verdict = str(raw["chat"]), str(raw["verdict"])
    turn, marker = _meant(archive.chats.open(chat, reader), raw)
    if not verdict:
        archive.chats.take_back(chat, turn, marker, reader)
        return
    known = next((one for one in VERDICTS if one == verdict), None)
    if known is None or (known == "wrong citation") != (marker is not None):
        raise UsageError(say("page.unreadable"))
    feedback = Feedback(known, marker, str(raw.get("comment") or ""))
    archive.chats.judge(chat, turn, feedback, reader)


def wished(archive: Archive, raw: dict[str, Any], reader: str) -> None:
    """Ask the curators for documents that answer a turn, or take that ``back``. Raises
    ArchiveError."""
    chat, turn, wishes = str(raw["chat"]), int(raw["turn"]), archive.chats.wishes
    if raw.get("back"):
        wishes.take_back(chat, turn, reader)
    else:
        wishes.make(chat, turn, str(raw.get("comment") or ""), reader)


def _leave(archive: Archive, raw: dict[str, Any], reader: str) -> None:
    """Delete a conversation in a while, or, where nobody wants it back, ``now``."""
    chat = str(raw["chat"])
    archive.chats.open(chat, reader)
    archive.chats.leaving.begin(chat, reader)
    if raw.get("now"):
        archive.chats.leaving.end(chat)


def _stay(archive: Archive, chat: str, reader: str) -> None:
    if not archive.chats.leaving.undo(chat, reader):
        raise UnknownChat(say("history.too_late"))


def _meant(found: Conversation, raw: dict[str, Any]) -> tuple[int, int | None]:
    """Return the number of the turn that is meant, and its citation where one is."""
    place = parse_reference(str(raw.get("ref") or ""))
    if place is None:
        number = int(raw["turn"])
        if number not in [turn.id for turn in found.turns]:
            raise UnknownChat(say("history.answer_gone"))
        return number, None
    for turn in reversed(found.turns):
        if any(_is_at(one, place) for one in turn.answer.get("citations", ())):
            return turn.id, place.marker
    raise UnknownChat(say("history.no_citation"))


def _is_at(citation: dict[str, Any], place: Reference) -> bool:
    return (
        str(citation["sha256"]).startswith(place.version)
        and (citation["start"], citation["end"]) == (place.start, place.end)
        and citation["marker"] == place.marker
    )


def _done(work: Callable[[dict[str, Any]], object], sent: object) -> Done:
    try:
        result = work(json.loads(str(sent)))
    except (ValueError, KeyError, TypeError, RecursionError):
        return {"error": say("page.unreadable"), "title": ""}
    except ArchiveError as error:
        return {"error": why_not(error), "title": ""}
    except Exception:
        _log.exception("A wish about conversations could not be fulfilled")
        return {"error": broken(), "title": ""}
    return {"error": "", "title": result if isinstance(result, str) else ""}


def _reader(request: gr.Request) -> str:
    return asker(scoped(request))


def _own(request: gr.Request) -> str:
    reader = _reader(request)
    if not reader:
        raise UsageError(say("history.no_cookie"))
    return reader


def _milliseconds(moment: str) -> float:
    return dt.datetime.fromisoformat(moment).timestamp() * 1000
