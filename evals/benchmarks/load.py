"""Many people who ask at the same moment, while documents are being added, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import numpy as np

from assistant.home import Home
from evals.benchmarks.crowd import Crowd, Until, crowd_at, number_in, table_of
from evals.benchmarks.machine import describe_machine
from evals.metrics.latency import percentile_ms

USERS, SECONDS = 50, 30


def bench_load(
    home: Home, users: int, seconds: float, program: tuple[str, ...] | None = None
) -> Mapping[str, object]:
    """Let many people ask for a while, and return what they saw."""
    with crowd_at(home, program) as crowd:
        lost = asyncio.run(_use(crowd, users, seconds))
        memory = crowd.served.memory().all_mb
    seen = crowd.seen
    waits = {f"p{part}_ms": percentile_ms(np.array(seen.seconds), part) for part in (50, 95, 99)}
    each = [seen.answers[number] for number in range(users)]
    return {
        "users": users,
        "seconds": seconds,
        "answered": len(seen.seconds),
        "per_second": len(seen.seconds) / seconds,
        **waits,
        "fewest": min(each),
        "most": max(each),
        "busy": seen.statuses[429],
        "added": len(seen.added),
        "lost": len(lost),
        "memory_mb": memory,
        "wrong": seen.wrong(lost),
        "machine": describe_machine(),
    }


async def _use(crowd: Crowd, users: int, seconds: float) -> list[int]:
    until = Until(crowd.seen, seconds)
    asking = [crowd.asks(until, number) for number in range(users)]
    await asyncio.gather(*asking, crowd.adds(until))
    return await crowd.lost()


def load_table(measured: Mapping[str, object]) -> str:
    """Return what was measured as lines."""

    def number(name: str, digits: int = 0) -> str:
        return number_in(measured, name, digits)

    waits = ", ".join(f"{name} {number(f'{name}_ms')} ms" for name in ("p50", "p95", "p99"))
    lines = [
        ("answered", f"{number('answered')} ({number('per_second', 1)} a second)"),
        ("each person", f"{number('fewest')} to {number('most')} answers"),
        ("waits", waits),
        ("told to wait", f"{number('busy')} (429)"),
        ("documents", f"{number('added')} added meanwhile, {number('lost')} lost"),
        ("memory", f"{number('memory_mb')} MB at the end"),
    ]
    first = f"{measured['users']} people asking for {number('seconds')} s, without a pause"
    return "\n".join([first, *table_of(measured, lines)])
