"""What is fuzzed, and what must hold whatever the bytes are.

A target takes bytes. The errors of corpus/errors.py are answers; anything else that it raises is a
finding: another exception, or an AssertionError about what it returned.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path

from corpus.clean import clean
from corpus.describe import describe
from corpus.documents import Reading, text_sha256
from corpus.errors import CorpusError
from corpus.read import read_document
from corpus.readers.decode import decode
from corpus.readers.raw import RawText, Stated
from corpus.unpack import is_container, unpack

Target = Callable[[bytes], None]

TODAY = dt.date(2026, 1, 1)
_FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-")
_LARGEST_PART = 1_000_000
_FILE_FORMATS = "txt md html mhtml webarchive pdf docx pptx xlsx csv epub rtf odt eml".split()
_CONTAINERS = "json jsonl zip mbox".split()


def check_reading(reading: Reading) -> None:
    """Check what holds for every document."""
    document = reading.document
    text = document.text
    assert document.sha256 == text_sha256(text)
    assert unicodedata.is_normalized("NFC", text), "the text is not NFC"
    assert "\r" not in text, "a carriage return is left"
    assert "\0" not in text, "a NUL is left"
    assert "\n\n\n" not in text, "more than one blank line"
    assert text == text.strip("\n"), "blank lines at an end"
    assert text.strip(), "no text"
    assert document.title.strip(), "no title"
    assert "\n" not in document.title, "a title of several lines"
    ends = [0, *document.pages, len(text)]
    assert ends == sorted(ends), "pages out of order, or out of the text"
    for place in document.pages:
        assert document.page_at(place) is not None
    assert all(part.line >= 1 and part.reason for part in reading.removed), "a part without a place"
    for line in (*reading.problems, *reading.guessed, *reading.quarantine):
        assert line, "an empty remark"
        assert "\n" not in line, "a remark of several lines"


def check_clean(text: str) -> None:
    """Check that cleaning is stable and accounts for what it takes out."""
    once = clean(text)
    twice = clean(once.text)
    assert twice.text == once.text, "cleaning twice changes more"
    assert twice.removed == (), "cleaning twice removes more"
    assert [part.line for part in once.removed] == sorted(part.line for part in once.removed)


def read_bytes(data: bytes, *, suffix: str) -> None:
    """Read ``data`` as a file."""
    path = Path(_FOLDER.name, f"fuzz.{suffix}")
    path.write_bytes(data)
    try:
        reading = read_document(path, folder=path.parent, today=TODAY)
    except CorpusError:
        return
    check_reading(reading)
    check_clean(reading.document.text)


def unpack_bytes(data: bytes, *, suffix: str) -> None:
    """Take ``data`` apart as a file that holds several documents."""
    path = Path(_FOLDER.name, f"fuzz.{suffix}")
    path.write_bytes(data)
    with tempfile.TemporaryDirectory(dir=_FOLDER.name) as out:
        into = Path(out, "into")
        try:
            if not is_container(path):
                read_bytes(data, suffix=suffix)
            unpacked = unpack(path, into, max_bytes=_LARGEST_PART)
        except CorpusError:
            return
        left = {one for one in Path(out).rglob("*") if not one.is_dir()}
        assert set(unpacked.files) <= left, "a file that is not there"
        assert all(one.stat().st_size <= _LARGEST_PART for one in left), "a part that is too large"
        assert not any(one.is_symlink() for one in left), "a link"
        for name, why in (*unpacked.skipped, *unpacked.failed):
            assert why, f"no reason for {name}"
            assert "\n" not in why, "a reason of several lines"


def _front(data: bytes) -> None:
    read_bytes(b"---\n" + data + b"\n---\n\nSome text of a note.\n", suffix="md")


def _sidecar(data: bytes) -> None:
    sidecar = Path(_FOLDER.name, "fuzz.txt.meta.yaml")
    sidecar.write_bytes(data)
    try:
        read_bytes(b"A title\n\nThe council met on Tuesday.\n", suffix="txt")
    finally:
        sidecar.unlink()


def _decode(data: bytes) -> None:
    with contextlib.suppress(CorpusError):
        decode(data, name="fuzz").encode("utf-8")


def _clean(data: bytes) -> None:
    check_clean(data.decode("utf-8", "replace"))


def _describe(data: bytes) -> None:
    text = clean(data.decode("utf-8", "replace")).text
    for media_type in ("text/plain", "text/html"):
        described = describe(
            RawText(text, media_type), text, curated=Stated(), file_name="fuzz.txt", today=TODAY
        )
        assert not text.strip() or described.text.strip(), "describing took all of the text"
        assert described.date is None or described.date <= TODAY, "a date in the future"


TARGETS: dict[str, Target] = {
    **{name: partial(read_bytes, suffix=name) for name in _FILE_FORMATS},
    **{name: partial(unpack_bytes, suffix=name) for name in _CONTAINERS},
    "front": _front,
    "sidecar": _sidecar,
    "decode": _decode,
    "clean": _clean,
    "describe": _describe,
}
