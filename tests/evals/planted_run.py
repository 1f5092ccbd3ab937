"""Runs a suite with the program in a folder, as ``evals run`` does, and an embedder of no weight.

Started as a process of its own, so that the program is loaded from that folder alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

program, tests, suite, home, gates, report = sys.argv[1:]
sys.path[:0] = [program, tests]

from assistant import archive, shell  # noqa: E402
from evals.cli import cli  # noqa: E402
from tests.fakes import BagOfStems  # noqa: E402

assert archive.__file__ is not None
assert Path(archive.__file__).is_relative_to(program)
archive.default_embedder = lambda settings: BagOfStems()  # type: ignore[assignment, return-value]
shell.leave(
    shell.run(cli, "evals", ["run", suite, "--home", home, "--gates", gates, "--json", report])
)
