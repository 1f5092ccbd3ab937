"""Files of each format, damaged at random: a text or a clear error, and nothing else."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import CorpusError, UnreadableFile, UnsupportedFormat
from corpus.readers import RawText
from corpus.readers.csv_table import read_csv
from corpus.readers.docx import read_docx
from corpus.readers.eml import read_eml
from corpus.readers.epub import read_epub
from corpus.readers.json_article import read_json
from corpus.readers.kinds import kind_of_head
from corpus.readers.odt import read_odt
from corpus.readers.plain import read_plain
from corpus.readers.pptx import read_pptx
from corpus.readers.rtf import read_rtf
from corpus.readers.xlsx import read_xlsx

from . import office
from .test_formats_texts import NEWS, PLAIN, mail

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))
"""How many damaged files of each format are tried; a long run names more."""

Read = Callable[[bytes], RawText]


def of_text(read: Callable[[str], RawText]) -> Read:
    return lambda data: read(data.decode("utf-8", "replace"))


READERS: dict[str, tuple[bytes, Read]] = {
    "docx": (office.docx(), lambda data: read_docx(data, name="a")),
    "pptx": (office.pptx(), lambda data: read_pptx(data, name="a")),
    "xlsx": (office.xlsx(), lambda data: read_xlsx(data, name="a")),
    "odt": (office.odt(), lambda data: read_odt(data, name="a")),
    "epub": (office.epub(), lambda data: read_epub(data, name="a")),
    "rtf": (office.RTF, lambda data: read_rtf(data, name="a")),
    "eml": (mail(plain=PLAIN, html="<p>x</p>").as_bytes(), lambda data: read_eml(data, name="a")),
    "json": (NEWS.encode(), of_text(lambda text: read_json(text, name="a"))),
    "csv": (b'Name;Year\n"Marsh; A";2019\n', of_text(lambda text: read_csv(text, name="a"))),
    "plain": (b"Title\n=====\nSource: X\n- a\n  b\n", of_text(read_plain)),
}
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 1 << 20),
        st.integers(0, 40),
        st.binary(max_size=8) | st.sampled_from([b"<", b">", b"&", b'"', b"{", b"}", b"\\", b"/>"]),
    ),
    min_size=1,
    max_size=6,
)


def damaged(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """Return ``data`` with some stretches of it replaced."""
    for at, length, new in changes:
        start = at % (len(data) + 1)
        data = data[:start] + new + data[start + length :]
    return data


def inside(data: bytes, member: int, changes: list[tuple[int, int, bytes]]) -> bytes:
    """Return a sound ZIP one of whose members is damaged; other data damaged as it is."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return damaged(data, changes)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    texts = [name for name in parts if name.endswith((".xml", ".rels", ".xhtml", ".opf"))]
    name = texts[member % len(texts)]
    return office.zipped_parts(parts | {name: damaged(parts[name], changes)})


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=CHANGES, member=st.integers(0, 99), whole=st.booleans())
def test_a_damaged_file_gives_a_text_or_a_clear_error(
    kind: str, changes: list[tuple[int, int, bytes]], member: int, whole: bool
) -> None:
    made, read = READERS[kind]
    data = damaged(made, changes) if whole else inside(made, member, changes)
    try:
        raw = read(data)
    except (UnreadableFile, UnsupportedFormat):
        return
    assert raw.text.encode("utf-8").decode() == raw.text
    lines = raw.text.count("\n") + 1
    assert all(1 <= part.line <= lines + 2 and part.text for part in raw.dropped)


@given(st.binary(max_size=200), st.sampled_from(["", ".txt", ".json", ".zip", ".docx", ".x"]))
def test_every_head_has_a_kind_or_none(head: bytes, suffix: str) -> None:
    kind = kind_of_head(head, suffix, lambda: ())
    assert kind is None or kind.isprintable()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["title", "text", "body", "date", "author", "tags", "url", "source", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_an_article_or_a_clear_error(value: object) -> None:
    try:
        raw = read_json(json.dumps(value), name="a")
    except CorpusError:
        return
    assert all(line is None or line == line.strip() for line in (raw.stated.title, raw.stated.date))
