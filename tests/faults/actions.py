"""What children do that may be killed, or that work on damaged files."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from pathlib import Path
from typing import Any

from corpus import atomic
from corpus.errors import ArchiveError
from corpus.shelf import Shelf
from index import taking, vectors
from index.generations import Generations
from index.index import Index
from index.seal import Seal
from index.vectors import VectorStore

from ..fakes import BagOfStems
from .walking import deadly

QUESTIONS = ("banned cameras", "leaked customers", "regulator fined", "zebra", "the vendor")

# The calls that change something on disk, in the order in which adding and removing meet them.
STEPS: dict[str, tuple[Any, str]] = {
    "write the file": (atomic, "_write"),
    "rename the file": (Path, "replace"),
    "delete the file": (Path, "unlink"),
    "write the pending generation": (Generations, "add_pending"),
    "put in vectors": (VectorStore, "upsert"),
    "activate": (Generations, "activate"),
    "retire": (Generations, "retire"),
    "take out vectors": (VectorStore, "delete"),
    "purge": (Generations, "purge_retired"),
    "set the seal": (Seal, "write"),
    "wipe": (Generations, "wipe_deleted"),
}


def warm() -> None:
    """Load what every child needs: the sentence tokenizer and the stemmer."""
    from index.sentences import sentence_spans

    list(sentence_spans("One. Two.", 0, 9))
    BagOfStems().embed(["warm"])


def open_index(home: str, fingerprint: str = BagOfStems.fingerprint) -> Index:
    embedder = BagOfStems()
    embedder.fingerprint = fingerprint
    return Index(Path(home) / "var", Shelf(Path(home) / "documents"), embedder)


def killed_at(
    home: str,
    action: str,
    target: str,
    step: str,
    moment: str,
    fingerprint: str = BagOfStems.fingerprint,
) -> str:
    """Do an action and die of SIGKILL right before or after a step of it."""
    index = open_index(home, fingerprint)
    owner, name = STEPS[step]
    setattr(owner, name, deadly(getattr(owner, name), moment))
    if action == "sync":
        index.sync()
    elif action == "remove":
        index.remove([target])
    else:
        index.add([Path(target)])
    return "survived"


def killed_in_a_group(home: str, folder: str, step: str, moment: str) -> str:
    """Add a folder in groups of two, and die at a step of the second group."""
    taking.GROUP = 2
    vectors._SELDOM = 0.0  # so that each group is sealed
    index = open_index(home)
    owner, name = STEPS[step]
    setattr(owner, name, deadly(getattr(owner, name), moment, spared=1))
    index.add([Path(folder)])
    return "survived"


def synced(home: str) -> list[str]:
    """Sync in groups of four until done, or until killed from outside."""
    taking.GROUP = 4
    with contextlib.closing(open_index(home)) as index:
        return list(index.sync().added)


def left_open(home: str) -> None:
    """Write a change and die without closing anything, so that SQLite's log stays behind."""
    index = open_index(home)
    index.sync()
    os.kill(os.getpid(), signal.SIGKILL)


def answers(home: str) -> dict[str, Any]:
    """Open an index as it is and return all it says, or the error in one of ours' words."""
    try:
        with contextlib.closing(open_index(home)) as index:
            before = _all_answers(index)
            index.sync()
            return {"answers": before, "sync": _all_answers(index)}
    except ArchiveError as error:
        return {"error": type(error).__name__, "message": str(error)}


def rebuilt(home: str) -> dict[str, Any]:
    """Discard the index, sync, and return all it says."""
    shutil.rmtree(Path(home, "var", "index"), ignore_errors=True)
    with contextlib.closing(open_index(home)) as index:
        index.sync()
        return _all_answers(index)


def _all_answers(index: Index) -> dict[str, Any]:
    documents = [index.catalogue.document(entry.id) for entry in index.catalogue.entries()]
    return {
        "documents": {one.id: [one.title, one.text, str(one.date)] for one in documents},
        "hits": {question: _hits(index, question) for question in QUESTIONS},
    }


def _hits(index: Index, question: str) -> list[list[Any]]:
    hits = index.search(index.prepare(question), k=20)
    return [
        [
            hit.passage.id,
            hit.passage.heading,
            hit.text,
            round(hit.score, 4),
            [[sentence.start, sentence.end] for sentence in hit.passage.sentences],
        ]
        for hit in hits
    ]
