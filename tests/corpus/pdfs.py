"""PDFs of real kinds, made on the spot, together with the text that should be read from them."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    FrameBreak,
    ListFlowable,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Table,
)

WORDS = (
    "harbour council camera contract station evening report market teacher garden window letter "
    "budget public record meeting decision machine weather engine village bridge library museum "
    "several careful narrow eastern former simple quiet modern early local open common broken "
    "changes leaves brings takes shows follows opens needs covers crosses reaches returns holds"
).split()

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=12.5, spaceAfter=8)
JUSTIFIED = ParagraphStyle("justified", parent=BODY, alignment=TA_JUSTIFY)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=20, leading=25, spaceAfter=14)
HEADING = ParagraphStyle(
    "heading", fontName="Helvetica-Bold", fontSize=13, leading=16, spaceBefore=8, spaceAfter=6
)
SUBHEADING = ParagraphStyle("subheading", parent=HEADING, fontSize=10, leading=12.5)

Draw = Callable[[Canvas], None]


def sentences(count: int, *, seed: int) -> list[str]:
    """Return sentences of some ten words each; no two of a document are alike."""
    rng = random.Random(seed)
    made = []
    for _ in range(count):
        words = [rng.choice(WORDS) for _ in range(rng.randint(7, 14))]
        made.append(f"{' '.join(words).capitalize()} {rng.randint(100, 99_999)}.")
    return made


def paragraphs(count: int, *, seed: int, length: int = 5) -> list[str]:
    """Return paragraphs of ``length`` sentences."""
    made = sentences(count * length, seed=seed)
    return [" ".join(made[at : at + length]) for at in range(0, len(made), length)]


def drawn(*pages: Draw, size: tuple[float, float] = A4, **options: Any) -> bytes:
    """Return a PDF of which each function draws one page; ``options`` go to reportlab."""
    target = io.BytesIO()
    info = {key: options.pop(key) for key in ("title", "author", "lang") if key in options}
    canvas = Canvas(target, pagesize=size, **options, lang=info.get("lang"))
    if "title" in info:
        canvas.setTitle(info["title"])
    if "author" in info:
        canvas.setAuthor(info["author"])
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def lines(*texts: str, x: float = 72, y: float = 700, size: float = 11, font: str = "") -> Draw:
    """Return a function that draws lines of text under each other."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font or "Helvetica", size)
        for at, text in enumerate(texts):
            canvas.drawString(x, y - at * size * 1.2, text)

    return draw


def together(*draws: Draw) -> Draw:
    """Return a function that draws several things on one page."""

    def draw(canvas: Canvas) -> None:
        for one in draws:
            one(canvas)

    return draw


def laid_out(story: Sequence[Any], *, on_page: Any = None, columns: int = 1) -> bytes:
    """Return a PDF that reportlab's own layout made of paragraphs, lists and tables.

    With two columns the first page has a frame for the title above them.
    """
    target = io.BytesIO()
    width, height = A4
    document = BaseDocTemplate(target, pagesize=A4, title="(anonymous)", author="")
    each = (width - 120 - 20 * (columns - 1)) / columns

    def frames(top: float) -> list[Frame]:
        return [
            Frame(60 + at * (each + 20), 70, each, top - 70, 0, 0, 0, 0) for at in range(columns)
        ]

    head = Frame(60, height - 180, width - 120, 120, 0, 0, 0, 0)
    first = [head, *frames(height - 190)] if columns > 1 else frames(height - 80)
    ignore = on_page or (lambda canvas, document: None)
    document.addPageTemplates(
        [
            PageTemplate("first", first, onPage=ignore),
            PageTemplate("later", frames(height - 80), onPage=ignore),
        ]
    )
    document.build([NextPageTemplate("later"), *story])
    return target.getvalue()


def head_and_foot(canvas: Canvas, document: Any) -> None:
    """Draw a page header, and a footer with the page's number, as reports have them."""
    canvas.setFont("Helvetica", 9)
    canvas.drawString(60, A4[1] - 45, "Harbour Council: yearly report 2021")
    canvas.drawCentredString(A4[0] / 2, 40, f"Page {canvas.getPageNumber()} of 3")


REPORT_PARAGRAPHS = paragraphs(16, seed=1)
BULLETS = ["The cameras go back to the maker", *sentences(1, seed=2), "The pictures are deleted"]
STEPS = ["First the harbour", "Then the station, which is the larger of the two"]
ROWS = [["Year", "Cost", "Visitors"], ["2019", "10,000", "312"], ["2020", "12,500", "87"]]


def report() -> tuple[bytes, str]:
    """Return a report with everything a report has, and its text."""
    story: list[Any] = [Paragraph("What the Cameras Cost", TITLE)]
    text = ["# What the Cameras Cost"]
    for at, body in enumerate(REPORT_PARAGRAPHS):
        if at % 5 == 0:
            story.append(Paragraph(f"Part {at // 5 + 1}: money", HEADING))
            text.append(f"## Part {at // 5 + 1}: money")
        story.append(Paragraph(body, JUSTIFIED if at % 2 else BODY))
        text.append(body)
    story.append(Paragraph("What was decided", SUBHEADING))
    story.append(
        ListFlowable([Paragraph(one, BODY) for one in BULLETS], bulletType="bullet", start="•")
    )
    story.append(ListFlowable([Paragraph(one, BODY) for one in STEPS], bulletFormat="%s."))
    story.append(Table(ROWS, colWidths=[100, 100, 100], spaceBefore=10, spaceAfter=10))
    story.append(Paragraph("The contract ends in May.", BODY))
    text += [
        "## What was decided",
        "\n".join([f"- {one}" for one in BULLETS] + [f"{n}. {s}" for n, s in enumerate(STEPS, 1)]),
        "\n".join(" | ".join(row) for row in ROWS),
        "The contract ends in May.",
    ]
    return laid_out(story, on_page=head_and_foot), "\n\n".join(text)


def two_columns() -> tuple[bytes, str]:
    """Return an article in two justified columns under a title, and its text."""
    bodies = paragraphs(24, seed=3)
    story = [Paragraph("Cameras in Saltmere and the People Who Asked for Them", TITLE)]
    story += [FrameBreak(), *(Paragraph(body, JUSTIFIED) for body in bodies)]
    title = "# Cameras in Saltmere and the People Who Asked for Them"
    return laid_out(story, columns=2), "\n\n".join([title, *bodies])


def picture_of(texts: Sequence[str]) -> Image.Image:
    """Return a page as a scanner sees it: grey, 200 dots an inch, the words as pixels."""
    image = Image.new("L", (1654, 2339), 250)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 34)
    for at, text in enumerate(texts):
        pen.text((200, 260 + at * 54), text, fill=20, font=font)
    return image


def scan(texts: Sequence[str], *, layer: bool = False) -> Draw:
    """Return a function that draws a page which is one picture, with a text layer or without."""

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture_of(texts)), 0, 0, *A4)
        if layer:
            for at, text in enumerate(texts):
                written = canvas.beginText(72, A4[1] - 103 - at * 19.4)
                written.setFont("Helvetica", 12)
                written.setTextRenderMode(3)
                written.textOut(text)
                written.setTextRenderMode(0)
                canvas.drawText(written)

    return draw
