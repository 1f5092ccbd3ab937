"""Hours of use in minutes: do memory and temporary files stop growing?

Eight callers ask without a pause while documents come and go, some uploads break off and some are
refused. Memory is read every few seconds. What it grows by after a time to warm up is the slope
between the medians of pairs of readings (Theil and Sen), which single peaks do not move.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import median

from assistant.home import Home
from evals.benchmarks.load import Seen, adding_until, asking_until, first_answer, turned
from evals.benchmarks.machine import describe_machine
from evals.benchmarks.served import Connection, Served, served_copy
from evals.cases import load_suite

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
_SLOPES = 300


@dataclass(slots=True)
class Readings:
    """What was read of the process, and when: seconds, memory, temporary files, questions."""

    seconds: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    temporary_mb: list[float] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)


def bench_soak(
    home: Home, minutes: float, program: tuple[str, ...] | None = None
) -> Mapping[str, object]:
    """Use a service for so long, and return what became of its memory."""
    questions = [case.question for case in load_suite("starter").cases]
    with served_copy(home, program) as served:
        seen, readings = Seen(), Readings()
        asyncio.run(_use(served, questions, minutes * 60, seen, readings))
    first, last, growth = growth_of(readings.seconds, readings.memory_mb)
    temporary = max(readings.temporary_mb)
    wrong = [one for one in seen.wrong([]) if "with 413" not in one]
    if growth > MOST_GROWTH * first:
        wrong.append(f"memory grew by {growth:.0f} MB after the warm-up, from {first:.0f} MB")
    if temporary > MOST_TEMPORARY_MB:
        wrong.append(f"{temporary:.0f} MB of temporary files lay there at once")
    return {
        "minutes": minutes,
        "questions": len(seen.seconds),
        "busy": seen.statuses[429],
        "refused_uploads": seen.statuses[413],
        "memory_after_warm_up_mb": first,
        "memory_at_the_end_mb": last,
        "growth_mb": growth,
        "questions_after_warm_up": readings.asked[-1] - readings.asked[warm(readings.seconds)],
        "temporary_mb": temporary,
        "temporary_at_the_end_mb": readings.temporary_mb[-1],
        "readings": list(zip(readings.seconds, readings.memory_mb, readings.asked, strict=True)),
        "wrong": wrong,
        "machine": describe_machine(),
    }


def warm(seconds: Sequence[float]) -> int:
    """Return the first reading after the warm-up."""
    return next(n for n, one in enumerate(seconds) if one >= seconds[-1] * WARM_UP)


def growth_of(seconds: Sequence[float], memory: Sequence[float]) -> tuple[float, float, float]:
    """Return the memory after the warm-up, at the end, and by how much it grew between them."""
    at = warm(seconds)
    readings = list(zip(seconds[at:], memory[at:], strict=True))
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


async def _use(
    served: Served, questions: Sequence[str], seconds: float, seen: Seen, readings: Readings
) -> None:
    await first_answer(served, questions[0])
    begun = time.monotonic()
    end = begun + seconds
    asking = [
        asking_until(end, served, turned(questions, 11 * number), seen) for number in range(CALLERS)
    ]
    reading = asyncio.create_task(_read(served, begun, end, seen, readings))
    adding = adding_until(end, served, seen, every=EVERY, keep=KEPT)
    await asyncio.gather(*asking, adding, _breaking_off(end, served, seen))
    await reading


async def _read(served: Served, begun: float, end: float, seen: Seen, readings: Readings) -> None:
    while True:
        memory, temporary = await asyncio.to_thread(
            lambda: (served.memory_mb(), served.temporary_mb())
        )
        readings.seconds.append(time.monotonic() - begun)
        readings.memory_mb.append(memory)
        readings.temporary_mb.append(temporary)
        readings.asked.append(len(seen.seconds))
        left = end - time.monotonic()
        if left <= 0:
            return
        await asyncio.sleep(min(EVERY, left))


async def _breaking_off(end: float, served: Served, seen: Seen) -> None:
    """Send what is too large, and leave in the middle of an upload."""
    large = b"x" * 2_000_000
    while time.monotonic() < end:
        refused = Connection(served)
        try:
            seen.statuses[(await refused.request("POST", "/api/ask", large)).status] += 1
        except (OSError, EOFError):  # it hung up before it had heard all of it, as it may
            seen.statuses[413] += 1
        refused.close()
        _, writer = await asyncio.open_connection(served.host, served.port)
        head = b"POST /api/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n"
        writer.write(head + b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n")
        writer.write(b'Content-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n')
        writer.write(b"x" * 500_000)
        await writer.drain()
        writer.close()
        await asyncio.sleep(max(0.0, min(EVERY, end - time.monotonic())))


def soak_table(measured: Mapping[str, object]) -> str:
    """Return what was measured as lines."""

    def number(name: str, digits: int = 0) -> str:
        value = measured[name]
        assert isinstance(value, (int, float))
        return f"{value:,.{digits}f}"

    first, last = number("memory_after_warm_up_mb"), number("memory_at_the_end_mb")
    lines = [
        f"{CALLERS} callers for {number('minutes', 1)} min, documents coming and going",
        f"questions       {number('questions')}, {number('questions_after_warm_up')} of them after "
        "the warm-up",
        f"memory          {first} MB after the warm-up, {last} MB at the end; "
        f"its slope makes {number('growth_mb', 1)} MB between them",
        f"temporary       {number('temporary_mb', 1)} MB at most, "
        f"{number('temporary_at_the_end_mb', 1)} MB at the end",
        f"told to wait    {number('busy')} (429); {number('refused_uploads')} too large (413)",
        f"machine         {measured['machine']}",
    ]
    wrong = measured["wrong"]
    assert isinstance(wrong, list)
    return "\n".join([*lines, *(f"wrong           {one}" for one in wrong)])
