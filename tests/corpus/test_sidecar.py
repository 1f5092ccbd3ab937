from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Overrides
from corpus.errors import UnreadableFile
from corpus.readers import Stated
from corpus.readers.front_matter import split_front_matter
from corpus.sidecar import changed_fields, read_sidecar, sidecar_bytes, sidecar_of, write_sidecar

WRITTEN = """\
title: A title
date: 2020-01-02
language: no
rating: 5
note: |
  seen by two of us
  on Monday
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.txt"


def written(path: Path) -> str:
    return sidecar_of(path).read_text("utf-8")


def test_every_field_is_read(path: Path) -> None:
    sidecar_of(path).write_text(
        "title: T\ndate: 2020-01-02\nsource: S\nurl: https://a.example\nlanguage: no\n"
        "author: [Jane Roe, John Doe]\ntags: [a, b]\nfetched: 2021-01-01\n"
        "keep: ['one part', \"two\\nlines\"]\nreleased: abc\n"
    )
    assert read_sidecar(path) == Stated(
        title="T",
        date="2020-01-02",
        source="S",
        url="https://a.example",
        language="no",
        author="Jane Roe, John Doe",
        tags=("a", "b"),
        fetched="2021-01-01",
        keep=("one part", "two\nlines"),
        released="abc",
    )
    assert read_sidecar(path.with_name("b.txt")) == Stated()


def test_front_matter_cannot_release_a_document_or_keep_parts() -> None:
    stated, _ = split_front_matter("---\ntitle: T\nreleased: abc\nkeep: [x]\n---\ntext")
    assert stated == Stated(title="T")


def test_a_change_keeps_what_a_curator_wrote(path: Path) -> None:
    sidecar_of(path).write_text(WRITTEN)
    write_sidecar(path, date=dt.date(2021, 3, 4), tags=("x", "y"), released="abc", title=None)
    assert written(path) == (
        "date: 2021-03-04\nlanguage: no\nrating: 5\nnote: |\n  seen by two of us\n  on Monday\n"
        "tags:\n- x\n- y\nreleased: abc\n"
    )
    assert sorted(one.name for one in path.parent.iterdir()) == ["a.txt.meta.yaml"]


def test_overrides_keep_what_they_leave_out(path: Path) -> None:
    sidecar_of(path).write_text(WRITTEN)
    data = sidecar_bytes(path, Overrides(author="Jane Roe", url="https://a.example", language="de"))
    assert data == WRITTEN.replace("language: no", "language: de").encode() + (
        b"author: Jane Roe\nurl: https://a.example\n"
    )
    assert sidecar_bytes(path.with_name("none.txt"), Overrides()) is None


def test_a_sidecar_without_fields_is_deleted(path: Path) -> None:
    write_sidecar(path, keep=("a part",))
    assert read_sidecar(path).keep == ("a part",)
    write_sidecar(path, keep=())
    assert list(path.parent.iterdir()) == []
    write_sidecar(path, title=None)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("broken", ["title: [", "just words", "x: " + "y" * 200_001])
def test_a_broken_sidecar_is_not_written_over(path: Path, broken: str) -> None:
    sidecar_of(path).write_text(broken)
    assert len(read_sidecar(path).problems) == 1
    with pytest.raises(UnreadableFile, match=r"a\.txt\.meta\.yaml cannot be changed"):
        write_sidecar(path, title="T")
    assert written(path) == broken


def test_a_changed_field_replaces_its_other_names() -> None:
    assert changed_fields({"published": "2020", "lang": "en"}, {"date": dt.date(2021, 1, 1)}) == {
        "lang": "en",
        "date": "2021-01-01",
    }


@given(st.lists(st.text(min_size=1).filter(lambda text: text.strip()), min_size=1, max_size=4))
def test_parts_to_keep_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("one") / "a.txt"
    clean = [part.replace("\r", "").replace("\x85", "") or "x" for part in parts]
    plain = ["".join(c for c in part if c.isprintable() or c == "\n") or "x" for part in clean]
    write_sidecar(path, keep=plain)
    assert read_sidecar(path).keep == tuple(part for part in plain if part.strip())
