"""Finding other versions of a document among very many: how long that takes, and what is found.

The documents are made up (``made_index``) and have no passages, since only their texts count here.
Half of the texts that are looked for are edited copies of one of them, the others are new. What is
timed is all that an add does for it: the signature, the look for the very same text, the candidates
and the comparison word by word.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter

import numpy as np

from corpus.documents import Document, Reading, text_sha256
from corpus.duplicates import signature
from evals.benchmarks.made_index import make_text
from evals.benchmarks.speed_parts import Measure, Part, Setup
from index import versions
from index.catalogue import Catalogue
from index.database import Database
from index.generations import Generations, Prepared

FULL = 100_000
QUICK = 2_000
LOOKS = 400
_AT_ONCE = 1000

MEASURES = {
    "duplicates_p50_ms": Measure("looking for other versions, median", "ms"),
    "duplicates_worst_ms": Measure("looking for other versions, at worst", "ms", 50),
    "duplicates_found": Measure("edited copies of which the first is found", "", 1, more=True),
    "duplicates_wrong": Measure("new texts that are taken for a version", "", 0),
}


def measure(setup: Setup) -> Part:
    """Fill a catalogue, and look for versions in it."""
    count = FULL if setup.full else QUICK
    setup.say(f"signatures of {count} documents")
    with (
        tempfile.TemporaryDirectory(prefix="assistant-duplicates-") as folder,
        closing(Database(Path(folder, "catalogue.sqlite"))) as database,
    ):
        _fill(database, count)
        setup.say("looking for other versions")
        metrics = _look(database, count)
    return Part(MEASURES, metrics, f"other versions of a text among {count} made-up documents")


def _fill(database: Database, count: int) -> None:
    generations = Generations(database)
    for first in range(0, count, _AT_ONCE):
        some = [_prepared(number) for number in range(first, min(first + _AT_ONCE, count))]
        pending, _ = generations.add_pending(some)
        generations.activate(pending, lambda document_id: None)


def _look(database: Database, count: int) -> dict[str, float]:
    catalogue = Catalogue(database)
    seconds: list[float] = []
    found: dict[bool, list[bool]] = {True: [], False: []}
    for text, first in _texts(count):
        begun = perf_counter()
        catalogue.same_text(text_sha256(text))
        near = versions.find(database, text)
        seconds.append(perf_counter() - begun)
        if first is None:
            found[False].append(near is not None)
        else:
            found[True].append(near is not None and near.document_id == first)
    return {
        "duplicates_p50_ms": 1000 * float(np.median(seconds)),
        "duplicates_worst_ms": 1000 * max(seconds),
        "duplicates_found": float(np.mean(found[True])),
        "duplicates_wrong": float(np.mean(found[False])),
    }


def _texts(count: int) -> Iterator[tuple[str, str | None]]:
    """Yield texts, and the document that each is an edited copy of: another headline, the last
    paragraphs cut and one added; None for a new text."""
    for look in range(LOOKS // 2):
        number = look * (count // (LOOKS // 2)) % count
        paragraphs = make_text(number).split("\n\n")
        other = make_text(count + look).split("\n\n")
        yield "\n\n".join(["Another headline", *paragraphs[1:-2], other[1]]), _id(number)
        yield make_text(count + LOOKS + look), None


def _prepared(number: int) -> Prepared:
    text = make_text(number)
    document = Document(
        id=_id(number),
        title=f"Report {number}",
        text=text,
        date=None,
        source=None,
        url=None,
        language="en",
        tags=(),
        media_type="text/plain",
        path=f"{number}.txt",
        sha256=text_sha256(text),
    )
    return Prepared(Reading(document, (), (), (), ()), f"{number}", (), signature(text))


def _id(number: int) -> str:
    return f"report-{number:06}"
