"""Many who use a service at once over HTTP: what they ask, what they add, and what they see.

Each asks, waits for the answer and asks the next question at once, which is harder than what
people do. Who is told that the service is busy (429) waits as long as it says, as clients do.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.home import Home
from evals.benchmarks.made_texts import make_text
from evals.benchmarks.served import Connection, Served, served_copy
from evals.cases import load_suite

ADD_EVERY = 1.0
"""Seconds between two documents that are added."""
_BOUNDARY = "archive-load"
_SUBJECTS = 7


@dataclass(slots=True)
class Seen:
    """What everybody saw: seconds of answers, how many each got, statuses, failures of connections,
    documents."""

    seconds: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
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


@dataclass(frozen=True, slots=True)
class Until:
    """When a crowd stops: when so many seconds are over and so many questions answered."""

    seen: Seen
    seconds: float
    questions: int = 0
    begun: float = field(default_factory=time.monotonic)

    def left(self, most: float = math.inf) -> float:
        """Return for how long it goes on, ``most`` at most."""
        if len(self.seen.seconds) < self.questions:
            return most
        return min(most, max(0.0, self.begun + self.seconds - time.monotonic()))


@dataclass(frozen=True, slots=True)
class Crowd:
    """A service whose model is loaded, what it is asked, and what everybody saw."""

    served: Served
    questions: Sequence[str]
    seen: Seen

    async def asks(self, until: Until, number: int) -> None:
        """Let somebody ask one question after the other, others than the next one asks."""
        connection, place = Connection(self.served), number
        while until.left():
            body = _asked(self.questions[place % len(self.questions)])
            place += 1
            start = time.perf_counter()
            try:
                answer = await connection.request("POST", "/api/ask", body)
            except (OSError, EOFError) as error:
                self.seen.broken[type(error).__name__] += 1
                continue
            self.seen.statuses[answer.status] += 1
            if answer.status == 200:
                self.seen.seconds.append(time.perf_counter() - start)
                self.seen.answers[number] += 1
            elif answer.status == 429:
                await asyncio.sleep(until.left(float(answer.headers["retry-after"])))
        connection.close()

    async def adds(self, until: Until, *, keep: int | None = None) -> None:
        """Add a document now and then; what was taken is noted. Of ``keep``, the oldest goes."""
        connection, number, kind = Connection(self.served), 0, _KIND
        while until.left():
            begun = time.monotonic()
            answer = await connection.request("POST", "/api/documents", _file_of(number), kind)
            self.seen.statuses[answer.status] += 1
            if answer.status == 200 and json.loads(answer.body)["added"]:
                self.seen.added.append(number)
            number += 1
            if keep is not None and len(self.seen.added) > keep:
                gone = await connection.request("DELETE", _address_of(self.seen.added.pop(0)))
                self.seen.statuses[gone.status] += 1
            await asyncio.sleep(until.left(max(0.0, begun + ADD_EVERY - time.monotonic())))
        connection.close()

    async def lost(self) -> list[int]:
        """Return which of the documents that were taken are not there, word for word."""
        connection, lost = Connection(self.served), []
        for number in self.seen.added:
            shown = await connection.request("GET", _address_of(number))
            text = json.loads(shown.body).get("text", "") if shown.status == 200 else ""
            if _body_of(number) not in text:
                lost.append(number)
        connection.close()
        return lost


@contextmanager
def crowd_at(home: Home, program: tuple[str, ...] | None) -> Iterator[Crowd]:
    """Serve a copy of a home to a crowd. Raises CheckFailed."""
    questions = [case.question for case in load_suite("starter").cases]
    with served_copy(home, program) as served:
        asyncio.run(_first_answer(served, questions[0]))
        yield Crowd(served, questions, Seen())


def table_of(measured: Mapping[str, object], lines: Sequence[tuple[str, str]]) -> list[str]:
    """Return what was measured as lines, with the machine and what must not have happened."""
    wrong = measured["wrong"]
    assert isinstance(wrong, list)
    last = [("machine", str(measured["machine"])), *(("wrong", str(one)) for one in wrong)]
    return [f"{name:16}{said}" for name, said in (*lines, *last)]


def number_in(measured: Mapping[str, object], name: str, digits: int = 0) -> str:
    """Return a number that was measured; a dash where there is none."""
    value = measured[name]
    return f"{value:,.{digits}f}" if isinstance(value, (int, float)) else "-"


async def _first_answer(served: Served, question: str) -> None:
    """Ask until it is answered, so that the model is loaded when the clock starts."""
    connection = Connection(served)
    while (await connection.request("POST", "/api/ask", _asked(question))).status != 200:
        await asyncio.sleep(0.2)
    connection.close()


_KIND = f"multipart/form-data; boundary={_BOUNDARY}"


def _address_of(number: int) -> str:
    return f"/api/documents/load-{number}"


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
