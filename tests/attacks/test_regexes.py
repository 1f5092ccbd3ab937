"""No regular expression of the project takes much more than linear time, whatever it is given.

What reads files (``corpus``) runs in processes that are stopped when they take too long, so that
there only what is hopeless is looked for. Everything else runs in the service itself, where one
slow pattern would keep everybody waiting.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from assistant.answers import Turn
from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.settings import Settings

from ..assistant.program import fast_parts
from ..assistant.small_corpus import WORTH, write_home
from ..fakes import BagOfStems
from .patterns import Used, all_patterns, pumped

SHORT, LONG = 1_500, 6_000
QUICK = 0.002
"""Seconds of the processor for a short input, below which nothing can be quadratic."""
HOPELESS = 0.02
"""The same for two dozen pieces."""
MOST = 9.0
"""Times longer for a text that is four times as long: 4 is linear, 16 quadratic."""


def seconds(used: Used, text: str) -> float:
    """Return what a pattern takes for a text, of the processor's time."""
    begun = time.process_time()
    if used.at_start:
        used.pattern.match(text)
    else:
        for _ in used.pattern.finditer(text):
            pass
    return time.process_time() - begun


KNOWN = {
    "assistant.export_markdown._SOURCE": "reads a file of one's own, in a command of one's own",
    "index.sides._PARTS": "sees no two blanks in a row",
    "index.sides._COMPARE": "sees no two blanks in a row",
}


def slow(used: Used, head: str, piece: str, tail: str) -> str:
    """Tell how a pattern is slow for an input; empty where it is not."""

    def text(size: int) -> str:
        return head + piece * (size // len(piece)) + tail

    for count in (12, 16, 20, 24, 28):  # what is exponential must not be tried at its full length
        if seconds(used, head + piece * count + tail) > HOPELESS:
            return f"{_shown(used, head, piece, tail)}: hopeless with {count} of them"
    if seconds(used, head + piece * 300 + tail) > 5 * HOPELESS:
        return f"{_shown(used, head, piece, tail)}: hopeless with 300 of them"
    if used.where.startswith("corpus.") or seconds(used, text(SHORT)) < QUICK:
        return ""
    took = min(seconds(used, text(SHORT)) for _ in range(3))
    longer = min(seconds(used, text(LONG)) for _ in range(2))
    if took < QUICK or longer < MOST * took:
        return ""
    return f"{_shown(used, head, piece, tail)}: {longer / took:.0f} times"


def _shown(used: Used, head: str, piece: str, tail: str) -> str:
    text = f"{head[:30]!r} + {piece[:30]!r} * n + {tail!r}"
    return f"{used.where}: {used.pattern.pattern[:90]!r} for {text}"


def test_every_pattern_takes_linear_time(record_property: pytest.RecordProperty) -> None:
    patterns, tried, found = all_patterns(), 0, {}
    for used in patterns:
        if used.where in KNOWN:
            continue
        for head, piece, tail in pumped(used.pattern):
            tried += 1
            if said := slow(used, head, piece, tail):
                found.setdefault(used.where + used.pattern.pattern, said)
                break
    record_property("inputs", tried)
    print(f"patterns: {len(patterns)}, inputs tried: {tried}")
    assert [*found.values()] == []
    assert len(patterns) > 150
    assert tried > 3_000


def test_what_is_slow_is_found() -> None:
    for text in (r"(a+)+$", r"(a|a)*b", r"\s+$", r"(\w+\s?)*!"):
        used = Used("here", re.compile(text), False)
        assert any(slow(used, *one) for one in pumped(used.pattern)), text
    for text in (r"\d{4}-\d\d", r"[a-z]+", r"<[^<>]{0,100}>"):
        used = Used("here", re.compile(text), False)
        assert not any(slow(used, *one) for one in pumped(used.pattern)), text


PIECES = (
    " ", "\n", "a ", "A. ", "A.", ", ", " and ", "who ", "compare ", "both ", "1", "19 ", "2020-",
    "between 2019 and ", "since ", "(", '"', "’", "a-", "a@", "http://", "&", "<a ", "\u0301",
    "\u200b", "one or ", "what about ", "not ", "how many ", "how many a", "; ", "vs ", "Mr. ",
    "$1,000 ", "0.", "they ", "[1] ", "of the ",
)  # fmt: skip
FORMS = ("Who owns {} the ferry?", "Compare {}a")


@pytest.mark.slow
def test_no_question_and_no_history_takes_the_processor_for_long(
    tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    tried = 0
    with pytest.MonkeyPatch.context() as patch:
        for name, part in fast_parts().items():
            patch.setattr(name, part)
        with Archive(write_home(tmp_path / "home"), Settings(), embedder=BagOfStems()) as archive:
            archive.sync()
            client = LocalClient(archive)
            client.ask(WORTH)
            for piece in PIECES:
                for form in FORMS:
                    question = form.format(piece * (3_900 // len(piece)))
                    begun = time.process_time()
                    client.ask(question)
                    assert time.process_time() - begun < 2.5, question[:60]
                    tried += 1
                begun = time.process_time()
                said = Turn(f"Who owns {piece * 900}?"[:4000], piece * (50_000 // len(piece)))
                client.ask("And who owns it now?", history=[said])
                assert time.process_time() - begun < 2.5, piece
                tried += 1
    record_property("inputs", tried)
    print("questions tried:", tried)
