"""Reference vectors, made with torch, to check other ways of running a model."""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.errors import BackendRefused
from index.embed import Vectors
from index.model_cache import cached
from index.model_files import DEFAULT_MODEL, BertFiles
from index.sound import Sound

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

_log = logging.getLogger(__name__)

_FILE = Path(__file__).with_name("references.json")


def disagreement(
    files: BertFiles,
    name: str,
    embed: Callable[[Sequence[str]], Vectors],
    least: float = LEAST_COSINE,
    *,
    how: str = "",
) -> float | None:
    """Return the lowest cosine between ``embed``'s vectors and torch's, if it is below ``least``.

    None where all is well, and where it was before with just this: ``how`` names all of it that
    is not in the files' hash or the processor, and is empty where nothing is to be remembered.
    The default model's references come with the program; another's are made with torch when they
    are first needed, which takes some seconds, and then kept. Raises BackendRefused
    where they cannot be made.
    """
    wanted = references() if name == DEFAULT_MODEL else _own_references(files, name)
    sound = Sound(how, files.fingerprint(name), str(least), wanted.tobytes()) if how else None
    if sound is not None and sound.is_noted():
        return None
    lowest = float((embed(TEXTS) * wanted).sum(axis=1).min())
    if not lowest >= least:
        return lowest
    if sound is not None:
        sound.note()
    return None


def _own_references(files: BertFiles, name: str) -> Vectors:
    digest = files.fingerprint(name).rsplit("@", 1)[-1]
    stored = cached(f"{digest}-references.f4", lambda: _made_with_torch(files.folder, name))
    vectors: Vectors = np.frombuffer(stored, dtype="<f4").reshape(len(TEXTS), -1)
    return vectors


def _made_with_torch(folder: Path, name: str) -> bytes:
    """Embed the texts in a process of its own: torch would stay in this one's memory."""
    command = [sys.executable, "-m", "index.make_references", str(folder)]
    # Where this package lies, whatever the folder this program was started in.
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    try:
        ran = subprocess.run(command, capture_output=True, env=environment, timeout=300, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        _log.error("no references for %s: %s", name, getattr(error, "stderr", error))
        raise BackendRefused(
            f"the vectors of the embedding model {name!r} could not be compared with torch's: "
            'set backend = "torch" in assistant.toml',
            reason="its vectors could not be compared with torch's",
        ) from error
    return base64.b64decode(ran.stdout.splitlines()[-1])


def references() -> Vectors:
    """Return the default model's reference vectors, shape ``(len(TEXTS), 384)``."""
    stored = json.loads(_FILE.read_text("utf-8"))["vectors"]
    halves = np.frombuffer(base64.b64decode(stored), dtype="<f2").reshape(len(TEXTS), -1)
    vectors: Vectors = halves.astype(np.float32)
    return vectors
