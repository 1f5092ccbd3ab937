from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import ModelUnavailable
from index.finding import Finder
from index.rerank import CrossEncoderReranker

from .cross_encoder import make_cross_encoder
from .homes import Home


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cross_encoder(tmp_path_factory.mktemp("models") / "tiny")


PASSAGES = [
    "The ferry.",
    "The liked ferry.",
    "The liked liked liked ferry.",
    "The boat.",
    "Liked liked the ferry.",
]


@pytest.mark.slow
def test_a_cross_encoder_scores_each_passage_in_nought_to_one(folder: Path) -> None:
    model = CrossEncoderReranker(str(folder))
    assert not model.loaded
    scores = model.scores("What ferry?", PASSAGES)
    assert model.loaded
    order = sorted(range(len(PASSAGES)), key=lambda place: -scores[place])
    assert order[:3] == [2, 4, 1]
    assert all(0 < score < 1 for score in scores)
    # The turns in which pairs are read do not show.
    assert model.scores("What ferry?", PASSAGES * 5) == pytest.approx(scores * 5, abs=1e-6)
    assert model.scores("What ferry?", []) == []


@pytest.mark.slow
def test_a_search_is_reranked_by_a_real_cross_encoder(folder: Path, home: Home) -> None:
    for n, passage in enumerate(PASSAGES):
        home.write(f"p{n}.txt", passage)
    opened = home.open()
    opened.sync()
    plain = opened.search(opened.prepare("What ferry?"))
    assert plain[0].passage.document_id == "p0"
    found = Finder(reranker=CrossEncoderReranker(str(folder))).find(opened, "What ferry?")
    assert [hit.passage.document_id for hit in found.hits[:3]] == ["p2", "p4", "p1"]
    assert {hit.passage.id for hit in found.hits} == {hit.passage.id for hit in plain}
    assert [hit.score for hit in found.hits] == [hit.parts["reranker"] for hit in found.hits]
    assert found.timings_ms["rerank"] > 0


def test_a_folder_without_a_model_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    for what in ("config.json", "model.safetensors"):
        with pytest.raises(ModelUnavailable, match=f"the folder has no {what}.*assistant.toml"):
            CrossEncoderReranker(str(tmp_path))
        (tmp_path / "config.json").write_text("{}")


@pytest.mark.parametrize("name", ["cross-encoder/ms-marco-MiniLM-L6-v2", "/no/such", "a b\n?"])
def test_a_name_that_is_not_on_this_machine_is_refused_at_once(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    started = time.perf_counter()
    with pytest.raises(ModelUnavailable, match="not in this machine's cache"):
        CrossEncoderReranker(name)
    assert time.perf_counter() - started < 10


@pytest.mark.slow
def test_a_damaged_model_is_refused_when_it_is_loaded(folder: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    for file in folder.iterdir():
        (damaged / file.name).write_bytes(file.read_bytes())
    weights = damaged / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:200])
    with pytest.raises(ModelUnavailable, match=r'cannot be used .*set reranker = "none"'):
        CrossEncoderReranker(str(damaged)).load()


@pytest.mark.slow
def test_a_model_with_several_scores_is_refused(tmp_path: Path) -> None:
    three = make_cross_encoder(tmp_path / "three", labels=3)
    with pytest.raises(ModelUnavailable, match="it gives 3 scores for a pair, not one"):
        CrossEncoderReranker(str(three)).scores("What?", ["The boat."])


def test_naming_a_reranker_costs_no_torch() -> None:
    code = "import index.rerank, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
