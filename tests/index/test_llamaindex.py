from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from corpus.shelf import Shelf
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
        "---\ntitle: The ferry\ndate: 2024-03-12\nsource: Harbour Post\n---\n\n"
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
    assert node.get_content() == document.text[node.start_char_idx : node.end_char_idx]
    assert node.metadata == {
        "document_id": "ferry",
        "title": "The ferry",
        "date": "2024-03-12",
        "source": "Harbour Post",
        "url": None,
        "sha256": document.sha256,
    }


def test_a_retriever_keeps_to_its_filters(index: Index) -> None:
    retriever = IndexRetriever(index, filters=Filters(documents=("library",)))
    found = retriever.retrieve("What does a ferry ticket cost?")
    assert {one.node.metadata["document_id"] for one in found} == {"library"}


@pytest.mark.model
@pytest.mark.slow
def test_the_example_with_a_query_engine_runs(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "ferry.txt").write_text("The ferry\n\nA ticket costs four euros.\n")
    done = subprocess.run(
        [sys.executable, CHECKOUT / "examples" / "llamaindex_query_engine.py", "ticket cost"],
        env={"ASSISTANT_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "The ferry" in done.stdout) == (0, True), done.stderr
