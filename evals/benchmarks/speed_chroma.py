"""Chroma by itself: how fast vectors go in and neighbours come out, and how many are missed.

The vectors are made up (``made_vectors``). The baseline is Chroma as it comes, with the same
vectors in the same batches. Recall is the share of the 50 nearest by exact search that Chroma finds
among its 50.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

import numpy as np

from evals.benchmarks.made_vectors import make_questions, make_vectors
from evals.benchmarks.speed_parts import Measure, Part, Setup
from index.embed import Vectors
from index.exact import exact_nearest
from index.keeper import writing
from index.vectors import AS_IT_COMES, SETTINGS, VectorStore

FULL = 400_000
QUICK = 20_000
QUESTIONS = 500
NEAREST = 50
_BATCH = 1000

MEASURES = {
    "chroma_in_per_s": Measure("vectors into Chroma", "a second", 1400, more=True),
    "chroma_p50_ms": Measure("nearest 50, median", "ms"),
    "chroma_p95_ms": Measure("nearest 50, 95th percentile", "ms", 5),
    "chroma_recall_at_50": Measure("recall at 50 against exact search", "", 0.98, more=True),
    "chroma_open_s": Measure("reading through, opening and the first question", "s"),
    "chroma_disk_bytes": Measure("disk for each vector", "bytes"),
    "exact_p95_ms": Measure("nearest 50 by exact search, 95th percentile", "ms"),
}


def measure(setup: Setup) -> Part:
    """Fill a temporary Chroma with vectors and ask it."""
    count = FULL if setup.full else QUICK
    vectors = make_vectors(count)
    questions = make_questions(vectors, QUESTIONS)
    nearest, exact_ms = _exact(vectors, questions)
    setup.say(f"Chroma with {count} vectors")
    metrics = _measure(vectors, questions, nearest, SETTINGS)
    setup.say(f"Chroma as it comes with {count} vectors")
    baseline = _measure(vectors, questions, nearest, AS_IT_COMES)
    metrics["exact_p95_ms"] = float(np.percentile(exact_ms, 95))
    about = f"Chroma, {count} made-up vectors of 384 dimensions; baseline: its own settings"
    return Part(MEASURES, metrics, about, baseline)


def _measure(
    vectors: Vectors, questions: Vectors, nearest: list[set[int]], settings: Mapping[str, int]
) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="assistant-chroma-") as made:
        folder = Path(made) / "chroma"
        store = VectorStore(folder, "speed", settings)
        begun = perf_counter()
        with writing(store):
            for first in range(0, len(vectors), _BATCH):
                some = vectors[first : first + _BATCH]
                store.upsert(range(first, first + len(some)), some, at_once=_BATCH)
        in_per_s = len(vectors) / (perf_counter() - begun)
        store.close()
        begun = perf_counter()
        store = VectorStore(folder, "speed", settings)
        store.intact(len(vectors))
        store.nearest(questions[0], NEAREST)
        open_s = perf_counter() - begun
        times, found = [], 0
        for question, expected in zip(questions, nearest, strict=True):
            begun = perf_counter()
            answer = store.nearest(question, NEAREST)
            times.append(1000 * (perf_counter() - begun))
            found += len(expected & {number for number, _ in answer})
        store.close()
        size = sum(path.stat().st_size for path in Path(made).rglob("*") if path.is_file())
    return {
        "chroma_in_per_s": in_per_s,
        "chroma_p50_ms": float(np.percentile(times, 50)),
        "chroma_p95_ms": float(np.percentile(times, 95)),
        "chroma_recall_at_50": found / (NEAREST * len(questions)),
        "chroma_open_s": open_s,
        "chroma_disk_bytes": size / len(vectors),
    }


def _exact(vectors: Vectors, questions: Vectors) -> tuple[list[set[int]], list[float]]:
    numbers = np.arange(len(vectors))
    found, times = [], []
    for question in questions:
        begun = perf_counter()
        nearest = exact_nearest(question, [(numbers, vectors)], NEAREST)
        times.append(1000 * (perf_counter() - begun))
        found.append({number for number, _ in nearest})
    return found, times
