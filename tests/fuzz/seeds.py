"""Small valid inputs of each kind, for a fuzzer to start from."""

from __future__ import annotations

import contextlib
import json
import plistlib

from evals.benchmarks.made_articles import Article, make_article
from evals.benchmarks.made_documents import MAKERS, make_zip

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R
/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 95>>stream
BT /F1 18 Tf 20 160 Td (The council met on) Tj 0 -20 Td (Tuesday and de-) Tj 0 -20 Td (cided.) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
6 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Rotate 90
/Resources<</Font<</F1 5 0 R>>>>>>endobj
7 0 obj<</Title(A report)/Author(Ada)/CreationDate(D:20200102)>>endobj
trailer<</Root 1 0 R/Info 7 0 R>>
%%EOF
"""
RTF = (
    rb"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}}{\*\generator x;}\pard\b A title\b0\par "
    rb"Caf\'e9 \u8364? and\~more\line next\par\trowd\cellx100\intbl a\cell b\cell\row "
    rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt a link}}{\pict\pngblip 89504e47}\bin3 abc}"
)
HTML = b"""<!doctype html><html lang="en"><head><title>T - Site</title>
<meta property="og:title" content="T"><meta name="author" content="Ada">
<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2020-01-02"}</script>
</head><body><nav><a href="/">Home</a></nav><article><h1>T</h1><p>First <b>bold</b> words.</p>
<ul><li>one<li>two</ul><table><tr><th>a<th>b<tr><td>1<td>2</table><pre>x  y</pre>
<p style="display:none">hidden</p><blockquote>said</blockquote></article>
<aside class="share">Tweet this</aside></body></html>"""
MARKDOWN = b"""---
title: A note
date: 2020-01-02
tags: [one, two]
---
# A note

Words with *stress*, `code` and [a link](x.html).

| a | b |
|---|---|
| 1 | 2 |

1. one
2. two

> said

```
code
```
<div>raw</div>
"""
TEXT = """\ufeffA headline about the county

By Ada Writer
Published: 2 January 2020

The council\u00a0met \u2014 it\u2019s cafÃ© â€™ time. Sub\u00adscribe to our newsletter!
Share this:
Tweets from @x
\u200bA second pa-
ragraph with \ufb01gures and \x1b[1mcolour.
""".encode()
SIDECAR = (
    b"title: T\ndate: 2020-01-02\nsource: S\ntags: [a, b]\nkeep:\n- some line\nreleased: abc\n"
)
EML = (
    b"From: Ada <a@b.c>\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n"
    b"Date: Thu, 2 Jan 2020 09:00:00 +0000\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
    b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable"
    b"\r\n\r\nHello =E9 there.\r\n--B\r\nContent-Type: text/html\r\n\r\n<p>Hello there.</p>\r\n"
    b"--B\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n--B--\r\n"
)
JSON = json.dumps(
    {"headline": "T", "author": {"name": "Ada"}, "datePublished": "2020-01-02", "body": ["a", "b"]}
).encode()
JSONL = b'{"title":"One","text":"First text."}\n{"title":"Two","text":"Second text."}\n'

_W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
_OPC = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
DOCX = make_zip(
    {
        "[Content_Types].xml": (
            f"<Types xmlns='{_OPC}/content-types'><Default Extension='rels' "
            "ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
            f"<Override PartName='/word/document.xml' ContentType='{_WML}.document.main+xml'/>"
            f"<Override PartName='/word/styles.xml' ContentType='{_WML}.styles+xml'/></Types>"
        ).encode(),
        "_rels/.rels": (
            f"<Relationships xmlns='{_OPC}/relationships'><Relationship Id='r1' "
            f"Type='{_OFFICE}/officeDocument' Target='word/document.xml'/></Relationships>"
        ).encode(),
        "word/_rels/document.xml.rels": (
            f"<Relationships xmlns='{_OPC}/relationships'><Relationship Id='r2' "
            f"Type='{_OFFICE}/styles' Target='styles.xml'/></Relationships>"
        ).encode(),
        "word/styles.xml": (
            f"<w:styles {_W}><w:style w:type='paragraph' w:styleId='H1'>"
            "<w:name w:val='heading 1'/></w:style></w:styles>"
        ).encode(),
        "word/document.xml": (
            f"<w:document {_W}><w:body><w:p><w:pPr><w:pStyle w:val='H1'/></w:pPr><w:r><w:t>A title"
            "</w:t></w:r></w:p><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Some words.</w:t><w:tab/><w:br/>"
            "<w:delText>gone</w:delText></w:r></w:p><w:p><w:pPr><w:numPr><w:ilvl w:val='0'/>"
            "<w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>item</w:t></w:r></w:p><w:tbl><w:tr>"
            "<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p><w:r><w:t>cell</w:t></w:r></w:p>"
            "</w:tc></w:tr></w:tbl></w:body></w:document>"
        ).encode(),
    }
)

MHTML = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/b\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\n"
    b"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    b"Content-Location: https://a.example/b\r\n\r\n" + HTML.replace(b"=", b"=3D") + b"\r\n--B--\r\n"
)
WEBARCHIVE = plistlib.dumps(
    {
        "WebMainResource": {
            "WebResourceData": HTML,
            "WebResourceMIMEType": "text/html",
            "WebResourceTextEncodingName": "UTF-8",
            "WebResourceURL": "https://a.example/b",
        }
    },
    fmt=plistlib.FMT_BINARY,
)
TOML = b'+++\ntitle = "T"\ndate = 2020-01-02\ntags = ["a"]\n+++\nWords.\n'
UNCLOSED = b"---\ntitle: T\ntags:\n- a\nauthor:\n  name: Ada\n\nWords.\n"

_SMALL: dict[str, list[bytes]] = {
    "txt": [TEXT, TEXT.decode().encode("utf-16"), "Café".encode("cp1252") * 9],
    "md": [MARKDOWN, TOML, UNCLOSED],
    "front": [MARKDOWN.split(b"---\n")[1], SIDECAR],
    "html": [HTML],
    "mhtml": [MHTML],
    "webarchive": [WEBARCHIVE],
    "pdf": [PDF],
    "docx": [DOCX],
    "csv": [b"a,b\n1,2\n", b'a;b;c\n"x;y";"z\n";3\n', b"a\tb\n1\t2\n"],
    "rtf": [RTF],
    "eml": [EML],
    "json": [JSON, b"[" + JSON + b"]"],
    "jsonl": [JSONL],
    "zip": [make_zip({"a.txt": TEXT, "in/b.md": MARKDOWN, "c.html": HTML})],
    "sidecar": [SIDECAR],
    "mbox": [b"From a@b.c Thu Jan  2 09:00:00 2020\n" + EML.replace(b"\r\n", b"\n") + b"\n"],
    "decode": [TEXT, TEXT.decode().encode("utf-16-be"), b"\xff\xfe\0\0a"],
    "clean": [TEXT, HTML, MARKDOWN],
    "describe": [TEXT, MARKDOWN],
}


def seeds(target: str) -> list[bytes]:
    """Return inputs for a target, written by hand and made by the libraries of its format."""
    found = list(_SMALL.get(target, []))
    # A Word file made by a library has so many styles that few of them are read in a second.
    if target in MAKERS and target != "docx":
        article = make_article(1, words=60)
        with contextlib.suppress(ImportError):
            found.append(MAKERS[target](Article("A short report", "Ada", article.date, ("Why.",))))
            found.append(MAKERS[target](article))
    return found
