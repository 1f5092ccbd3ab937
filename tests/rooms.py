"""Lists the files of the four rooms, each with what it is for: ``make rooms | grep quote``."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("corpus", "index", "assistant", "evals")
"""In their order: each may import itself and those before it."""


def files() -> list[Path]:
    """Return the Python files of all rooms, room by room."""
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def purpose(path: Path) -> str:
    """Return the first sentence or line of a file's docstring."""
    said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return " ".join(said.partition("\n\n")[0].split())


if __name__ == "__main__":
    for path in files():
        print(f"{path.relative_to(ROOT).as_posix()}: {purpose(path)}")
