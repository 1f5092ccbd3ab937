"""Files made by hand to hurt a reader: bombs, loops, deep nesting, repetition without end."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

from evals.benchmarks.made_articles import Article, make_article
from evals.benchmarks.made_documents import MAKERS, make_zip
from tests.fuzz.seeds import DOCX, PDF

ARTICLE = make_article(1, words=60)
DEEP = 100_000
LONG_ENTITY = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY j '" + b"lol" * 30_000 + b"'>]>"
ENTITIES = (
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'lollollollol'>"
    + "".join(
        f"<!ENTITY {name} '{f'&{before};' * 10}'>"
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
).encode()


def _inside(archive: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return an archive with one of its files changed."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        files = {one: opened.read(one) for one in opened.namelist()}
    files[name] = change(files[name])
    return make_zip(files)


def _replace(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return change


def _entities(element: bytes, bomb: bytes = ENTITIES, times: int = 1) -> Callable[[bytes], bytes]:
    """Return a change that has the element which begins so hold the bomb."""

    def change(data: bytes) -> bytes:
        body = data.partition(b"?>")[2] if data.startswith(b"<?xml") else data
        start = body.index(element) + len(element)
        return bomb + body[:start] + b"&j;" * times + body[start:]

    return change


def _made(name: str) -> bytes:
    return MAKERS[name](Article("A title", "Ada", ARTICLE.date, ARTICLE.paragraphs[:1]))


def _nested_mail(depth: int) -> bytes:
    mail = b"From: a@b.c\r\nSubject: T\r\n"
    for level in range(depth):
        mail += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    return mail + b"Content-Type: text/plain\r\n\r\nHello there.\r\n"


def _pages_loop() -> bytes:
    return PDF.replace(b"/Kids[3 0 R 6 0 R]/Count 2", b"/Kids[2 0 R 2 0 R]/Count 999999999")


def _packed_twice() -> bytes:
    """Return a PDF of 3 KB whose page has 330 MB to draw."""
    packer = zlib.compressobj(1)
    part = b"BT /F1 9 Tf (a) Tj ET\n" * 100_000
    once = b"".join((*(packer.compress(part) for _ in range(150)), packer.flush()))
    twice = zlib.compress(once)
    head = b"4 0 obj<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n" % len(twice)
    start, end = PDF.index(b"4 0 obj"), PDF.index(b"5 0 obj")
    return PDF[:start] + head + twice + b"\nendstream endobj\n" + PDF[end:]


def _forms_of_forms(levels: int = 30) -> bytes:
    """Return a PDF with a form that draws another one twice, which draws another one twice..."""
    start, end = PDF.index(b"4 0 obj"), PDF.index(b"5 0 obj")
    forms = b""
    for number in range(10, 10 + levels):
        draws = b"/Y Do /Y Do" if number < 9 + levels else b"BT /F1 9 Tf (a) Tj ET"
        forms += (
            b"%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length %d/Resources<</Font<<"
            b"/F1 5 0 R>>/XObject<</Y %d 0 R>>>>>>stream\n%s\nendstream endobj\n"
            % (number, len(draws), number + 1, draws)
        )
    page = b"4 0 obj<</Length 5>>stream\n/Y Do\nendstream endobj\n"
    whole = PDF[:start] + page + forms + PDF[end:]
    return whole.replace(b"/F1 5 0 R>>>>>>endobj", b"/F1 5 0 R>>/XObject<</Y 10 0 R>>>>>>endobj")


def _many_members() -> bytes:
    return make_zip({f"{number}.txt": b"A text." for number in range(20_000)})


NASTY: dict[str, Callable[[], bytes]] = {
    "zeros.docx": lambda: _inside(DOCX, "word/document.xml", lambda _: bytes(300_000_000)),
    "spaces.docx": lambda: _inside(
        DOCX, "word/document.xml", _replace(b"Some words.", b"word " * 30_000_000)
    ),
    "entities.docx": lambda: _inside(DOCX, "word/document.xml", _entities(b"<w:t>")),
    "entities.odt": lambda: _inside(_made("odt"), "content.xml", _entities(b"<text:p>")),
    "entities.epub": lambda: _inside(_made("epub"), "c0.xhtml", _entities(b"<p>")),
    "entities.pptx": lambda: _inside(_made("pptx"), "ppt/slides/slide1.xml", _entities(b"<a:t>")),
    "entities.xlsx": lambda: _inside(_made("xlsx"), "xl/worksheets/sheet1.xml", _entities(b"<t>")),
    "one-entity.docx": lambda: _inside(
        DOCX, "word/document.xml", _entities(b"<w:t>", LONG_ENTITY, 30_000)
    ),
    "one-entity.epub": lambda: _inside(
        _made("epub"), "c0.xhtml", _entities(b"<p>", LONG_ENTITY, 30_000)
    ),
    "entities.xhtml": lambda: ENTITIES + b"<html><body><p>&j;</p></body></html>",
    "deep.docx": lambda: _inside(
        DOCX, "word/document.xml", _replace(b"<w:body>", b"<w:body>" + b"<w:sdt>" * DEEP)
    ),
    "deep-tables.docx": lambda: _inside(
        DOCX,
        "word/document.xml",
        _replace(
            b"<w:body>",
            b"<w:body>" + b"<w:tbl><w:tr><w:tc>" * 2_000 + b"</w:tc></w:tr></w:tbl>" * 2_000,
        ),
    ),
    "deep.odt": lambda: _inside(
        _made("odt"), "content.xml", _replace(b"<office:text>", b"<office:text>" + b"<a>" * DEEP)
    ),
    "deep.html": lambda: b"<!doctype html><html><body>" + b"<div>" * 30_000 + b"<p>Words.</p>",
    "deep-lists.html": lambda: b"<!doctype html><html><body>" + b"<ul><li>x" * 20_000,
    "deep-tables.html": lambda: b"<!doctype html><html><body>" + b"<table><tr><td>x" * 5_000,
    "attributes.html": lambda: (
        b"<!doctype html><html><body><p "
        + b" ".join(b"a%d=1" % number for number in range(8_000))
        + b">Words.</p>"
    ),
    "unclosed.html": lambda: b"<!doctype html><html><body><p>Words." + b"<!--<a" * 300_000,
    "flat.html": lambda: b"<!doctype html><html><body>" + b"<p>Some words here.</p>\n" * 50_000,
    "deep.json": lambda: b"[" * DEEP,
    "deep-article.json": lambda: b'{"title":"T","text":"Words.","a":' + b'{"a":' * 50_000,
    "deep-lists.md": lambda: b"".join(b"  " * level + b"- x\n" for level in range(2_000)),
    "quotes.md": lambda: b">" * DEEP + b" words\n",
    "brackets.md": lambda: b"[" * DEEP + b" words\n",
    "stars.md": lambda: b"*_" * 30_000 + b" words\n",
    "backticks.md": lambda: b" ".join(b"`" * length for length in range(1_500)) + b" words\n",
    "links.md": lambda: b"[a](" * 30_000 + b" words\n",
    "front.md": lambda: b"---\n" + b"- " * DEEP + b"\n---\nwords\n",
    "rows.csv": lambda: b"a,b\n" + b"1,2\n" * 3_000_000,
    "columns.csv": lambda: b"a," * 3_000_000 + b"\n",
    "quote.csv": lambda: b'a,b\n"' + b"x,y\n" * 2_000_000,
    "pages.pdf": _pages_loop,
    "packed-twice.pdf": _packed_twice,
    "forms.pdf": _forms_of_forms,
    "length.pdf": lambda: PDF.replace(b"/Length 95", b"/Length 99999999999"),
    "self.pdf": lambda: PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev 0/XRefStm 0"),
    "box.pdf": lambda: PDF.replace(b"[0 0 300 200]", b"[-1e38 -1e38 1e38 1e38]"),
    "tiny-box.pdf": lambda: PDF.replace(b"[0 0 300 200]", b"[0 0 0 0]"),
    "braces.rtf": lambda: rb"{\rtf1 Words." + b"{" * DEEP,
    "bin.rtf": lambda: rb"{\rtf1 Words.\bin999999999 x}",
    "unicode.rtf": lambda: rb"{\rtf1\uc999999999 Words. \u-99999999999?\u55357?}",
    "nested.eml": lambda: _nested_mail(3_000),
    "headers.eml": lambda: b"From: a@b.c\r\n" + b"X: y\r\n" * 200_000 + b"\r\nWords.\r\n",
    "encoded.eml": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\r\nFrom: a\r\n\r\nWords.",
    "addresses.eml": lambda: b"From: " + b"a@b.c, (" * 20_000 + b"\r\nSubject: T\r\n\r\nWords.\r\n",
    "line.txt": lambda: b"word" * 1_000_000,
    "words.txt": lambda: b"word " * 1_000_000,
    "lines.txt": lambda: b"a\n" * 200_000,
    "blank.txt": lambda: b"a" + b"\n" * 1_000_000 + b"b",
    "marks.txt": lambda: b"a" + "\u0301".encode() * 500_000,
    "hyphens.txt": lambda: b"pa-\n" * 60_000,
    "mojibake.txt": lambda: "Ã©â€™ ".encode() * 200_000,
    "spaces.odt": lambda: _inside(
        _made("odt"),
        "content.xml",
        _replace(
            b"</office:text>", b"<text:p>a<text:s text:c='2000000000'/>b</text:p></office:text>"
        ),
    ),
    "columns.odt": lambda: _inside(
        _made("odt"),
        "content.xml",
        _replace(
            b"</office:text>",
            b"<table:table xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0'>"
            b"<table:table-row table:number-rows-repeated='2000000000'><table:table-cell "
            b"table:number-columns-repeated='2000000000'><text:p>a</text:p></table:table-cell>"
            b"</table:table-row></table:table></office:text>",
        ),
    ),
    "far-cell.xlsx": lambda: _inside(
        _made("xlsx"), "xl/worksheets/sheet1.xml", _replace(b'r="A2"', b'r="XFD1048576"')
    ),
    "far-row.xlsx": lambda: _inside(
        _made("xlsx"), "xl/worksheets/sheet1.xml", _replace(b'<row r="2"', b'<row r="1048576"')
    ),
    "spine.epub": lambda: _inside(
        _made("epub"),
        "book.opf",
        _replace(b"<spine>", b"<spine>" + b"<itemref idref='c0'/>" * DEEP),
    ),
    "span.docx": lambda: _inside(
        DOCX, "word/document.xml", _replace(b"gridSpan w:val='2'", b"gridSpan w:val='999999999'")
    ),
    "span.html": lambda: (
        b"<!doctype html><html><body><p>Words.</p><table><tr><td colspan=999999999 "
        b"rowspan=999999999>x</td></tr></table></body></html>"
    ),
    "members.zip": _many_members,
    "members.docx": _many_members,
    "up.zip": lambda: make_zip({"../../up.txt": b"Words.", "/up.txt": b"Words.", "C:\\up": b"x"}),
    "in.zip": lambda: make_zip({"in.zip": make_zip({"zeros.txt": bytes(50_000_000)})}),
    "zeros.zip": lambda: make_zip({f"{n}.txt": b"a" * 24_000_000 for n in range(13)}),
    "deep.jsonl": lambda: (b"[" * DEEP + b"\n") * 3 + b'{"title":"T","text":"Words."}\n',
}
"""Names of files, and how they are made."""
