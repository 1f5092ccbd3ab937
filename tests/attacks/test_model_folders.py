"""Folders that pose as models: nothing in them is run, and each is refused in a line."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import pytest

from corpus.errors import ModelUnavailable
from index.model_files import refuse_code
from index.rerank import CrossEncoderReranker
from index.sentence_transformer import Prefixes, SentenceTransformerEmbedder

PICKLES = [
    f"{part}{name}"
    for part in ("", "0_Transformer/", "2_Dense/")
    for name in (
        "pytorch_model.bin", "model.pt", "model.pth", "model.ckpt", "model.pkl", "model.pickle",
        "pytorch_model-00001-of-00002.bin",
    )
]  # fmt: skip
CLASSES = [
    "os.system", "subprocess.Popen", "builtins.eval", "builtins.exec", "code.InteractiveConsole",
    "runpy.run_path", "pickle.loads", "importlib.import_module", "custom_st.Transformer",
    "modeling.Model", "sentence_transformersx.models.Transformer", "torch.load", "", "x",
    "transformers.AutoModel", "shutil.rmtree",
]  # fmt: skip


class Harm:
    """Leaves a file when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> object:
        return os.mkdir, (str(self.trace),)


def harmful(folder: Path, name: str, trace: Path) -> Path:
    """Write a model folder whose weights would leave a trace if they were loaded."""
    for other in ("config.json", "tokenizer_config.json"):
        (folder / other).parent.mkdir(parents=True, exist_ok=True)
        (folder / other).write_text('{"model_type": "bert", "auto_map": {"AutoModel": "x.X"}}')
    (folder / "x.py").write_text(f"import os\nos.mkdir({str(trace)!r})\nclass X: pass\n")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(pickle.dumps(Harm(trace)))
    return folder


def refused(folder: Path) -> list[str]:
    """Try a folder as the model and as the reranker, and return why each cannot be used."""
    said = []
    with pytest.raises(ModelUnavailable) as model:
        SentenceTransformerEmbedder(str(folder), prefixes=Prefixes()).load()
    said.append(str(model.value))
    with pytest.raises(ModelUnavailable) as reranker:
        CrossEncoderReranker(str(folder)).load()
    return [*said, str(reranker.value)]


def test_no_pickle_is_loaded(tmp_path: Path, record_property: pytest.RecordProperty) -> None:
    trace = tmp_path / "trace"
    for number, name in enumerate(PICKLES):
        folder = harmful(tmp_path / str(number), name, trace)
        for said in refused(folder):
            assert "is a pickle" in said or "no model.safetensors" in said
            assert len(said.splitlines()) == 1
    assert not trace.exists()
    record_property("inputs", 2 * len(PICKLES))
    print("folders tried:", 2 * len(PICKLES))
    pickle.loads((tmp_path / "0" / PICKLES[0]).read_bytes())
    assert trace.exists()  # it would have


def test_no_class_from_elsewhere_is_loaded(
    tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    for kind in CLASSES:
        said = [{"idx": 0, "name": "0", "path": "", "type": kind}]
        (tmp_path / "modules.json").write_text(json.dumps(said), "utf-8")
        with pytest.raises(ModelUnavailable, match="could be any code"):
            refuse_code(tmp_path, "a model")
        (tmp_path / "config.json").write_text("{}", "utf-8")
        with pytest.raises(ModelUnavailable, match="could be any code"):
            CrossEncoderReranker(str(tmp_path))
    own = [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}]
    (tmp_path / "modules.json").write_text(json.dumps(own), "utf-8")
    refuse_code(tmp_path, "a model")
    record_property("inputs", 2 * len(CLASSES))
    print("classes tried:", 2 * len(CLASSES))
