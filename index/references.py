"""Reference vectors of the default model, made with torch, to check other ways of running it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.embed import Vectors
from index.model_files import DEFAULT_MODEL

TEXTS = (
    "The city banned facial recognition in May 2019.",
    "How many employees does the company have?",
    "A court fined the firm €30.5 million; its appeal was refused.",
    "人脸识别 in an airport, naïve façade, 3.5%",
    "x",
    " ".join(["A long text goes on about cameras, contracts and the people in the street."] * 30),
)
LEAST_COSINE = 0.999
"""Of any reference. Measured: 1.0000 in single precision, .9999 in bfloat16."""

_FILE = Path(__file__).with_name("references.json")


def disagreement(model: str, embed: Callable[[Sequence[str]], Vectors]) -> float | None:
    """Return the lowest cosine between ``embed``'s vectors and the references, where it is too low.

    None where all is well, and for a model that has no references.
    """
    if model != DEFAULT_MODEL:
        return None
    lowest = float((embed(TEXTS) * references()).sum(axis=1).min())
    return lowest if not lowest >= LEAST_COSINE else None


def references() -> Vectors:
    """Return the reference vectors, shape ``(len(TEXTS), 384)``."""
    stored = json.loads(_FILE.read_text("utf-8"))["vectors"]
    halves = np.frombuffer(base64.b64decode(stored), dtype="<f2").reshape(len(TEXTS), -1)
    vectors: Vectors = halves.astype(np.float32)
    return vectors


def write(vectors: Vectors) -> None:
    """Store torch's vectors of ``TEXTS`` as the references."""
    stored = base64.b64encode(vectors.astype("<f2").tobytes()).decode()
    _FILE.write_text(json.dumps({"vectors": stored}) + "\n", encoding="utf-8")
