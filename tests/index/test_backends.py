"""Every backend runs a model as sentence-transformers itself runs it, or refuses to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.settings import load_settings
from corpus.errors import ModelUnavailable
from index import backends, references
from index.backends import BACKENDS, choose_embedder, has_bf16
from index.embed import Vectors
from index.fallback import FirstThatWorks
from index.graph_embedder import GraphEmbedder
from index.model_files import DEFAULT_MODEL, Prefixes, bert_files, own_prefixes
from index.openvino_embedder import OpenVinoEmbedder
from index.sentence_transformer import SentenceTransformerEmbedder

from .tiny_models import make_model

GRAPHS = ("openvino", "openvino-bf16", "onnx", "onnx-int8")
TEXTS = ("The city banned cameras.", "", "x", "a ferry " * 60, "How many? 3.5%")
PROMPTS = {"query": "query: ", "document": "passage: "}


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("models")
    return {
        "mean": make_model(base / "mean"),
        "cls": make_model(base / "cls", pooling="cls", prompts=PROMPTS, reads=64),
        "other": make_model(base / "other", kind="distilbert", prompts=PROMPTS),
        "max": make_model(base / "max", pooling="max"),
    }


@pytest.fixture(scope="module")
def as_it_comes(folders: dict[str, Path]) -> dict[str, tuple[Vectors, Vectors]]:
    """What sentence-transformers' own methods give: passages' vectors, and questions'."""
    from sentence_transformers import SentenceTransformer

    found = {}
    for name, folder in folders.items():
        model = SentenceTransformer(str(folder), device="cpu")
        passages = model.encode_document(list(TEXTS), normalize_embeddings=True)
        found[name] = passages, model.encode_query(list(TEXTS), normalize_embeddings=True)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("backend", [*GRAPHS, "torch"])
@pytest.mark.parametrize("name", ["mean", "cls"])
def test_each_backend_gives_what_sentence_transformers_gives(
    folders: dict[str, Path],
    as_it_comes: dict[str, tuple[Vectors, Vectors]],
    name: str,
    backend: str,
) -> None:
    if backend.startswith("onnx"):
        pytest.importorskip("onnx")
    model = choose_embedder(str(folders[name]), backend=backend)
    passages, questions = as_it_comes[name]
    least = 0.99 if "int8" in backend else 0.9995 if "bf16" in backend else 0.99999
    assert isinstance(model, GraphEmbedder) == (backend != "torch")
    assert model.dimensions == 32
    assert model.max_tokens == {"mean": 128, "cls": 64}[name]
    assert ((model.embed(TEXTS) * passages).sum(axis=1) > least).all()
    asked = np.stack([model.embed_question(text) for text in TEXTS])
    assert ((asked * questions).sum(axis=1) > least).all()
    # Enough texts that they go through what is made for many.
    many = model.embed([*TEXTS] * 10)
    assert ((many.reshape(10, 5, 32) * passages).sum(axis=2) > least).all()
    if name == "cls":
        assert float(passages[0] @ questions[0]) < 0.999  # the prefixes do make a difference


@pytest.mark.slow
@pytest.mark.parametrize("name", ["other", "max"])
def test_other_kinds_run_in_sentence_transformers(
    folders: dict[str, Path], as_it_comes: dict[str, tuple[Vectors, Vectors]], name: str
) -> None:
    folder = str(folders[name])
    model = choose_embedder(folder)
    assert isinstance(model, SentenceTransformerEmbedder)
    passages, questions = as_it_comes[name]
    assert np.allclose(model.embed(TEXTS), passages, atol=1e-5)
    assert np.allclose(model.embed_question(TEXTS[0]), questions[0], atol=1e-5)
    for backend in GRAPHS:
        with pytest.raises(ModelUnavailable, match=r'and .* is none: set backend = "torch"'):
            choose_embedder(folder, backend=backend)


@pytest.mark.slow
def test_given_prefixes_take_the_place_of_the_models_own(folders: dict[str, Path]) -> None:
    own, given, none = (
        choose_embedder(str(folders["cls"]), backend="openvino", **prefixes)  # type: ignore[arg-type]
        for prefixes in ({}, {"query_prefix": "ask: ", "passage_prefix": "tell: "}, {})
    )
    plain = OpenVinoEmbedder(
        bert_files(folders["cls"]),  # type: ignore[arg-type]
        str(folders["cls"]),
        prefixes=Prefixes(),
    )
    assert np.allclose(own.embed_question("a"), plain.embed_question("query: a"), atol=1e-5)
    assert np.allclose(given.embed_question("a"), plain.embed_question("ask: a"), atol=1e-5)
    assert np.allclose(given.embed(["a"]), plain.embed(["tell: a"]), atol=1e-5)
    # Passages with another prefix have other vectors; a question's is not stored.
    assert len({own.fingerprint, given.fingerprint, plain.fingerprint}) == 3
    assert own.fingerprint == none.fingerprint
    asked = choose_embedder(
        str(folders["cls"]), backend="openvino", query_prefix="ask: ", passage_prefix="passage: "
    )
    assert asked.fingerprint == own.fingerprint


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["openvino", "onnx"])
def test_a_graph_that_disagrees_with_torch_is_refused(
    folders: dict[str, Path], backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if backend == "onnx":
        pytest.importorskip("onnx")
    choose_embedder(str(folders["mean"]), backend=backend).load()
    monkeypatch.setattr(references, "cached", lambda name, make: np.ones((6, 32), "<f4").tobytes())
    with pytest.raises(ModelUnavailable, match=r"gives other vectors through .* than it should"):
        choose_embedder(str(folders["mean"]), backend=backend).load()


@pytest.mark.slow
def test_a_pooling_or_a_place_changes_the_fingerprint_or_does_not(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    import shutil

    first = choose_embedder(str(folders["mean"])).fingerprint
    moved = tmp_path / "mean"
    shutil.copytree(folders["mean"], moved)
    assert choose_embedder(str(moved)).fingerprint == first
    file = moved / "1_Pooling" / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "pooling_mode": "cls"}))
    assert choose_embedder(str(moved)).fingerprint != first


def test_weights_that_can_run_code_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"cos\nsystem\n")
    with pytest.raises(ModelUnavailable, match=r"pytorch_model\.bin .* is a pickle.*safetensors"):
        _ = choose_embedder(str(tmp_path)).fingerprint
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    assert choose_embedder(str(tmp_path)).fingerprint
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "2_Dense" / "pytorch_model.bin").write_bytes(b"cos\nsystem\n")
    with pytest.raises(ModelUnavailable, match="is a pickle"):
        choose_embedder(str(tmp_path)).load()


@pytest.mark.parametrize(
    ("flags", "has"),
    [("fpu avx512f avx512_bf16", True), ("fpu amx_bf16", True), ("fpu avx2 avx512f", False)],
)
def test_the_processor_says_whether_it_has_bf16(tmp_path: Path, flags: str, has: bool) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(f"model name\t: P\nflags\t\t: {flags}\nbugs\t\t: none\n")
    assert has_bf16(file) is has
    assert has_bf16(tmp_path / "none") is False


@pytest.mark.parametrize("has", [True, False])
def test_the_automatic_choice_follows_the_processor(
    monkeypatch: pytest.MonkeyPatch, has: bool
) -> None:
    monkeypatch.setattr(backends, "_torch_has_gpu", lambda: False)
    monkeypatch.setattr(backends, "has_bf16", lambda: has)
    chosen = choose_embedder(DEFAULT_MODEL)
    assert isinstance(chosen, FirstThatWorks)
    assert chosen.backend == ("openvino-bf16" if has else "openvino")
    assert isinstance(chosen.taken, OpenVinoEmbedder)
    assert chosen.taken.precision == ("bf16" if has else "f32")
    monkeypatch.setattr(backends, "_torch_has_gpu", lambda: True)
    assert isinstance(choose_embedder(DEFAULT_MODEL), SentenceTransformerEmbedder)


def test_prompts_are_found_under_the_names_that_models_use(tmp_path: Path) -> None:
    file = tmp_path / "config_sentence_transformers.json"
    assert own_prefixes(tmp_path) == Prefixes()
    for prompts, default, wanted in (
        ({"query": "q: ", "passage": "p: "}, None, Prefixes("q: ", "p: ")),
        ({"query": "q: "}, None, Prefixes("q: ", "")),
        ({"all": "a: "}, "all", Prefixes("a: ", "a: ")),
    ):
        file.write_text(json.dumps({"prompts": prompts, "default_prompt_name": default}))
        assert own_prefixes(tmp_path) == wanted


def test_the_settings_know_the_same_backends(tmp_path: Path) -> None:
    file = tmp_path / "assistant.toml"
    for backend in BACKENDS:
        file.write_text(f'backend = "{backend}"\nquery_prefix = "query: "\npassage_prefix = ""\n')
        settings = load_settings(file, {})
        assert (settings.backend, settings.query_prefix) == (backend, "query: ")
