"""Vectors made up for measuring, spread as those of real passages are.

Vectors of texts lie in clusters: passages of one document are near each other, documents of one
subject too, and a few directions carry more than others. Independent random vectors have none of
that, and are far harder to find neighbours among than anything that is searched in practice.
``docs/decisions/013-opening-and-filling-chroma.md`` compares these with vectors of real texts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from index.embed import Vectors

DIMENSIONS = 384
_SUBJECTS = 400
PER_DOCUMENT = 10
_SHARES = (0.30, 0.30, 0.40)
"""Of a vector's length, squared: its subject's, its document's, its own."""
_DECAY = 0.45
"""Of the strength of directions, from the first to the last, as a power."""
_STEP = 2000


def make_vectors(count: int, *, seed: int = 7) -> Vectors:
    """Make unit vectors, shape ``(count, DIMENSIONS)``; those of a document follow each other."""
    parts = [vectors for vectors, _ in made_vectors(count, seed=seed)]
    return np.concatenate(parts) if parts else np.empty((0, DIMENSIONS), dtype=np.float32)


def made_vectors(count: int, *, seed: int = 7) -> Iterator[tuple[Vectors, list[int]]]:
    """Yield the same in parts of whole documents, each with its documents' subjects."""
    draw = np.random.default_rng(seed)
    strength = np.arange(1, DIMENSIONS + 1, dtype=np.float32) ** -_DECAY
    strength /= np.linalg.norm(strength)

    def some(*shape: int) -> Vectors:
        drawn: Vectors = draw.standard_normal((*shape, DIMENSIONS), dtype=np.float32) * strength
        return drawn

    of_subject, of_document, own = np.sqrt(np.array(_SHARES, dtype=np.float32))
    subjects = some(_SUBJECTS)
    for first in range(0, count, _STEP * PER_DOCUMENT):
        documents = min(_STEP, -(-(count - first) // PER_DOCUMENT))
        # Some subjects are written about more than others.
        chosen = (_SUBJECTS * draw.random(documents) ** 2).astype(int)
        centres = of_subject * subjects[chosen] + of_document * some(documents)
        made: Vectors = centres[:, None] + own * some(documents, PER_DOCUMENT)
        vectors = made.reshape(-1, DIMENSIONS)[: count - first]
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        yield vectors, chosen.tolist()


def make_questions(vectors: Vectors, count: int, *, seed: int = 8) -> Vectors:
    """Make unit vectors, shape ``(count, DIMENSIONS)``, each about something that is there."""
    draw = np.random.default_rng(seed)
    about = vectors[draw.integers(0, len(vectors), count)]
    away = draw.standard_normal(about.shape, dtype=np.float32)
    away *= 0.9 / np.linalg.norm(away, axis=1, keepdims=True)
    asked: Vectors = about + away
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    return asked
