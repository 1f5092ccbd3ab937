"""The JSON about kept conversations, feedback and checked quotes that leaves the program.

As in ``contract``: a key is never renamed or removed; keys may be added.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from assistant.kept import Chat, Conversation, Feedback, Turn, Wish


class ChatJson(TypedDict):
    """A row of ``assistant chats list --json``; the times are ISO 8601 in UTC."""

    id: str
    title: str
    created: str
    changed: str
    questions: int


class FeedbackJson(TypedDict):
    """What a reader said: ``good``, ``bad``, or ``wrong citation`` with its marker."""

    verdict: str
    marker: int | None
    comment: str
    given: str


class TurnJson(TypedDict):
    """A question with its answer, the object of ``ask --json``, and the recipe it came from.

    ``sound`` is false where the disk did not give back what was written; ``answer`` is then empty.
    ``wish`` is ``open`` or ``done`` where a reader wants documents for it, else empty.
    """

    id: int
    asked: str
    question: str
    filters: dict[str, Any]
    answer: dict[str, Any]
    recipe: str
    made_with: dict[str, str]
    feedback: list[FeedbackJson]
    sound: bool
    wish: str


class ConversationJson(ChatJson):
    """What ``assistant chats show --json`` prints."""

    turns: list[TurnJson]


class HistoryJson(TypedDict):
    """An earlier turn, as in a case of ``evals``."""

    question: str
    answer: str


class JudgedJson(TurnJson):
    """A row of ``assistant chats feedback --json``: a turn that was judged, with what it came
    after. ``replaced`` where the question was asked again since."""

    chat: str
    history: list[HistoryJson]
    replaced: bool


class WishJson(TypedDict):
    """A row of ``assistant wishes list --json``: a declined question that somebody wants documents
    for. ``missing`` is what the answer said instead; ``done`` is null while it is open."""

    id: int
    question: str
    searched: str
    missing: str
    comment: str
    made: str
    done: str | None


class QuoteJson(TypedDict):
    """A quote to look for: where it stood, and the SHA-256 of the text that it stood in."""

    document_id: str
    sha256: str
    start: int
    end: int
    quote: str


class SpanJson(TypedDict):
    """Where a quote stands now."""

    document_id: str
    sha256: str
    start: int
    end: int


class StandingJson(TypedDict):
    """``status`` is ``stands``, ``elsewhere`` or ``gone``; ``now`` is null where it is gone."""

    status: str
    now: SpanJson | None


class CheckedJson(QuoteJson):
    """A quote of a file with its number there, and whether it still stands."""

    turn: int
    marker: int
    status: str
    now: SpanJson | None


class VerifyJson(TypedDict):
    """What ``assistant verify --json`` prints; ``missing`` are quotes that the file names and
    that could not be read in it."""

    file: str
    format: str
    title: str
    exported: str
    quotes: list[CheckedJson]
    stands: int
    elsewhere: int
    gone: int
    missing: int
    passed: bool


def chat_json(chat: Chat) -> ChatJson:
    """Return a conversation's row."""
    return {
        "id": chat.id,
        "title": chat.title,
        "created": chat.created,
        "changed": chat.changed,
        "questions": chat.turns,
    }


def conversation_json(found: Conversation) -> ConversationJson:
    """Return a conversation with its turns."""
    return {**chat_json(found.chat), "turns": [turn_json(turn) for turn in found.turns]}


def turn_json(turn: Turn) -> TurnJson:
    """Return a turn."""
    return {
        "id": turn.id,
        "asked": turn.asked,
        "question": turn.question,
        "filters": dict(turn.filters),
        "answer": dict(turn.answer),
        "recipe": turn.recipe,
        "made_with": dict(turn.made_with),
        "feedback": [feedback_json(one) for one in turn.feedback],
        "sound": turn.sound,
        "wish": turn.wish,
    }


def judged_json(chat: str, turn: Turn, before: Sequence[Turn]) -> JudgedJson:
    """Return a turn that was judged, with the turns before it."""
    history: list[HistoryJson] = [
        {"question": one.question, "answer": str(one.answer.get("answer", ""))} for one in before
    ]
    return {**turn_json(turn), "chat": chat, "history": history, "replaced": turn.replaced}


def wish_json(wish: Wish) -> WishJson:
    """Return a wish."""
    return {
        "id": wish.id,
        "question": wish.question,
        "searched": wish.searched,
        "missing": wish.missing,
        "comment": wish.comment,
        "made": wish.made,
        "done": wish.done,
    }


def feedback_json(feedback: Feedback) -> FeedbackJson:
    """Return what a reader said."""
    return {
        "verdict": feedback.verdict,
        "marker": feedback.marker,
        "comment": feedback.comment,
        "given": feedback.given,
    }
