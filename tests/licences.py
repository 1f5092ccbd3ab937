"""The licences of what is installed: ``python -m tests.licences`` lists them and fails on AGPL."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import (
    Distribution,
    PackageMetadata,
    PackageNotFoundError,
    distribution,
    distributions,
)

_UNWANTED = ("AGPL", "AFFERO")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def licence_of(about: PackageMetadata) -> str:
    """Return a package's licence: the expression, else the classifiers, else the first line."""
    if expression := about.get("License-Expression"):
        return str(expression)
    marks = [
        one.rpartition(" :: ")[2]
        for one in about.get_all("Classifier") or ()
        if one.startswith("License :: OSI Approved :: ")
    ]
    lines = str(about.get("License") or "").strip().splitlines()
    return "; ".join(marks) or (lines[0] if lines else "")


def rows(found: Iterable[Distribution]) -> list[tuple[str, str, str]]:
    """Return name, version and licence of each package, by name."""
    told = {one.metadata["Name"]: (one.version, licence_of(one.metadata)) for one in found}
    return [(name, *told[name]) for name in sorted(told, key=str.lower)]


def needed(name: str) -> list[Distribution]:
    """Return what a package needs without its extras, itself among it; as far as installed."""
    found: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        wanted = waiting.pop()
        known = re.sub(r"[-_.]+", "-", wanted).lower()
        if known in found:
            continue
        try:
            found[known] = distribution(wanted)
        except PackageNotFoundError:
            continue
        asked = [one.partition(";") for one in found[known].requires or ()]
        waiting += [_NAME.match(one)[0] for one, _, marker in asked if "extra" not in marker]  # type: ignore[index]
    return [*found.values()]


def unwanted(table: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return the packages whose licence would bind whoever offers the service."""
    return [name for name, _, licence in table if any(one in licence.upper() for one in _UNWANTED)]


def main() -> int:
    table = rows(distributions())
    for name, version, licence in table:
        print(f"{name:36} {version:16} {licence or 'not said'}")
    bad = unwanted(table)
    for name in bad:
        print(f"{name} is under the AGPL: leave it out of the default install", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
