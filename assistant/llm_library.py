"""The packages that speak to language models: whether they are there, and their import."""

from __future__ import annotations

import importlib
import importlib.util

from assistant.llm_settings import LlmSettings
from corpus.errors import LlmFailed
from corpus.extras import installing


def check_installed(settings: LlmSettings) -> None:
    """Raise LlmFailed where the package for a kind of model is not installed."""
    package = "anthropic" if settings.kind == "anthropic" else "openai_like"
    try:
        there = importlib.util.find_spec(f"llama_index.llms.{package}") is not None
    except ModuleNotFoundError:
        there = False
    if not there:
        how = "docs/llm.md says how"
        if package == "openai_like":
            how = f"{installing('llm')} does"
        raise LlmFailed(f"its package is not installed: {how}")


def load_library(settings: LlmSettings) -> None:
    """Import what a kind of model needs, some seconds' work. Raises LlmFailed as above."""
    check_installed(settings)
    package = "anthropic" if settings.kind == "anthropic" else "openai_like"
    importlib.import_module(f"llama_index.llms.{package}")
