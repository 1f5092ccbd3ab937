"""A cross-encoder that reads a question and a passage together: the only file that knows its class.

It is slower than a search by two orders of magnitude, so that it reads the first passages of one
only, and it is off unless the settings name one.
"""

from __future__ import annotations

import functools
import logging
import math
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.errors import ModelUnavailable
from index.model_files import foreign_class

OFF = "none"
"""What the setting says where no reranker is wanted."""
_WEIGHTS = "*.safetensors"
"""Other weights can run code when they are loaded."""
_TURN = 8
"""Pairs that are read before another thread may use the model."""

_log = logging.getLogger(__name__)


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder with one score, loaded on first use.

    ``online`` allows a model's name to be looked up on its hub; without it only what lies on this
    machine is loaded.
    """

    def __init__(self, model: str, *, online: bool = False) -> None:
        """Look whether the model is there. Raises ModelUnavailable."""
        self._name = model
        self._online = online
        self._turn = threading.Lock()
        if not online:
            _check(model)

    @property
    def loaded(self) -> bool:
        """Tell whether the first use, with its wait, is over."""
        return "_model" in self.__dict__

    def load(self) -> None:
        """Load the model now. Raises ModelUnavailable."""
        with self._turn:
            _ = self._model

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return how well each passage answers, in 0..1: the sigmoid of the model's output.

        Raises ModelUnavailable where the model cannot be loaded or gives no number.
        """
        pairs = [(question, passage) for passage in passages]
        found: list[float] = []
        for first in range(0, len(pairs), _TURN):
            with self._turn:
                outputs = self._model.predict(
                    pairs[first : first + _TURN],
                    batch_size=_TURN,
                    activation_fn=_identity(),
                    show_progress_bar=False,
                )
            found += [float(output) for output in outputs]
        if not all(math.isfinite(output) for output in found):
            raise _unusable(self._name, "its scores are no numbers")
        return [_sigmoid(output) for output in found]

    @functools.cached_property
    def _model(self) -> Any:
        if not self._online:
            os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
        folder = _folder(self._name)
        try:
            from sentence_transformers import CrossEncoder
            from transformers.utils import logging as transformers_logging

            transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            model = CrossEncoder(
                str(folder or self._name),
                local_files_only=not self._online,
                model_kwargs={"use_safetensors": True},
                trust_remote_code=False,
            )
        except Exception as error:
            _log.exception("loading the reranker %s", self._name)
            raise _unusable(self._name, type(error).__name__) from error
        if model.num_labels != 1:
            raise _unusable(self._name, f"it gives {model.num_labels} scores for a pair, not one")
        return model


def _identity() -> Any:
    import torch

    return torch.nn.Identity()


def _sigmoid(output: float) -> float:
    # Of a very negative number exp(-x) overflows; both forms are the same function.
    return 1 / (1 + math.exp(-output)) if output >= 0 else math.exp(output) / (1 + math.exp(output))


def _folder(model: str) -> Path | None:
    folder = Path(model).expanduser()
    return folder if folder.is_dir() else None


def _check(model: str) -> None:
    """Raise ModelUnavailable where nothing on this machine can be the model."""
    folder = _folder(model)
    if folder is not None:
        if not (folder / "config.json").is_file():
            raise _unusable(model, "the folder has no config.json")
        if (kind := foreign_class(folder)) is not None:
            raise _unusable(model, f"its modules.json names {kind!r}, which could be any code")
        if not any(folder.glob(_WEIGHTS)):
            raise _unusable(model, "the folder has no model.safetensors")
        return
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        cached = try_to_load_from_cache(model, "config.json")
    except HFValidationError:
        cached = None
    if not isinstance(cached, str):
        raise _unusable(model, "there is no such folder, and it is not in this machine's cache")


def _unusable(model: str, why: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"the reranker {model!r} cannot be used ({why}): name a folder with a CrossEncoder of "
        f"sentence-transformers as 'reranker' in assistant.toml, or set reranker = \"{OFF}\""
    )
