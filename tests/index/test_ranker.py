from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ranker import FIRST, RANKER_FILE, WEIGHTS, Weights, load_weights

NAMES = [one.name for one in dataclasses.fields(Weights)]


@pytest.mark.parametrize("weights", [WEIGHTS, FIRST], ids=["shipped", "first"])
def test_weights_are_shares_that_add_up_to_one(weights: Weights) -> None:
    values = dataclasses.astuple(weights)
    assert min(values) >= 0.0
    assert sum(values) == pytest.approx(1, abs=5e-4)


def test_the_shipped_file_says_how_it_was_fitted() -> None:
    shipped = json.loads(RANKER_FILE.read_text("utf-8"))
    assert shipped["fitted"].startswith("by 'evals fit-ranker' on ")
    assert list(shipped["weights"]) == NAMES


def test_weights_are_read_by_name(tmp_path: Path) -> None:
    file = tmp_path / "ranker.json"
    given = {name: number / 28 for number, name in enumerate(NAMES, start=1)}
    file.write_text(json.dumps({"weights": given}), encoding="utf-8")
    assert dataclasses.asdict(load_weights(file)) == given


PARTS = st.dictionaries(st.sampled_from([*NAMES, "dense_rank"]), st.floats(-1, 1))


@given(PARTS)
def test_a_score_lies_within_zero_and_one(parts: dict[str, float]) -> None:
    assert 0.0 <= WEIGHTS.score(parts) <= 1.0


@given(PARTS, st.sampled_from(NAMES))
def test_more_of_a_part_never_sinks_a_passage(parts: dict[str, float], name: str) -> None:
    assert WEIGHTS.score({**parts, name: 1.0}) >= WEIGHTS.score(parts) - 1e-12


@given(st.lists(st.tuples(*[st.floats(-1, 1) for _ in NAMES]), min_size=1, max_size=5))
def test_many_passages_score_what_each_of_them_does(rows: list[tuple[float, ...]]) -> None:
    columns = dict(zip(NAMES, np.array(rows).T, strict=True))
    expected = [WEIGHTS.score(dict(zip(NAMES, row, strict=True))) for row in rows]
    assert WEIGHTS.scores(columns).tolist() == expected
    del columns["words"]
    expected = [WEIGHTS.score(dict(zip(NAMES, row, strict=True)) | {"words": 0.0}) for row in rows]
    assert WEIGHTS.scores(columns).tolist() == expected
