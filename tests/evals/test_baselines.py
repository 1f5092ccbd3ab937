from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import BaseRetriever, QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from evals.benchmarks.baselines import baseline_rankings, documents, reciprocal_rank_fusion
from evals.benchmarks.collection import Paragraph
from evals.benchmarks.llamaindex_baseline import llamaindex_ranker
from index.passages import Copy, Hit, Passage, Sentence

from ..fakes import BagOfStems

NAMES = st.lists(st.sampled_from([f"d{number}" for number in range(12)]), unique=True)


class Listed(BaseRetriever):
    """Gives the documents of a list, in its order."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self._names = names

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(node=TextNode(id_=name, text=name), score=1 / rank)
            for rank, name in enumerate(self._names, 1)
        ]


@settings(deadline=None)
@given(NAMES, NAMES)
def test_the_fusion_is_that_of_llamaindex(one: list[str], other: list[str]) -> None:
    theirs = QueryFusionRetriever(
        [Listed(one), Listed(other)],
        llm=MockLLM(),
        mode=FUSION_MODES.RECIPROCAL_RANK,
        num_queries=1,
        similarity_top_k=100,
        use_async=False,
    ).retrieve("anything")
    assert reciprocal_rank_fusion([one, other]) == [node.node.node_id for node in theirs]


def hit(name: str, *, start: int = 0, copies: tuple[str, ...] = (), **parts: float) -> Hit:
    passage = Passage(f"{name}:{start}", name, start, start + 1, "", (Sentence(start, start + 1),))
    listed = tuple(Copy(copy, f"{copy}:0", 0, 1) for copy in copies)
    return Hit(passage, "x", 0.5, parts, (0.5,), copies=listed)


def test_each_baseline_ranks_what_its_own_side_brought() -> None:
    hits = [
        hit("a", dense=0.1, lexical=0.9, lexical_rank=2),
        hit("b", dense=0.8, lexical=0.0, dense_rank=1),
        hit("c", dense=0.3, lexical=0.2, dense_rank=2, lexical_rank=1),
    ]
    found = baseline_rankings(hits)
    assert found["bm25"] == ["a", "c"]
    assert found["dense"] == ["b", "c"]
    assert found["rrf"] == ["c", "b", "a"]


def test_a_document_stands_at_its_best_passage_and_its_copies_follow_it() -> None:
    hits = [hit("a", copies=("d",)), hit("b"), hit("a", start=9), hit("d", start=9)]
    assert documents(hits) == ["a", "d", "b"]


def test_llamaindex_ranks_all_paragraphs_by_their_vectors() -> None:
    paragraphs = {
        "p0": Paragraph("Harbour", "The harbour froze in winter."),
        "p1": Paragraph("Mill", "The mill burned down."),
        "p2": Paragraph("Kelp", "Kelp grows by the hour."),
    }
    rank = llamaindex_ranker(paragraphs, BagOfStems(), 3)
    assert rank("When did the mill burn down?")[0] == "p1"
    assert sorted(rank("frozen harbour")) == ["p0", "p1", "p2"]
    assert len(llamaindex_ranker(paragraphs, BagOfStems(), 2)("harbour")) == 2


def test_a_long_paragraph_is_one_document_however_it_is_split() -> None:
    long = " ".join(f"Sentence {number} is about the mill." for number in range(400))
    rank = llamaindex_ranker({"p0": Paragraph("Mill", long)}, BagOfStems(), 10)
    assert rank("mill") == ["p0"]


@pytest.mark.parametrize("rankings", [[], [[]], [[], []]])
def test_nothing_fused_is_nothing(rankings: list[list[str]]) -> None:
    assert reciprocal_rank_fusion(rankings) == []
