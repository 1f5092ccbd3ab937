"""The words of a passage as arrays: stored with it, and compared with the words of a question.

What takes long is to cut a text into words, to stem them and to look them up in the table of word
pieces. It depends on no question, so it is done once, when a passage is written.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.embed import Vectors
from index.kin import SHARE, Form, Kin
from index.terms import STOP_WORDS, stem
from index.word_table import WordTable

VERSION = 1
"""Part of the index recipe: raise it when the same text would give other arrays."""

Rows = npt.NDArray[np.intp]
Keys = npt.NDArray[np.uint64]

_MOST = 65_535
"""Different words of a passage; further ones are like none."""
_HEAD = np.dtype("<u4")
_COUNTS = 4


@dataclass(frozen=True, slots=True)
class Worded:
    """Passages, each of one text or more, as arrays.

    ``texts`` counts those of each passage, ``lengths`` the words of each text, and ``places`` names
    these words one after the other. Of each word there is a key that stands for its stem, how many
    ``counts`` of ``pieces`` (rows of the table) it is made of, and how long its vector is. A word
    that is like none begins each text, so that none is empty.
    """

    texts: Rows
    lengths: Rows
    places: Rows
    stems: Keys
    norms: Vectors
    counts: Rows
    pieces: Rows


def packed(texts: Sequence[Sequence[str]], table: WordTable) -> bytes:
    """Return a passage, given as the lower-case words of its texts."""
    places = {"": 0}
    named: list[int] = []
    lengths = []
    for words in texts:
        before = len(named)
        named.append(0)
        for word in words:
            if word in STOP_WORDS:
                continue
            if word not in places and len(places) < _MOST:
                places[word] = len(places)
            named.append(places.get(word, 0))
        lengths.append(len(named) - before)
    pieces, norms = table.made_of(list(places))
    keys = [0, *(stem_key(stem(word)) for word in list(places)[1:])]
    rows = [row for one in pieces for row in one]
    parts = (
        np.array([len(lengths), len(named), len(places), len(rows)], _HEAD),
        np.array(keys, "<u8"),
        np.array(norms, "<f4"),
        np.array(lengths, "<u4"),
        np.array(named, "<u2"),
        np.array(rows, "<u2"),
        np.array([len(one) for one in pieces], "u1"),
    )
    return b"".join(part.tobytes() for part in parts)


def unpacked(blobs: Iterable[bytes]) -> Worded:
    """Return passages, one at least, as they were packed."""
    found = [_parts(blob) for blob in blobs]
    keys, norms, lengths, places, pieces, counts = (
        np.concatenate(parts) for parts in zip(*found, strict=True)
    )
    texts = np.array([len(one[2]) for one in found], dtype=np.intp)
    words = np.array([len(one[0]) for one in found], dtype=np.intp)
    own = np.repeat(np.cumsum(words) - words, [len(one[3]) for one in found])
    return Worded(
        texts,
        lengths.astype(np.intp),
        places + own,
        keys,
        norms,
        counts.astype(np.intp),
        pieces.astype(np.intp),
    )


def _parts(blob: bytes) -> list[npt.NDArray[np.generic]]:
    texts, named, words, rows = np.frombuffer(blob, _HEAD, _COUNTS).tolist()
    at = _HEAD.itemsize * _COUNTS
    parts: list[npt.NDArray[np.generic]] = []
    for kind, count in (
        ("<u8", words),
        ("<f4", words),
        ("<u4", texts),
        ("<u2", named),
        ("<u2", rows),
        ("u1", words),
    ):
        parts.append(np.frombuffer(blob, kind, count, at))
        at += parts[-1].nbytes
    return parts


@functools.lru_cache(maxsize=8_192)
def stem_key(of: str) -> int:
    """Return the number that stands for a stem; none stands for 0."""
    return int.from_bytes(hashlib.blake2b(of.encode(), digest_size=8).digest(), "little") or 1


def best_likeness(
    words: Sequence[str], stems: Sequence[str], kin: Kin, found: Worded, table: WordTable
) -> Vectors:
    """Return how near each word of a question comes to each text, shape ``(words, texts)``, in
    0..1: 1 where the text has a word of the same stem, else by the likeness of the nearest one.

    Numbers are alike only when they are the same: 2011 is near to 2013 in a table of words, and
    another year. Another name of the same country, from ``kin``, counts ``SHARE`` at least.
    """
    likeness = table.likeness(words, found.counts, found.pieces, found.norms)
    asked = np.array([stem_key(one) for one in stems], dtype=np.uint64)
    likeness[asked[:, None] == found.stems] = 1.0
    starts = np.cumsum(found.lengths) - found.lengths
    best: Vectors = np.maximum.reduceat(likeness.take(found.places, axis=1), starts, axis=1)
    if kin:
        ordered = found.stems[found.places]
        for row, one in enumerate(stems):
            for form in kin.get(one, ()):
                there = _standing(form, ordered)
                texts = np.searchsorted(starts, np.flatnonzero(there), side="right") - 1
                best[row, texts] = np.maximum(best[row, texts], SHARE)
    return best


def _standing(form: Form, ordered: Keys) -> npt.NDArray[np.bool_]:
    """Return where a name begins. None goes across two texts, for each begins with a 0."""
    there: npt.NDArray[np.bool_] = ordered == np.uint64(stem_key(form[0]))
    for further, one in enumerate(form[1:], start=1):
        there[:-further] &= ordered[further:] == np.uint64(stem_key(one))
        there[-further:] = False
    return there
