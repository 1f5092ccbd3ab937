from __future__ import annotations

import numpy as np
import pytest

from evals.benchmarks.learn_choice import chance_of, choice_weights

RANDOM = np.random.default_rng(0)
LENGTHS = [7] * 200
OWN = RANDOM.normal(size=(1400, 3))
"""Three features of seven sentences of 200 questions; the first tells which one answers."""
RIGHT = [(part[:, 0] == part[:, 0].max()).astype(float) for part in np.split(OWN, 200)]
EVEN = np.ones(200)


def test_what_tells_the_right_sentence_from_the_others_gets_the_weight() -> None:
    weights = choice_weights(OWN, RIGHT, EVEN)
    assert weights[0] > 1
    assert np.abs(weights[1:]).max() < 0.3


def test_what_all_sentences_of_a_question_share_teaches_nothing() -> None:
    level = np.repeat(RANDOM.normal(size=200), LENGTHS)[:, None]
    weights = choice_weights(np.column_stack([OWN, level]), RIGHT, EVEN)
    assert weights[3] == pytest.approx(0, abs=1e-3)


def test_a_question_without_a_right_sentence_or_without_weight_changes_nothing() -> None:
    weights = choice_weights(OWN, RIGHT, EVEN)
    more = np.concatenate([OWN, OWN[:14]])
    with_nothing = choice_weights(more, [*RIGHT, np.zeros(14)], np.append(EVEN, 1.0))
    uncounted = choice_weights(more, [*RIGHT, np.eye(14)[3]], np.append(EVEN, 0.0))
    assert with_nothing == pytest.approx(weights, abs=1e-3)
    assert uncounted == pytest.approx(weights, abs=1e-3)


def test_a_chance_says_how_often_a_sentence_is_right() -> None:
    scores = OWN @ choice_weights(OWN, RIGHT, EVEN)
    slope, level = chance_of(scores, RIGHT, EVEN)
    chances = 1 / (1 + np.exp(-(level + slope * scores)))
    right = np.concatenate(RIGHT)
    assert chances.mean() == pytest.approx(right.mean(), abs=0.02)
    assert right[chances > 0.5].mean() > 0.5
    assert chances[right == 1].mean() > 3 * chances[right == 0].mean()
