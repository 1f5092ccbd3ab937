"""What is pinned beside the published advisories: ``python -m tests.advisories pip-audit``.

``pip-audit`` says "no known vulnerabilities" also where it could look nothing up, and with
``--strict`` only the first that it could not. This tells them apart, and asks a second service
where the first knows nothing. Exit codes: 0 all were looked up and none is known to be vulnerable,
1 some are, 3 not all could be looked up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PINNED = Path(__file__).resolve().parents[1] / "constraints.txt"
SERVICES = ("pypi", "osv")


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of asking one service."""

    looked_up: int
    left_out: tuple[str, ...]
    vulnerable: tuple[str, ...]


def read(report: Mapping[str, Any]) -> Audit:
    """Read what pip-audit wrote as JSON."""
    packages = report["dependencies"]
    left_out = tuple(one["name"] for one in packages if "skip_reason" in one)
    vulnerable = tuple(
        f"{one['name']} {one['version']}: {known['id']}, mended in "
        f"{', '.join(known['fix_versions']) or 'no release'}"
        for one in packages
        for known in one.get("vulns", ())
    )
    return Audit(len(packages) - len(left_out), left_out, vulnerable)


def asked(tool: str, service: str) -> Audit:
    """Ask a service about all that is pinned; where it says nothing, nothing was looked up."""
    command = [tool, "--vulnerability-service", service, "--format", "json", "--no-deps"]
    command += ["--disable-pip", "--progress-spinner", "off", "--requirement", str(PINNED)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return read(json.loads(done.stdout))
    except ValueError:
        why = (done.stderr.strip().splitlines() or ["no word of why"])[-1]
        print(f"{service} was not reached: {why[:300]}", file=sys.stderr)
        return Audit(0, ("all that is pinned",), ())


def told(audits: Sequence[Audit]) -> tuple[int, str]:
    """Return the exit code and what to say; the audit that looked up most counts."""
    best = max(audits, key=lambda one: one.looked_up)
    if best.vulnerable:
        return 1, "\n".join(("known to be vulnerable:", *best.vulnerable))
    if not best.looked_up:
        return 3, (
            "no advisory service: nothing was looked up, so this is no finding and no all-clear. "
            "Run it where PyPI or api.osv.dev can be reached; mirrors mostly have no advisories"
        )
    if best.left_out:
        names = ", ".join(best.left_out[:10])
        return 3, f"{best.looked_up} looked up, none vulnerable; {len(best.left_out)} not: {names}"
    return 0, f"{best.looked_up} looked up, none is known to be vulnerable"


def main(tool: str) -> int:
    """Ask one service after the other until one knows the packages."""
    audits: list[Audit] = []
    for service in SERVICES:
        audits.append(asked(tool, service))
        if audits[-1].looked_up:
            break
    code, said = told(audits)
    print(said, file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
