"""A language model as the writer of an answer."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence

from assistant.answers import Event
from assistant.generate import Embed, Written, write
from assistant.llm_settings import LlmSettings
from assistant.models import LlamaIndexModel
from corpus.documents import Document
from index.passages import Hit

Writer = Callable[[str, Sequence[Hit], Mapping[str, Document]], Generator[Event, None, Written]]
"""Takes a question, the passages found for it and their documents by id; see ``generate.write``."""


def writer_of(settings: LlmSettings, embed: Embed) -> Writer:
    """Return a language model as a writer; ``embed`` gives the vectors that compare sentences."""
    model = LlamaIndexModel(settings)
    return lambda question, hits, documents: write(model, question, hits, documents, embed)
