"""Which reader takes a file: its content first, its suffix second."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile, UnsupportedFormat
from corpus.readers import SUFFIXES, is_supported, kind_of, read_file

from . import office
from .pages import PAGE, png, write

MAIL = "Message-ID: <1@x>\r\nFrom: Ada <a@x>\r\nSubject: Hi\r\nMIME-Version: 1.0\r\n\r\nHello.\r\n"
MBOX = f"From a@x Tue Mar  9 10:00:00 2021\n{MAIL}"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("paper.txt", PDF, "pdf"),
        ("paper", PDF, "pdf"),
        ("late.pdf", b"junk\n" + PDF, "pdf"),
        ("a.zip", office.docx(), "docx"),
        ("a.xlsx", office.docx(), "docx"),
        ("a.bin", office.pptx(), "pptx"),
        ("a.docx", office.xlsx(), "xlsx"),
        ("a", office.odt(), "odt"),
        ("a.txt", office.epub(), "epub"),
        ("a.docx", office.RTF, "rtf"),
        ("a.doc", office.RTF, "rtf"),
        ("a.doc", OLD, "old-office"),
        ("a.docx", OLD, "old-office"),
        ("a.xls", PAGE, "html"),
        ("a.csv", PAGE, "html"),
        ("page.php", PAGE, "html"),
        ("a.txt", MAIL, "eml"),
        ("a.txt", MBOX, "mbox"),
        ("a.txt", "From: the start\n\nIt was: good.", "text"),
        ("notes", "Just words.", "text"),
        ("notes", '{"title": "x"}', "json"),
        ("notes", "[see below] is fine", "text"),
        ("a.json", '{"title": "x", "items": [{"a": 1}], "text": "y"}', "json"),
        ("a.json", '[\n {"title": "x"}]', "json-list"),
        ("a.json", '{"ok": 1, "articles": [{"title": "x"}]}', "json-list"),
        ("a.json", '{"a": {"articles": [{"title": "x"}]}}', "json"),
        ("a.json", '{"title": "a"}\n{"title": "b"}\n', "jsonl"),
        ("a.json", '{"title": "' + "x\\" * 9_000, "json"),
        ("a.jsonl", "", "jsonl"),
        ("a.zip", office.zipped_parts({"a.txt": "x"}), "zip"),
        ("a.txt", office.zipped_parts({"a.txt": "x"}), "zip"),
        ("a.rst", "Title\n=====\n", "text"),
        ("a.md", "# Title", "markdown"),
        ("a.tsv", "a\tb", "tsv"),
        ("a.png", png(), None),
        ("a", png(), None),
        ("a.py", "print('words')", None),
        ("a.css", "p { color: red }", None),
        ("a.js", "<p>words</p>", None),
        ("a.jar", office.zipped_parts({"META-INF/MANIFEST.MF": "x"}), None),
        (".gitignore", "words", None),
        ("a.unknown", "words", None),
    ],
)
def test_content_counts_before_the_suffix(
    tmp_path: Path, name: str, content: str | bytes, kind: str | None
) -> None:
    assert kind_of(write(tmp_path, name, content)) == kind


def test_a_known_suffix_is_supported_without_a_look_at_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(Path, "open", refuse)
    for suffix in SUFFIXES:
        if suffix != ".json":
            assert is_supported(tmp_path / f"none{suffix.upper()}")
    for name in ("a.doc", "a.jsonl", "a.mbox"):
        assert not is_supported(tmp_path / name)


def test_an_unknown_suffix_costs_a_look_at_8_kb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "page.php", PAGE + " " * 100_000)
    asked: list[int] = []
    real = Path.open

    class Watched:
        def __init__(self, *arguments: object) -> None:
            self.file = real(*arguments)  # type: ignore[call-overload]

        def __enter__(self) -> Watched:
            return self

        def __exit__(self, *problem: object) -> None:
            self.file.close()

        def read(self, length: int = -1) -> bytes:
            asked.append(length)
            return bytes(self.file.read(length))

    monkeypatch.setattr(Path, "open", lambda *arguments: Watched(*arguments))
    assert is_supported(path)
    assert asked == [8_192]


def test_a_file_of_several_documents_is_none_and_says_what_takes_it(tmp_path: Path) -> None:
    for name, content in (
        ("a.zip", office.zipped_parts({"a.txt": "x"})),
        ("a.json", '[{"title": "x", "text": "y"}]'),
        ("a.jsonl", '{"title": "x", "text": "y"}\n'),
        ("a.mbox", MBOX),
    ):
        path = write(tmp_path, name, content)
        assert not is_supported(path)
        with pytest.raises(UnsupportedFormat, match="'assistant add FILE' takes them in one by"):
            read_file(path)


def test_an_old_office_file_says_what_to_save_it_as(tmp_path: Path) -> None:
    for name in ("a.doc", "a.xls", "a.docx"):
        path = write(tmp_path, name, OLD)
        with pytest.raises(UnsupportedFormat, match=r"Save it as \.docx, \.xlsx or \.pptx"):
            read_file(path)
    assert not is_supported(tmp_path / "a.doc")


def test_a_file_that_is_only_called_an_old_office_file_is_supported(tmp_path: Path) -> None:
    assert is_supported(write(tmp_path, "a.doc", office.RTF))
    assert is_supported(write(tmp_path, "a.xls", PAGE))


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    for name in ("pipe", "pipe.json"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(UnreadableFile, match="is not a regular file"):
            read_file(tmp_path / name)
    assert not is_supported(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("name", "made", "media_type"),
    [
        ("a.zip", office.docx, "wordprocessingml.document"),
        ("a.txt", office.pptx, "presentationml.presentation"),
        ("a.docx", office.xlsx, "spreadsheetml.sheet"),
        ("a", office.odt, "application/vnd.oasis.opendocument.text"),
        ("a.zip", office.epub, "application/epub+zip"),
        ("a.txt", lambda: office.RTF, "application/rtf"),
        ("a.txt", MAIL.encode, "message/rfc822"),
    ],
)
def test_a_wrong_suffix_changes_nothing(tmp_path: Path, name: str, made, media_type: str) -> None:  # type: ignore[no-untyped-def]
    raw = read_file(write(tmp_path, name, made()))
    assert raw.media_type.endswith(media_type)
    assert raw.text
