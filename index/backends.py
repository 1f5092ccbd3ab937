"""Which library runs the embedding model, and in what precision.

``docs/decisions/014-embedding-backends.md`` has the measurements.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

from corpus.errors import ModelUnavailable
from index.embed import LoadableEmbedder
from index.fallback import FirstThatWorks
from index.model_files import BertFiles, Prefixes, bert_files, model_folder

__all__ = ["BACKENDS", "LoadableEmbedder", "choose_embedder", "usable_backends"]

BACKENDS = ("auto", "openvino", "openvino-bf16", "onnx", "onnx-int8", "torch")

_LIBRARIES = {"openvino": "openvino", "onnx": "onnxruntime"}
_NAMES = {"openvino": "OpenVINO", "onnx": "ONNX Runtime"}


def choose_embedder(
    model: str,
    *,
    backend: str = "auto",
    online: bool = False,
    query_prefix: str = "",
    passage_prefix: str = "",
) -> LoadableEmbedder:
    """Return an embedder for ``model``, not loaded yet.

    ``auto`` takes sentence-transformers where torch can use a GPU, and for every model but a BERT
    with a mean or a first token as its vector. For that it takes OpenVINO, in bfloat16 on a
    processor with instructions for it, or else ONNX Runtime; where one of them is refused when it
    is loaded, the next. Prefixes that are empty are the model's own. Raises ModelUnavailable where
    a backend is asked for and cannot be had.
    """
    given = Prefixes(query_prefix, passage_prefix) if query_prefix or passage_prefix else None
    order = automatic_backends() if backend == "auto" else [backend]
    if order[0] == "torch":
        return _torch(model, online, given)
    folder = model_folder(model)
    files = bert_files(folder) if folder else None
    missing = _missing(order[0], model, files)
    if files is None or missing:
        if backend != "auto":
            raise ModelUnavailable(f'{missing}: set backend = "torch" in assistant.toml')
        return _torch(model, online, given)
    if backend != "auto":
        return _embedder(backend, files, model, online, given)
    return FirstThatWorks(
        {one: functools.partial(_embedder, one, files, model, online, given) for one in order}
    )


def automatic_backends() -> list[str]:
    """Return the backends that ``auto`` tries on this machine, in that order, with a model that
    each of them runs."""
    usable = usable_backends()
    if _torch_has_gpu():
        return ["torch"]
    return [one for one in ("openvino-bf16", "openvino", "onnx", "torch") if one in usable]


def automatic_backend() -> str:
    """Return the backend that ``auto`` means on this machine, as long as it works."""
    return automatic_backends()[0]


def usable_backends() -> list[str]:
    """Return the backends whose packages are here; bfloat16 where the processor has it."""
    names = ["torch"]
    if importlib.util.find_spec("openvino") is not None:
        names += ["openvino", "openvino-bf16"] if has_bf16() else ["openvino"]
    if importlib.util.find_spec("onnx") and importlib.util.find_spec("onnxruntime"):
        names += ["onnx", "onnx-int8"]
    return names


def _missing(chosen: str, model: str, files: BertFiles | None) -> str | None:
    library = chosen.partition("-")[0]
    if files is None:
        return (
            f"{_NAMES[library]} runs BERT models with a mean or a first token as their vector from "
            f"a folder, and {model!r} is none"
        )
    if importlib.util.find_spec(_LIBRARIES[library]) is None:
        return f"the package {_LIBRARIES[library]} is missing"
    return None


def _embedder(
    backend: str, files: BertFiles, model: str, online: bool, prefixes: Prefixes | None
) -> LoadableEmbedder:
    library, _, precision = backend.partition("-")
    if library == "torch":
        return _torch(model, online, prefixes)
    if library == "onnx":
        from index.onnx_embedder import OnnxEmbedder

        return OnnxEmbedder(files, model, precision=precision or "f32", prefixes=prefixes)
    from index.openvino_embedder import OpenVinoEmbedder

    return OpenVinoEmbedder(files, model, precision=precision or "f32", prefixes=prefixes)


def _torch(model: str, online: bool, prefixes: Prefixes | None) -> LoadableEmbedder:
    from index.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(model, online=online, prefixes=prefixes)


def has_bf16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Tell whether the processor multiplies bfloat16 by itself.

    Where it does not, bfloat16 is emulated and slower than single precision. Measuring that at
    each start would take longer than it saves, and the other programs that run would decide.
    """
    try:
        with cpuinfo.open(encoding="utf-8", errors="replace") as file:
            flags = next((line for line in file if line.startswith("flags")), "").split()
    except OSError:
        return False
    return not {"avx512_bf16", "amx_bf16"}.isdisjoint(flags)


def _torch_has_gpu() -> bool:
    """Tell whether there are a driver and a torch for it; importing torch would take seconds."""
    torch = importlib.util.find_spec("torch")
    if torch is None or torch.origin is None or not Path("/proc/driver/nvidia/version").exists():
        return False
    return any((Path(torch.origin).parent / "lib").glob("*torch_cuda*"))
