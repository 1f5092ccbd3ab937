"""``assistant`` with the fast embedder: ``python tests/assistant/program.py ask ...``.

Everything but the embedding model is real, so that processes can be tested with one another
without each of them loading a model first.
"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.abstain import Model

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and its two outputs."""

    code: int
    out: str
    err: str


def fast(*arguments: str, environment: Mapping[str, str] | None = None) -> Ran:
    """Run ``assistant`` with the fast embedder in a process of its own."""
    return _ran([sys.executable, __file__, *arguments], environment)


def real(*arguments: str, environment: Mapping[str, str] | None = None) -> Ran:
    """Run ``assistant`` as it is in a process of its own."""
    return _ran([sys.executable, "-m", "assistant", *arguments], environment)


def child(script: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a Python script that may import the tests' helpers."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _ran(command: list[str], environment: Mapping[str, str] | None) -> Ran:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=without_settings() | dict(environment or {}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def without_settings() -> dict[str, str]:
    """Return the environment without this machine's settings of the program."""
    return {key: value for key, value in os.environ.items() if not key.startswith("ASSISTANT_")}


def plain_model() -> Model:
    """Return a confidence that looks at the question's terms alone.

    The weights that ship with the program are fitted to the real embedding model's similarities,
    which the fast embedder's are nothing like.
    """
    from dataclasses import fields

    from assistant.abstain import Features, Model

    weights = {"coverage": 6.0, "missing": -6.0}
    return Model(
        -2.0, tuple(weights.get(one.name, 0.0) for one in fields(Features)), 0.5, "by hand"
    )


def fast_parts() -> dict[str, Callable[..., object]]:
    """Return what is exchanged, by name: the embedder, and the confidence fitted to it."""
    from tests.fakes import BagOfStems

    return {
        "assistant.archive.default_embedder": lambda settings: BagOfStems(forget=True),
        "assistant.ask.fitted_model": plain_model,
        "assistant.abstain.fitted_model": plain_model,
    }


def exchange(parts: Mapping[str, object]) -> None:
    """Put parts in the places of those that they are named after."""
    for name, part in parts.items():
        module, _, attribute = name.rpartition(".")
        setattr(importlib.import_module(module), attribute, part)


def main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
    sys.path.insert(0, str(ROOT))
    exchange(fast_parts())
    from assistant import cli

    cli.main()


if __name__ == "__main__":
    main()
