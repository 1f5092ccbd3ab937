"""Versions of one article: how much two texts share, and a signature that finds them among many.

A text is taken as the set of its runs of three words (shingles). A signature is a MinHash of that
set (Broder, "On the resemblance and containment of documents", 1997), so two signatures tell about
how much two texts share; bands of a signature are keys that similar texts have in common
(Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3).
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasketch import MinHash

VERSION = 1
"""Part of the index recipe: raise it when the same text would get another signature or keys."""

# Measured on 20 articles that two collections tell in other versions: those share 0.90 to 1 of
# the shorter one's shingles and simplified retellings 0.67 and up, while no two of 189 other
# articles share more than 0.03.
LEAST_SHARED = 0.5
"""The share of the shorter text's shingles that makes two texts versions of one another."""
LEAST_JACCARD = 0.2
"""Shingles in both over shingles in either: below it a text quotes the other and much else."""
LEAST_WORDS = 50
"""Shorter texts have no signature: notes of one kind look alike and say different things."""
# Up to this length a form's fixed words may outweigh what is filled in, so more has to agree.
_SHORT_WORDS = 120
_LEAST_SHARED_SHORT = 0.8
# Forms that are filled in again (weather, results, prices) differ in their numbers.
_LEAST_NUMBERS_SHARED = 0.5
_LEAST_NUMBERS_SHARED_SHORT = 0.75
_FEW_NUMBERS = 4

_SHINGLE = 3
_PERMUTATIONS = 128
_ROWS = 2
BANDS = _PERMUTATIONS // _ROWS
"""Keys of a signature. Two rows a band find a pair that shares J of all shingles with a chance of
``1 - (1 - J**2) ** 64``: 0.93 at 0.2, 0.998 at 0.3, and all but surely from 0.4 on."""
_COUNT_BYTES = 4
# Scripts without spaces count by the character.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+")
# Odd constants of the splitmix64 generator spread the keys of different bands apart.
_SPREAD, _STEP, _MASK = 0xBF58476D1CE4E5B9, 0x9E3779B97F4A7C15, (1 << 64) - 1


def signature(text: str) -> bytes:
    """Return the signature of a text: the number of its shingles and 128 minima, all 32 bits.

    A text of fewer than 50 words has an empty one, which is similar to nothing.
    """
    words = _words(text)
    if len(words) < LEAST_WORDS:
        return b""
    shingles = _shingles(words)
    sketch = _empty_sketch().copy()
    sketch.update_batch(" ".join(shingle).encode("utf-8", "replace") for shingle in shingles)
    minima: bytes = sketch.hashvalues.astype("<u4").tobytes()
    return len(shingles).to_bytes(_COUNT_BYTES, "little") + minima


def bands(signature: bytes) -> tuple[int, ...]:
    """Return the 64 keys, signed 64-bit integers, of a signature; none of an empty one."""
    minima = signature[_COUNT_BYTES:]
    width = _ROWS * 4
    keys = []
    for band, start in enumerate(range(0, len(minima), width)):
        rows = int.from_bytes(minima[start : start + width], "little")
        mixed = ((rows ^ (band * _STEP & _MASK)) * _SPREAD) & _MASK
        mixed ^= mixed >> 31
        keys.append(mixed - (1 << 63))
    return tuple(keys)


def similarity(one: bytes, other: bytes) -> float:
    """Return about which share of the shorter text's shingles the longer one has, in 0..1.

    It is 0 where the texts' lengths or what they share rule out that they are versions.
    """
    if not one or not other:
        return 0.0
    first, second = _minima(one), _minima(other)
    jaccard = float((first == second).mean())
    sizes = [int.from_bytes(of[:_COUNT_BYTES], "little") for of in (one, other)]
    # From |A and B| = J (|A| + |B|) / (1 + J). Three standard errors of J are left as room.
    if jaccard + 0.1 < LEAST_JACCARD:
        return 0.0
    return min(1.0, jaccard * sum(sizes) / (1 + jaccard) / min(sizes))


def shared(text: str, other: str) -> float:
    """Return which share of the shorter text's shingles the longer one has; 0 for no version.

    Two texts are no versions where they share less than LEAST_SHARED, where one is little of the
    other, or where one form is filled in with other numbers.
    """
    words, other_words = _words(text), _words(other)
    shorter = min(len(words), len(other_words))
    if shorter < LEAST_WORDS:
        return 0.0
    first, second = _shingles(words), _shingles(other_words)
    both = len(first & second)
    share = both / min(len(first), len(second))
    is_short = shorter < _SHORT_WORDS
    if share < (_LEAST_SHARED_SHORT if is_short else LEAST_SHARED):
        return 0.0
    if both / len(first | second) < LEAST_JACCARD:
        return 0.0
    return share if _numbers_agree(words, other_words, is_short=is_short) else 0.0


def _numbers_agree(words: list[str], other: list[str], *, is_short: bool) -> bool:
    first, second = ({word for word in of if word[0].isdigit()} for of in (words, other))
    fewer = min(len(first), len(second))
    if not fewer or (fewer < _FEW_NUMBERS and not is_short):
        return True
    least = _LEAST_NUMBERS_SHARED_SHORT if is_short else _LEAST_NUMBERS_SHARED
    return len(first & second) >= least * fewer


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shingles(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[start:] for start in range(_SHINGLE)), strict=False))


@functools.cache
def _empty_sketch() -> MinHash:
    # Imported here: datasketch brings scipy, which takes half a second. The scheme is named, since
    # signatures of another scheme cannot be compared with those that are stored.
    from datasketch import MinHash

    return MinHash(num_perm=_PERMUTATIONS, seed=1, scheme="affine32")


def _minima(signature: bytes) -> Any:
    import numpy as np

    return np.frombuffer(signature, dtype="<u4", offset=_COUNT_BYTES)
