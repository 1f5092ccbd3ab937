"""What travels between the program and the processes that read for it."""

from __future__ import annotations

import datetime as dt
import json
import os
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Document, Reading, Removed
from corpus.sandbox_wire import LONGEST_FRAME, BadFrame, from_json, receive, send, to_json

WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
MAYBE = st.none() | WORDS
DOCUMENTS = st.builds(
    Document,
    **dict.fromkeys(("id", "title", "text", "media_type", "path", "sha256"), WORDS),
    **dict.fromkeys(("source", "url", "language", "author"), MAYBE),
    date=st.none() | st.dates(),
    tags=st.lists(WORDS, max_size=3).map(tuple),
    pages=st.lists(st.integers(), max_size=3).map(tuple),
)
READINGS = st.builds(
    Reading,
    DOCUMENTS,
    st.lists(st.builds(Removed, st.integers(), WORDS, WORDS), max_size=3).map(tuple),
    **{
        name: st.lists(WORDS, max_size=3).map(tuple)
        for name in ("guessed", "problems", "quarantine")
    },
)
READING = Reading(Document("a", "A", "Text.", None, None, None, None, (), "text/plain", "a", "0"))


def through_a_pipe(value: object) -> Any:
    read_end, write_end = os.pipe()
    try:
        send(write_end, value)
        return receive(read_end)
    finally:
        os.close(read_end)
        os.close(write_end)


@given(READINGS)
def test_a_reading_arrives_as_it_was_sent(reading: Reading) -> None:
    assert from_json(Reading, through_a_pipe(to_json(reading))) == reading


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (bytes, bytes(range(256))),
        (Path, Path("a/b.txt")),
        (dt.date | None, dt.date(2020, 2, 29)),
        (tuple[float, float], (1.0, 2.5)),
        (tuple[tuple[int, ...], ...], ((1, 2), ())),
        (str, os.fsdecode(b"caf\xe9.txt")),
    ],
)
def test_a_value_arrives_as_it_was_sent(kind: Any, value: object) -> None:
    assert from_json(kind, through_a_pipe(to_json(value))) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str, 1),
        (int, True),
        (int, "1"),
        (bool, 1),
        (float, "1.0"),
        (str, None),
        (bytes, "no base64!"),
        (dt.date, "2020-02-30"),
        (tuple[int, ...], "12"),
        (tuple[int, ...], [1, "2"]),
        (tuple[float, float], [1.0]),
        (Removed, {"line": 1, "text": "a"}),
        (Removed, {"line": 1, "text": "a", "reason": "b", "more": 1}),
        (Removed, [1, "a", "b"]),
        (Reading, {**to_json(READING), "document": None}),
        (Reading, {**to_json(READING), "problems": [1]}),
    ],
)
def test_a_value_of_another_type_is_refused(kind: Any, value: object) -> None:
    with pytest.raises(BadFrame):
        from_json(kind, value)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xff", b"[" * 100_000, json.dumps("1" * 9).encode()[:-1]]
)
def test_bytes_that_are_no_frame_are_refused(body: bytes) -> None:
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(write_end, struct.pack("!I", len(body)) + body)
        os._exit(0)
    os.close(write_end)
    with pytest.raises(BadFrame):
        receive(read_end)
    os.waitpid(pid, 0)
    os.close(read_end)


def test_a_frame_that_claims_to_be_endless_is_refused_before_it_is_read() -> None:
    read_end, write_end = os.pipe()
    os.write(write_end, struct.pack("!I", LONGEST_FRAME + 1))
    with pytest.raises(BadFrame, match="a frame of"):
        receive(read_end)
    os.close(write_end)
    with pytest.raises(EOFError):
        receive(read_end)
    os.close(read_end)


def test_a_value_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(BadFrame, match="a frame of"):
        through_a_pipe("x" * LONGEST_FRAME)
