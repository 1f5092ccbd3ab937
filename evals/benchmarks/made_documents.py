"""Made-up articles in every format that is read; some need a library that only developers have."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

from evals.benchmarks.made_articles import Article


def make_txt(article: Article) -> bytes:
    """Return the article as plain text."""
    return "\n\n".join((article.title, f"{article.date}", *article.paragraphs)).encode()


def make_md(article: Article) -> bytes:
    """Return the article as Markdown with front matter, headings and a list."""
    head = f"---\ntitle: {article.title}\ndate: {article.date}\nauthor: {article.author}\n---\n"
    body = "\n\n## Details\n\n".join(article.paragraphs)
    return f"{head}\n# {article.title}\n\n{body}\n\n- one *point*\n- [another](b.html)\n".encode()


def make_html(article: Article) -> bytes:
    """Return the article as a web page with a menu and a footer."""
    body = "".join(f"<p>{html.escape(one)}</p>\n" for one in article.paragraphs)
    return (
        f"<!doctype html>\n<html lang='en'><head><title>{article.title}</title>"
        f"<meta property='article:published_time' content='{article.date}'></head><body>"
        "<nav><a href='/'>Home</a> <a href='/news'>News</a></nav>"
        f"<article><h1>{article.title}</h1>{body}</article>"
        "<footer>All rights reserved. <a href='/contact'>Contact</a></footer></body></html>"
    ).encode()


def make_pdf(article: Article) -> bytes:
    """Return the article as a PDF (needs reportlab)."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    data = io.BytesIO()
    parts = [Paragraph(article.title, styles["Title"])]
    parts += [Paragraph(one, styles["BodyText"]) for one in article.paragraphs]
    SimpleDocTemplate(data, title=article.title, author=article.author, invariant=1).build(parts)
    return data.getvalue()


def make_docx(article: Article) -> bytes:
    """Return the article as a Word document (needs python-docx)."""
    import docx

    document = docx.Document()
    document.core_properties.title = article.title
    document.add_heading(article.title, 0)
    for paragraph in article.paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(1, 1).text = "Year", "240"
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def make_pptx(article: Article) -> bytes:
    """Return the article as slides, a paragraph each (needs python-pptx)."""
    import pptx

    slides = pptx.Presentation()
    for paragraph in article.paragraphs:
        slide = slides.slides.add_slide(slides.slide_layouts[1])
        slide.shapes.title.text = article.title
        slide.placeholders[1].text = paragraph
    data = io.BytesIO()
    slides.save(data)
    return data.getvalue()


def make_xlsx(article: Article) -> bytes:
    """Return the article as a sheet, a sentence a row (needs openpyxl)."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in _rows(article):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def make_csv(article: Article) -> bytes:
    """Return the article as a table, a sentence a row."""
    data = io.StringIO()
    csv.writer(data).writerows(_rows(article))
    return data.getvalue().encode()


def make_epub(article: Article) -> bytes:
    """Return the article as an e-book of one chapter a paragraph."""
    chapters = range(len(article.paragraphs))
    items = "".join(
        f"<item id='c{at}' href='c{at}.xhtml' media-type='application/xhtml+xml'/>"
        for at in chapters
    )
    spine = "".join(f"<itemref idref='c{at}'/>" for at in chapters)
    package = (
        "<?xml version='1.0'?><package xmlns='http://www.idpf.org/2007/opf' version='3.0'>"
        "<metadata xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        f"<dc:title>{article.title}</dc:title><dc:creator>{article.author}</dc:creator>"
        f"<dc:date>{article.date}</dc:date><dc:language>en</dc:language></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        "<?xml version='1.0'?><container version='1.0' "
        "xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles><rootfile "
        "full-path='book.opf' media-type='application/oebps-package+xml'/></rootfiles></container>"
    )
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "book.opf": package,
    }
    for at, paragraph in enumerate(article.paragraphs):
        files[f"c{at}.xhtml"] = (
            "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>Chapter</title></head>"
            f"<body><h2>Chapter {at + 1}</h2><p>{html.escape(paragraph)}</p></body></html>"
        )
    return make_zip({name: text.encode() for name, text in files.items()})


def make_rtf(article: Article) -> bytes:
    """Return the article as rich text."""
    body = "".join(rf"{one}\par " for one in article.paragraphs)
    return (
        rf"{{\rtf1\ansi{{\fonttbl{{\f0 Arial;}}}}{{\info{{\title {article.title}}}}}"
        rf"{{\b {article.title}}}\par {body}}}"
    ).encode("ascii")


def make_odt(article: Article) -> bytes:
    """Return the article as OpenDocument text (needs odfpy)."""
    from odf.dc import Title
    from odf.opendocument import OpenDocumentText
    from odf.text import H, P

    document = OpenDocumentText()
    document.meta.addElement(Title(text=article.title))
    document.text.addElement(H(outlinelevel=1, text=article.title))
    for paragraph in article.paragraphs:
        document.text.addElement(P(text=paragraph))
    data = io.BytesIO()
    document.write(data)
    return data.getvalue()


def make_eml(article: Article) -> bytes:
    """Return the article as a message, plain and as a page."""
    message = EmailMessage()
    message["From"] = f"{article.author} <ada@example.org>"
    message["To"] = "editors@example.org"
    message["Subject"] = article.title
    message["Date"] = dt.datetime.combine(article.date, dt.time(9), dt.UTC)
    message.set_content("\n\n".join(article.paragraphs))
    message.add_alternative(make_html(article).decode(), subtype="html")
    return bytes(message)


def make_json(article: Article) -> bytes:
    """Return the article as one JSON object."""
    return json.dumps(
        {
            "title": article.title,
            "author": article.author,
            "date": f"{article.date}",
            "text": "\n\n".join(article.paragraphs),
        }
    ).encode()


def make_zip(files: dict[str, bytes]) -> bytes:
    """Return an archive of files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # Named here as well: an entry that is made by hand is else stored as it is.
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def _rows(article: Article) -> list[list[str]]:
    sentences = " ".join(article.paragraphs).split(". ")
    return [["number", "sentence"]] + [[str(at), one] for at, one in enumerate(sentences)]


MAKERS: dict[str, Callable[[Article], bytes]] = {
    "txt": make_txt,
    "md": make_md,
    "html": make_html,
    "pdf": make_pdf,
    "docx": make_docx,
    "pptx": make_pptx,
    "xlsx": make_xlsx,
    "csv": make_csv,
    "epub": make_epub,
    "rtf": make_rtf,
    "odt": make_odt,
    "eml": make_eml,
    "json": make_json,
}
"""Each format's suffix, and how an article is put into it; ImportError where a library lacks."""
