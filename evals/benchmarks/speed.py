"""``evals bench speed``: parts that can be run one by one, and how they are shown.

A part is a module with a function that takes a ``Setup`` and returns a ``Part``; it is imported
when it is run. Without ``full``, parts that would take minutes measure something smaller: the
numbers are of use for comparing, and the targets are meant for the full sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from corpus.errors import UsageError
from evals.benchmarks.machine import describe_machine
from evals.benchmarks.speed_parts import Part, Setup, SpeedJson, part_table, speed_json

PARTS = {
    "program": "evals.benchmarks.speed_program",
    "reading": "evals.benchmarks.speed_reading",
    "embedding": "evals.benchmarks.speed_embedding",
    "fidelity": "evals.benchmarks.fidelity",
    "ingest": "evals.benchmarks.speed_ingest",
    "chroma": "evals.benchmarks.speed_chroma",
    "scale": "evals.benchmarks.speed_scale",
    "duplicates": "evals.benchmarks.speed_duplicates",
    "search": "evals.benchmarks.speed_search",
    "page": "evals.benchmarks.speed_page",
}
"""Each part's module, which has a function ``measure``."""
NEEDS = {"page": "playwright"}
"""Packages that only developers have: without one, its part runs where it is named, to say so."""


def bench_speed(setup: Setup, names: Sequence[str] = ()) -> tuple[SpeedJson, str]:
    """Run parts, or all of them; return the measurements, and the same as tables.

    Raises UsageError for a part that does not exist.
    """
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise UsageError(
            f"the benchmark speed has no part {unknown[0]!r}: its parts are {', '.join(PARTS)}"
        )
    machine = describe_machine()  # before our own work adds to the load
    parts: dict[str, Part] = {}
    for name in names or _possible(setup):
        parts[name] = import_module(PARTS[name]).measure(setup)
    head = (
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, "
        f"Python {machine['python']}, load {machine.get('load', 'unknown')} before"
    )
    shown = "\n\n".join([head, *map(part_table, parts.values())])
    return speed_json(machine, parts, full=setup.full), shown


def _possible(setup: Setup) -> list[str]:
    """Return the parts that can be measured here; say which others there are."""
    missing = {name for name, package in NEEDS.items() if find_spec(package) is None}
    for name in missing:
        setup.say(f"{name} is left out, as {NEEDS[name]} is not installed")
    return [name for name in PARTS if name not in missing]
