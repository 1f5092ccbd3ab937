"""Fitting the ranker: which weights put the right paragraph first, on questions of public sets.

The model is a conditional logit (McFadden 1974): among a question's passages, the chance that one
is the right one grows with ``exp(weights . features)``. The weights may not be negative, so that
more of a feature never sinks a passage, and are divided by their sum, which changes no ranking and
keeps scores in 0..1. Both sets count the same, however many questions they have. Only the even
articles are looked at: the odd ones are for reporting.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.archive import Archive
from assistant.home import make_home
from assistant.settings import Settings
from evals.benchmarks.datasets import load_collection
from evals.benchmarks.retrieval import HALVES, check_indexed, write_paragraphs
from index.backends import LoadableEmbedder
from index.passages import Hit
from index.ranker import FIRST, Weights
from index.search import CANDIDATES

SETS = ("onestopqa", "squad2")
PENALTY = 0.001
"""Of the squared weights, before they are divided by their sum (about 25): a ranking hardly depends
on it, from .0003 to .003."""
FOLDS = 5
SEED = 0

Floats = npt.NDArray[np.float64]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Example:
    """A question: the features of each passage found, shape ``(n, features)``, which of them are
    of the right paragraph, and which article of which set it is about."""

    features: Floats
    right: npt.NDArray[np.bool_]
    article: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights, and measures by set on folds of articles that the fit did not see; ``before`` holds
    the same for the weights that choose the candidates."""

    weights: Weights
    questions: Mapping[str, int]
    unseen: Mapping[str, Mapping[str, float]]
    before: Mapping[str, Mapping[str, float]]


def learn_ranker(
    data: Path, settings: Settings, embedder: LoadableEmbedder | None, say: Say
) -> Fitted:
    """Fit the ranker on the tuning halves of the sets, which lie in folders of ``data``."""
    examples: list[Example] = []
    for name in SETS:
        say(f"{name}: indexing and asking")
        examples += observe(name, data / name, settings, embedder)
    say("fitting")
    names = [one.article[0] for one in examples]
    first = _vector(FIRST)
    unseen = [_ranks(one, weights) for one, weights in _unseen(examples)]
    return Fitted(
        weights=_weights(fit(examples)),
        questions={name: names.count(name) for name in SETS},
        unseen=_measures(names, unseen),
        before=_measures(names, [_ranks(one, first) for one in examples]),
    )


def observe(
    name: str, folder: Path, settings: Settings, embedder: LoadableEmbedder | None
) -> list[Example]:
    """Index a set in a temporary home, ask the questions of its tuning half, and note what the
    search saw."""
    collection = load_collection(name, folder)
    examples = []
    with tempfile.TemporaryDirectory(prefix="assistant-fit-") as place:
        home = make_home(Path(place))
        documents = write_paragraphs(home.documents, collection.paragraphs)
        with Archive(home, settings, embedder) as archive:
            check_indexed(archive.sync())
            for question in collection.questions:
                if question.article % 2 != HALVES["tuning"]:
                    continue
                right = {documents[place] for place, grade in question.grades.items() if grade > 0}
                hits = archive.index.search(archive.index.prepare(question.text), k=2 * CANDIDATES)
                examples.append(_example(hits, right, (name, question.article)))
    return examples


def fit(examples: Sequence[Example]) -> Floats:
    """Return the weights, one for each field of ``Weights``, that make the right passages likely.

    Questions of which no right passage was found teach nothing and are left out.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    used = [one for one in examples if one.right.any() and not one.right.all()]
    table = np.concatenate([one.features for one in used])
    right = np.concatenate([one.right for one in used])
    lengths = np.array([len(one.right) for one in used])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    owner = np.repeat(np.arange(len(used)), lengths)
    share = _shares([one.article[0] for one in used])

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = table @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        total = np.add.reduceat(odds, starts)
        good = np.add.reduceat(odds * right, starts)
        pull = odds / total[owner] - odds * right / good[owner]
        value = float(share @ np.log(total / good)) + PENALTY / 2 * float(weights @ weights)
        return value, table.T @ (pull * share[owner]) + PENALTY * weights

    count = table.shape[1]
    found = minimize(loss, np.ones(count), jac=True, method="L-BFGS-B", bounds=[(0, None)] * count)
    weights: Floats = found.x / found.x.sum()
    return weights


def ranker_json(fitted: Fitted) -> dict[str, object]:
    """Return the weights as the program reads them from ``index/ranker.json``."""
    asked = " and ".join(f"{count} of {name}" for name, count in fitted.questions.items())
    return {
        "fitted": (
            f"by 'evals fit-ranker' on {dt.date.today().isoformat()}: conditional logit, weights "
            f"not negative, on the questions about the even articles ({asked})"
        ),
        "unseen folds of articles": {name: dict(one) for name, one in fitted.unseen.items()},
        "weights": {one.name: getattr(fitted.weights, one.name) for one in fields(Weights)},
    }


def ranker_table(fitted: Fitted) -> str:
    """Return the fit and its quality as lines for a terminal."""
    lines = []
    for name, count in fitted.questions.items():
        lines.append(f"{name}: {count} questions of the tuning half, on unseen folds of articles")
        for label, found in (("  fitted", fitted.unseen), ("  candidates' order", fitted.before)):
            shown = "  ".join(f"{measure} {value:.3f}" for measure, value in found[name].items())
            lines.append(f"{label:<20}{shown}")
    width = max(len(one.name) for one in fields(Weights))
    lines += [
        f"  {one.name:<{width}}  {getattr(fitted.weights, one.name):.3f}" for one in fields(Weights)
    ]
    return "\n".join(lines)


def _example(hits: Sequence[Hit], right: set[str], article: tuple[str, int]) -> Example:
    names = [one.name for one in fields(Weights)]
    table = [[max(0.0, hit.parts.get(name, 0.0)) for name in names] for hit in hits]
    found = [
        hit.passage.document_id in right or any(one.document_id in right for one in hit.copies)
        for hit in hits
    ]
    return Example(
        np.array(table, dtype=np.float64).reshape(len(hits), len(names)), np.array(found), article
    )


def _shares(names: Sequence[str]) -> Floats:
    """Return what each question counts, so that each set counts the same and all add up to 1."""
    sets = sorted(set(names))
    return np.array([1 / (len(sets) * names.count(name)) for name in names])


def _unseen(examples: Sequence[Example]) -> list[tuple[Example, Floats]]:
    """Return each example with weights fitted on the folds that do not hold its article."""
    rng = np.random.default_rng(SEED)
    articles = sorted({one.article for one in examples})
    fold = dict(zip(articles, rng.permutation(len(articles)) % FOLDS, strict=True))
    fits = {
        number: fit([one for one in examples if fold[one.article] != number])
        for number in sorted(set(fold.values()))
    }
    return [(one, fits[fold[one.article]]) for one in examples]


def _ranks(example: Example, weights: Floats) -> int | None:
    """Return the rank of the best right passage; of equal scores the wrong ones come first."""
    if not example.right.any():
        return None
    scores = example.features @ weights
    best = scores[example.right].max()
    return 1 + int((scores[~example.right] >= best).sum())


def _measures(names: Sequence[str], ranks: Sequence[int | None]) -> dict[str, dict[str, float]]:
    measures = {}
    for name in sorted(set(names)):
        own = [rank for set_name, rank in zip(names, ranks, strict=True) if set_name == name]
        measures[name] = {
            "hit@1": round(float(np.mean([rank == 1 for rank in own])), 4),
            "hit@5": round(float(np.mean([rank is not None and rank <= 5 for rank in own])), 4),
            "mrr@10": round(
                float(np.mean([1 / rank if rank and rank <= 10 else 0.0 for rank in own])), 4
            ),
        }
    return measures


def _vector(weights: Weights) -> Floats:
    return np.array([getattr(weights, one.name) for one in fields(Weights)])


def _weights(values: Floats) -> Weights:
    names = [one.name for one in fields(Weights)]
    return Weights(**{name: round(float(x), 4) for name, x in zip(names, values, strict=True)})
