"""How adding goes on a cluster: with a model that takes its time, and against this machine alone.

The first part says how the time falls with the number of workers when embedding is what takes it:
a model stands in that waits so many milliseconds for each text, as one on another machine would, so
that workers need no core each. The second part adds real articles with the real model, by the
readers of this machine and by two workers on it, in turns. Starting a cluster is told apart.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypedDict

import numpy as np

from assistant.home import make_home
from assistant.settings import Settings
from corpus.sandbox import shared
from corpus.shelf import Shelf
from evals.benchmarks.made_articles import make_article
from evals.benchmarks.made_vectors import DIMENSIONS
from evals.benchmarks.speed_ingest import cpu_of
from evals.tables import table
from index.backends import choose_embedder
from index.cluster import Cluster, helped_by
from index.cluster_ray import ray_crew
from index.cluster_work import MakeEmbedder
from index.embed import Embedder, Vectors
from index.index import Index

WORKERS = (1, 2, 4, 8)
DOCUMENTS = 192
ARTICLES = 120
ROUNDS = 3
SECONDS_A_TEXT = 0.004
_TOKENS = 256


class Waiting:
    """An embedder that waits, and gives a vector that depends on the text alone."""

    fingerprint = "waiting"
    dimensions = DIMENSIONS
    max_tokens = _TOKENS

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count words."""
        return [len(text.split()) for text in texts]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Wait for each text."""
        time.sleep(self._seconds * len(texts))
        return np.stack([self.embed_question(text) for text in texts])

    def embed_question(self, question: str) -> Vectors:
        """Do not wait."""
        vector = np.random.default_rng(len(question)).normal(size=DIMENSIONS)
        unit: Vectors = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit


class ScaledJson(TypedDict):
    """Adding with some workers: seconds, and how many times faster than one is."""

    workers: int
    seconds: float
    times: float


class SideJson(TypedDict):
    """One side: seconds by the clock and of the processor, of all processes that take part, and
    what starting it took before; medians of the rounds."""

    side: str
    seconds: float
    cpu_seconds: float
    start_seconds: float


class ScalingJson(TypedDict):
    """What ``evals bench scaling`` measures; ``ratio`` is the clock's, workers to plain, round by
    round, and ``cpu_ratio`` the processor's."""

    documents: int
    seconds_a_text: float
    scaled: list[ScaledJson]
    articles: int
    sides: list[SideJson]
    ratio: float
    cpu_ratio: float


@dataclass(frozen=True, slots=True)
class _Took:
    wall: float
    cpu: float
    start: float


def bench_scaling(
    say: Callable[[str], None],
    *,
    workers: Sequence[int] = WORKERS,
    documents: int = DOCUMENTS,
    articles: int = ARTICLES,
    rounds: int = ROUNDS,
) -> ScalingJson:
    """Measure both parts. Raises UsageError where Ray is not installed."""
    seconds = []
    for count in workers:
        say(f"{documents} documents, {count} workers")
        make = partial(Waiting, SECONDS_A_TEXT)
        seconds.append(_by_crew(documents, make, make(), count).wall)
    plain, crew = _in_turns(articles, rounds, say)
    return {
        "documents": documents,
        "seconds_a_text": SECONDS_A_TEXT,
        "scaled": [
            {"workers": count, "seconds": one, "times": seconds[0] / one}
            for count, one in zip(workers, seconds, strict=True)
        ],
        "articles": articles,
        "sides": [_side("this machine's readers", plain), _side("two workers on it", crew)],
        "ratio": median(c.wall / p.wall for p, c in zip(plain, crew, strict=True)),
        "cpu_ratio": median(c.cpu / p.cpu for p, c in zip(plain, crew, strict=True)),
    }


def scaling_table(measured: ScalingJson) -> str:
    """Return what was measured as two tables."""
    scaled = [["workers", "seconds", "times one"]] + [
        [str(one["workers"]), f"{one['seconds']:.1f}", f"{one['times']:.2f}"]
        for one in measured["scaled"]
    ]
    sides = [["adding", "seconds", "of the processor", "start"]] + [
        [
            one["side"],
            *(f"{n:.1f}" for n in (one["seconds"], one["cpu_seconds"], one["start_seconds"])),
        ]
        for one in measured["sides"]
    ]
    return (
        f"{measured['documents']} articles, a model that waits "
        f"{measured['seconds_a_text'] * 1000:.0f} ms for each text\n\n{table(scaled)}\n\n"
        f"{measured['articles']} articles with the real model, in turns; workers to plain: "
        f"{measured['ratio']:.2f} by the clock, {measured['cpu_ratio']:.2f} of the processor\n\n"
        f"{table(sides)}"
    )


def _side(name: str, took: Sequence[_Took]) -> SideJson:
    return {
        "side": name,
        "seconds": median(one.wall for one in took),
        "cpu_seconds": median(one.cpu for one in took),
        "start_seconds": median(one.start for one in took),
    }


def _in_turns(
    articles: int, rounds: int, say: Callable[[str], None]
) -> tuple[list[_Took], list[_Took]]:
    make = partial(choose_embedder, Settings().model)
    embedder = make()
    embedder.load()
    plain, crew = [], []
    for number in range(rounds):
        say(f"{articles} articles, round {number + 1} of {rounds}")
        with _home(articles) as (index, files):
            plain.append(_timed(index, files, time.perf_counter()))
        crew.append(_by_crew(articles, make, embedder, 2))
    return plain, crew


def _by_crew(documents: int, make: MakeEmbedder, embedder: Embedder, workers: int) -> _Took:
    with _home(documents, embedder) as (index, files):
        begun = time.perf_counter()
        with (
            ray_crew("ray", make, embedder, workers=workers) as crew,
            helped_by(Cluster(crew, shared())),
        ):
            return _timed(index, files, begun)


def _timed(index: Index, files: Path, started: float) -> _Took:
    """Add files, once all that takes part has been started and warmed up."""
    index.add([files / "0000.md"])
    begun, cpu = time.perf_counter(), cpu_of([os.getpid()])
    index.add([files])
    return _Took(time.perf_counter() - begun, cpu_of([os.getpid()]) - cpu, begun - started)


@contextlib.contextmanager
def _home(articles: int, embedder: Embedder | None = None) -> Iterator[tuple[Index, Path]]:
    """Give an empty index and a folder of articles, deleted in the end."""
    with tempfile.TemporaryDirectory(prefix="assistant-scaling-") as made:
        home, files = make_home(Path(made) / "home"), Path(made) / "from"
        files.mkdir()
        for number in range(articles):
            article = make_article(number)
            text = "\n\n".join((f"# {article.title}", *article.paragraphs))
            (files / f"{number:04}.md").write_text(text + "\n", encoding="utf-8")
        index = Index(
            home.state, Shelf(home.documents), embedder or choose_embedder(Settings().model)
        )
        with contextlib.closing(index):
            yield index, files
