"""PDF: text in reading order, with its page numbers, without headers, footers and hidden text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.errors import UnreadableFile
from corpus.readers.pdf_blocks import body_of, find_blocks
from corpus.readers.pdf_file import PdfFile, open_pdf
from corpus.readers.pdf_furniture import Part, find_furniture
from corpus.readers.pdf_joins import join_blocks
from corpus.readers.pdf_layout import read_lines
from corpus.readers.pdf_lines import Line, line_of, surround
from corpus.readers.pdf_pages import Shown, recognise_scans, shown_part
from corpus.readers.pdf_stated import stated_of
from corpus.readers.pdf_text import write_text
from corpus.readers.pdf_words import vocabulary
from corpus.readers.raw import RawText, Stated

MOST_PAGES = 5_000
MOST_CHARACTERS = 20_000_000
MEDIA_TYPE = "application/pdf"


def read_pdf(data: bytes, *, name: str) -> RawText:
    """Read the bytes of a PDF into text; ``name`` is what messages call it.

    Pages that are scans are read by Tesseract where it is installed. Raises UnreadableFile: locked
    with a password, damaged, without pages or text, over 5,000 pages or 20 million characters.
    """
    with open_pdf(data, name=name) as file:
        if file.pages > MOST_PAGES:
            raise UnreadableFile(
                f"{name} has {file.pages:,} pages, and {MOST_PAGES:,} is the most a PDF may have. "
                "Split it into smaller files."
            )
        pages, problems = recognise_scans(file, list(_shown_pages(file, name)))
        stated = _stated(file, problems)
    parts = [part for shown in pages for part in shown.hidden]
    if not any(shown.page.segments for shown in pages):
        raise _no_text(name, pages, has_hidden=bool(parts))
    return _laid_out(pages, parts, stated)


def _shown_pages(file: PdfFile, name: str) -> Iterator[Shown]:
    characters = 0
    for number in range(1, file.pages + 1):
        shown = shown_part(file.page_text(number))
        characters += sum(len(segment.text) for segment in shown.page.segments)
        if characters > MOST_CHARACTERS:
            raise UnreadableFile(
                f"{name} has over {MOST_CHARACTERS:,} characters of text, the most a PDF may have. "
                "Split it into smaller files."
            )
        yield shown


def _stated(file: PdfFile, problems: tuple[str, ...]) -> Stated:
    return stated_of(
        title=file.info("Title"),
        author=file.info("Author"),
        made=file.info("CreationDate"),
        made_by=f"{file.info('Creator')} {file.info('Producer')}",
        language=file.language(),
        problems=problems,
    )


def _no_text(name: str, pages: Sequence[Shown], *, has_hidden: bool) -> UnreadableFile:
    if any(shown.paragraphs is not None for shown in pages):
        return UnreadableFile(
            f"{name} has no text, only pictures of pages (a scan), and Tesseract found none in "
            "them. Scan it again, sharper, or save it with a text layer."
        )
    if any(shown.is_scan for shown in pages):
        return UnreadableFile(
            f"{name} has no text, only pictures of pages (a scan). Install Tesseract "
            "(tesseract-ocr) and add it again, or save it with a text layer."
        )
    what = "only hidden text" if has_hidden else "no text: its pages are blank or drawn"
    return UnreadableFile(f"{name} has {what}. Save its text as .txt or .md, and add that.")


def _laid_out(pages: Sequence[Shown], parts: list[Part], stated: Stated) -> RawText:
    furniture = find_furniture([shown.page for shown in pages], body_size=_body_size(pages))
    lines = _lines(pages, {id(segment) for part in furniture for segment in part.segments})
    if not lines:
        # All of it looked like furniture, so none of it is.
        furniture, lines = [], _lines(pages, set())
    body = body_of(lines)
    words = vocabulary(line.text for line in lines)
    blocks = join_blocks(find_blocks(lines, body))
    text, line_pages, breaks, removed = write_text(blocks, body, words, [*parts, *furniture])
    return RawText(text, MEDIA_TYPE, stated, removed, line_pages, breaks)


def _body_size(pages: Sequence[Shown]) -> float:
    sizes: Counter[float] = Counter()
    for shown in pages:
        for segment in shown.page.segments:
            sizes[segment.style.size] += len(segment.text)
    return sizes.most_common(1)[0][0]


def _lines(pages: Sequence[Shown], furniture: set[int]) -> list[Line]:
    lines: list[Line] = []
    for shown in pages:
        region = lines[-1].region + 1 if lines else 0
        kept = [one for one in shown.page.segments if id(one) not in furniture]
        number = shown.page.number
        if shown.paragraphs is None:
            lines += read_lines(kept, page=number, region=region)
        else:
            lines += _recognised_lines(shown, furniture, region)
    return [replace(line, text=line.text.strip()) for line in lines if line.text.strip()]


def _recognised_lines(shown: Shown, furniture: set[int], region: int) -> Iterator[Line]:
    for at, paragraph in enumerate(shown.paragraphs or ()):
        kept = [one for one in paragraph if id(one) not in furniture]
        if not kept:
            continue
        left, _, right, _ = surround([one.box for one in kept])
        for one in kept:
            yield line_of([one], page=shown.page.number, region=region + at, left=left, right=right)
