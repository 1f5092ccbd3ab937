"""Hours of use in minutes: do memory, open files, threads and temporary files stop growing?

Eight callers ask without a pause while documents come and go, some uploads break off and some are
refused. Memory is read every few seconds. What it grows by after a time to warm up is the slope
between the medians of pairs of readings (Theil and Sen), which single peaks do not move.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from statistics import median

from assistant.home import Home
from evals.benchmarks.crowd import Crowd, Until, crowd_at, number_in, table_of
from evals.benchmarks.machine import describe_machine
from evals.benchmarks.served import Connection, Served

MINUTES = 30
CALLERS = 8
EVERY = 3.0
KEPT = 20
"""Documents that are there at a time besides the home's own."""
WARM_UP = 1 / 3
"""The first part of the time, in which caches and allocators fill."""
MOST_GROWTH = 0.03
"""Of the memory at the end of the warm-up: what more it may grow by until the end."""
MOST_TEMPORARY_MB = 50.0
MOST_HANDLES = 5
"""Open files and threads: how many more there may be."""
_SLOPES = 300
_SHOWN = 1000
"""Questions between two lines of the table."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of the process at a moment. ``own_mb`` is the memory that is nobody else's;
    pages of files, which others may hold as well and the system may take back, count in
    ``all_mb``."""

    seconds: float
    asked: int
    own_mb: float
    all_mb: float
    temporary_mb: float
    files: int
    threads: int


def bench_soak(
    home: Home, minutes: float, questions: int = 0, program: tuple[str, ...] | None = None
) -> Mapping[str, object]:
    """Use a service for so long, and for so many questions; return what became of its memory."""
    with crowd_at(home, program) as crowd:
        until = Until(crowd.seen, minutes * 60, questions)
        readings = asyncio.run(_use(crowd, until))
    seconds = [one.seconds for one in readings]
    of_memory = growth_of(seconds, [one.own_mb for one in readings])
    of_files = growth_of(seconds, [one.files for one in readings])
    of_threads = growth_of(seconds, [one.threads for one in readings])
    temporary = max(one.temporary_mb for one in readings)
    wrong = [one for one in crowd.seen.wrong([]) if "with 413" not in one]
    if of_memory[2] > MOST_GROWTH * of_memory[0]:
        wrong.append(
            f"memory grew by {of_memory[2]:.0f} MB after the warm-up, from {of_memory[0]:.0f} MB"
        )
    for name, (first, last, grown) in (("open files", of_files), ("threads", of_threads)):
        if min(grown, last - first) > MOST_HANDLES:
            wrong.append(f"{first:.0f} {name} became {last:.0f} after the warm-up")
    if temporary > MOST_TEMPORARY_MB:
        wrong.append(f"{temporary:.0f} MB of temporary files lay there at once")
    return {
        "minutes": seconds[-1] / 60,
        "questions": len(crowd.seen.seconds),
        "busy": crowd.seen.statuses[429],
        "refused_uploads": crowd.seen.statuses[413],
        "memory_after_warm_up_mb": of_memory[0],
        "memory_at_the_end_mb": of_memory[1],
        "growth_mb": of_memory[2],
        "with_files_mb": readings[-1].all_mb,
        "questions_after_warm_up": readings[-1].asked - readings[warm(seconds)].asked,
        "files": of_files[:2],
        "threads": of_threads[:2],
        "temporary_mb": temporary,
        "temporary_at_the_end_mb": readings[-1].temporary_mb,
        "readings": [asdict(one) for one in readings],
        "wrong": wrong,
        "machine": describe_machine(),
    }


def warm(seconds: Sequence[float]) -> int:
    """Return the first reading after the warm-up."""
    return next(n for n, one in enumerate(seconds) if one >= seconds[-1] * WARM_UP)


def growth_of(seconds: Sequence[float], values: Sequence[float]) -> tuple[float, float, float]:
    """Return what was read after the warm-up, at the end, and by how much it grew between them."""
    at = warm(seconds)
    readings = list(zip(seconds[at:], values[at:], strict=True))
    step = max(1, len(readings) // _SLOPES)
    slopes = [
        (later - before) / (then - when)
        for (when, before), (then, later) in combinations(readings[::step], 2)
        if then > when
    ]
    tenth = max(1, len(readings) // 10)
    first = median(value for _, value in readings[:tenth])
    last = median(value for _, value in readings[-tenth:])
    return first, last, (median(slopes) if slopes else 0.0) * (readings[-1][0] - readings[0][0])


async def _use(crowd: Crowd, until: Until) -> list[Reading]:
    asking = [crowd.asks(until, 11 * number) for number in range(CALLERS)]
    adding = crowd.adds(until, keep=KEPT)
    reading = asyncio.create_task(_read(crowd, until))
    await asyncio.gather(*asking, adding, _breaking_off(crowd, until))
    return await reading


async def _read(crowd: Crowd, until: Until) -> list[Reading]:
    readings = []
    while True:
        readings.append(await asyncio.to_thread(_reading, crowd, until))
        if not (left := until.left(EVERY)):
            return readings
        await asyncio.sleep(left)


def _reading(crowd: Crowd, until: Until) -> Reading:
    served, memory = crowd.served, crowd.served.memory()
    return Reading(
        time.monotonic() - until.begun,
        len(crowd.seen.seconds),
        memory.own_mb,
        memory.all_mb,
        served.temporary_mb(),
        *served.handles(),
    )


async def _breaking_off(crowd: Crowd, until: Until) -> None:
    """Send what is too large, and leave in the middle of an upload."""
    served, large = crowd.served, b"x" * 2_000_000
    while until.left():
        refused = Connection(served)
        try:
            status = (await refused.request("POST", "/api/ask", large)).status
            crowd.seen.statuses[status] += 1
        except (OSError, EOFError):  # it hung up before it had heard all of it, as it may
            crowd.seen.statuses[413] += 1
        refused.close()
        await _leave_in_the_middle(served)
        await asyncio.sleep(until.left(EVERY))


async def _leave_in_the_middle(served: Served) -> None:
    _, writer = await asyncio.open_connection(served.host, served.port)
    head = b"POST /api/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n"
    writer.write(head + b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n")
    writer.write(b'Content-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n')
    writer.write(b"x" * 500_000)
    await writer.drain()
    writer.close()


def soak_table(measured: Mapping[str, object]) -> str:
    """Return what was measured as lines, the memory after each thousand questions among them."""

    def number(name: str, digits: int = 0) -> str:
        return number_in(measured, name, digits)

    def pair(name: str) -> str:
        values = measured[name]
        assert isinstance(values, tuple)
        return f"{values[0]:.0f} after the warm-up, {values[1]:.0f} at the end"

    first, last = number("memory_after_warm_up_mb"), number("memory_at_the_end_mb")
    lines = [
        (
            "questions",
            f"{number('questions')}, {number('questions_after_warm_up')} of them after the warm-up",
        ),
        (
            "memory",
            f"{first} MB after the warm-up, {last} MB at the end; its slope makes "
            f"{number('growth_mb', 1)} MB between them ({number('with_files_mb')} MB with files)",
        ),
        *_each_thousand(measured),
        ("open files", pair("files")),
        ("threads", pair("threads")),
        (
            "temporary",
            f"{number('temporary_mb', 1)} MB at most, "
            f"{number('temporary_at_the_end_mb', 1)} MB at the end",
        ),
        (
            "told to wait",
            f"{number('busy')} (429); {number('refused_uploads')} too large (413)",
        ),
    ]
    head = f"{CALLERS} callers for {number('minutes', 1)} min, documents coming and going"
    return "\n".join([head, *table_of(measured, lines)])


def _each_thousand(measured: Mapping[str, object]) -> list[tuple[str, str]]:
    readings = measured["readings"]
    assert isinstance(readings, list)
    lines, wanted = [], _SHOWN
    for one in readings:
        if one["asked"] >= wanted:
            wanted = math.floor(one["asked"] / _SHOWN + 1) * _SHOWN
            lines.append(
                (
                    f"after {one['asked']:,}",
                    f"{one['own_mb']:.0f} MB, {one['files']} files, {one['threads']} threads",
                )
            )
    return lines
