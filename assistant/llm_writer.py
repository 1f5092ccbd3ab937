"""A language model as the writer of an answer, and of the question that is searched for."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace

from assistant.answers import Event, Turn
from assistant.completing import Completed
from assistant.followup_llm import rewrite
from assistant.generate import Written, failure_note, write
from assistant.generate_checked import Embed
from assistant.llm_settings import LlmSettings
from assistant.models import LlamaIndexModel
from corpus.documents import Document
from corpus.errors import LlmFailed
from index.passages import Hit

Writer = Callable[[str, Sequence[Hit], Mapping[str, Document]], Generator[Event, None, Written]]
"""Takes a question, the passages found for it and their documents by id; see ``generate.write``."""
_QUESTION_TOKENS = 120


class ModelTurn:
    """A language model at work on one question; all that it does stays within its time limit."""

    def __init__(self, settings: LlmSettings, embed: Embed) -> None:
        """``embed`` gives the vectors that compare sentences."""
        self._settings, self._embed = settings, embed
        self._used = 0.0

    def complete(self, question: str, history: Sequence[Turn]) -> Generator[Event, None, Completed]:
        """Complete a follow-up; see ``completing.Completer``."""
        tokens = min(self._settings.answer_tokens, _QUESTION_TOKENS)
        began = time.monotonic()
        try:
            model = LlamaIndexModel(replace(self._settings, answer_tokens=tokens))
            return Completed((yield from rewrite(model, question, history)))
        except LlmFailed as failed:
            return Completed("", failure_note(self._settings.name, failed))
        finally:
            self._used = time.monotonic() - began

    def write(
        self, question: str, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> Generator[Event, None, Written]:
        """Write the answer, in the time that is left; see ``generate.write``."""
        left = max(1, round(self._settings.seconds - self._used))
        first = min(left, self._settings.first_token_seconds)
        settings = replace(self._settings, seconds=left, first_token_seconds=first)
        return write(LlamaIndexModel(settings), question, hits, documents, self._embed)
