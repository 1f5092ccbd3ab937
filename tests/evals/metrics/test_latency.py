from __future__ import annotations

import numpy as np
import pytest

from evals.metrics.latency import percentile_ms


def test_percentiles_are_interpolated_between_neighbours() -> None:
    seconds = np.array([0.4, 0.1, 0.3, 0.2])
    assert percentile_ms(seconds, 50) == pytest.approx(250)
    # Position 0.95 * 3 = 2.85 lies between 0.3 and 0.4.
    assert percentile_ms(seconds, 95) == pytest.approx(385)


def test_without_answers_there_is_no_latency() -> None:
    assert percentile_ms(np.array([]), 50) is None
