"""How sure a metric is: percentile bootstrap over cases, clustered.

Cases about one document rise and fall together, so whole clusters are drawn, not single cases; an
interval that ignores this is too narrow. Source: Efron and Tibshirani, An Introduction to the
Bootstrap (1993), chapter 13, for the percentile interval; Field and Welsh, Bootstrapping clustered
data (2007), for drawing clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.results import Interval, Metrics

RESAMPLES = 1000
SEED = 20010128
LEVEL = 0.95

Rows = NDArray[np.intp]


def bootstrap_intervals(
    metrics: Callable[[Rows], Metrics],
    clusters: Sequence[Hashable],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> dict[str, Interval]:
    """Return a 95% interval for each metric that is defined in some resample.

    ``metrics`` computes all metrics over row numbers, which may repeat; ``clusters`` names each
    row's cluster. The same input gives the same intervals.
    """
    rng = np.random.default_rng(seed)
    members = _members(clusters)
    values: dict[str, list[float]] = {}
    for _ in range(resamples):
        drawn = rng.integers(len(members), size=len(members))
        rows = np.concatenate([members[one] for one in drawn])
        for name, value in metrics(rows).items():
            if value is not None:
                values.setdefault(name, []).append(value)
    return {name: _middle(found) for name, found in values.items()}


def _members(clusters: Sequence[Hashable]) -> list[Rows]:
    """Return each cluster's row numbers, in the order in which the clusters first appear."""
    rows: dict[Hashable, list[int]] = {}
    for row, cluster in enumerate(clusters):
        rows.setdefault(cluster, []).append(row)
    return [np.array(found) for found in rows.values()]


def _middle(values: Sequence[float]) -> Interval:
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)
