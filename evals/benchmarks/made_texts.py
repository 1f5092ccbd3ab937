"""Texts made up for measuring, with words that are as frequent as those of real texts.

What a lexical search costs depends on how many passages have the words that are asked for. So the
words are those of the default model's vocabulary, which stands in the order of their frequency, and
three layers of them mix: what any text says, what its subject says, and names of its own, of which
there are ever more. ``docs/decisions/024-lexical-search.md`` compares them with real texts.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.model_files import DEFAULT_MODEL, model_folder
from index.passages import Sentence
from index.terms import STOP_WORDS, terms

PASSAGES = 10
SENTENCES = 6
_SHORTEST, _LONGEST = 12, 34
"""Words in a sentence."""
_STOP, _GENERAL, _SUBJECT = 0.43, 0.35, 0.13
"""Shares of words; the rest are the document's own."""
_FLAT = 40
"""Ranks over which frequencies hardly fall (Zipf-Mandelbrot)."""
_OF_SUBJECT = 300
_OWN = 20
_NAMES = 3_000_000
_SYLLABLES = "ba ce di fo gu har jen kil lom mur nas pet qui ros sal tev und vor wex yad".split()
_ASKED = 8, 12

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Text:
    """A document's text, and where each of its sentences begins and ends, by passage."""

    text: str
    passages: tuple[tuple[Sentence, ...], ...]


def make_text(number: int, subject: int) -> Text:
    """Make the text of a document about a subject: the same for everybody."""
    draw = np.random.default_rng((1, number))
    lengths = draw.integers(_SHORTEST, _LONGEST, PASSAGES * SENTENCES)
    words = _words(draw, subject, int(lengths.sum()))
    ends = np.cumsum(lengths).tolist()
    said = iter(
        [" ".join(words[start:end]).capitalize() + "." for start, end in pairwise((0, *ends))]
    )
    text = f"Report {number}"
    passages = []
    for _ in range(PASSAGES):
        text += "\n\n"
        sentences = []
        for place in range(SENTENCES):
            text += " " if place else ""
            one = next(said)
            sentences.append(Sentence(len(text), len(text) + len(one)))
            text += one
        passages.append(tuple(sentences))
    return Text(text, tuple(passages))


def make_question(passage: str, number: int) -> str:
    """Return a question of 8 to 12 terms that stand in a passage, in the order they stand there."""
    draw = np.random.default_rng((2, number))
    by_term = {term: word for word in passage.split() for term in terms(word)}
    wanted = min(int(draw.integers(_ASKED[0], _ASKED[1] + 1)), len(by_term))
    places = sorted(draw.permutation(len(by_term))[:wanted].tolist())
    words = list(by_term.values())
    return f"What did the {' '.join(words[place].strip('.') for place in places)} do?"


def _words(draw: np.random.Generator, subject: int, count: int) -> list[str]:
    """Draw words one by one, each from one of the layers."""
    layer = draw.random(count)
    own = _own(draw)
    picked = [
        (_stop_words(), _falling(len(_stop_words()), 3)),
        (_general(), _falling(len(_general()), _FLAT)),
        (_of_subject(subject), _falling(_OF_SUBJECT, 5)),
        (own, _falling(len(own), 2)),
    ]
    bounds = np.cumsum([0, _STOP, _GENERAL, _SUBJECT])
    which = np.searchsorted(bounds, layer, side="right") - 1
    words = np.empty(count, dtype=object)
    for place, (vocabulary, frequencies) in enumerate(picked):
        here = which == place
        ranks = np.searchsorted(frequencies, draw.random(int(here.sum())))
        words[here] = vocabulary[ranks]
    found: list[str] = words.tolist()
    return found


@functools.cache
def _falling(count: int, flat: int) -> Floats:
    """Return cumulative frequencies that fall with the rank, from the first to the last word."""
    shares = 1 / (np.arange(count) + flat)
    cumulative: Floats = np.cumsum(shares) / shares.sum()
    cumulative[-1] = 1.0
    return cumulative


@functools.cache
def _stop_words() -> npt.NDArray[np.object_]:
    return _array(sorted(STOP_WORDS, key=len))


@functools.cache
def _general() -> npt.NDArray[np.object_]:
    """Return the whole words of the model's vocabulary, the most frequent first."""
    folder = model_folder(DEFAULT_MODEL)
    assert folder is not None  # a benchmark of speed has asked the model before
    names = (folder / "vocab.txt").read_text("utf-8").split("\n")
    return _array([one for one in names if one.isalpha() and len(one) > 2 and terms(one)])


@functools.lru_cache(maxsize=1000)
def _of_subject(subject: int) -> npt.NDArray[np.object_]:
    draw = np.random.default_rng((3, subject))
    half = _OF_SUBJECT // 2
    known = _general()[_spread(draw, half, 100, len(_general()))]
    return _array([word for pair in zip(known, _names(draw, half), strict=True) for word in pair])


def _own(draw: np.random.Generator) -> npt.NDArray[np.object_]:
    """Return the words that one document is about: names, a year and a number among them."""
    years = (1900 + 126 * draw.random(2) ** 0.3).astype(int)
    numbers = (10 ** (1 + 4 * draw.random(2))).astype(int)
    others = _general()[_spread(draw, _OWN // 2, 500, len(_general()))]
    mixed = [*_names(draw, _OWN // 2), *others, *map(str, years), *map(str, numbers)]
    return _array(mixed)[draw.permutation(len(mixed))]


def _names(draw: np.random.Generator, count: int) -> Iterator[str]:
    return map(_spelled, _spread(draw, count, 400, _NAMES).tolist())


def _spread(draw: np.random.Generator, count: int, first: int, last: int) -> npt.NDArray[np.int64]:
    """Draw ranks evenly on a logarithmic scale."""
    ranks = np.exp(np.log(first) + (np.log(last) - np.log(first)) * draw.random(count))
    found: npt.NDArray[np.int64] = ranks.astype(np.int64).clip(first, last - 1)
    return found


def _spelled(number: int) -> str:
    """Return a word that stands for a number."""
    word = ""
    while number:
        number, digit = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[digit]
    return word


def _array(words: Sequence[str]) -> npt.NDArray[np.object_]:
    found = np.empty(len(words), dtype=object)
    found[:] = words
    return found
