"""Fifty children are killed one after the other; ``make kills`` kills a thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import shim
from .conftest import Children
from .walks import Walk


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_walk_of_kills_loses_mixes_and_leaves_nothing(
    tmp_path: Path, children: Children, seed: int
) -> None:
    walk = Walk(tmp_path / "home", children, seed, calls=shim.compiler() is not None)
    for _ in range(25):
        walk.loop()
    assert walk.summary.kills.total() == 25
    assert walk.summary.done["sync"] > 5
    print("\n".join(walk.summary.lines()))
