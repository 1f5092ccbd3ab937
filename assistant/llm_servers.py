"""LlamaIndex's classes for servers of language models, over a connection that is ours."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from assistant.llm_library import check_installed
from assistant.llm_line import Line
from assistant.llm_reasons import no_such_server
from assistant.llm_settings import LlmSettings
from assistant.prompts import Prompt
from corpus.errors import LlmFailed

_CONNECT_SECONDS = 10.0
_ENDS = ("length", "max_tokens")
"""What servers call it that an answer ended because it was as long as it may be."""


def pieces(settings: LlmSettings, prompt: Prompt, line: Line) -> Iterator[str]:
    """Yield the pieces of an answer; an empty one says that the model thinks, and writes nothing.

    Raises LlmFailed, and the client's own errors, whose text may hold the key.
    """
    check_installed(settings)
    from llama_index.core.llms import ChatMessage

    messages = [
        ChatMessage(role="system", content=prompt.system),
        ChatMessage(role="user", content=prompt.user),
    ]
    make = _anthropic if settings.kind == "anthropic" else _openai_like
    began, end = False, ""
    with make(settings, line, _key(settings)) as model:
        for chunk in model.stream_chat(messages):
            began, end = True, end or _end(chunk)
            if chunk.delta or _thinks(chunk):
                yield str(chunk.delta or "")
    if not began:
        raise LlmFailed(no_such_server(settings))
    if not end and settings.kind != "anthropic":
        raise LlmFailed("its answer broke off")
    line.ran_out = end in _ENDS


def _thinks(chunk: Any) -> bool:
    """Tell whether a piece is a thought; the two classes say so in two places."""
    places = (chunk.additional_kwargs, chunk.message.additional_kwargs)
    return any(place.get("thinking_delta") for place in places)


def _end(chunk: Any) -> str:
    """Return why a piece is the last one, as far as its server says so."""
    choices = getattr(chunk.raw, "choices", None) or ()
    reasons = [choice.finish_reason for choice in choices]
    reasons.append(chunk.message.additional_kwargs.get("stop_reason"))
    return next((str(reason) for reason in reasons if reason), "")


def _key(settings: LlmSettings) -> str:
    if not settings.key_variable:
        return "none"
    key = os.environ.get(settings.key_variable, "").strip()
    if not key:
        raise LlmFailed(f"its key is missing: set {settings.key_variable} in the environment")
    return key


@contextlib.contextmanager
def _openai_like(settings: LlmSettings, line: Line, key: str) -> Iterator[Any]:
    import httpx
    from llama_index.llms.openai_like import OpenAILike

    timeout = httpx.Timeout(settings.seconds, connect=min(_CONNECT_SECONDS, settings.seconds))
    with httpx.Client(timeout=timeout, event_hooks={"request": [line.follow]}) as client:
        make: Any = OpenAILike  # its types leave out what it hands on to its parent
        yield make(
            model=settings.model,
            api_base=settings.url,
            api_key=key,
            is_chat_model=True,
            context_window=settings.context_tokens,
            max_tokens=settings.answer_tokens,
            temperature=0.0,
            max_retries=0,
            timeout=float(settings.seconds),
            http_client=client,
        )


@contextlib.contextmanager
def _anthropic(settings: LlmSettings, line: Line, key: str) -> Iterator[Any]:
    from llama_index.core.llms import LLMMetadata
    from llama_index.llms.anthropic import Anthropic

    class Named(Anthropic):
        """It refuses the models that it does not know, and so each that is newer than it is."""

        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(
                context_window=settings.context_tokens,
                num_output=settings.answer_tokens,
                is_chat_model=True,
                model_name=settings.model,
            )

    make: Any = Named  # the type checker does not see what it hands on either
    model = make(
        model=settings.model,
        api_key=key,
        base_url=settings.url.rstrip("/").removesuffix("/v1") or "https://api.anthropic.com",
        max_tokens=settings.answer_tokens,
        temperature=0.0,
        max_retries=0,
        timeout=float(settings.seconds),
    )
    # It takes no client of ours, so its own one is told to report its connections.
    client: Any = model._client
    client._client.event_hooks = {"request": [line.follow]}
    try:
        yield model
    finally:
        client.close()
