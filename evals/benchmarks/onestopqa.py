"""OneStopQA: news articles, in the version for advanced readers, three questions a paragraph.

Distractors come from OneStopEnglish, in a folder of that name beside OneStopQA's: the articles that
its ``distractors.txt`` names, without the versions of OneStopQA's own articles. Source: Berzak,
Malmaud, Levy, STARC: Structured Annotations for Reading Comprehension (2020); Vajjala and Lučić,
OneStopEnglish corpus (2018).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UnreadableFile, UsageError
from evals.benchmarks.collection import (
    Collection,
    Paragraph,
    Question,
    plain_span,
    read_text,
)
from evals.metrics import Span

DISTRACTOR_WORDS = 20
"""A distractor's paragraph is longer than this; the shorter ones are headlines and captions."""

_TITLE = re.compile(r"# Title[ \t]*\n+(.+)")
_PARAGRAPH = re.compile(r"^# Paragraph[ \t]*$", re.MULTILINE)
_ADVANCED = re.compile(r"^Adv: *(.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^Q\d?: *(.+)$(?:\s*^a: *(.+)$)?", re.MULTILINE)
_SPAN_TAG = re.compile(r"</?[AD]\d>")
_EVIDENCE_TAG = re.compile(r"<(/?)A(\d)>")
_SUFFIX = "-adv.txt"


def load_onestopqa(folder: Path) -> Collection:
    """Read OneStopQA and, if they lie beside it, its distractors.

    Raises UsageError where the folder is another one, UnreadableFile for a broken file.
    """
    files = sorted((folder / "annotated_articles").glob("*.txt"))
    if not files:
        raise UsageError(
            f"{folder} is not OneStopQA, as it has no annotated_articles/*.txt: name its folder"
        )
    paragraphs: list[Paragraph] = []
    questions: list[Question] = []
    for article, path in enumerate(files):
        for paragraph, asked in _article(path):
            questions += [
                Question(one.text, {len(paragraphs): 1}, article, (one.spans,), (one.answer,))
                for one in asked
            ]
            paragraphs.append(paragraph)
    beside = folder.resolve().parent / "onestopenglish"
    others, about = _distractors(beside)
    return Collection("onestopqa", (*paragraphs, *others), tuple(questions), about)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, where its evidence stands in the plain paragraph, and the right answer."""

    text: str
    spans: tuple[Span, ...]
    answer: str


def _article(path: Path) -> Iterator[tuple[Paragraph, list[_Asked]]]:
    """Yield an article's paragraphs, each with its questions."""
    head, *blocks = _PARAGRAPH.split(read_text(path))
    title = _TITLE.search(head)
    if not title or not blocks:
        raise UnreadableFile(f"{path} has no '# Title' or no '# Paragraph': fetch it anew")
    for number, block in enumerate(blocks, 1):
        advanced, questions = _ADVANCED.search(block), _QUESTION.findall(block)
        if not advanced or not questions:
            raise UnreadableFile(
                f"{path}, paragraph {number} has no 'Adv:' or no 'Q:' line: fetch it anew"
            )
        spans = _evidence(advanced[1])
        asked = [
            _Asked(question.strip(), tuple(spans.get(place, ())), answer.strip())
            for place, (question, answer) in enumerate(questions, 1)
        ]
        yield Paragraph(title[1].strip(), _SPAN_TAG.sub("", advanced[1]).strip()), asked


def _evidence(marked: str) -> dict[int, list[Span]]:
    """Return where each question's evidence stands in the paragraph without its tags: the n-th
    question's stands between <An> and </An>."""
    bare = _SPAN_TAG.sub("", marked)
    opened: dict[int, int] = {}
    found: dict[int, list[Span]] = {}
    for tag in _EVIDENCE_TAG.finditer(marked):
        closes, number = tag[1], int(tag[2])
        here = len(_SPAN_TAG.sub("", marked[: tag.start()]))
        if not closes:
            opened[number] = here
        elif number in opened:
            found.setdefault(number, []).append(plain_span(bare, opened.pop(number), here))
    return found


def _distractors(folder: Path) -> tuple[list[Paragraph], str]:
    """Return the distractors' paragraphs, and what to say about them."""
    listed = folder / "distractors.txt"
    if not listed.is_file():
        return [], f"without distractors: there is no {listed}"
    names = [line.strip() for line in read_text(listed).splitlines() if line.strip()]
    paragraphs = [
        Paragraph(name.removesuffix(_SUFFIX).strip(), line.strip())
        for name in names
        for line in read_text(folder / name).splitlines()
        if len(line.split()) > DISTRACTOR_WORDS
    ]
    return paragraphs, f"with {len(paragraphs)} paragraphs of {len(names)} other articles mixed in"
