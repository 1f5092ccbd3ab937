"""Pages that a browser saved in one file: MHTML and Safari's web archive."""

from __future__ import annotations

import plistlib
import quopri
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.readers import RawText, kind_of, read_file
from corpus.readers.html import read_html
from corpus.readers.web_archive import read_mhtml, read_webarchive

from .pages import write

ADDRESS = "https://tide.example/trial"
PAGE = (
    "<html><head>{head}<title>The trial ended</title></head><body><nav><a href=/>Home</a></nav>"
    "<article><h1>The trial ended</h1><p>The council of Saltmere voted on Monday to end its trial, "
    "which had cost £10,000.</p></article></body></html>"
)
DECLARED = PAGE.format(head="<meta charset=utf-8>")


def mhtml(
    page: bytes,
    *,
    charset: str = "",
    first: str = "",
    at: str = f"Snapshot-Content-Location: {ADDRESS}",
) -> bytes:
    """Return the file that Chrome makes, with a frame ``first`` before the page or none."""
    kind = f"text/html{charset}"
    frame = f"--x\r\nContent-Type: text/html\r\n\r\n{first}\r\n" if first else ""
    head = (
        f"From: <Saved by Blink>\r\n{at}\r\nSubject: x\r\nDate: Tue, 9 Mar 2021 10:00:00 -0000\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="x"\r\n\r\n{frame}'
        f"--x\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        f"Content-Location: {ADDRESS}\r\n\r\n"
    )
    return head.encode() + quopri.encodestring(page) + b"\r\n--x--\r\n"


def webarchive(page: bytes, *, kind: str = "text/html", encoding: str = "UTF-8") -> bytes:
    main = {
        "WebResourceData": page,
        "WebResourceMIMEType": kind,
        "WebResourceTextEncodingName": encoding,
        "WebResourceURL": ADDRESS,
    }
    archive = {"WebMainResource": main, "WebSubresources": []}
    return plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)


def as_page(raw: RawText) -> tuple[str, list[str], str | None, str | None]:
    return raw.text, [part.text for part in raw.dropped], raw.stated.title, raw.stated.url


EXPECTED = (*as_page(read_html(DECLARED, name="a.html"))[:3], ADDRESS)


@pytest.mark.parametrize(
    "data",
    [
        mhtml(DECLARED.encode()),
        mhtml(PAGE.format(head="").encode()),
        mhtml(PAGE.format(head="<meta charset=windows-1252>").encode("cp1252")),
        mhtml(PAGE.format(head="").encode("cp1252"), charset="; charset=windows-1252"),
        mhtml(DECLARED.encode(), first="<p>An advertisement in a frame.</p>"),
        mhtml(DECLARED.encode(), at="X-Old: yes"),
    ],
    ids=["declared", "nothing said", "Windows", "in the header", "a frame first", "no snapshot"],
)
def test_a_page_saved_as_mhtml_is_read_as_the_page_that_it_is(data: bytes) -> None:
    assert as_page(read_mhtml(data, name="a.mhtml")) == EXPECTED
    assert "£10,000" in EXPECTED[0]
    assert EXPECTED[1] == ["Home"]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "no-such"])
def test_a_web_archive_is_read_as_the_page_that_it_is(encoding: str) -> None:
    page = DECLARED.encode("cp1252" if encoding == "windows-1252" else "utf-8")
    assert as_page(read_webarchive(webarchive(page, encoding=encoding), name="a")) == EXPECTED


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "a.eml", "a.html", "a.txt", "a"])
def test_a_saved_page_is_known_by_what_it_holds(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name, mhtml(DECLARED.encode()))
    assert kind_of(path) == "mhtml"
    archive = write(tmp_path, name, webarchive(DECLARED.encode()))
    assert kind_of(archive) == "webarchive"
    assert as_page(read_file(archive)) == EXPECTED


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.mhtml", b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n\r\nText.", "no web page"),
        ("a.webarchive", webarchive(b"\x89PNG", kind="image/png"), "no web page"),
        ("a.webarchive", plistlib.dumps({"x": 1}, fmt=plistlib.FMT_BINARY), "it is damaged"),
        ("a.webarchive", b"bplist00WebMainResource" + bytes(99), "it is damaged"),
    ],
    ids=["a mail", "a picture", "another list", "broken"],
)
def test_a_saved_page_without_its_page_is_refused(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    with pytest.raises(UnreadableFile, match=message):
        read_file(write(tmp_path, name, data))
