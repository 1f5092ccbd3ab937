"""What is kept of conversations: their turns, with what readers said about the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from corpus.errors import UsageError

Verdict = Literal["good", "bad", "wrong citation"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

EVERYBODY = "*"
"""In place of a reader: whoever owns the home may see all conversations in it. A page's reader is
a hash, or empty where the browser has no secret, and then sees none."""

LONGEST_COMMENT = 2_000
"""Characters of what a reader says about an answer."""

State = Literal["", "open", "done"]
"""Of a turn's wish: there is none, nobody has seen to it, or a curator has."""


def checked_comment(comment: str) -> str:
    """Return a comment without outer white space. Raises UsageError for one that is too long."""
    plain = comment.strip()
    if len(plain) > LONGEST_COMMENT:
        raise UsageError(
            f"the comment has {len(plain):,} characters, and {LONGEST_COMMENT:,} are the "
            "most: shorten it"
        )
    return plain


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation in a list; the times are ISO 8601 in UTC."""

    id: str
    title: str
    created: str
    changed: str
    turns: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said about an answer, or, with ``marker``, about one of its citations."""

    verdict: Verdict
    marker: int | None = None
    comment: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A question that was answered, to be kept.

    ``answer`` is the JSON contract's object, ``shown`` the message as the page showed it,
    ``filters`` those that were set, as in a case of ``evals``, ``made_with`` the ingredients of
    ``recipe``.
    """

    question: str
    answer: Mapping[str, Any]
    shown: str
    filters: Mapping[str, Any] = field(default_factory=dict)
    recipe: str = ""
    made_with: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was kept; ``replaced`` where its question was asked again.

    ``sound`` is False where what was read is not what was written. ``wish`` says whether a reader
    asks for documents that answer it.
    """

    id: int
    asked: str
    question: str
    answer: Mapping[str, Any]
    shown: str
    filters: Mapping[str, Any]
    recipe: str
    made_with: Mapping[str, str]
    feedback: tuple[Feedback, ...] = ()
    replaced: bool = False
    sound: bool = True
    wish: State = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A declined question that a reader wants documents for; ``id`` is its turn's.

    ``missing`` is what the answer said instead, ``comment`` what the reader adds. ``made`` and
    ``done``, which is None while it is open, are ISO 8601 in UTC.
    """

    id: int
    question: str
    searched: str
    missing: str
    comment: str
    made: str
    done: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with its turns, in the order in which they were answered."""

    chat: Chat
    turns: tuple[Turn, ...]
