"""Turns of the page's conversations on their way to the disk, and back as messages."""

from __future__ import annotations

import logging
import re
import threading
import time
from typing import TYPE_CHECKING, Any

from assistant.answers import Answer
from assistant.contract import ask_json
from assistant.kept import Conversation, Feedback, NewTurn, Turn
from assistant.small_talk import is_small_talk
from assistant.web.chat import Frame, Message, answer_message, user_message
from assistant.web.evidence import (
    Card,
    nearest_html,
    passage_card,
    referenced_cards,
    sources_html,
)
from assistant.web.filters import filters_from
from assistant.web.markup import markdown_text, note, references_in
from assistant.web.told import sentence, told
from assistant.web.why import asked_json
from assistant.web.wording import say
from assistant.web.work import broken
from assistant.wire import decode_filters, encode_filters
from corpus.errors import ArchiveError, DatabaseAway, UnknownDocument
from index.passages import Filters

if TYPE_CHECKING:
    from assistant.archive import Archive

_HOUR = 3600.0
_NUMBER = re.compile(r"answer:(\d{1,18}):")
_DECLINED = "declined"
"""In a message's id: a wish can be made of the question."""
_log = logging.getLogger(__name__)


class Keeping:
    """Keeps turns as the settings say; what goes wrong costs a line above the answer."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = threading.Lock()
        self._expired = float("-inf")

    @property
    def on(self) -> bool:
        """Tell whether conversations are kept."""
        return self._archive.settings.keep_chats

    def kept(
        self, frame: Frame, reader: str, chat: str, chosen: object, replaces: int | None
    ) -> Message:
        """Keep the turn whose last moment this is, and return its message, with its number."""
        message = answer_message(frame)
        if frame.answer is None or not (self.on and reader and chat):
            return message
        try:
            self.expire()
            turn = _new_turn(frame.answer, frame.markdown, filters_from(chosen))
            number = self._archive.chats.keep(chat, reader, turn, replaces=replaces)
        except (ArchiveError, OSError) as error:
            said = why_not(error)
            return message | {"content": note(say("history.not_kept", why=said)) + frame.markdown}
        except Exception:
            _log.exception("A turn could not be kept")
            said = say("history.not_kept", why=broken())
            return message | {"content": note(said) + frame.markdown}
        wish = _may_be_wished(abstained=frame.answer.abstained, question=frame.answer.question)
        return message | {"metadata": {"id": _mark(number, wish=wish)}}

    def expire(self) -> None:
        """Delete what is older than the settings let it be, once an hour at most."""
        days = self._archive.settings.chats_days
        with self._lock:
            if not days or time.monotonic() - self._expired < _HOUR:
                return
            self._expired = time.monotonic()
        gone = self._archive.chats.expire(days)
        if gone:
            _log.warning("%d conversations were deleted after %d days", gone, days)


def why_not(error: Exception) -> str:
    """Return in a sentence why conversations cannot be kept or read, to readers, who may not know
    where a database is."""
    away = isinstance(error.__cause__, DatabaseAway)
    return say("history.away") if away else sentence(told(error))


def messages_of(found: Conversation) -> list[Message]:
    """Return a kept conversation as the messages of the page."""
    messages = []
    for turn in found.turns:
        shown = turn.shown if turn.sound else markdown_text(say("history.damaged"))
        answer = answer_message(Frame(shown))
        messages += [
            user_message(turn.question),
            answer | {"metadata": {"id": _mark(turn.id, turn.feedback, _wish_of(turn))}},
        ]
    return messages


def sources_of(archive: Archive, turn: Turn) -> str:
    """Return the evidence beside a kept answer: its sources, or what came closest to one."""
    answer = turn.answer
    filters = decode_filters(_NO_FILTERS | dict(turn.filters)) if turn.filters else Filters()
    asked = asked_json(str(answer.get("searched", turn.question)), filters)
    if answer.get("abstained"):
        return nearest_html(_nearest(archive, answer.get("nearest", ())), asked)
    supported = [bool(one["supported"]) for one in answer.get("sentences", ())]
    return sources_html(referenced_cards(archive, references_in(turn.shown)), asked, supported)


def number_of(message: Message) -> int | None:
    """Return the number of the turn whose answer a message of the page is, if it is kept."""
    found = _NUMBER.match(str((message.get("metadata") or {}).get("id") or ""))
    return int(found[1]) if found else None


_NO_FILTERS = encode_filters(Filters())


def _wish_of(turn: Turn) -> str:
    declined = bool(turn.answer.get("abstained"))
    return turn.wish or _may_be_wished(abstained=declined, question=turn.question)


def _may_be_wished(*, abstained: bool, question: str) -> str:
    """Return what tells the page that documents may be asked for; no document answers thanks."""
    return _DECLINED if abstained and not is_small_talk(question) else ""


def _mark(number: int, feedback: tuple[Feedback, ...] = (), wish: str = "") -> str:
    """Return a message's id: the turn's number, its verdict, the citations reported, and of a
    question that was declined what became of a wish."""
    verdict = next((one.verdict for one in feedback if one.marker is None), "")
    reported = ",".join(str(one.marker) for one in feedback if one.marker is not None)
    return f"answer:{number}:{verdict}:{reported}" + (f":{wish}" if wish else "")


def _new_turn(answer: Answer, shown: str, filters: Filters) -> NewTurn:
    said = dict(ask_json(answer))
    set_ones = {name: value for name, value in encode_filters(filters).items() if value}
    return NewTurn(answer.question, said, shown, set_ones, answer.recipe, answer.made_with)


def _nearest(archive: Archive, hits: Any) -> list[Card]:
    cards = []
    for hit in hits:
        try:
            document = archive.document(hit["document_id"])
        except UnknownDocument:
            continue
        start, end = hit["start"], hit["end"]
        if document.text[start:end] == hit["text"]:
            cards.append(passage_card(document, start, end))
    return cards
