"""Fuzzes every reader: ``python -m tests.fuzz.fuzz_readers --minutes 10 [--only pdf,docx]``.

The time is shared out evenly. Each target runs in a process of its own, so that a crash or a hang
of one is a finding too. Findings are kept in tests/fuzz/found, and replayed from there by
tests/corpus/test_fuzz_found.py. Exit code 1 where anything was found.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

from tests.fuzz.findings import ROOT, path_for, write
from tests.fuzz.targets import TARGETS

_RUNS = re.compile(r"number_of_executed_units: (\d+)")
_LEAST_SECONDS = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="for all targets together")
    parser.add_argument("--only", default="", help="targets, separated by commas")
    options = parser.parse_args()
    names = [name for name in options.only.split(",") if name] or list(TARGETS)
    if unknown := set(names) - TARGETS.keys():
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    found = sum(fuzz(name, options.minutes * 60 / len(names)) for name in names)
    print(f"{found} new findings" if found else "nothing new was found")
    return 1 if found else 0


def fuzz(target: str, seconds: float) -> int:
    """Fuzz one target, again after each crash until its time is up; return how much was found."""
    end = monotonic() + seconds
    found = runs = 0
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        while (left := int(end - monotonic())) >= _LEAST_SECONDS:
            output = _run(target, left, Path(folder))
            lines = [line for line in output.splitlines() if line.startswith(("FOUND", "a seed"))]
            lines += _crashes(target, Path(folder), output)
            print("\n".join(lines), end="\n" if lines else "", flush=True)
            found += sum(line.startswith("FOUND") for line in lines)
            counts = [int(count) for count in _RUNS.findall(output)]
            runs += sum(counts)
            if not counts and not lines:
                print(f"{target} ended early: {output[-600:]}", flush=True)
                break
    print(f"{target}: {runs} inputs in {seconds:.0f} s, {found} new findings", flush=True)
    return found


def _run(target: str, seconds: int, folder: Path) -> str:
    command = [sys.executable, "-m", "tests.fuzz.one_target", target, str(seconds), str(folder)]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=seconds + 300,
        check=False,
    )
    return ran.stdout


def _crashes(target: str, folder: Path, output: str) -> list[str]:
    """Keep the inputs of crashes and hangs, and take away what would meet them again."""
    lines = []
    for path in folder.iterdir():
        kind = path.name.partition("-")[0]
        if kind in ("crash", "timeout", "oom"):
            kept = path_for(target, f"{kind} {path.name}")
            if write(kept, path.read_bytes()):
                lines.append(f"FOUND {target}: {kind} -> {kept.name}\n{output[-1500:]}")
            path.unlink()
    return lines


if __name__ == "__main__":
    sys.exit(main())
