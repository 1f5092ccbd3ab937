"""Two runs of one suite compared case by case: did anything change, or is it chance?

*Paired permutation test.* If the two runs were equally good, either could have had either's
outcome of a case. So the outcomes are swapped between the runs at random, whole documents at once
since their cases rise and fall together, and ``p`` is how often chance alone gives a difference at
least as large, the observed one counted in (Phipson and Smyth, Permutation p-values should never
be zero, 2010). It holds for every metric, also for those that need all cases, as an AUROC does.

*The smallest effect that could have been seen* is 2.80 standard errors under that chance: an effect
of this size is called significant at .05 in 80 of 100 suites like this one (Bloom, Minimum
detectable effects, 1995: 1.96 + .84). Where no case differs there is no spread to go by; then it is
six clusters, as with fewer no paired test can reach .05 (2 / 2**6 = .03).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evals.outcomes import DIGITS, Outcome, Rows, columns_of
from evals.results import LOWER_IS_BETTER

DRAWS = 2000
SEED = 20010128
LEVEL = 0.05
_POWER = 2.80
_FEWEST = 6


@dataclass(frozen=True, slots=True)
class Change:
    """One metric in both runs, over the cases that both have.

    ``p`` and ``smallest`` are None where the metric is undefined in either, and for latencies,
    which depend on the machine.
    """

    metric: str
    before: float | None
    after: float | None
    p: float | None
    smallest: float | None

    @property
    def difference(self) -> float | None:
        """How much higher the metric is now."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def worse(self) -> bool:
        """Whether it changed for the worse; less risk is better, and more of all else."""
        gap = self.difference or 0.0
        return gap > 0 if self.metric in LOWER_IS_BETTER else gap < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs say of each other.

    ``missing`` are cases that only the earlier run has, ``added`` those that only the later has or
    that were rewritten; neither is compared. ``lost`` passed before and fail now, ``won`` the other
    way round. ``remark`` says what else could not be compared.
    """

    cases: int
    changes: tuple[Change, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    lost: tuple[str, ...]
    won: tuple[str, ...]
    remark: str = ""


def compare_outcomes(
    before: Sequence[Outcome], after: Sequence[Outcome], draws: int = DRAWS
) -> Comparison:
    """Compare two runs of one suite, the earlier one first, with so many random swaps."""
    earlier = {one.id: one for one in before}
    pairs = [
        (_as_kept(earlier[one.id]), _as_kept(one))
        for one in after
        if one.id in earlier and earlier[one.id].digest == one.digest
    ]
    ids = {one.id for one in after}
    shared = {one.id for _, one in pairs}
    return Comparison(
        cases=len(pairs),
        changes=_changes(pairs, draws) if pairs else (),
        missing=tuple(one.id for one in before if one.id not in ids),
        added=tuple(one.id for one in after if one.id not in shared),
        lost=tuple(new.id for old, new in pairs if new.stage and not old.stage),
        won=tuple(new.id for old, new in pairs if old.stage and not new.stage),
    )


def significant(changes: Sequence[Change], level: float = LEVEL) -> list[Change]:
    """Return the changes for the worse that chance does not explain.

    With many metrics one of them differs by chance alone, so Holm's step-down procedure keeps the
    probability of any false alarm below ``level`` (Holm, A simple sequentially rejective multiple
    test procedure, 1979).
    """
    tested = sorted((one for one in changes if one.p is not None), key=lambda one: one.p or 0.0)
    found = []
    for place, change in enumerate(tested):
        if (change.p or 0.0) > level / (len(tested) - place):
            break
        found.append(change)
    return [one for one in found if one.worse]


def _as_kept(one: Outcome) -> Outcome:
    """Return an outcome with the digits that files keep, or rounding would look like a change."""
    return replace(
        one,
        scores={name: round(score, DIGITS) for name, score in one.scores.items()},
        confidence=None if one.confidence is None else round(one.confidence, DIGITS),
    )


def _changes(pairs: Sequence[tuple[Outcome, Outcome]], draws: int) -> tuple[Change, ...]:
    both = columns_of([old for old, _ in pairs] + [new for _, new in pairs])
    first = np.arange(len(pairs))
    before, after = both.metrics(first), both.metrics(first + len(pairs))
    chance = _by_chance(pairs, both.metrics, draws)
    clusters = len({new.cluster for _, new in pairs})
    return tuple(
        _change(name, before[name], after[name], chance.get(name, []), clusters) for name in after
    )


def _by_chance(
    pairs: Sequence[tuple[Outcome, Outcome]],
    metrics: Callable[[Rows], Mapping[str, float | None]],
    draws: int,
) -> Mapping[str, list[float]]:
    """Return the differences of each metric when the runs are swapped cluster by cluster."""
    names = {name: place for place, name in enumerate({new.cluster: 0 for _, new in pairs})}
    cluster = np.array([names[new.cluster] for _, new in pairs])
    first = np.arange(len(pairs))
    rng = np.random.default_rng(SEED)
    found: dict[str, list[float]] = {}
    for _ in range(draws):
        swapped = rng.integers(2, size=len(names))[cluster] * len(pairs)
        one, other = metrics(first + swapped), metrics(first + len(pairs) - swapped)
        for name, value in other.items():
            opposite = one[name]
            if value is not None and opposite is not None:
                found.setdefault(name, []).append(value - opposite)
    return found


def _change(
    name: str, before: float | None, after: float | None, chance: Sequence[float], clusters: int
) -> Change:
    if before is None or after is None or not chance or name.endswith("_ms"):
        return Change(name, before, after, None, None)
    drawn = np.abs(np.array(chance))
    # The same difference computed in another order may differ in its last digit.
    as_large = int((drawn >= abs(after - before) - 1e-12).sum())
    spread = float(np.sqrt((drawn**2).mean()))
    smallest = _POWER * spread if spread > 0 else min(1.0, _FEWEST / clusters)
    return Change(name, before, after, (1 + as_large) / (1 + len(drawn)), smallest)
