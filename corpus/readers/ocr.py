"""Text from the picture of a page, by the Tesseract program where it is installed."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.readers.pdf_characters import Style
from corpus.readers.pdf_frame import Box
from corpus.readers.pdf_lines import surround
from corpus.readers.pdf_picture import Picture, to_png
from corpus.readers.pdf_segments import Segment

_PAGE_SECONDS = 120
_LIST_SECONDS = 20
# Tesseract is sure of a word by 0 to 100; below this it is mostly a speck or a part of a picture.
_LEAST_SURE = 30.0
# With more languages installed than these, English alone is as good and much faster.
_MOST_LANGUAGES = 3
_LEADING = 1.2
# The codes of Tesseract for the two-letter codes of documents, where they are not "xx" + a letter.
_CODES = {
    "ar": "ara", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa",
    "fi": "fin", "fr": "fra", "he": "heb", "hu": "hun", "it": "ita", "ja": "jpn", "ko": "kor",
    "nb": "nor", "nl": "nld", "nn": "nor", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron",
    "ru": "rus", "sv": "swe", "tr": "tur", "uk": "ukr", "zh": "chi_sim",
}  # fmt: skip


class OcrFailed(Exception):
    """Tesseract gave no answer, or none that can be read."""


@dataclass(frozen=True, slots=True)
class _Word:
    line: tuple[int, int, int]
    text: str
    box: Box


def is_installed() -> bool:
    """Tell whether the program ``tesseract`` can be run."""
    return shutil.which("tesseract") is not None


def recognise(picture: Picture, *, scale: float, language: str = "") -> list[list[Segment]]:
    """Return the paragraphs of a grey picture, each a list of lines with boxes in points.

    ``scale`` is the picture's pixels a point. Raises OcrFailed.
    """
    dpi = str(round(72 * scale))
    table = _run(
        ["stdin", "stdout", "-l", _languages(language), "--dpi", dpi, "tsv"],
        to_png(picture, level=1),
        seconds=_PAGE_SECONDS,
    )
    return _paragraphs(_words(table, scale))


def _run(arguments: Sequence[str], data: bytes = b"", *, seconds: float) -> str:
    try:
        done = subprocess.run(
            ["tesseract", *arguments],
            input=data,
            capture_output=True,
            timeout=seconds,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise OcrFailed(str(error)) from error
    return done.stdout.decode("utf-8", "replace")


@functools.cache
def _installed_languages() -> tuple[str, ...]:
    listed = _run(["--list-langs"], seconds=_LIST_SECONDS).split("\n")[1:]
    return tuple(name.strip() for name in listed if name.strip() and name.strip() != "osd")


def _languages(stated: str) -> str:
    installed = _installed_languages()
    first = _CODES.get(stated.casefold()[:2], "eng")
    wanted = list(dict.fromkeys((first, "eng")))
    if len(installed) <= _MOST_LANGUAGES:
        wanted += [name for name in installed if name not in wanted]
    return "+".join(name for name in wanted if name in installed) or "eng"


def _words(table: str, scale: float) -> list[_Word]:
    words = []
    for row in table.split("\n")[1:]:
        fields = row.split("\t")
        if len(fields) < 12 or fields[0] != "5" or not fields[11].strip():
            continue
        if float(fields[10]) < _LEAST_SURE:
            continue
        block, paragraph, line, _, x, y, width, height = map(int, fields[2:10])
        box = (x / scale, y / scale, (x + width) / scale, (y + height) / scale)
        words.append(_Word((block, paragraph, line), fields[11].strip(), box))
    return words


def _paragraphs(words: Sequence[_Word]) -> list[list[Segment]]:
    lines: dict[tuple[int, int, int], list[_Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    boxes = {key: surround([word.box for word in line]) for key, line in lines.items()}
    style = Style(_size(boxes), invisible=True)
    paragraphs: dict[tuple[int, int], list[Segment]] = {}
    for key, line in lines.items():
        segment = Segment(" ".join(word.text for word in line), boxes[key], style)
        paragraphs.setdefault(key[:2], []).append(segment)
    return list(paragraphs.values())


def _size(boxes: dict[tuple[int, int, int], Box]) -> float:
    """Estimate one font size for the page, from the distance of its lines or from their height."""
    keys = list(boxes)
    gaps = [
        boxes[key][3] - boxes[before][3] for before, key in pairwise(keys) if before[:2] == key[:2]
    ]
    if gaps:
        return max(1.0, round(median(gaps) / _LEADING, 1))
    return max([1.0, *(round(box[3] - box[1], 1) for box in boxes.values())])
