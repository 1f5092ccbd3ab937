from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from evals.metrics.kappa import agreement, cohens_kappa

# Both kinds of opinion, or scikit-learn warns that nothing is to be measured.
_BOTH = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=20).filter(
    lambda rows: len({one for row in rows for one in row}) == 2
)


@settings(deadline=None)  # a busy machine takes longer than a test is given
@given(_BOTH)
def test_kappa_agrees_with_scikit_learn(rows: list[tuple[bool, bool]]) -> None:
    one, other = [a for a, _ in rows], [b for _, b in rows]
    theirs = cohen_kappa_score(one, other)
    assert cohens_kappa(one, other) == pytest.approx(theirs, abs=5e-5)
    assert not math.isnan(theirs)


def test_nothing_judged_and_nothing_to_choose_have_no_kappa() -> None:
    assert (agreement([], []), cohens_kappa([], [])) == (None, None)
    assert (agreement([True], [True]), cohens_kappa([True], [True])) == (1.0, None)
