"""A home in which every field of every document is an attempt to run a script or to call home."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.corpus.office import PACKAGE, epub, saved
from tests.corpus.pdfs import drawn, lines

PAYLOADS = [
    one
    for one in Path(__file__).with_name("payloads.txt").read_text("utf-8").splitlines()
    if one.strip()
]
"""Attempts as public collections have them, each with a number or an address of its own."""
SUITE = "hostile"


def fact(kind: str) -> str:
    """Return the sentence by which the document of a format is found."""
    return f"The {kind} census of the old oak wood counted {len(kind) * 411} stag beetles."


def asked(kind: str) -> str:
    return f"How many stag beetles did the {kind} census of the old oak wood count?"


def write_hostile_home(root: Path) -> int:
    """Write the documents, a suite and their names; return how many fields hold an attempt."""
    folder = root / "documents"
    folder.mkdir()
    for kind, (name, data) in made_files().items():
        (folder / name).write_bytes(data)
        if kind in SIDECARS:
            facts = {"title": PAYLOADS[14], "source": PAYLOADS[24], "tags": [PAYLOADS[15]]}
            (folder / f"{name}.meta.yaml").write_text(json.dumps(facts), "utf-8")
    for number, four in enumerate(_fours()):
        (folder / f"facts-{number}.md").write_text(_with_facts(number, *four), "utf-8")
    for number, payload in enumerate(PAYLOADS[:12]):
        name = payload.replace("/", "∕")[:80] + ".txt"
        (folder / name).write_text(f"{fact(f'named {number}')}\n", "utf-8")
    (root / "suites").mkdir()
    cases = [_case(number, payload) for number, payload in enumerate(PAYLOADS[:8])]
    (root / "suites" / f"{SUITE}.jsonl").write_text("".join(cases), "utf-8")
    return len(PAYLOADS) * (4 + 2 * len(FORMATS)) + 12 + 3 * len(SIDECARS) + 3 * len(cases)


def _fours() -> list[Sequence[str]]:
    """Return four attempts each, so that every one is once a title, an outlet, an author, a tag."""
    count = len(PAYLOADS)
    return [[PAYLOADS[(n + 17 * place) % count] for place in range(4)] for n in range(count)]


def _with_facts(number: int, title: str, source: str, author: str, tag: str) -> str:
    said = {"title": title, "source": source, "author": author, "tags": [tag], "url": _url(title)}
    lines_ = [f"{key}: {json.dumps(value)}" for key, value in said.items()]
    return "\n".join(["---", *lines_, "date: 2022-09-01", "---", "", fact(f"facts {number}"), ""])


def _url(payload: str) -> str:
    return (
        payload if payload.lower().startswith("javascript:") else f"javascript:alert('{payload}')"
    )


def _case(number: int, payload: str) -> str:
    made = {
        "id": f"c{number}",
        "question": f"{payload} {asked('markdown')}",
        "answers": [payload],
        "evidence": [{"document": "markdown.md", "quote": payload}],
    }
    return json.dumps(made) + "\n"


# ------------------------------------------------------------------ a document of each format


def text_of(kind: str) -> list[str]:
    """Return a document's paragraphs: each attempt beside words that a reader would keep."""
    return [
        fact(kind),
        *(f"Volunteer {n} wrote {one} in the log." for n, one in enumerate(PAYLOADS)),
    ]


def made_files() -> dict[str, tuple[str, bytes]]:
    return {kind: make(kind) for kind, make in FORMATS.items()}


def _markdown(kind: str) -> tuple[str, bytes]:
    return "markdown.md", "\n\n".join([f"# {PAYLOADS[0]}", *text_of(kind)]).encode()


def _plain(kind: str) -> tuple[str, bytes]:
    return "plain.txt", "\n\n".join([PAYLOADS[1], *text_of(kind)]).encode()


def _page(kind: str) -> tuple[str, bytes]:
    said = "".join(f"<p>{html.escape(one)}</p>\n" for one in text_of(kind))
    live = "".join(
        f"<p>The beetles of day {n} were {one} many.</p>\n" for n, one in enumerate(PAYLOADS)
    )
    head = (
        f"<title>{html.escape(PAYLOADS[2])}</title>"
        f'<meta name="author" content="{html.escape(PAYLOADS[19])}">'
        f'<meta property="og:site_name" content="{html.escape(PAYLOADS[24])}">'
        f'<link rel="canonical" href="javascript:alert(1)">'
    )
    body = f"<body><article>{said}{live}</article></body>"
    return "page.html", f"<!doctype html><html><head>{head}</head>{body}</html>".encode()


def _pdf(kind: str) -> tuple[str, bytes]:
    rows = [part for one in text_of(kind) for part in _rows(one)]
    pages = [lines(*rows[at : at + 40], size=9) for at in range(0, len(rows), 40)]
    return "paper.pdf", drawn(*pages, title=PAYLOADS[3], author=PAYLOADS[14])


def _rows(text: str) -> list[str]:
    return [text[at : at + 90] for at in range(0, len(text), 90)]


def _docx(kind: str) -> tuple[str, bytes]:
    from docx import Document

    made = Document()
    facts = made.core_properties
    facts.title, facts.author, facts.keywords = PAYLOADS[4], PAYLOADS[14], PAYLOADS[15]
    made.add_heading(PAYLOADS[5], 1)
    for one in text_of(kind):
        made.add_paragraph(one)
    return "letter.docx", saved(made)


def _pptx(kind: str) -> tuple[str, bytes]:
    from pptx import Presentation

    deck = Presentation()
    deck.core_properties.title, deck.core_properties.author = PAYLOADS[6], PAYLOADS[14]
    for at in range(0, len(PAYLOADS), 20):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = PAYLOADS[at]
        slide.placeholders[1].text = "\n".join(text_of(kind)[at : at + 21])
    return "slides.pptx", saved(deck)


def _xlsx(kind: str) -> tuple[str, bytes]:
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title, book.properties.creator = PAYLOADS[8], PAYLOADS[14]
    sheet: Any = book.active
    sheet.title = "<b>sheet<b>"
    sheet.append(["Note", PAYLOADS[7]])
    for one in text_of(kind):
        sheet.append([one, "beetle"])
    return "table.xlsx", saved(book)


def _csv(kind: str) -> tuple[str, bytes]:
    import csv

    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["Note", PAYLOADS[9]])
    rows.writerows([one, "beetle"] for one in text_of(kind))
    return "rows.csv", file.getvalue().encode()


def _epub(kind: str) -> tuple[str, bytes]:
    said = "".join(f"<p>{html.escape(one)}</p>" for one in text_of(kind))
    chapter = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
        f"<body><h1>{html.escape(PAYLOADS[10])}</h1>{said}<script>alert(1)</script></body></html>"
    )
    package = PACKAGE.replace("The Harbour Book", html.escape(PAYLOADS[11]))
    package = package.replace("Ada Marsh", html.escape(PAYLOADS[14]))
    package = package.replace("Tide Press", html.escape(PAYLOADS[24]))
    members = {"OEBPS/text/one a.xhtml": chapter, "OEBPS/book.opf": package}
    return "book.epub", epub(**members)


def _mail(kind: str) -> tuple[str, bytes]:
    from email.message import EmailMessage

    made = EmailMessage()
    made["Subject"], made["Date"] = PAYLOADS[12], "Mon, 5 Sep 2022 10:00:00 +0000"
    made["From"] = '"<img src=x onerror=alert(1)>" <a@evil.example>'
    made["To"] = "b@example.org"
    made.set_content("\n\n".join(text_of(kind)))
    return "mail.eml", bytes(made)


def _rtf(kind: str) -> tuple[str, bytes]:
    def said(text: str) -> str:
        return text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")

    facts = f"{{\\info{{\\title {said(PAYLOADS[13])}}}{{\\author {said(PAYLOADS[14])}}}}}"
    body = "\\par\n".join(said(one) for one in text_of(kind))
    return "old.rtf", f"{{\\rtf1\\ansi {facts}{body}\\par}}".encode("ascii", "replace")


def _odt(kind: str) -> tuple[str, bytes]:
    from odf import dc, text
    from odf.opendocument import OpenDocumentText

    made = OpenDocumentText()
    made.meta.addElement(dc.Title(text=PAYLOADS[16]))
    made.meta.addElement(dc.Creator(text=PAYLOADS[14]))
    for one in text_of(kind):
        made.text.addElement(text.P(text=one))
    file = io.BytesIO()
    made.write(file)
    return "open.odt", file.getvalue()


def _json(kind: str) -> tuple[str, bytes]:
    said = {
        "title": PAYLOADS[18],
        "author": PAYLOADS[14],
        "source": PAYLOADS[24],
        "url": "javascript:alert(1)",
        "text": "\n\n".join(text_of(kind)),
    }
    return "article.json", json.dumps(said).encode()


FORMATS: dict[str, Callable[[str], tuple[str, bytes]]] = {
    "markdown": _markdown,
    "plain": _plain,
    "page": _page,
    "paper": _pdf,
    "letter": _docx,
    "slides": _pptx,
    "table": _xlsx,
    "rows": _csv,
    "book": _epub,
    "mail": _mail,
    "rich": _rtf,
    "open": _odt,
    "article": _json,
}
SIDECARS = ("plain", "rich")
"""Documents of which a file beside them says more."""
