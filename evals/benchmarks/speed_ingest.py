"""How fast a folder becomes an index, embedding included, against what a LlamaIndex user writes.

Each side is a program of its own that indexes one folder of made-up articles into an empty place.
Its time is counted without what it takes for a single document, so that neither imports nor the
loading of a model count: what remains is what the next documents cost. Memory is the most that the
program and its children held at one time, sampled.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter

from assistant.home import make_home
from corpus.errors import CheckFailed
from evals.benchmarks.made_articles import make_article
from evals.benchmarks.speed_parts import Measure, Part, Setup
from evals.tables import table

DOCUMENTS = 120
ROUNDS = 3
OURS, BASELINE = "assistant sync", "LlamaIndex"
_SAMPLE_S = 0.05


@dataclass(frozen=True, slots=True)
class IngestSpeed:
    """One side: documents a second by the clock, for each second of processor time, and the most
    memory in MB; medians of the rounds."""

    side: str
    per_second: float
    per_cpu_second: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of a program: seconds by the clock, of processor time, and the most bytes held."""

    wall: float
    cpu: float
    peak: int


def can_compare() -> bool:
    """Tell whether the baseline can run here: its two packages are in the extra ``dev``."""
    names = ("llama_index.embeddings.huggingface", "llama_index.vector_stores.chroma")
    try:
        return all(importlib.util.find_spec(name) is not None for name in names)
    except ModuleNotFoundError:
        return False


def ingest_speed(
    documents: int = DOCUMENTS,
    rounds: int = ROUNDS,
    *,
    sides: Sequence[str] = (OURS, BASELINE),
    say: Callable[[str], None] = lambda _: None,
) -> list[IngestSpeed]:
    """Measure each side, in turns."""
    runs: dict[str, list[Ran]] = {side: [] for side in sides}
    for number in range(rounds):
        for side in sides:
            say(f"{side}, {documents} documents, round {number + 1} of {rounds}")
            one, all_of_them = _ingest(side, 1), _ingest(side, documents)
            runs[side].append(
                Ran(all_of_them.wall - one.wall, all_of_them.cpu - one.cpu, all_of_them.peak)
            )
    return [
        IngestSpeed(
            side,
            (documents - 1) / median(one.wall for one in runs[side]),
            (documents - 1) / median(one.cpu for one in runs[side]),
            median(one.peak for one in runs[side]) / 1e6,
        )
        for side in sides
    ]


def _ingest(side: str, documents: int) -> Ran:
    with tempfile.TemporaryDirectory(prefix="assistant-ingest-") as made:
        home = make_home(Path(made))
        for number in range(documents):
            article = make_article(number)
            text = "\n\n".join((f"# {article.title}", *article.paragraphs))
            (home.documents / f"{number:04}.md").write_text(text + "\n", encoding="utf-8")
        if side == OURS:
            return run_measured([sys.executable, "-m", "assistant", "sync", "--home", made])
        module = "evals.benchmarks.llamaindex_ingest"
        store = str(Path(made) / "chroma")
        return run_measured([sys.executable, "-m", module, str(home.documents), store])


def cpu_of(processes: Sequence[int]) -> float:
    """Return the processor time of some processes and their children so far; of those that are
    gone, none."""
    import psutil

    total = 0.0
    for pid in processes:
        with contextlib.suppress(psutil.Error):
            root = psutil.Process(pid)
            for one in (root, *root.children(recursive=True)):
                times = one.cpu_times()
                total += times.user + times.system
    return total


def run_measured(command: Sequence[str]) -> Ran:
    """Run a program to its end. Raises CheckFailed where it fails.

    Memory is all that the program itself has resident, and of each child what it shares with no
    process: the rest, Python's own files, is counted with the program.
    """
    import psutil

    before = os.times()
    start = perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        ended, peak = Event(), [0]

        def sample() -> None:
            root = psutil.Process(process.pid)
            while not ended.wait(_SAMPLE_S):
                peak[0] = max(peak[0], _held(root))

        sampler = Thread(target=sample, daemon=True)
        sampler.start()
        said = process.communicate()[1]
        ended.set()
        sampler.join()
    after = os.times()
    if process.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise CheckFailed(f"'{' '.join(command)}' did not work ({last[0]}): run it by hand")
    cpu = sum(after[2:4]) - sum(before[2:4])  # of the children, and theirs that they waited for
    return Ran(perf_counter() - start, cpu, peak[0])


def _held(root: object) -> int:
    import psutil

    assert isinstance(root, psutil.Process)
    total = 0
    with contextlib.suppress(psutil.Error):
        total = root.memory_info().rss
        for child in root.children(recursive=True):
            with contextlib.suppress(psutil.Error):  # it ended meanwhile
                total += child.memory_full_info().uss
    return total


def measure(setup: Setup) -> Part:
    """Measure ingest, as a part of ``evals bench speed``."""
    compares = can_compare()
    documents, rounds = (DOCUMENTS, ROUNDS) if setup.full else (40, 1)
    sides = (OURS, BASELINE) if compares else (OURS,)
    rows = ingest_speed(documents, rounds, sides=sides, say=setup.say)
    about = f"{documents} articles of 800 words, all text embedded"
    if not compares:
        about += f"; without {BASELINE}, as the extra 'dev' is not installed"
    measures = {
        "ingest_times": Measure(f"documents a second, times {BASELINE}", "", 5, more=True),
        "ingest_memory_share": Measure(f"peak memory, as a share of {BASELINE}'s", "", 0.5),
    }
    return Part(measures if compares else {}, _metrics(rows), about, shown=ingest_table(rows))


def _metrics(rows: Sequence[IngestSpeed]) -> dict[str, float]:
    names = {OURS: "ours", BASELINE: "llamaindex"}
    metrics = {
        f"ingest_{names[row.side]}_{name}": getattr(row, name)
        for row in rows
        for name in ("per_second", "per_cpu_second", "peak_mb")
    }
    if len(rows) == 2:
        ours, theirs = rows
        metrics["ingest_times"] = ours.per_second / theirs.per_second
        metrics["ingest_memory_share"] = ours.peak_mb / theirs.peak_mb
    return metrics


def ingest_table(rows: Sequence[IngestSpeed]) -> str:
    """Return the measurements as a table."""
    first = rows[-1]
    lines = [["ingest", "documents/s", "times", "per cpu s", "times", "MB", "share"]]
    for row in rows:
        lines.append(
            [
                row.side,
                f"{row.per_second:.2f}",
                f"{row.per_second / first.per_second:.2f}",
                f"{row.per_cpu_second:.2f}",
                f"{row.per_cpu_second / first.per_cpu_second:.2f}",
                f"{row.peak_mb:.0f}",
                f"{row.peak_mb / first.peak_mb:.2f}",
            ]
        )
    return table(lines)
