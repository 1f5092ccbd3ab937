"""Learning to choose among the sentences of a question: a conditional logistic regression.

It looks at each question's sentences against one another. A regression over all sentences of all
questions would also have to learn what tells a question that is answered from one that is not, with
the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

PENALTY = 30.0
"""Of the squares of the weights, for features with spread 1: from 1 on tried, on unseen folds."""

Floats = npt.NDArray[np.float64]


def choice_weights(table: Floats, right: Sequence[Floats], counts: Floats) -> Floats:
    """Return a weight for each feature, with which right sentences come before others.

    ``table`` has a row for each sentence, question after question; ``right`` says for each question
    how right its sentences are, in 0..1, and ``counts`` what it counts. One with nothing right, or
    nothing else, teaches nothing.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    lengths = np.array([len(one) for one in right])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    owner = np.repeat(np.arange(len(right)), lengths)
    totals = np.array([one.sum() for one in right])
    wanted = np.concatenate(right) / np.where(totals > 0, totals, 1.0)[owner]
    used = np.where(totals > 0, counts, 0.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = table @ weights
        most = np.maximum.reduceat(scores, starts)
        odds = np.exp(scores - most[owner])
        whole = np.add.reduceat(odds, starts)
        logs = most + np.log(whole) - np.add.reduceat(wanted * scores, starts)
        apart = (odds / whole[owner] - wanted) * used[owner]
        return (
            float(used @ logs + PENALTY * weights @ weights),
            table.T @ apart + 2 * PENALTY * weights,
        )

    found = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B")
    weights: Floats = found.x
    return weights


def chance_of(scores: Floats, right: Sequence[Floats], counts: Floats) -> tuple[float, float]:
    """Return the slope and the level with which a score becomes a chance to be right.

    A sentence that is half right counts as half a right one and half a wrong one.
    """
    from sklearn.linear_model import LogisticRegression

    share = np.repeat(counts, [len(one) for one in right])
    target = np.concatenate(right)
    weights = np.concatenate([share * target, share * (1 - target)])
    labels = np.concatenate([np.ones(len(target)), np.zeros(len(target))])
    used = weights > 0
    doubled = np.concatenate([scores, scores])[:, None]
    regression = LogisticRegression(max_iter=3000).fit(
        doubled[used], labels[used], sample_weight=weights[used]
    )
    return float(regression.coef_[0][0]), float(regression.intercept_[0])
