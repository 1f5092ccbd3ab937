"""How an open home answers a question: what it searches with, and what writes the answer."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace

from assistant import ask
from assistant.answers import Answer, Answered, Event, Turn
from assistant.llm_library import load_library
from assistant.llm_settings import LlmSettings, chosen_llm
from assistant.llm_writer import ModelTurn
from assistant.searching import Searching
from assistant.settings import Settings
from assistant.vector_server import WITHOUT
from corpus.errors import LlmFailed
from index.index import Index
from index.passages import Filters
from index.recipe import Ingredients, digits

ALONE = (
    "The database that this host shares with others cannot be reached now: answers come from a "
    "copy, which may lack what has changed since. 'assistant doctor' says why."
)
"""What readers hear, who may not know its address."""


class Asking:
    """Answers questions from an index as the settings say."""

    def __init__(self, index: Index, settings: Settings, searching: Searching) -> None:
        self._index, self._settings, self._searching = index, settings, searching

    def model(self, name: str | None) -> LlmSettings | None:
        """Return the LLM of a name, or that of the settings; None where answers only quote.

        Raises BadSettings where nothing has that name.
        """
        return chosen_llm(self._settings.llm if name is None else name, self._settings.llms)

    def load(self) -> None:
        """Import what an LLM needs now; the question that needs it says what is missing."""
        model = self.model(None)
        if model is not None:
            with contextlib.suppress(LlmFailed):
                load_library(model)

    def stream(
        self,
        question: str,
        history: Sequence[Turn],
        filters: Filters,
        model: LlmSettings | None,
        quotes: int | None = None,
        searched: str = "",
    ) -> Generator[Event, None, None]:
        """Answer a question as events; see ``ask.stream``."""
        with self._index.view() as index:
            turn = ModelTurn(model, index.embedder.embed) if model else None
            events = ask.stream(
                index,
                question,
                history=history,
                filters=filters,
                passages=self._settings.passages,
                max_quotes=quotes or self._settings.max_quotes,
                finder=self._searching.finder,
                searched=searched,
                completer=turn.complete if turn else None,
                writer=turn.write if turn else None,
                is_filling=self._index.under_way is not None,
            )
            with closing(events):
                for event in events:
                    missing = (
                        WITHOUT if index.vectors.trouble else "",
                        ALONE if self._index.sharing.is_away else "",
                    )
                    yield _named(event, index.made_with, missing)


def _named(event: Event, made_with: Ingredients, missing: Sequence[str]) -> Event:
    """Return an event; the answer says what the index that answered was made with, and which
    servers it had to do without (``missing``)."""
    if not isinstance(event, Answered):
        return event
    note = " ".join(filter(None, (event.answer.note, *missing)))
    named = replace(event.answer, recipe=digits(made_with), made_with=dict(made_with), note=note)
    return Answered(named)


def last(events: Generator[Event, None, None], listener: Callable[[Event], None]) -> Answer:
    """Return the answer at the end of a stream; the stream is closed where ``listener`` raises."""
    with closing(events):
        for event in events:
            listener(event)
            if isinstance(event, Answered):
                return event.answer
    raise AssertionError("a stream of events ended without an answer")
