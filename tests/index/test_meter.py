from __future__ import annotations

import pytest

from index.entries import Changes, Progress
from index.meter import RateMeter
from index.report import Report


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_meter_has_no_rate_until_something_is_finished() -> None:
    clock = Clock()
    meter = RateMeter(clock)
    clock.now += 3
    assert (meter.rate(), meter.seconds_left(10)) == (0.0, None)


def test_the_rate_is_that_of_the_last_seconds() -> None:
    clock = Clock()
    meter = RateMeter(clock)
    for second in range(1, 101):
        clock.now += 1
        meter.mark(second if second <= 50 else 50 + (second - 50) * 4)
    assert meter.rate() == pytest.approx(4, rel=0.1)
    assert meter.seconds_left(40) == pytest.approx(10, rel=0.1)


def test_a_pause_slows_the_rate() -> None:
    clock = Clock()
    meter = RateMeter(clock)
    clock.now += 1
    meter.mark(10)
    assert meter.rate() == pytest.approx(10)
    clock.now += 9
    assert meter.rate() == pytest.approx(1)


def test_a_report_tells_how_far_the_run_is() -> None:
    seen: list[Progress] = []
    report = Report(3, seen.append)
    report.failed("a", "broken")
    report.skipped("b", "a copy")
    report.tell("reading", "c", 0.5)
    (progress,) = seen
    assert (progress.stage, progress.done, progress.total) == ("reading", 2, 3)
    assert (progress.name, progress.part) == ("c", 0.5)
    assert progress.rate > 0
    assert progress.seconds_left is not None
    assert report.changes().failed[0].error == "broken"


def test_what_was_known_beforehand_is_not_counted_as_done() -> None:
    seen: list[Progress] = []
    report = Report(1, seen.append)
    report.unchanged(1000, of_run=False)
    report.tell("reading", "a")
    assert (seen[0].done, seen[0].total) == (0, 1)
    assert report.changes() == Changes(unchanged=1000)
