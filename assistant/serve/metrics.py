"""Counting what the service does, told as text in the form that Prometheus reads.

Nothing of a question or of a document goes in.
"""

from __future__ import annotations

import bisect
import resource
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

Labels = tuple[tuple[str, str], ...]
Family = tuple[str, str, str, list[tuple[str, Labels, float]]]
"""Name, type, meaning, and the samples: what goes behind the name, labels, value."""


class Metrics:
    """Counts requests and answers; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun = time.time()
        self._requests: Counter[tuple[str, str, str]] = Counter()
        self._took: dict[str, _Histogram] = {}
        self._asked: Counter[str] = Counter()

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        with self._lock:
            self._requests[route, method, str(status)] += 1
            self._took.setdefault(route, _Histogram()).add(seconds)

    def asked(self, *, abstained: bool) -> None:
        """Count a question that was answered, or declined."""
        with self._lock:
            self._asked["declined" if abstained else "answered"] += 1

    def text(self, gauges: Iterable[tuple[str, str, float]]) -> str:
        """Return everything as text; ``gauges`` are names, meanings and values of now."""
        with self._lock:
            families = [*self._families()]
        families += [
            (f"archive_{name}", "gauge", meaning, [("", (), value)])
            for name, meaning, value in gauges
        ]
        return "".join(_lines(families))

    def _families(self) -> Iterator[Family]:
        yield (
            "archive_requests_total",
            "counter",
            "Requests answered.",
            [
                ("", (("route", route), ("method", method), ("status", status)), count)
                for (route, method, status), count in sorted(self._requests.items())
            ],
        )
        yield (
            "archive_request_seconds",
            "histogram",
            "How long requests took.",
            [one for route, took in sorted(self._took.items()) for one in took.samples(route)],
        )
        yield (
            "archive_questions_total",
            "counter",
            "Questions by what came of them.",
            [("", (("outcome", what),), self._asked[what]) for what in ("answered", "declined")],
        )
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = used.ru_utime + used.ru_stime
        yield "process_cpu_seconds_total", "counter", "Processor time.", [("", (), seconds)]
        yield "process_start_time_seconds", "gauge", "When it began.", [("", (), self._begun)]


class _Histogram:
    """How many took how long."""

    def __init__(self) -> None:
        self._counts = [0] * (len(_SECONDS) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        self._counts[bisect.bisect_left(_SECONDS, seconds)] += 1
        self._sum += seconds

    def samples(self, route: str) -> Iterator[tuple[str, Labels, float]]:
        so_far = 0
        for most, count in zip((*map(str, _SECONDS), "+Inf"), self._counts, strict=True):
            so_far += count
            yield "_bucket", (("route", route), ("le", most)), so_far
        yield "_sum", (("route", route),), self._sum
        yield "_count", (("route", route),), so_far


def _lines(families: Iterable[Family]) -> Iterator[str]:
    for name, kind, meaning, samples in families:
        yield f"# HELP {name} {meaning}\n# TYPE {name} {kind}\n"
        for suffix, labels, value in samples:
            told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
            braces = f"{{{told}}}" if told else ""
            yield f"{name}{suffix}{braces} {value!r}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
