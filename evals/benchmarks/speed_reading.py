"""How fast files of each format become documents, and what memory that takes.

Each format has reading processes of its own, so that their memory is the format's. A document is
read, cleaned and described, end to end, as ``assistant add`` does it, without embedding it.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from corpus.documents import Reading
from corpus.sandbox import Readers, ReadJob
from corpus.worker import peak_bytes
from evals.benchmarks.made_articles import make_article
from evals.benchmarks.made_documents import MAKERS
from evals.benchmarks.speed_parts import Part, Setup
from evals.tables import table

DOCUMENTS = 20
"""Different documents of a format; they are read over and over until the time is up."""
WARM_UP = 8
"""Readings that are not counted: each process imports its readers with its first file."""


@dataclass(frozen=True, slots=True)
class FormatSpeed:
    """One format: a second's documents, the wait for the first one in seconds (a process starts
    and imports its reader), and the most memory of one process in MB; or why there is none."""

    format: str
    per_second: float | None = None
    first_s: float | None = None
    peak_mb: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReadingSpeed:
    """The formats, and the most memory in MB that the program itself had meanwhile."""

    rows: tuple[FormatSpeed, ...]
    program_peak_mb: float


def measure(setup: Setup) -> Part:
    """Measure every format, for a second or, if ``full``, five."""
    speed = reading_speed(5.0 if setup.full else 1.0, setup.say)
    about = "reading, documents of 800 words, each format by itself"
    return Part({}, reading_metrics(speed), about, shown=reading_table(speed))


def reading_speed(
    seconds_per_format: float = 5.0, say: Callable[[str], None] = lambda _: None
) -> ReadingSpeed:
    """Measure every format; one whose documents cannot be made or read here says so."""
    _forget_peak()
    rows = []
    for name in MAKERS:
        say(f"reading {name}")
        rows.append(_format_speed(name, seconds_per_format))
    return ReadingSpeed(tuple(rows), _mb(peak_bytes()))


def reading_metrics(speed: ReadingSpeed) -> dict[str, float]:
    """Return the measurements by name, without the formats that have none."""
    metrics = {"reading_program_peak_mb": speed.program_peak_mb}
    for row in speed.rows:
        for name in ("per_second", "first_s", "peak_mb"):
            value = getattr(row, name)
            if value is not None:
                metrics[f"reading_{row.format}_{name}"] = value
    return metrics


def reading_table(speed: ReadingSpeed) -> str:
    """Return the measurements as a table."""
    rows = [["format", "documents/s", "first, s", "peak MB", ""]]
    for row in speed.rows:
        numbers = (row.per_second, row.first_s, row.peak_mb)
        shown = [
            "" if value is None else f"{value:.{digits}f}"
            for value, digits in zip(numbers, (1, 2, 0), strict=True)
        ]
        rows.append([row.format, *shown, row.note])
    return (
        f"{table(rows)}\n\npeak MB is of the largest reading process; "
        f"the program itself had {speed.program_peak_mb:.0f} MB at most"
    )


def _format_speed(name: str, seconds: float) -> FormatSpeed:
    with tempfile.TemporaryDirectory(prefix="assistant-reading-") as made:
        folder = Path(made)
        try:
            paths = _write(name, folder)
        except ImportError as error:
            return FormatSpeed(name, note=f"not made here: it needs {error.name}")
        readers = Readers()
        try:
            return _measure(readers, name, [ReadJob(path, folder) for path in paths], seconds)
        finally:
            readers.close()


def _write(name: str, folder: Path) -> list[Path]:
    paths = []
    for number in range(DOCUMENTS):
        paths.append(folder / f"{number}.{name}")
        paths[-1].write_bytes(MAKERS[name](make_article(number)))
    return paths


def _measure(readers: Readers, name: str, jobs: list[ReadJob], seconds: float) -> FormatSpeed:
    start = perf_counter()
    first = next(readers.read_many(jobs[:1]))[1]
    first_s = perf_counter() - start
    if not isinstance(first, Reading):
        return FormatSpeed(name, note=f"not read: {first}")
    readings = readers.read_many(itertools.cycle(jobs))
    failed = sum(not isinstance(one, Reading) for _, one in itertools.islice(readings, WARM_UP))
    start, count = perf_counter(), 0
    for _, reading in readings:
        failed += not isinstance(reading, Reading)
        count += 1
        if perf_counter() - start > seconds:
            break
    per_second = count / (perf_counter() - start)
    note = f"{failed} could not be read" if failed else ""
    return FormatSpeed(name, round(per_second, 1), round(first_s, 3), _mb(readers.peak), note)


def _forget_peak() -> None:
    """Let the program's peak begin at what it has now, where the system can do that."""
    try:
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    except OSError:
        return


def _mb(count: int) -> float:
    return round(count / 1e6, 1)
