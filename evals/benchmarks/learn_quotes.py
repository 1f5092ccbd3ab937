"""Fitting the choice of quotes: which sentence answers, and how many are shown.

The weights are those with which the sentences of a question that answer it come before its others
(``learn_choice``): those that hold the answer (SQuAD 2, the starter suite), or as far as they are
marked as evidence (OneStopQA). A logistic regression then makes a chance of what they add up to.
The sets count the same, and so does each question of a set. Of the public sets only the even
articles are looked at, and the starter suite keeps the fit near to an archive of longer documents.
How near a further sentence must come to the best one is chosen on folds of articles that the fit
did not see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.extract import PASSAGES, Quote, choose, rank_sentences
from assistant.home import Home
from assistant.quote_ranker import QuoteModel
from assistant.sentence_features import Described, SentenceFeatures, describe
from assistant.settings import Settings
from evals.benchmarks.asked_sets import STARTER, AskedQuestion, ask_all, ask_starter
from evals.benchmarks.judged_quotes import ANSWER_QUOTED, EVIDENCE_F1, judge_quotes
from evals.benchmarks.learn_choice import chance_of, choice_weights
from evals.metrics import overlap
from index.backends import LoadableEmbedder

PUBLIC = ("onestopqa", "squad2")
SETS = (*PUBLIC, STARTER)
MOST = 3
SENTENCES = 1.9
"""Sentences that an answer to SQuAD 2 may have on average; the goal is two, and the other half of
the questions may need a few more."""
KEEPS = tuple(round(0.2 + 0.05 * step, 2) for step in range(17))
DOUBTS = (0.0, 0.3)
"""What is tried for ``keep`` and ``doubt``; more doubt gives a long tail of quotes where all are
unlikely."""
LIFT = 0.5
"""See decision 26: below this chance the sentence itself is wrong too often."""
FOLDS = 5

Floats = npt.NDArray[np.float64]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FittedQuotes:
    """The model, how many questions it was fitted on, and measures on unseen folds by set."""

    model: QuoteModel
    questions: Mapping[str, int]
    unseen: Mapping[str, Mapping[str, float]]


def learn_quotes(
    data: Path, home: Home, settings: Settings, embedder: LoadableEmbedder | None, say: Say
) -> FittedQuotes:
    """Fit on the tuning halves of the public sets, which lie in folders of ``data``, and on the
    starter suite, whose corpus ``home`` has."""
    asked: list[AskedQuestion] = []
    for name in PUBLIC:
        say(f"{name}: indexing and asking")
        asked += ask_all(name, data / name, settings, embedder, only_tuning=True)
    say(f"{STARTER}: asking")
    asked += ask_starter(home)
    say("fitting")
    return fit_quotes(asked)


def fit_quotes(asked: Sequence[AskedQuestion]) -> FittedQuotes:
    """Fit the model, and choose how many sentences are shown on folds that it did not see."""
    described = [_described(one) for one in asked]
    articles = sorted({one.article for one in asked})
    fold = {article: place % FOLDS for place, article in enumerate(articles)}
    models = {
        number: _fit([pair for pair in zip(asked, described, strict=True)
                      if fold[pair[0].article] != number])
        for number in sorted(set(fold.values()))
    }  # fmt: skip
    ranked = [_ranked(one, models[fold[one.article]]) for one in asked]
    tried = [QuoteModel(0.0, {}, keep, LIFT, doubt) for doubt in DOUBTS for keep in KEEPS]
    measures = [_measures(asked, ranked, one) for one in tried]
    few = [one["squad2"]["sentences"] <= SENTENCES for one in measures]
    places = [place for place, allowed in enumerate(few) if allowed] or [len(KEEPS) - 1]
    best = max(places, key=lambda place: _merit(measures[place]))
    whole = _fit(list(zip(asked, described, strict=True)))
    names = [one.set_name for one in asked]
    return FittedQuotes(
        replace(tried[best], bias=whole.bias, weights=whole.weights),
        {name: names.count(name) for name in SETS},
        measures[best],
    )


def quotes_json(fitted: FittedQuotes) -> dict[str, object]:
    """Return the model as the program reads it from ``assistant/quote_ranker.json``."""
    asked = " and ".join(f"{count} of {name}" for name, count in fitted.questions.items())
    return {
        "fitted": (
            f"by 'evals fit-quotes' on {dt.date.today().isoformat()}: which sentences come "
            f"before the others of those found for the starter suite and for questions about the "
            f"even articles of public sets ({asked})"
        ),
        "unseen folds of articles": {name: dict(one) for name, one in fitted.unseen.items()},
        "keep": fitted.model.keep,
        "lift": fitted.model.lift,
        "doubt": fitted.model.doubt,
        "bias": fitted.model.bias,
        "weights": dict(fitted.model.weights),
    }


def quotes_table(fitted: FittedQuotes) -> str:
    """Return the fit and its quality as lines for a terminal."""
    lines = []
    for name, count in fitted.questions.items():
        shown = "  ".join(f"{what} {value:.3f}" for what, value in fitted.unseen[name].items())
        lines.append(f"{name}: {count} questions of the tuning half, unseen folds: {shown}")
    share = f"{fitted.model.keep:.2f} * best ** {fitted.model.doubt:.1f}"
    lines.append(f"further sentences are kept from {share} of the best one's chance")
    lines += [f"  {name:<20}{weight:+.3f}" for name, weight in fitted.model.weights.items()]
    return "\n".join(lines)


Pair = tuple[AskedQuestion, list[Described]]


def _described(asked: AskedQuestion) -> list[Described]:
    return list(describe(asked.query, asked.wanted, asked.hits[:PASSAGES], asked.titles))


def _target(asked: AskedQuestion, one: Described) -> float:
    """Return how much of a sentence answers, in 0..1."""
    if one.hit.passage.document_id != asked.document_id:
        return 0.0
    sentence = one.hit.passage.sentences[one.place]
    span = (sentence.start, sentence.end)
    shared = [overlap(span, spans) for spans in asked.question.evidence]
    if asked.set_name != "onestopqa":
        return float(any(shared))
    return max(shared) / (span[1] - span[0])


def _fit(pairs: Sequence[Pair]) -> QuoteModel:
    names = [one.set_name for one, _ in pairs]
    counts = np.array([len(names) / names.count(name) for name in names])
    table = np.array([astuple(one.features) for _, described in pairs for one in described])
    right = [np.array([_target(asked, one) for one in described]) for asked, described in pairs]
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    scaled = (table - middle) / spread
    weights = choice_weights(scaled, right, counts)
    slope, level = chance_of(scaled @ weights, right, counts)
    found: Floats = slope * weights / spread
    fitted = {
        one.name: round(float(weight), 4)
        for one, weight in zip(fields(SentenceFeatures), found, strict=True)
    }
    return QuoteModel(round(float(level - found @ middle), 4), fitted, 0.0, LIFT)


def _ranked(asked: AskedQuestion, model: QuoteModel) -> list[Quote]:
    return rank_sentences(asked.query, asked.wanted, asked.hits, asked.titles, model)


def _measures(
    asked: Sequence[AskedQuestion], ranked: Sequence[Sequence[Quote]], model: QuoteModel
) -> dict[str, dict[str, float]]:
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in SETS}
    for one, sentences in zip(asked, ranked, strict=True):
        chosen = choose(sentences, MOST, model)
        measure = EVIDENCE_F1 if one.set_name == "onestopqa" else ANSWER_QUOTED
        found[one.set_name].append((judge_quotes(one, chosen)[measure], len(chosen)))
    return {
        name: {
            "evidence_f1" if name == "onestopqa" else "answered": _mean([one for one, _ in scores]),
            "sentences": _mean([count for _, count in scores]),
        }
        for name, scores in found.items()
    }


def _merit(measures: Mapping[str, Mapping[str, float]]) -> float:
    return sum(one.get("answered", one.get("evidence_f1", 0.0)) for one in measures.values())


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 4) if values else 0.0
