from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelUnavailable
from corpus.read import read_document
from corpus.shelf import Shelf
from index.backends import choose_embedder
from index.embed import Vectors
from index.graph_embedder import _FEW
from index.model_files import DEFAULT_MODEL, BertFiles, bert_files, model_folder
from index.openvino_embedder import OpenVinoEmbedder
from index.references import LEAST_COSINE, TEXTS, references
from index.sentence_transformer import SentenceTransformerEmbedder
from index.split import split

DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"


@pytest.fixture(scope="module")
def files() -> BertFiles:
    folder = model_folder(DEFAULT_MODEL)
    assert folder is not None
    found = bert_files(folder)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def torch_model() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="module", params=["f32", "bf16"])
def model(request: pytest.FixtureRequest, files: BertFiles) -> OpenVinoEmbedder:
    return OpenVinoEmbedder(files, DEFAULT_MODEL, precision=request.param)


@pytest.fixture(scope="module")
def sentences(torch_model: SentenceTransformerEmbedder) -> list[str]:
    texts: list[str] = []
    for path in Shelf(DOCUMENTS).paths():
        document = read_document(path, folder=DOCUMENTS).document
        for passage in split(document, torch_model.count_tokens):
            texts.append(document.text[passage.start : passage.end])
            texts += [document.text[one.start : one.end] for one in passage.sentences]
    # Enough to have neighbours that are near one another; torch takes long over more.
    return texts[:700]


def neighbours(vectors: Vectors, k: int = 10) -> list[set[int]]:
    similarities = vectors @ vectors.T
    np.fill_diagonal(similarities, -1)
    return [set(row) for row in np.argpartition(-similarities, k, axis=1)[:, :k].tolist()]


@pytest.mark.model
@pytest.mark.slow
def test_the_vectors_and_the_neighbours_are_those_of_torch(
    model: OpenVinoEmbedder, torch_model: SentenceTransformerEmbedder, sentences: list[str]
) -> None:
    ours, theirs = model.embed(sentences), torch_model.embed(sentences)
    assert len(sentences) > 500
    assert float((ours * theirs).sum(axis=1).min()) > LEAST_COSINE
    pairs = zip(neighbours(ours), neighbours(theirs), strict=True)
    agreement = np.mean([len(one & other) / 10 for one, other in pairs])
    print(f"{model.precision}: neighbour agreement@10 {agreement:.4f} on {len(sentences)} texts")
    # Measured: f32 1.000, bf16 .996.
    assert agreement >= (0.999 if model.precision == "f32" else 0.99)


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["", " ", "人脸识别", "a" * 5000, "the " * 1000, "Ünïcödé ½ 3.5%", "\U0001f600 x\x00y"]
)
def test_any_text_has_the_vector_that_torch_gives_it(
    model: OpenVinoEmbedder, torch_model: SentenceTransformerEmbedder, text: str
) -> None:
    ours, theirs = model.embed_question(text), torch_model.embed_question(text)
    assert ours.shape == (384,)
    assert ours.dtype == np.float32
    assert float(ours @ theirs) > LEAST_COSINE
    assert model.count_tokens([text]) == torch_model.count_tokens([text])


@pytest.mark.model
def test_nothing_to_embed_gives_no_vectors(model: OpenVinoEmbedder) -> None:
    assert model.embed([]).shape == (0, 384)
    assert model.count_tokens([]) == []


@pytest.mark.model
def test_the_library_is_told_to_remember_fewer_shapes_of_batches_than_there_are(
    files: BertFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openvino

    told: list[dict[str, object]] = []
    real = openvino.Core.compile_model

    def compile_model(
        core: object, graph: object, device: str, config: dict[str, object]
    ) -> object:
        told.append(config)
        return real(core, graph, device, config)

    monkeypatch.setattr(openvino.Core, "compile_model", compile_model)
    embedder = OpenVinoEmbedder(files, DEFAULT_MODEL)
    embedder.embed([f"Text {number} of many." for number in range(2 * _FEW)])
    # OpenVINO's own bound is never reached: a batch has no more shapes than a text word pieces.
    (many,) = [one for one in told if "PERFORMANCE_HINT" in one]
    assert 0 < int(str(many["CPU_RUNTIME_CACHE_CAPACITY"])) < embedder.max_tokens


@pytest.mark.model
def test_the_references_are_what_torch_gives(torch_model: SentenceTransformerEmbedder) -> None:
    assert float((torch_model.embed(TEXTS) * references()).sum(axis=1).min()) > 0.9999


@pytest.mark.model
def test_a_model_that_gives_other_vectors_is_refused(files: BertFiles) -> None:
    shorter = dataclasses.replace(files, config={**files.config, "num_hidden_layers": 5})
    with pytest.raises(ModelUnavailable, match=r'gives other vectors .* backend = "torch"'):
        OpenVinoEmbedder(shorter, DEFAULT_MODEL).load()


@pytest.mark.model
def test_nothing_that_reports_its_use_is_loaded() -> None:
    code = (
        "import sys; from index.backends import choose_embedder\n"
        "choose_embedder('all-MiniLM-L6-v2', backend='openvino').embed_question('a question')\n"
        "print([name for name in sys.modules if 'openvino_telemetry.' in name])\n"
        "print([name for name in ('torch', 'transformers', 'requests') if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["[]", "[]"]


@pytest.mark.model
def test_single_precision_and_bfloat16_share_an_index(files: BertFiles) -> None:
    one, other = (OpenVinoEmbedder(files, DEFAULT_MODEL, precision=p) for p in ("f32", "bf16"))
    assert one.fingerprint == other.fingerprint == SentenceTransformerEmbedder().fingerprint


@pytest.mark.model
@pytest.mark.slow
def test_questions_of_either_precision_find_the_others_neighbours(
    files: BertFiles, torch_model: SentenceTransformerEmbedder, sentences: list[str]
) -> None:
    one, other = (
        OpenVinoEmbedder(files, DEFAULT_MODEL, precision=p).embed(sentences)
        for p in ("f32", "bf16")
    )
    wanted = neighbours(torch_model.embed(sentences))
    for questions, documents in ((one, other), (other, one)):
        similarities = questions @ documents.T
        np.fill_diagonal(similarities, -1)
        found = [set(row) for row in np.argpartition(-similarities, 10, axis=1)[:, :10].tolist()]
        pairs = zip(found, wanted, strict=True)
        assert np.mean([len(a & b) / 10 for a, b in pairs]) >= 0.99


@pytest.mark.model
def test_a_question_is_embedded_between_the_parts_of_a_long_document(
    model: OpenVinoEmbedder,
) -> None:
    texts = [f"Sentence {number} about the harbour and its ferry." for number in range(2000)]
    model.load()
    begun = threading.Event()
    take = model._vectors

    def telling(engine: object, some: list[str], many: bool) -> Vectors:
        begun.set()
        return take(engine, some, many)

    model._vectors = telling  # type: ignore[method-assign, assignment]
    try:
        with ThreadPoolExecutor(1) as pool:
            document = pool.submit(model.embed, texts)
            begun.wait()
            question = model.embed_question("Which ferry?")
            assert not document.done()
            vectors = document.result()
    finally:
        del model._vectors
    assert float(question @ model.embed_question("Which ferry?")) > 0.9999
    assert float(vectors[7] @ model.embed([texts[7]])[0]) > LEAST_COSINE


def other_model(files: BertFiles, folder: Path, name: str, change: dict[str, object]) -> Path:
    """Copy the model's small files with one of them changed, and its weights as a link."""
    shutil.copytree(
        files.folder, folder, ignore=shutil.ignore_patterns("*.safetensors", "__pycache__")
    )
    (folder / "model.safetensors").symlink_to(files.folder / "model.safetensors")
    described = json.loads((folder / name).read_text("utf-8"))
    (folder / name).write_text(json.dumps({**described, **change}), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("config.json", {"model_type": "xlm-roberta"}),
        ("config.json", {"position_embedding_type": "relative_key"}),
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True}),
    ],
)
def test_other_kinds_of_models_are_left_to_torch(
    files: BertFiles, tmp_path: Path, name: str, change: dict[str, object]
) -> None:
    folder = other_model(files, tmp_path / "model", name, change)
    assert bert_files(folder) is None
    assert isinstance(choose_embedder(str(folder)), SentenceTransformerEmbedder)
    with pytest.raises(ModelUnavailable, match="BERT models with a mean or a first token"):
        choose_embedder(str(folder), backend="openvino")


def test_the_setting_chooses_the_backend() -> None:
    assert isinstance(choose_embedder(DEFAULT_MODEL, backend="openvino"), OpenVinoEmbedder)
    assert isinstance(choose_embedder(DEFAULT_MODEL, backend="torch"), SentenceTransformerEmbedder)
