"""What a retrieval benchmark ranks: paragraphs, and questions that one of them answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UnreadableFile


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
    """

    text: str
    grades: Mapping[int, int]
    article: int


@dataclass(frozen=True, slots=True)
class Collection:
    """A public data set made ready; ``about`` says in one line what was taken of it."""

    name: str
    paragraphs: tuple[Paragraph, ...]
    questions: tuple[Question, ...]
    about: str


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
