"""A large home: opening it, syncing it again, filling Chroma from its catalogue.

The home is made up (``made_index``): ten passages a document, six sentences a passage. One changed
document is a whole sync: the folder is looked through, the file read in a process of its own, and
its passages and sentences embedded by the real model.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter

from assistant.embedders import default_embedder
from assistant.home import Home, make_home
from assistant.settings import load_settings
from corpus.errors import CheckFailed
from corpus.shelf import Shelf
from evals.benchmarks.made_index import fill_home, make_question
from evals.benchmarks.program import seconds_of
from evals.benchmarks.speed_parts import Measure, Part, Setup
from index.embed import Embedder
from index.index import Index
from index.nearest import FEW

FULL = 10_000
QUICK = 500
RUNS = 3

MEASURES = {
    "open_s": Measure("opening the index, until it can be asked", "s", 1),
    "exact_first_ms": Measure("reading all vectors for the first exact search", "ms"),
    "exact_ms": Measure("exact search, median", "ms"),
    "refill_per_s": Measure("vectors from SQLite into Chroma", "a second", 1400, more=True),
    "resync_s": Measure("sync, nothing changed, in a running process", "s", 2),
    "resync_command_s": Measure("assistant sync, nothing changed, from the shell", "s", 2),
    "one_change_s": Measure("sync, one document changed, in a running process", "s", 1),
    "cold_ask_large_s": Measure("assistant ask, from the shell to the answer", "s", 1.5),
}


def measure(setup: Setup) -> Part:
    """Make a home, and measure it."""
    documents = FULL if setup.full else QUICK
    with tempfile.TemporaryDirectory(prefix="assistant-scale-") as folder:
        home = make_home(Path(folder))
        embedder = default_embedder(load_settings(home.settings_file))
        setup.say(f"making a home of {documents} documents")
        passages = fill_home(home, embedder, documents)
        metrics, baselines = _measure(home, embedder, passages, setup.say)
        setup.say("commands on it")
        at_home = ("--home", str(home.root))
        metrics["resync_command_s"] = _median(lambda: seconds_of("sync", *at_home))
        metrics["cold_ask_large_s"] = _median(lambda: seconds_of("ask", make_question(0), *at_home))
    about = (
        f"a made-up home of {documents} documents, {passages} passages; baseline of opening: "
        "reading Chroma's files through and opening them first"
    )
    return Part(MEASURES, metrics, about, baselines)


def _measure(
    home: Home, embedder: Embedder, passages: int, say: Callable[[str], None]
) -> tuple[dict[str, float], dict[str, float]]:
    vector = embedder.embed_question(make_question(0))
    with _index(home, embedder) as index, index.view() as store:
        say("exact search")
        nearest = store.vectors.nearest
        first = _seconds(lambda: nearest(vector, 50))
        asked = [_seconds(lambda: nearest(vector, 50)) for _ in range(FEW - 1)]
        say("filling Chroma")
        refill = _seconds(store.vectors.wait)
    opened = []
    for _ in range(RUNS):
        begun = perf_counter()
        with _index(home, embedder):
            opened.append(perf_counter() - begun)
    begun = perf_counter()
    with _index(home, embedder) as index:
        with index.view() as store:
            store.vectors.wait()
        until_chroma = perf_counter() - begun
        say("syncing")
        index.sync()
        resync = _median(index.sync)
        change = median(_change(home, index) for _ in range(RUNS))
    metrics = {
        "open_s": median(opened),
        "exact_first_ms": 1000 * first,
        "exact_ms": 1000 * median(asked),
        "refill_per_s": passages / refill,
        "resync_s": resync,
        "one_change_s": change,
    }
    return metrics, {"open_s": until_chroma}


def _index(home: Home, embedder: Embedder) -> closing[Index]:
    return closing(Index(home.state, Shelf(home.documents), embedder))


def _change(home: Home, index: Index) -> float:
    """Change a document, and return how many seconds the sync then takes."""
    path = min(home.documents.glob("*/*.txt"))
    text = path.read_text("utf-8")
    path.write_text(f"{text}\n\nThe council met again, after {len(text)} characters.", "utf-8")
    begun = perf_counter()
    changes = index.sync()
    seconds = perf_counter() - begun
    if len(changes.updated) != 1:
        raise CheckFailed(f"a changed document was not taken in: {changes}")
    return seconds


def _seconds(measured: Callable[[], object]) -> float:
    begun = perf_counter()
    measured()
    return perf_counter() - begun


def _median(measured: Callable[[], object]) -> float:
    return median(_seconds(measured) for _ in range(RUNS))
