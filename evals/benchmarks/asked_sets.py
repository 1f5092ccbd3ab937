"""Public sets whose questions are asked of all their paragraphs at once, and what was found."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.archive import Archive
from assistant.completing import told_by
from assistant.connect import own
from assistant.expect import Expected, expected
from assistant.extract import PASSAGES
from assistant.followup import stand_alone
from assistant.home import Home, make_home
from assistant.settings import Settings
from corpus.errors import CheckFailed
from evals.benchmarks.collection import Collection, Question
from evals.benchmarks.datasets import load_collection
from evals.benchmarks.retrieval import check_indexed, write_paragraphs
from evals.cases import load_suite
from evals.evidence import find_spans
from index.backends import LoadableEmbedder
from index.finding import Finder, Found
from index.index import Index
from index.passages import Hit
from index.search import Query

STARTER = "starter"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a set, the document that answers it, and what a search found.

    ``titles`` holds the found documents' titles by id.
    """

    set_name: str
    question: Question
    document_id: str
    query: Query
    wanted: Expected
    hits: tuple[Hit, ...]
    titles: Mapping[str, str]

    @property
    def tuning(self) -> bool:
        """Tell whether it is about an article that may be fitted on."""
        return self.question.article % 2 == 0

    @property
    def article(self) -> tuple[str, int]:
        """Which article of which set it is about."""
        return self.set_name, self.question.article


def ask_all(
    name: str,
    folder: Path,
    settings: Settings,
    embedder: LoadableEmbedder | None,
    *,
    only_tuning: bool = False,
) -> Iterator[AskedQuestion]:
    """Index a set's paragraphs in a temporary home and ask its questions.

    Questions of which it is not known where the answer stands are left out.
    """
    collection = load_collection(name, folder)
    with indexed(collection, settings, embedder) as (archive, documents):
        finder = Finder()
        for question in collection.questions:
            if not question.evidence or (only_tuning and question.article % 2):
                continue
            found = finder.find(archive.index, question.text, k=settings.passages)
            document_id = documents[next(iter(question.grades))]
            yield _asked(name, question, document_id, found, archive.index)


@contextlib.contextmanager
def indexed(
    collection: Collection, settings: Settings, embedder: LoadableEmbedder | None
) -> Iterator[tuple[Archive, Sequence[str]]]:
    """Open a temporary home with a set's paragraphs, and give their documents' ids in order."""
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as place:
        home = make_home(Path(place))
        documents = write_paragraphs(home.documents, collection.paragraphs)
        with Archive(home, settings, embedder) as archive:
            check_indexed(archive.sync())
            yield archive, documents


def ask_starter(home: Home) -> Iterator[AskedQuestion]:
    """Ask the starter suite's answerable questions of a home that has its corpus.

    A question is about the document of its first evidence. Raises CheckFailed where that is not
    there.
    """
    with own(home, command="evals fit-quotes") as (archive, _):
        archive.sync()
        finder = Finder()
        documents = sorted(entry.id for entry in archive.entries())
        for case in load_suite(STARTER).cases:
            if case.unanswerable:
                continue
            about = case.evidence[0].document
            if about not in documents:
                raise CheckFailed(
                    f"{about} is not in {home.root}: fitting needs the starter corpus; name a home "
                    "that has it, or leave out --home"
                )
            text = archive.document(about).text
            quotes = [one.quote for one in case.evidence if one.document == about]
            asked = stand_alone(case.question, case.history, told_by(archive.index))
            question = Question(
                asked,
                {0: 1},
                # All may be fitted on: the even numbers are the tuning half.
                2 * documents.index(about),
                tuple(tuple(find_spans(quote, text)) for quote in quotes),
                case.answers,
            )
            hits = finder.find(archive.index, asked, k=PASSAGES, filters=case.filters)
            yield _asked(STARTER, question, about, hits, archive.index)


def _asked(
    name: str, question: Question, document_id: str, found: Found, index: Index
) -> AskedQuestion:
    about = index.catalogue.about({hit.passage.document_id for hit in found.hits})
    titles = {name: title for name, (title, _) in about.items()}
    wanted = expected(found.query.text)
    return AskedQuestion(name, question, document_id, found.query, wanted, found.hits, titles)
