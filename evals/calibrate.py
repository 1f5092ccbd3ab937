"""Fitting the confidence: a logistic regression over what a search sees, and its threshold.

Each answerable case of a suite is asked twice: as it is, and with the documents that hold its
evidence left out, which makes it a question whose answer the corpus lacks. Unanswerable cases are
asked as they are. Questions of a public set may be added: its tuning half, answerable or not. They
count as much as the suites together, and have a bias of their own in the fit, since how likely and
how sure an answer is differs between corpora; what is kept is how each feature moves it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from assistant.abstain import Features, Model
from assistant.completing import told_by
from assistant.examining import examine
from assistant.extract import PASSAGES
from assistant.followup import stand_alone
from corpus.errors import UsageError
from evals.cases import Case, Suite
from index.finding import Finder
from index.passages import Filters

if TYPE_CHECKING:
    from assistant.archive import Archive

_FOLDS = 10
_LEAST = 20
"""Questions of each kind below which a fit would mean nothing."""
KEEP = 0.85
"""Share of answerable questions that must be answered. A wrong silence hides what the corpus says;
a wrong answer shows its quote, which a reader can judge. So silence is the rarer of the two."""
_REGULARISATION = 3.0
"""scikit-learn's C: the inverse strength of the L2 penalty."""

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observation:
    """One asked question: whether the corpus, as it was asked, has the answer, and what was seen.

    ``group`` keeps a case and its left-out twin together, or the questions about an article, so
    that no fold learns from one and is judged on the other. ``public``: it is of a public set.
    """

    group: str
    answerable: bool
    left_out: bool
    features: Features
    public: bool = False


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted model and how well it tells answerable from not, on folds it did not see.

    ``auroc`` is over the suites' cases; ``auroc_suite`` over them without the left-out twins;
    ``auroc_public`` over the questions of a public set, if there were any. ``kept`` and
    ``declined`` are the shares of the suites' answerable questions answered and of their
    unanswerable ones declined at the threshold.
    """

    model: Model
    observations: int
    auroc: float
    auroc_suite: float
    auroc_public: float | None
    kept: float
    declined: float


def observe(archive: Archive, suite: Suite) -> Iterator[Observation]:
    """Ask every case, and every answerable one again without its evidence."""
    everything = {entry.id for entry in archive.entries()}
    finder = Finder()
    for case in suite.cases:
        seen = _look(archive, finder, case, case.filters)
        if seen is not None:
            yield Observation(case.id, not case.unanswerable, False, seen)
        without = everything - {one.document for one in case.evidence}
        # A case that is about one document has nothing left to be asked of without it.
        if case.unanswerable or case.filters.documents or not without:
            continue
        left = replace(case.filters, documents=tuple(sorted(without)))
        seen = _look(archive, finder, case, left)
        if seen is not None:
            yield Observation(case.id, False, True, seen)


def calibrate(suite_name: str, observations: Sequence[Observation]) -> Calibration:
    """Fit the model and choose its threshold.

    The threshold is the highest that still answers ``KEEP`` of the suite's own answerable cases,
    by predictions from folds that did not see them. Raises UsageError where there are too few.
    """
    labels = np.array([one.answerable for one in observations])
    public = np.array([one.public for one in observations])
    of_suite = labels[~public]
    if min(of_suite.sum(), (~of_suite).sum()) < _LEAST:
        raise UsageError(
            f"{suite_name} has too few cases to calibrate on: at least {_LEAST} answerable and "
            f"{_LEAST} unanswerable ones are needed"
        )
    table = _Table(
        np.array([astuple(one.features) for one in observations]),
        labels,
        public,
        [one.group for one in observations],
    )
    own = np.array([not (one.left_out or one.public) for one in observations])
    unseen = table.unseen()
    threshold = _threshold(unseen[own & labels])
    bias, weights = table.fitted()
    model = Model(
        bias=round(bias, 4),
        weights=tuple(round(float(weight), 4) for weight in weights),
        threshold=round(threshold, 4),
        fitted=_told(suite_name, observations),
    )
    return Calibration(
        model=model,
        observations=len(observations),
        auroc=_auroc(labels[~public], unseen[~public]),
        auroc_suite=_auroc(labels[own], unseen[own]),
        auroc_public=_auroc(labels[public], unseen[public]) if public.any() else None,
        kept=float((unseen[own & labels] >= threshold).mean()),
        declined=float((unseen[own & ~labels] < threshold).mean()),
    )


def calibration_table(calibration: Calibration) -> str:
    """Return the fit and its quality as lines for a terminal."""
    model, of_public = calibration.model, calibration.auroc_public
    weights = zip(fields(Features), model.weights, strict=True)
    lines = [
        f"fitted {model.fitted}",
        f"AUROC on unseen folds: {calibration.auroc:.3f} over the suites, "
        f"{calibration.auroc_suite:.3f} over their own cases"
        + ("" if of_public is None else f", {of_public:.3f} over the public set"),
        f"threshold {model.threshold:.3f}: answers {calibration.kept:.0%} of the answerable and "
        f"declines {calibration.declined:.0%} of the unanswerable cases",
        f"  {'bias':<14}{model.bias:+.3f}",
    ]
    return "\n".join(lines + [f"  {field.name:<14}{weight:+.3f}" for field, weight in weights])


def model_json(model: Model) -> dict[str, object]:
    """Return a model as the program reads it from ``assistant/confidence.json``."""
    names = [field.name for field in fields(Features)]
    return {
        "fitted": model.fitted,
        "threshold": model.threshold,
        "bias": model.bias,
        "weights": dict(zip(names, model.weights, strict=True)),
    }


def _look(archive: Archive, finder: Finder, case: Case, filters: Filters) -> Features | None:
    """Search as ``assistant.ask`` does, with the sides and the dates of the question."""
    searched = stand_alone(case.question, case.history, told_by(archive.index))
    most = max(archive.settings.passages, PASSAGES)
    found = finder.find(archive.index, searched, k=most, filters=filters)
    return examine(archive.index, found.query, found.hits).features


def _told(suite_name: str, observations: Sequence[Observation]) -> str:
    of_suite = [one for one in observations if not one.public]
    public = [one for one in observations if one.public]
    command = f"evals calibrate {suite_name}" + (" --data DIR" if public else "")
    found = (
        f"by '{command}' on {dt.date.today().isoformat()}: {len(of_suite)} questions, "
        f"{sum(one.answerable for one in of_suite)} of them answerable, "
        f"{sum(one.left_out for one in of_suite)} asked with their evidence left out"
    )
    if not public:
        return found
    return (
        f"{found}; and {len(public)} questions about the even articles of SQuAD 2, "
        f"{sum(one.answerable for one in public)} of them answerable"
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """The observations as columns."""

    features: Matrix
    labels: npt.NDArray[np.bool_]
    public: npt.NDArray[np.bool_]
    groups: list[str]

    def fitted(self, rows: npt.NDArray[np.intp] | None = None) -> tuple[float, Matrix]:
        """Return the bias for the suites, and a weight for each feature; fitted on some rows."""
        from sklearn.linear_model import LogisticRegression

        used = np.arange(len(self.labels)) if rows is None else rows
        public = self.public[used]
        share = (~public).sum() / max(1, public.sum())
        regression = LogisticRegression(C=_REGULARISATION, max_iter=5000).fit(
            np.column_stack([self.features[used], public]),
            self.labels[used],
            sample_weight=np.where(public, share, 1.0),
        )
        weights: Matrix = regression.coef_[0][:-1]
        return float(regression.intercept_[0]), weights

    def unseen(self) -> Matrix:
        """Return each observation's confidence from a fit that saw nothing of its group."""
        found = np.zeros(len(self.labels))
        everything = np.arange(len(self.labels))
        for held in self._folds():
            bias, weights = self.fitted(np.setdiff1d(everything, held))
            found[held] = 1 / (1 + np.exp(-(bias + self.features[held] @ weights)))
        return found

    def _folds(self) -> Iterator[npt.NDArray[np.intp]]:
        """Yield rows to be held out together: ten parts of the suites, and each article."""
        from sklearn.model_selection import StratifiedGroupKFold

        rows, groups = np.flatnonzero(~self.public), np.array(self.groups)
        folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=0)
        for _, held in folds.split(rows, self.labels[rows], groups[rows]):
            yield rows[held]
        for article in sorted(set(groups[self.public])):
            yield np.flatnonzero(self.public & (groups == article))


def _threshold(predictions: Matrix) -> float:
    """Return what a share of ``1 - KEEP`` of the answerable questions' predictions lies below."""
    return float(np.quantile(predictions, 1 - KEEP, method="lower"))


def _auroc(labels: npt.NDArray[np.bool_], predictions: Matrix) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(labels, predictions))
