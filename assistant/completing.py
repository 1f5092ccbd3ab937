"""What is searched for: the question as it stands, or completed from its conversation."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from assistant.answers import Event, Turn
from assistant.followup import Known, Told, may_depend, stand_alone
from corpus.errors import UnknownDocument
from index.steering import Searchable
from index.terms import terms

_DOCUMENTS = 3
"""Documents of a turn that are looked into, at most: those that its answer cites first."""
_CHARACTERS = 20_000
"""Characters of each; their stems take about a millisecond for each 5,000."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A question that stands alone. Where an LLM was asked and failed, ``note`` says why, in a
    sentence for people, and it need not be asked anything more."""

    text: str
    note: str = ""


Completer = Callable[[str, Sequence[Turn]], Generator[Event, None, Completed]]
"""Completes a question from the turns before it; the text is empty where nothing came of it."""


def complete(
    index: Searchable, question: str, history: Sequence[Turn], completer: Completer | None
) -> Generator[Event, None, Completed]:
    """Return a question that stands alone: an LLM's where there is one to ask, else made by rule.

    One that stands alone whatever was told before is no LLM's business.
    """
    by_rule = stand_alone(question, history, told_by(index))
    if completer is None or not history or not may_depend(question):
        return Completed(by_rule)
    done = yield from completer(question, history)
    return Completed(done.text or by_rule, done.note)


def told_by(index: Searchable) -> Told:
    """Return what gives the words of earlier turns: their answers', and their documents'."""

    def told(turn: Turn) -> Known:
        stems, titles = set(terms(turn.answer)), set[str]()
        for document_id in turn.documents[:_DOCUMENTS]:
            try:
                document = index.catalogue.document(document_id)
            except UnknownDocument:
                continue  # it left the corpus since
            titles.update(terms(document.title))
            stems.update(terms(document.text[:_CHARACTERS]))
        return Known(frozenset(stems | titles), frozenset(titles))

    return told
