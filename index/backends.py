"""Which library runs the embedding model."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Protocol

from corpus.errors import ModelUnavailable
from index.embed import Embedder
from index.model_files import BertFiles, bert_files, model_folder

BACKENDS = ("auto", "openvino", "torch")


class LoadableEmbedder(Embedder, Protocol):
    """An embedder that can be loaded before it is needed."""

    @property
    def loaded(self) -> bool: ...  # noqa: D102

    def load(self) -> None: ...  # noqa: D102


def choose_embedder(model: str, *, backend: str = "auto", online: bool = False) -> LoadableEmbedder:
    """Return an embedder for ``model``, not loaded yet.

    ``auto`` takes OpenVINO for a BERT with mean pooling on a machine without an NVIDIA driver, and
    sentence-transformers for everything else. Raises ModelUnavailable where ``openvino`` is asked
    for and cannot be had.
    """
    if backend == "torch" or (backend == "auto" and _has_gpu()):
        return _torch(model, online)
    folder = model_folder(model)
    files = bert_files(folder) if folder else None
    missing = _missing(model, files)
    if files is None or missing:
        if backend == "openvino":
            raise ModelUnavailable(f'{missing}: set backend = "torch" in assistant.toml')
        return _torch(model, online)
    from index.openvino_embedder import OpenVinoEmbedder

    return OpenVinoEmbedder(files, model)


def _missing(model: str, files: BertFiles | None) -> str | None:
    if files is None:
        return f"OpenVINO runs BERT models with mean pooling from a folder, and {model!r} is none"
    if importlib.util.find_spec("openvino") is None:
        return "the package openvino is missing"
    return None


def _torch(model: str, online: bool) -> LoadableEmbedder:
    from index.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(model, online=online)


def _has_gpu() -> bool:
    return Path("/proc/driver/nvidia/version").exists()
