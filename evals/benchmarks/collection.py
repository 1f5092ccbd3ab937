"""What a retrieval benchmark ranks: paragraphs, and questions that one of them answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UnreadableFile
from evals.metrics import Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The unit that is ranked; ``title`` is its article's."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the ``grades`` of the paragraphs judged for it, and the number of its article.

    ``grades`` maps a paragraph's place to how relevant it is, 0 for not at all; at least one is
    relevant. Articles with questions count from 0; the ranker was tuned on the even ones of
    OneStopQA and SQuAD 2.

    ``evidence`` says where the answer stands in its paragraph's text with single spaces
    (``plain``): a tuple of spans for each annotator, any of which will do. ``answers`` are
    accepted answers in words. Both are empty where the set does not tell.
    """

    text: str
    grades: Mapping[int, int]
    article: int
    evidence: tuple[tuple[Span, ...], ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """A question that no paragraph answers, and the number of the article that it seems to be
    about; those of SQuAD 2 are numbered as in ``Question``."""

    text: str
    article: int


@dataclass(frozen=True, slots=True)
class Collection:
    """A public data set made ready; ``about`` says in one line what was taken of it.

    ``unanswerable`` questions are not ranked for; ``evals bench abstention`` asks them.
    """

    name: str
    paragraphs: tuple[Paragraph, ...]
    questions: tuple[Question, ...]
    about: str
    unanswerable: tuple[Unanswerable, ...] = ()


def plain(text: str) -> str:
    """Return a text with single spaces: the form in which paragraphs are indexed."""
    return " ".join(text.split())


def plain_span(text: str, start: int, end: int) -> Span:
    """Return where ``text[start:end]`` stands in ``plain(text)``."""
    inside = plain(text[start:end])
    before = plain(text[:start])
    first = text[start:end].lstrip()[:1]
    apart = bool(before) and bool(first) and (text[start - 1].isspace() or text[start].isspace())
    left = len(before) + apart
    return left, left + len(inside)


def read_text(path: Path) -> str:
    """Return the text of a data set's file. Raises UnreadableFile."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path} is not UTF-8 text: fetch the data set anew") from None
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be read ({error.strerror}): check the data set's folder"
        ) from None
