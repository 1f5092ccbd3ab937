from __future__ import annotations

import asyncio
import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import BadQuestion
from corpus.shelf import Shelf
from index.finding import Finder
from index.index import Index
from index.llamaindex import IndexRetriever
from index.passages import Filters

from ..fakes import BagOfStems

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "ferry.md").write_text(
        "---\ntitle: The ferry\ndate: 2024-03-12\nsource: Harbour Post\n"
        "tags: [ferry, fares]\n---\n\n"
        "The ferry crosses the bay every hour. A ticket costs four euros.\n"
    )
    (documents / "library.txt").write_text("The library\n\nThe library opens on Monday.\n")
    opened = Index(tmp_path / "var", Shelf(documents), BagOfStems())
    opened.sync()
    return opened


def test_a_retriever_gives_the_hits_of_our_search_word_for_word(index: Index) -> None:
    question = "What does a ferry ticket cost?"
    hits = index.search(index.prepare(question), k=2)
    found = IndexRetriever(index, k=2).retrieve(question)
    assert [(one.node.node_id, one.score) for one in found] == [
        (hit.passage.id, hit.score) for hit in hits
    ]
    node = found[0].node
    document = index.catalogue.document(node.metadata["document_id"])
    start, end = node.metadata["start"], node.metadata["end"]
    assert node.text == document.text[start:end]  # type: ignore[attr-defined]
    assert (node.start_char_idx, node.end_char_idx) == (start, end)  # type: ignore[attr-defined]
    assert node.metadata == {
        "document_id": "ferry",
        "title": "The ferry",
        "date": "2024-03-12",
        "source": "Harbour Post",
        "url": None,
        "tags": "ferry, fares",
        "start": 0,
        "end": 64,
        "copies": "",
        "sha256": document.sha256,
    }
    assert all(0 <= (one.score or 0) <= 1 for one in found)


def test_a_model_is_told_title_and_date_and_no_offsets(index: Index) -> None:
    from llama_index.core.schema import MetadataMode

    (found,) = IndexRetriever(index, k=1).retrieve("What does a ferry ticket cost?")
    told = found.node.get_content(MetadataMode.LLM)
    assert "The ferry" in told
    assert "2024-03-12" in told
    assert "sha256" not in told
    assert "start:" not in told


def test_a_retriever_keeps_to_its_filters_and_can_be_narrowed(index: Index) -> None:
    question = "What does a ferry ticket cost?"
    retriever = IndexRetriever(index, filters=Filters(documents=("library",)))
    assert documents(retriever, question) == {"library"}
    assert documents(retriever.narrowed(filters=Filters()), question) == {"ferry", "library"}
    assert len(retriever.narrowed(k=1, filters=Filters()).retrieve(question)) == 1
    assert documents(IndexRetriever(index, filters=Filters(tags=("fares",))), question) == {"ferry"}


def documents(retriever: IndexRetriever, question: str) -> set[str]:
    return {one.node.metadata["document_id"] for one in retriever.retrieve(question)}


def test_a_retriever_may_be_awaited_while_others_go_on(index: Index) -> None:
    question = "What does a ferry ticket cost?"
    retriever = IndexRetriever(index)

    async def both() -> list[list[str]]:
        found = await asyncio.gather(retriever.aretrieve(question), retriever.aretrieve("library"))
        return [[one.node.node_id for one in nodes] for nodes in found]

    assert asyncio.run(both()) == [
        [one.node.node_id for one in retriever.retrieve(text)] for text in (question, "library")
    ]


def test_ids_stay_the_same_in_another_index_over_the_same_documents(
    index: Index, tmp_path: Path
) -> None:
    other = Index(tmp_path / "other", Shelf(tmp_path / "documents"), BagOfStems())
    other.sync()
    ids = [one.node.node_id for one in IndexRetriever(index).retrieve("ferry")]
    assert [one.node.node_id for one in IndexRetriever(other).retrieve("ferry")] == ids


def test_a_retriever_takes_a_reranker_along(index: Index) -> None:
    class Library:
        def scores(self, question: str, passages: list[str]) -> list[float]:
            return [float("library" in passage) for passage in passages]

    retriever = IndexRetriever(index, finder=Finder(reranker=Library()))  # type: ignore[arg-type]
    found = retriever.retrieve("What does a ferry ticket cost?")
    assert [(one.node.metadata["document_id"], one.score) for one in found] == [
        ("library", 1.0),
        ("ferry", 0.0),
    ]


def test_a_filter_that_names_what_is_not_there_is_logged(
    index: Index, caplog: pytest.LogCaptureFixture
) -> None:
    filters = Filters(tags=("ferries",), sources=("Harbour Post",), documents=("ferry", "fery"))
    assert IndexRetriever(index, filters=filters).retrieve("What does a ticket cost?") == []
    assert [record.getMessage() for record in caplog.records] == [
        "No document has the tag “ferries”. Did you mean “ferry”?",
        "no document has the id 'fery': 'assistant list' shows the ids there are",
    ]


def test_nothing_to_ask_and_nothing_to_return_are_refused(index: Index) -> None:
    with pytest.raises(BadQuestion):
        IndexRetriever(index).retrieve(" ")
    with pytest.raises(ValueError, match="at least 1"):
        IndexRetriever(index, k=0)
    crossed = Filters(since=dt.date(2024, 1, 2), until=dt.date(2024, 1, 1))
    with pytest.raises(ValueError, match="2024-01-02 is after until 2024-01-01: swap them"):
        IndexRetriever(index, filters=crossed)


def example(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, CHECKOUT / "examples" / "llamaindex_query_engine.py", *arguments],
        env={"ASSISTANT_HOME": str(home), "PATH": "/usr/bin:/bin"},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.model
@pytest.mark.slow
def test_the_example_puts_our_passages_through_a_llamaindex_query_engine(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    ferry = "---\ntitle: The ferry\ndate: {}\n---\n\nA ticket costs {} euros. It is blue.\n"
    (tmp_path / "documents" / "old.md").write_text(ferry.format("2020-01-01", "three"))
    (tmp_path / "documents" / "new.md").write_text(ferry.format("2024-01-01", "four"))
    done = example(tmp_path, "ticket cost", "--until", "2021-01-01")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    # What the engine's model was given is our passage, and the filter held.
    assert lines[0] == "A ticket costs three euros."
    assert "The ferry" in lines[2]
    assert "2020-01-01" in lines[2]
    assert "old, characters 0-" in lines[3]
    assert len(lines) == 4
    done = example(tmp_path, "-k", "0")
    assert done.returncode == 1
    assert done.stderr.strip() == "example: k is 0: ask for at least 1 passage"
