from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.candidates import Candidates
from index.embed import Vectors
from index.nearness import nearness

EAST, NORTH = np.eye(2, dtype=np.float32)
BOTH = (EAST + NORTH) / np.sqrt(np.float32(2))


def of(*passages: list[Vectors]) -> Candidates:
    """Passages of these sentences, each with the vector of its first one."""
    lengths = [len(one) for one in passages]
    return Candidates(
        (),
        np.stack([one[0] for one in passages]),
        np.stack([sentence for one in passages for sentence in one]),
        np.array([0, *np.cumsum(lengths[:-1])], dtype=np.intp),
    )


def window(*sentences: Vectors, question: Vectors) -> float:
    return float(nearness(of(list(sentences)), question).window[0])


def test_a_window_is_two_sentences_that_stand_next_to_each_other() -> None:
    assert window(EAST, NORTH, question=BOTH) == pytest.approx(1)
    assert window(EAST, EAST, NORTH, question=EAST) == pytest.approx(1)
    assert window(NORTH, EAST, NORTH, question=EAST) == pytest.approx(0.5**0.5)
    assert window(NORTH, question=BOTH) == pytest.approx(0.5**0.5)


def test_opposite_neighbours_are_near_to_nothing() -> None:
    assert window(EAST, -EAST, question=EAST) == 0.0


def drawn(seed: int) -> Vectors:
    vector = np.random.default_rng(seed).standard_normal(384, dtype=np.float32)
    return vector / np.linalg.norm(vector)


PASSAGES = st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=4), min_size=1, max_size=6)


@given(PASSAGES)
def test_passages_together_are_as_near_as_each_by_itself(seeds: list[list[int]]) -> None:
    passages, question = [[drawn(seed) for seed in one] for one in seeds], drawn(8)
    together = nearness(of(*passages), question)
    apart = [nearness(of(one), question) for one in passages]
    for part in ("dense", "sentence", "window", "sentences"):
        # To the last bit: what says the same has to score the same.
        expected = np.concatenate([getattr(one, part) for one in apart])
        assert np.array_equal(getattr(together, part), expected)
    assert np.allclose(
        together.sentence, [max(one @ question for one in some) for some in passages], atol=1e-6
    )
