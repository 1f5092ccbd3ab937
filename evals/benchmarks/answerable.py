"""Public sets whose questions are asked whether or not their paragraphs answer them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.abstain import Features
from assistant.archive import Archive
from assistant.examining import examine
from assistant.settings import Settings
from evals.benchmarks.asked_sets import indexed
from evals.benchmarks.datasets import load_collection
from index.backends import LoadableEmbedder
from index.finding import Finder
from index.passages import Filters


@dataclass(frozen=True, slots=True)
class Doubted:
    """A question asked of all paragraphs of its set, and what the confidence looks at.

    ``left_out``: its answer is missing, since its paragraph was taken out for this question.
    """

    article: int
    answerable: bool
    left_out: bool
    features: Features

    @property
    def tuning(self) -> bool:
        """Tell whether it is about an article that may be fitted on."""
        return self.article % 2 == 0


def ask_doubted(
    name: str,
    folder: Path,
    settings: Settings,
    embedder: LoadableEmbedder | None,
    *,
    only_tuning: bool = False,
    leave_out: bool = False,
) -> Iterator[Doubted]:
    """Ask a set's answerable and unanswerable questions; with ``leave_out``, the answerable ones
    a second time without the paragraphs that answer them."""
    collection = load_collection(name, folder)
    with indexed(collection, settings, embedder) as (archive, documents):
        asking = _Asking(archive, Finder(), settings.passages)
        everything = frozenset(documents)
        for one in collection.questions:
            if only_tuning and one.article % 2:
                continue
            yield from asking.ask(one.text, one.article, answerable=True)
            if leave_out:
                own = {documents[place] for place, grade in one.grades.items() if grade}
                without = Filters(documents=tuple(sorted(everything - own)))
                yield from asking.ask(one.text, one.article, answerable=False, without=without)
        for other in collection.unanswerable:
            if not (only_tuning and other.article % 2):
                yield from asking.ask(other.text, other.article, answerable=False)


@dataclass(frozen=True, slots=True)
class _Asking:
    archive: Archive
    finder: Finder
    passages: int

    def ask(
        self, text: str, article: int, *, answerable: bool, without: Filters | None = None
    ) -> Iterator[Doubted]:
        """Yield what was seen, if anything was found at all."""
        index = self.archive.index
        found = self.finder.find(index, text, k=self.passages, filters=without or Filters())
        seen = examine(index, found.query, found.hits).features
        if seen is not None:
            yield Doubted(article, answerable, without is not None, seen)
