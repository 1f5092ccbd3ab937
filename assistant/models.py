"""Language models that write an answer piece by piece, within a time, and can be stopped.

Closing a generator of LlamaIndex's leaves the server at work. So the connection is ours: its socket
is shut down when the reader stops, leaves, or has waited long enough, which every server notices.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Generator, Iterator
from typing import Protocol

from assistant.llm_library import load_library
from assistant.llm_line import Line
from assistant.llm_reasons import reason
from assistant.llm_servers import pieces as pieces_of
from assistant.llm_settings import LlmSettings
from assistant.prompts import Prompt
from corpus.errors import LlmFailed

BEAT_SECONDS = 0.25
"""How often a waiting reader hears that nothing came yet, and so can stop."""
_MOST_BYTES_A_TOKEN = 24
"""A model that was given a length and writes far more than that does not stop by itself."""
_log = logging.getLogger(__name__)


class ChatModel(Protocol):
    """A language model that writes an answer piece by piece."""

    @property
    def settings(self) -> LlmSettings: ...  # noqa: D102

    def write(self, prompt: Prompt) -> Generator[str, None, bool | None]:
        """Yield the pieces of an answer; an empty one says that nothing came yet.

        Returns True where the answer ended because it was as long as it may be. Closing the
        generator stops the server's work. Raises LlmFailed, whose message has no key.
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

    def write(self, prompt: Prompt) -> Generator[str, None, bool]:
        """Yield the pieces of an answer; see ``ChatModel``."""
        line, pieces = Line(), queue.SimpleQueue[str | LlmFailed | None]()
        work = threading.Thread(target=self._work, args=(line, prompt, pieces), daemon=True)
        work.start()
        try:
            yield from self._received(pieces)
            return line.ran_out
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
            begun, most = True, most - len(piece)  # a model that thinks has begun as well
            if most < 0:
                raise LlmFailed("it did not stop writing")
            yield piece

    def _work(
        self, line: Line, prompt: Prompt, pieces: queue.SimpleQueue[str | LlmFailed | None]
    ) -> None:
        try:
            load_library(self._settings)
            pieces.put("")
            for piece in pieces_of(self._settings, prompt, line):
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
