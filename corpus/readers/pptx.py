"""PowerPoint presentations: a heading, the points, the tables and the notes of each slide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus.documents import Removed
from corpus.readers.opc import office_facts, office_parts, packed
from corpus.readers.raw import RawText
from corpus.readers.trees import reading_as

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_DEEPEST_GROUP = 50
_FURNITURE = {
    "SLIDE_NUMBER": "page number",
    "DATE": "page footer",
    "FOOTER": "page footer",
    "HEADER": "page header",
}


def read_pptx(data: bytes, *, name: str) -> RawText:
    """Read a presentation; ``name`` is the file's, for messages.

    Hidden slides, and the number, date and footer that each slide repeats, go to ``dropped``.
    Raises UnreadableFile.
    """
    parts = office_parts(data, name=name)
    lines: list[str] = []
    dropped: list[Removed] = []
    with reading_as("a presentation", name=name):
        for number, slide in enumerate(_slides(parts), start=1):
            text = "\n\n".join(_slide_blocks(slide, number))
            dropped += [Removed(len(lines) + 1, *one) for one in _furniture(slide)]
            if slide.element.get("show") in ("0", "false"):
                dropped.append(Removed(len(lines) + 1, " ".join(text.split()), "hidden slide"))
            else:
                lines += [*text.split("\n"), ""]
        stated = office_facts(parts, name=name)
    return RawText("\n".join(lines).rstrip("\n"), MEDIA_TYPE, stated, tuple(dropped))


def _slides(parts: dict[str, bytes]) -> Iterator[Any]:
    import pptx

    yield from pptx.Presentation(packed(parts)).slides


def _slide_blocks(slide: Any, number: int) -> list[str]:
    title = slide.shapes.title
    words = _one_line(title.text_frame.text) if title is not None else ""
    blocks = [f"## {words or f'Slide {number}'}"]
    own = title.shape_id if title is not None else None
    for shape in _shapes(slide.shapes, 0):
        if shape.shape_id != own:
            blocks += _shape_blocks(shape)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        notes = _one_line(frame.text)
        blocks += [f"Notes: {notes}"] if notes else []
    # A slide without a word of its own needs no heading either.
    return blocks if len(blocks) > 1 or words else []


def _furniture(slide: Any) -> Iterator[tuple[str, str]]:
    for shape in _shapes(slide.shapes, 0):
        if _is_furniture(shape) and getattr(shape, "has_text_frame", False):
            words = _one_line(shape.text_frame.text)
            kind = shape.placeholder_format.type.name
            if words:
                yield words, _FURNITURE[kind]


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < _DEEPEST_GROUP:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _shape_blocks(shape: Any) -> list[str]:
    if getattr(shape, "has_table", False):
        rows = [[_one_line(cell.text) for cell in row.cells] for row in shape.table.rows]
        return ["\n".join(" | ".join(row) for row in rows if any(row))]
    if not getattr(shape, "has_text_frame", False) or _is_furniture(shape):
        return []
    points = [(part.level, _one_line(part.text)) for part in shape.text_frame.paragraphs]
    points = [(level, words) for level, words in points if words]
    if shape.is_placeholder and len(points) > 1:
        return ["\n".join(f"{'  ' * level}- {words}" for level, words in points)]
    return [words for _, words in points]


def _is_furniture(shape: Any) -> bool:
    """Tell whether a shape is the slide's number, date or footer, which each slide repeats."""
    if not shape.is_placeholder:
        return False
    return shape.placeholder_format.type.name in _FURNITURE


def _one_line(text: str) -> str:
    return " ".join(text.split())
