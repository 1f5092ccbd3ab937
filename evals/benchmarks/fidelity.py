"""Does each way of running the model find the neighbours that torch finds?

The texts are passages of a folder of documents, cut as the index cuts them, and, until there are
enough, each passage's sentences. Some of them are the questions: of each, the ten nearest others by
one way's vectors are compared with the ten by torch's. A mixed row has its questions from one way
and all else from another, as in an index that moved to another machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.errors import CorpusError
from corpus.read import read_document
from corpus.shelf import Shelf
from evals.benchmarks.embedding_sides import sides
from evals.benchmarks.speed_parts import Measure, Part, Setup
from evals.tables import table
from index.backends import automatic_backend, usable_backends
from index.embed import Vectors
from index.model_files import DEFAULT_MODEL
from index.reuse import passage_text
from index.split import split

TEXTS = 10_000
QUESTIONS = 1_000
NEIGHBOURS = 10
LEAST_AGREEMENT = 0.99
"""What a backend must reach to be chosen by itself."""
REFERENCE = "torch"
_BLOCK = 500


@dataclass(frozen=True, slots=True)
class Fidelity:
    """One way's lowest and mean cosine with torch's vectors, and the share of the nearest ten that
    are torch's; ``documents`` names the way of the other texts where that is another."""

    questions: str
    documents: str
    lowest: float
    mean: float
    agreement: float


def bench_fidelity(
    texts: Sequence[str],
    *,
    questions: int = QUESTIONS,
    names: Sequence[str] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> list[Fidelity]:
    """Compare the ways (all that can run here) with torch on these texts."""
    names = list(names or [one for one in usable_backends() if one != REFERENCE])
    vectors: dict[str, Vectors] = {}
    for name in (REFERENCE, *names):
        with sides([name], DEFAULT_MODEL) as processes:
            blocks = []
            for first in range(0, len(texts), _BLOCK):
                say(f"{name}, text {first} of {len(texts)}")
                blocks.append(processes[name].vectors(texts[first : first + _BLOCK]))
        vectors[name] = np.concatenate(blocks)
    return compared(vectors, min(questions, len(texts)))


def compared(vectors: dict[str, Vectors], questions: int) -> list[Fidelity]:
    """Return each way against torch, and the mixtures of those with one fingerprint."""
    reference = vectors[REFERENCE]
    asked = np.random.default_rng(0).choice(len(reference), questions, replace=False).tolist()
    wanted = nearest(reference, reference, asked)
    others = [name for name in vectors if name != REFERENCE]
    alike = [name for name in vectors if not name.endswith("int8")]
    pairs = [(name, name) for name in others]
    pairs += [(one, other) for one in alike for other in alike if "bf16" in one + other]
    rows = []
    for one, other in dict.fromkeys(pairs):
        cosines = (vectors[one] * reference).sum(axis=1)
        found = nearest(vectors[one], vectors[other], asked)
        shared = [len(set(a) & set(b)) for a, b in zip(found, wanted, strict=True)]
        agreement = float(np.mean(shared)) / NEIGHBOURS
        rows.append(Fidelity(one, other, float(cosines.min()), float(cosines.mean()), agreement))
    return rows


def nearest(questions: Vectors, documents: Vectors, asked: Sequence[int]) -> list[list[int]]:
    """Return the places of the nearest ``NEIGHBOURS`` documents of each text that is asked for,
    itself left out."""
    found: list[list[int]] = []
    for first in range(0, len(asked), _BLOCK):
        places = np.asarray(asked[first : first + _BLOCK])
        similarities = questions[places] @ documents.T
        similarities[np.arange(len(places)), places] = -2
        found += np.argpartition(-similarities, NEIGHBOURS, axis=1)[:, :NEIGHBOURS].tolist()
    return found


def texts_of(folder: Path, count: int = TEXTS) -> list[str]:
    """Return up to ``count`` different texts of the documents in a folder, passages first."""
    passages: dict[str, None] = {}
    sentences: dict[str, None] = {}
    for passage, inner in _passages(folder):
        passages[passage] = None
        sentences |= dict.fromkeys(inner)
    return list(passages | sentences)[:count]


def _passages(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for path in Shelf(folder).paths():
        try:
            document = read_document(path, folder=folder).document
        except CorpusError:
            continue  # what the index would not take in either
        for one in split(document, _words):
            text = document.text[one.start : one.end]
            inner = [document.text[part.start : part.end] for part in one.sentences]
            yield passage_text(document.title, one.heading, text), inner


def _words(texts: Sequence[str]) -> list[int]:
    # About what the model's own tokenizer counts; the texts need only be of the usual sizes.
    return [round(1.3 * len(text.split())) for text in texts]


def fidelity_table(rows: Sequence[Fidelity]) -> str:
    """Return the comparison as a table."""
    lines = [["questions by", "others by", "lowest cosine", "mean", "agreement@10"]]
    for row in rows:
        numbers = (f"{row.lowest:.5f}", f"{row.mean:.5f}", f"{row.agreement:.4f}")
        lines.append([row.questions, row.documents, *numbers])
    return table(lines)


def measure(setup: Setup) -> Part:
    """Compare the ways on the home's documents, as a part of ``evals bench speed``."""
    texts = texts_of(setup.home.documents, TEXTS if setup.full else 500)
    rows = bench_fidelity(texts, say=setup.say)
    default = automatic_backend()
    measured = {row.questions: row.agreement for row in rows if row.questions == row.documents}
    label = f"neighbours of {default} that are torch's"
    return Part(
        {"fidelity_agreement": Measure(label, "", LEAST_AGREEMENT, more=True)},
        {
            **({"fidelity_agreement": measured[default]} if default in measured else {}),
            **_metrics(rows),
        },
        f"the nearest {NEIGHBOURS} by each backend's vectors and by torch's, {len(texts):,} texts "
        f"of the home (to judge a backend takes {TEXTS:,})",
        shown=fidelity_table(rows),
    )


def _metrics(rows: Sequence[Fidelity]) -> dict[str, float]:
    metrics = {}
    for row in rows:
        mixed = "" if row.questions == row.documents else f"_on_{row.documents}"
        metrics[f"fidelity_{row.questions}{mixed}_agreement"] = row.agreement
        metrics[f"fidelity_{row.questions}_lowest_cosine"] = row.lowest
    return metrics
