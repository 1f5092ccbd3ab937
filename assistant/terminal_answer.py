"""What a terminal shows of an answer: the short one in bold, sources that disagree, and context."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from assistant.contract import AskJson
from assistant.spoken_values import differing

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def print_in_front(answer: AskJson) -> None:
    """Print the short answer, or what sources tell otherwise; nothing where there is neither."""
    short, found = answer["short"], answer["disagreement"]
    if found:
        print(f"{differing(found, answer['citations'])}\n")
    elif short:
        print(f"{_bold(short['text'])} [{short['marker']}]\n")


def told(answer: AskJson) -> Iterator[str]:
    """Yield the answer's paragraphs; before a quote that leans on it, its context."""
    contexts = {one["marker"]: one["context"] for one in answer["citations"]}
    if not any(contexts.values()):
        yield answer["answer"]
        return
    for sentence in answer["sentences"]:
        for marker in sentence["markers"]:
            if context := contexts[marker]:
                yield f"(Before it: {context['quote']})"
        marks = "".join(f" [{marker}]" for marker in sentence["markers"])
        yield f"{sentence['text']}{marks}"


def _bold(text: str) -> str:
    """Return a text in bold, on a terminal that shows it."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"{_BOLD}{text}{_PLAIN}"
