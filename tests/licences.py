"""The licences of what is installed: ``python -m tests.licences`` lists them and fails on AGPL."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageMetadata, distributions

_UNWANTED = ("AGPL", "AFFERO")


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
