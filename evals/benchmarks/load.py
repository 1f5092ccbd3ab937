"""Many people who ask at the same moment, while documents are being added, over HTTP.

Each person asks, waits for the answer and asks the next question at once, which is harder than what
people do. Who is told that the service is busy (429) waits as long as it says, as clients do.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.home import Home
from evals.benchmarks.machine import describe_machine
from evals.benchmarks.made_texts import make_text
from evals.benchmarks.served import Connection, Served, served_copy
from evals.cases import load_suite
from evals.metrics.latency import percentile_ms

USERS, SECONDS = 50, 30
ADD_EVERY = 1.0
"""Seconds between two documents that are added."""
_BOUNDARY = "archive-load"
_SUBJECTS = 7


@dataclass(slots=True)
class Seen:
    """What everybody saw: seconds of answers, statuses, failures of connections, documents."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    added: list[int] = field(default_factory=list)

    def wrong(self, lost: Sequence[int]) -> list[str]:
        """Return a sentence for each thing that must not have happened."""
        bad = {status: count for status, count in self.statuses.items() if status not in (200, 429)}
        said = [f"{count} requests were answered with {status}" for status, count in bad.items()]
        said += [f"{count} requests broke off ({kind})" for kind, count in self.broken.items()]
        if lost:
            said.append(f"{len(lost)} documents were taken and are not there: {lost[:5]}")
        if not self.seconds:
            said.append("no question was answered")
        if not self.added:
            said.append("no document was added")
        return said


def bench_load(
    home: Home, users: int, seconds: float, program: tuple[str, ...] | None = None
) -> Mapping[str, object]:
    """Let many people ask for a while, and return what they saw."""
    questions = [case.question for case in load_suite("starter").cases]
    with served_copy(home, program) as served:
        seen, lost = Seen(), list[int]()
        asyncio.run(_crowd(served, questions, users, seconds, seen, lost))
        memory = served.memory_mb()
    waits = {f"p{part}_ms": percentile_ms(np.array(seen.seconds), part) for part in (50, 95, 99)}
    return {
        "users": users,
        "seconds": seconds,
        "answered": len(seen.seconds),
        "per_second": len(seen.seconds) / seconds,
        **waits,
        "busy": seen.statuses[429],
        "added": len(seen.added),
        "lost": len(lost),
        "memory_mb": memory,
        "wrong": seen.wrong(lost),
        "machine": describe_machine(),
    }


async def _crowd(
    served: Served,
    questions: Sequence[str],
    users: int,
    seconds: float,
    seen: Seen,
    lost: list[int],
) -> None:
    await first_answer(served, questions[0])
    end = time.monotonic() + seconds
    asking = [asking_until(end, served, turned(questions, number), seen) for number in range(users)]
    await asyncio.gather(*asking, adding_until(end, served, seen))
    connection = Connection(served)
    for number in seen.added:
        shown = await connection.request("GET", f"/api/documents/load-{number}")
        text = json.loads(shown.body).get("text", "") if shown.status == 200 else ""
        if _body_of(number) not in text:
            lost.append(number)
    connection.close()


async def first_answer(served: Served, question: str) -> None:
    """Ask until it is answered, so that the model is loaded when the clock starts."""
    connection = Connection(served)
    while (await connection.request("POST", "/api/ask", _asked(question))).status != 200:
        await asyncio.sleep(0.2)
    connection.close()


async def asking_until(
    end: float, served: Served, questions: Sequence[str], seen: Seen, path: str = "/api/ask"
) -> None:
    """Ask one question after the other until it is time to stop."""
    connection, number = Connection(served), 0
    while time.monotonic() < end:
        body = _asked(questions[number % len(questions)])
        number += 1
        start = time.perf_counter()
        try:
            answer = await connection.request("POST", path, body)
        except (OSError, EOFError) as error:
            seen.broken[type(error).__name__] += 1
            continue
        seen.statuses[answer.status] += 1
        if answer.status == 200:
            seen.seconds.append(time.perf_counter() - start)
        elif answer.status == 429:
            left = max(0.0, end - time.monotonic())
            await asyncio.sleep(min(left, float(answer.headers["retry-after"])))
    connection.close()


async def adding_until(
    end: float, served: Served, seen: Seen, *, every: float = ADD_EVERY, keep: int | None = None
) -> None:
    """Add a document now and then; what was taken is noted. Of ``keep``, the oldest goes again."""
    connection, number = Connection(served), 0
    while time.monotonic() < end:
        begun = time.monotonic()
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        answer = await connection.request("POST", "/api/documents", _file_of(number), kind)
        seen.statuses[answer.status] += 1
        if answer.status == 200 and json.loads(answer.body)["added"]:
            seen.added.append(number)
        number += 1
        if keep is not None and len(seen.added) > keep:
            path = f"/api/documents/load-{seen.added.pop(0)}"
            seen.statuses[(await connection.request("DELETE", path)).status] += 1
        left = min(end, begun + every) - time.monotonic()
        await asyncio.sleep(max(0.0, left))
    connection.close()


def turned(questions: Sequence[str], number: int) -> Sequence[str]:
    """Return the questions from another one on, so that not everybody asks the same."""
    first = number % len(questions)
    return [*questions[first:], *questions[:first]]


def load_table(measured: Mapping[str, object]) -> str:
    """Return what was measured as lines."""

    def number(name: str, digits: int = 0) -> str:
        value = measured[name]
        return f"{value:,.{digits}f}" if isinstance(value, (int, float)) else "-"

    waits = ", ".join(f"{name} {number(f'{name}_ms')} ms" for name in ("p50", "p95", "p99"))
    lines = [
        f"{measured['users']} people asking for {number('seconds')} s, without a pause",
        f"answered        {number('answered')} ({number('per_second', 1)} a second)",
        f"waits           {waits}",
        f"told to wait    {number('busy')} (429)",
        f"documents       {number('added')} added meanwhile, {number('lost')} lost",
        f"memory          {number('memory_mb')} MB at the end",
        f"machine         {measured['machine']}",
    ]
    wrong = measured["wrong"]
    assert isinstance(wrong, list)
    return "\n".join([*lines, *(f"wrong           {one}" for one in wrong)])


def _asked(question: str) -> bytes:
    return json.dumps({"question": question}).encode()


def _body_of(number: int) -> str:
    """Return the text of a document that is added, which none but it has."""
    made = make_text(number, number % _SUBJECTS)
    first = made.passages[0]
    return f"Load {number} began. {made.text[first[0].start : first[-1].end]}"


def _file_of(number: int) -> bytes:
    head = f'Content-Disposition: form-data; name="files"; filename="load-{number}.txt"'
    return (
        f"--{_BOUNDARY}\r\n{head}\r\nContent-Type: text/plain\r\n\r\nLoad {number}\n\n"
        f"{_body_of(number)}\r\n--{_BOUNDARY}--\r\n"
    ).encode()
