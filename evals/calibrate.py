"""Fitting the confidence: a logistic regression over what a search sees, and its threshold.

Each answerable case of a suite is asked twice: as it is, and with the documents that hold its
evidence left out, which makes it a question whose answer the corpus lacks. Unanswerable cases are
asked as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from assistant.abstain import Features, Model
from assistant.completing import told_by
from assistant.examining import examine
from assistant.followup import stand_alone
from corpus.errors import UsageError
from evals.cases import Case, Suite
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

    ``group`` keeps a case and its left-out twin together, so that no fold learns from one and is
    judged on the other.
    """

    group: str
    answerable: bool
    left_out: bool
    features: Features


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted model and how well it tells answerable from not, on folds it did not see.

    ``auroc`` is over all observations; ``auroc_suite`` over the suite's own cases, without the
    left-out twins. ``kept`` and ``declined`` are the shares of answerable questions answered and
    of unanswerable ones declined at the threshold.
    """

    model: Model
    observations: int
    auroc: float
    auroc_suite: float
    kept: float
    declined: float


def observe(archive: Archive, suite: Suite) -> Iterator[Observation]:
    """Ask every case, and every answerable one again without its evidence."""
    everything = {entry.id for entry in archive.entries()}
    for case in suite.cases:
        seen = _look(archive, case, case.filters)
        if seen is not None:
            yield Observation(case.id, not case.unanswerable, False, seen)
        without = everything - {one.document for one in case.evidence}
        # A case that is about one document has nothing left to be asked of without it.
        if case.unanswerable or case.filters.documents or not without:
            continue
        seen = _look(archive, case, replace(case.filters, documents=tuple(sorted(without))))
        if seen is not None:
            yield Observation(case.id, False, True, seen)


def calibrate(suite_name: str, observations: Sequence[Observation]) -> Calibration:
    """Fit the model and choose its threshold.

    The threshold is the highest that still answers ``KEEP`` of the suite's own answerable cases,
    by predictions from folds that did not see them. Raises UsageError where there are too few.
    """
    labels = np.array([one.answerable for one in observations])
    if min(labels.sum(), (~labels).sum()) < _LEAST:
        raise UsageError(
            f"{suite_name} has too few cases to calibrate on: at least {_LEAST} answerable and "
            f"{_LEAST} unanswerable ones are needed"
        )
    from sklearn.metrics import roc_auc_score

    table = np.array([astuple(one.features) for one in observations])
    groups = [one.group for one in observations]
    own = np.array([not one.left_out for one in observations])
    unseen = _unseen_predictions(table, labels, groups)
    threshold = _threshold(unseen[own], labels[own])
    fitted = _regression().fit(table, labels)
    model = Model(
        bias=round(float(fitted.intercept_[0]), 4),
        weights=tuple(round(float(weight), 4) for weight in fitted.coef_[0]),
        threshold=round(threshold, 4),
        fitted=(
            f"by 'evals calibrate {suite_name}' on {dt.date.today().isoformat()}: "
            f"{len(observations)} questions, {int(labels.sum())} of them answerable, "
            f"{int((~own).sum())} asked with their evidence left out"
        ),
    )
    return Calibration(
        model=model,
        observations=len(observations),
        auroc=float(roc_auc_score(labels, unseen)),
        auroc_suite=float(roc_auc_score(labels[own], unseen[own])),
        kept=float((unseen[own & labels] >= threshold).mean()),
        declined=float((unseen[own & ~labels] < threshold).mean()),
    )


def calibration_table(calibration: Calibration) -> str:
    """Return the fit and its quality as lines for a terminal."""
    model = calibration.model
    weights = zip(fields(Features), model.weights, strict=True)
    lines = [
        f"fitted {model.fitted}",
        f"AUROC on unseen folds: {calibration.auroc:.3f} over all, "
        f"{calibration.auroc_suite:.3f} over the suite's own cases",
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


def _look(archive: Archive, case: Case, filters: Filters) -> Features | None:
    searched = stand_alone(case.question, case.history, told_by(archive.index))
    query = archive.index.prepare(searched)
    hits = archive.index.search(query, k=archive.settings.passages, filters=filters)
    return examine(archive.index, query, hits).features


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=_REGULARISATION, max_iter=5000)


def _unseen_predictions(table: Matrix, labels: npt.NDArray[np.bool_], groups: list[str]) -> Matrix:
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=0)
    predicted: Matrix = cross_val_predict(
        _regression(), table, labels, groups=groups, cv=folds, method="predict_proba"
    )[:, 1]
    return predicted


def _threshold(predictions: Matrix, answerable: npt.NDArray[np.bool_]) -> float:
    """Return the prediction that a share of ``1 - KEEP`` of the answerable questions lies below."""
    return float(np.quantile(predictions[answerable], 1 - KEEP, method="lower"))
