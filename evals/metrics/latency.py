"""Latency percentiles: the time from a question to its whole answer, as the caller waits for it.

Percentiles are interpolated linearly between order statistics: Hyndman and Fan (1996), type 7,
NumPy's default. Cases without an answer have no latency; with no answers at all it is undefined
(None).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def percentile_ms(seconds: NDArray[np.float64], percent: float) -> float | None:
    """Return a percentile of times in seconds, as milliseconds."""
    if not seconds.size:
        return None
    return float(np.percentile(seconds, percent)) * 1000
