"""Searching, warm: all of a search and its parts, with and without filters, and what it takes up.

The home is made up (``made_index``): words as frequent as in real texts, ten passages a document,
six sentences a passage, questions of 8 to 12 terms. The real model embeds each question, and is
timed; the question's made-up vector is searched for. ``--passages N`` measures one size.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from assistant.embedders import default_embedder
from assistant.home import Home, make_home
from assistant.settings import load_settings
from corpus.errors import CheckFailed
from corpus.shelf import Shelf
from evals.benchmarks.made_index import DAYS, FIRST_DAY, RARE, SOURCES, ask_about, fill_home
from evals.benchmarks.made_vectors import PER_DOCUMENT
from evals.benchmarks.speed_parts import Measure, Part, Setup
from evals.benchmarks.timed_search import PARTS, TOTAL, Share, TimedSearcher
from evals.tables import table
from index.embed import Embedder
from index.index import Index
from index.passages import Filters

QUICK = (10_000,)
FULL = (10_000, 100_000)
QUESTIONS = 200
FILTERED = 50
_FIRST = 20
"""Questions asked before anything is timed."""
_REMOVED = 5
_LARGE = 100_000
"""Passages above which another target holds."""

FILTERS = {
    "half of it, by date": Filters(since=FIRST_DAY + dt.timedelta(DAYS // 2)),
    "a tenth, by source": Filters(sources=SOURCES[:1]),
    "a hundredth, by tag": Filters(tags=(RARE,)),
}
MEASURES = {
    "search_p50_ms": Measure("search, median", "ms"),
    "search_p95_ms": Measure("search, 95th percentile", "ms", 30),
    "search_large_p95_ms": Measure("search, 95th percentile", "ms", 80),
    "search_processor_p95_ms": Measure("the same, of the processor", "ms"),
    "search_filtered_p95_ms": Measure("the slowest filter's", "ms"),
    "search_remove_ms": Measure("removing a document, median", "ms"),
    "search_memory_mb": Measure("memory of the process", "MB"),
    "search_disk_bytes": Measure("disk for each passage", "bytes"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: what the parts took, what whole searches with each filter took, in milliseconds,
    and bytes."""

    passages: int
    parts: Mapping[str, Share]
    filtered: Mapping[str, Share]
    remove_ms: float
    memory: int
    disk: int


def measure(setup: Setup) -> Part:
    """Make a home of each size and search it."""
    sizes = (setup.passages,) if setup.passages else FULL if setup.full else QUICK
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="assistant-search-") as folder:
            home = make_home(Path(folder))
            embedder = default_embedder(load_settings(home.settings_file))
            embedder.load()
            setup.say(f"making a home of {size:,} passages")
            passages = fill_home(home, embedder, max(1, size // PER_DOCUMENT))
            setup.say("filling Chroma, then searching")
            found.append(measure_home(home, embedder, passages))
    sizes_shown = " and ".join(f"{one.passages:,}" for one in found)
    about = f"made-up homes of {sizes_shown} passages; in the last lines, the largest"
    return Part(MEASURES, _metrics(found[-1]), about, shown=_table(found))


def measure_home(home: Home, embedder: Embedder, passages: int) -> Measured:
    """Search a made home, then remove some of its documents."""
    with closing(Index(home.state, Shelf(home.documents), embedder)) as index:
        with index.view() as store:
            store.vectors.wait()
            store.vectors.numbers()  # waits until it is compared with the catalogue, too
            asked = ask_about(store.database, _FIRST + QUESTIONS)
            searcher = TimedSearcher(store, embedder)
            searcher.times(asked[:_FIRST])
            parts = searcher.times(asked[_FIRST:])
            filtered = {
                name: searcher.times(asked[_FIRST:][:FILTERED], one)[TOTAL]
                for name, one in FILTERS.items()
            }
        memory = _memory()
        removed = [_remove(index, entry.id) for entry in index.catalogue.entries()[:_REMOVED]]
    disk = sum(path.stat().st_size for path in home.state.rglob("*") if path.is_file())
    return Measured(passages, parts, filtered, 1000 * median(removed), memory, disk)


def _remove(index: Index, document_id: str) -> float:
    begun = perf_counter()
    if index.remove([document_id]).removed != (document_id,):
        raise CheckFailed(f"{document_id!r} could not be removed")
    return perf_counter() - begun


def _metrics(one: Measured) -> dict[str, float]:
    whole = one.parts[TOTAL]
    p95 = "search_large_p95_ms" if one.passages > _LARGE else "search_p95_ms"
    metrics = {
        "search_p50_ms": whole.p50.clock,
        p95: whole.p95.clock,
        "search_processor_p95_ms": whole.p95.processor,
        "search_filtered_p95_ms": max(share.p95.clock for share in one.filtered.values()),
        "search_remove_ms": one.remove_ms,
        "search_disk_bytes": one.disk / one.passages,
    }
    if one.memory:
        metrics["search_memory_mb"] = one.memory / 1e6
    return metrics


def _table(found: list[Measured]) -> str:
    rows = [["milliseconds", "passages", "median", "95th", "median", "95th of the processor"]]
    rows += [
        [name, f"{one.passages:,}", *_amounts(share)]
        for one in found
        for name, share in [
            *((part, one.parts[part]) for part in PARTS),
            *((f"search, {name}", share) for name, share in one.filtered.items()),
        ]
    ]
    return table(rows)


def _amounts(share: Share) -> list[str]:
    both = (share.p50.clock, share.p95.clock, share.p50.processor, share.p95.processor)
    return [f"{value:.1f}" for value in both]


def _memory() -> int:
    """Return the bytes of memory that this process has now; 0 where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        return 0
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return 1024 * int(kilobytes)
