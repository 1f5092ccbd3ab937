"""Earlier turns from files, so that a question on the command line can lean on them.

A file holds what ``ask --json`` printed, a list of such answers or of ``{"question", "answer"}`` as
a case of ``evals`` has them, or a conversation of ``chats show --json``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.answers import Turn
from corpus.errors import UnreadableFile

STDIN = "-"
_LARGEST = 10_000_000


def turns_in(files: Iterable[str]) -> tuple[Turn, ...]:
    """Return the turns of files, in their order; ``-`` is what comes in. Raises UnreadableFile."""
    return tuple(turn for file in files for turn in _turns(file))


def _turns(file: str) -> list[Turn]:
    text = _text_of(file)
    try:
        said = json.loads(text)
        rows = said if isinstance(said, list) else said.get("turns", [said])
        return [_turn(one) for one in rows]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnreadableFile(
            f"{_named(file)} holds no earlier turns: give it what 'assistant ask --json' or "
            "'assistant chats show --json' printed, or a JSON list of objects with a question and "
            "an answer"
        ) from None


def _turn(one: dict[str, Any]) -> Turn:
    """Return a turn, whether its answer is a text with its facts beside it or an object of them."""
    whole = one["answer"] if isinstance(one["answer"], dict) else one
    question, answer = one["question"], whole["answer"]
    searched = whole.get("searched", "")
    if not all(isinstance(text, str) for text in (question, answer, searched)):
        raise TypeError("a turn's texts are strings")
    cited = dict.fromkeys(str(each["document_id"]) for each in whole.get("citations", ()))
    return Turn(question, answer, tuple(cited), searched)


def _text_of(file: str) -> str:
    try:
        if file == STDIN:
            return sys.stdin.buffer.read(_LARGEST).decode("utf-8-sig")
        with Path(file).open("rb") as opened:
            return opened.read(_LARGEST).decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(
            f"{file} could not be read ({error.strerror}): check its name and its rights"
        ) from error
    except UnicodeDecodeError:
        raise UnreadableFile(
            f"{_named(file)} is not UTF-8 text: give it what 'assistant ask --json' printed"
        ) from None


def _named(file: str) -> str:
    return "the standard input" if file == STDIN else file
