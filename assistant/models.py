"""The adapter to language models: LlamaIndex's classes, over a connection that can be cut.

Closing a generator of LlamaIndex's leaves the server at work. So the connection is ours: its socket
is shut down when the reader stops, leaves, or has waited long enough, which every server notices.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import socket
import threading
import time
from collections.abc import Generator, Iterator
from typing import Any, Protocol

from assistant.llm_library import check_installed, load_library
from assistant.llm_reasons import reason
from assistant.llm_settings import LlmSettings
from assistant.prompts import Prompt
from corpus.errors import LlmFailed

BEAT_SECONDS = 0.25
"""How often a waiting reader hears that nothing came yet, and so can stop."""
_CONNECT_SECONDS = 10.0
_MOST_BYTES_A_TOKEN = 24
"""A model that was given a length and writes far more than that does not stop by itself."""
_log = logging.getLogger(__name__)


class ChatModel(Protocol):
    """A language model that writes an answer piece by piece."""

    @property
    def settings(self) -> LlmSettings: ...  # noqa: D102

    def write(self, prompt: Prompt) -> Generator[str, None, None]:
        """Yield the pieces of an answer; an empty one says that nothing came yet.

        Closing the generator stops the server's work. Raises LlmFailed, whose message has no key.
        """
        ...


class LlamaIndexModel:
    """A model behind an OpenAI-compatible server, or Anthropic's."""

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings

    @property
    def settings(self) -> LlmSettings:
        """Which model it is."""
        return self._settings

    def write(self, prompt: Prompt) -> Generator[str, None, None]:
        """Yield the pieces of an answer; see ``ChatModel``."""
        line, pieces = _Line(), queue.SimpleQueue[str | LlmFailed | None]()
        work = threading.Thread(target=self._work, args=(line, prompt, pieces), daemon=True)
        work.start()
        try:
            yield from self._received(pieces)
        finally:
            line.cut()
            work.join(BEAT_SECONDS)

    def _received(self, pieces: queue.SimpleQueue[str | LlmFailed | None]) -> Iterator[str]:
        # Until it is asked: importing what speaks to it takes seconds, which are not the model's.
        while (piece := _next(pieces, BEAT_SECONDS)) != "":
            if isinstance(piece, LlmFailed):
                raise piece
            yield ""
        now, most = time.monotonic(), self._settings.answer_tokens * _MOST_BYTES_A_TOKEN
        deadline, limit = now + self._settings.seconds, now + self._settings.first_token_seconds
        begun = False
        while True:
            left = (deadline if begun else min(deadline, limit)) - time.monotonic()
            if left <= 0:
                did, seconds = ("finish", self._settings.seconds) if begun else (
                    "begin", min(self._settings.first_token_seconds, self._settings.seconds)
                )  # fmt: skip
                raise LlmFailed(f"it did not {did} within {seconds} seconds")
            try:
                piece = pieces.get(timeout=min(BEAT_SECONDS, left))
            except queue.Empty:
                yield ""
                continue
            if piece is None:
                return
            if isinstance(piece, LlmFailed):
                raise piece
            begun, most = begun or bool(piece), most - len(piece)
            if most < 0:
                raise LlmFailed("it did not stop writing")
            yield piece

    def _work(
        self, line: _Line, prompt: Prompt, pieces: queue.SimpleQueue[str | LlmFailed | None]
    ) -> None:
        try:
            load_library(self._settings)
            pieces.put("")
            for piece in _pieces(self._settings, prompt, line):
                if line.is_cut:
                    return
                pieces.put(piece)
        except LlmFailed as failed:
            pieces.put(failed)
        except Exception as error:
            if not line.is_cut:
                # The error's own text may repeat the request; its kind tells enough.
                _log.warning("%s: %s", self._settings.name, type(error).__name__)
                pieces.put(LlmFailed(reason(self._settings, error)))
        else:
            pieces.put(None)


def _next(
    pieces: queue.SimpleQueue[str | LlmFailed | None], seconds: float
) -> str | LlmFailed | None:
    """Return what comes next; None where nothing came in time."""
    try:
        return pieces.get(timeout=seconds)
    except queue.Empty:
        return None


class _Line:
    """The sockets of one request, which any thread may shut down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: list[Any] = []
        self.is_cut = False

    def follow(self, request: Any) -> None:
        """Take note of the connection that a request is about to open."""
        request.extensions["trace"] = self._trace

    def cut(self) -> None:
        """End the request now; whatever reads from it fails at once."""
        with self._lock:
            self.is_cut = True
            for stream in self._streams:
                _shut(stream)

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._streams.append(info["return_value"])
                if self.is_cut:
                    _shut(info["return_value"])


def _shut(stream: Any) -> None:
    with contextlib.suppress(Exception):
        stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


def _pieces(settings: LlmSettings, prompt: Prompt, line: _Line) -> Iterator[str]:
    check_installed(settings)
    from llama_index.core.llms import ChatMessage

    messages = [
        ChatMessage(role="system", content=prompt.system),
        ChatMessage(role="user", content=prompt.user),
    ]
    make = _anthropic if settings.kind == "anthropic" else _openai_like
    ended = settings.kind == "anthropic"
    with make(settings, line, _key(settings)) as model:
        for chunk in model.stream_chat(messages):
            ended = ended or _says_end(chunk)
            if chunk.delta:
                yield str(chunk.delta)
    if not ended:
        raise LlmFailed("its answer broke off")


def _says_end(chunk: Any) -> bool:
    """Tell whether an OpenAI-compatible server says that this piece is the last one."""
    choices = getattr(chunk.raw, "choices", None) or ()
    return any(choice.finish_reason is not None for choice in choices)


def _key(settings: LlmSettings) -> str:
    if not settings.key_variable:
        return "none"
    key = os.environ.get(settings.key_variable, "").strip()
    if not key:
        raise LlmFailed(f"its key is missing: set {settings.key_variable} in the environment")
    return key


@contextlib.contextmanager
def _openai_like(settings: LlmSettings, line: _Line, key: str) -> Iterator[Any]:
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
def _anthropic(settings: LlmSettings, line: _Line, key: str) -> Iterator[Any]:
    from llama_index.llms.anthropic import Anthropic

    model = Anthropic(
        model=settings.model,
        api_key=key,
        base_url=settings.url or "https://api.anthropic.com",
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
