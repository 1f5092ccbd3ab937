"""The calls that evaluations make besides questions, answered here or by the home's owner."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Protocol, TypedDict

from assistant import contract_corpus
from assistant.archive import Archive
from assistant.contract_corpus import RemovedJson
from assistant.program import program_digest
from assistant.settings_in_use import settings_json
from assistant.support import Candidate, support
from assistant.wire import Json
from index.recipe import digits

EVALS_CALLS = frozenset("answering removed_from supports".split())


class AnsweringJson(TypedDict):
    """What decides an answer besides the documents.

    ``program`` is empty where the process that answers cannot tell: its files changed since it
    started.
    """

    recipe: str
    program: str
    settings: dict[str, Json]


class CitedJson(TypedDict):
    """A quote that a claim cites; ``passage`` is one for all quotes of a passage, whose text, with
    the document's title and date, is its ``context``."""

    text: str
    context: str
    passage: str


class ClaimJson(TypedDict):
    """A sentence of an answer, and the quotes that should support it."""

    claim: str
    quotes: builtins.list[CitedJson]


class EvalsCalls(Protocol):
    """What evaluations may ask of a home."""

    def answering(self) -> AnsweringJson: ...  # noqa: D102

    def removed_from(self, document_id: str) -> builtins.list[RemovedJson]: ...  # noqa: D102

    def supports(self, claims: Sequence[ClaimJson]) -> builtins.list[bool]: ...  # noqa: D102


class LocalEvals:
    """Answers from an archive that is open in this process."""

    _archive: Archive

    def answering(self) -> AnsweringJson:
        """Say what would answer a question now."""
        with self._archive.index.view() as index:
            recipe = digits(index.made_with)
        return {
            "recipe": recipe,
            "program": program_digest(),
            "settings": settings_json(self._archive.settings),
        }

    def removed_from(self, document_id: str) -> builtins.list[RemovedJson]:
        """Return what reading and cleaning took out of a document."""
        parts = self._archive.removed_parts(document_id)
        return [contract_corpus.removed_json(one) for one in parts]

    def supports(self, claims: Sequence[ClaimJson]) -> builtins.list[bool]:
        """Say of each claim whether its quotes, one or two of them, support it."""
        with self._archive.index.view() as index:
            return [_supported(one, index.embedder.embed) for one in claims]


class RemoteEvals:
    """Asks the process that owns the home."""

    _call: Callable[..., Json]

    def answering(self) -> AnsweringJson:
        """Say what would answer a question now."""
        found: AnsweringJson = self._call("answering")
        return found

    def removed_from(self, document_id: str) -> builtins.list[RemovedJson]:
        """Return what reading and cleaning took out of a document."""
        found: builtins.list[RemovedJson] = self._call("removed_from", document_id=document_id)
        return found

    def supports(self, claims: Sequence[ClaimJson]) -> builtins.list[bool]:
        """Say of each claim whether its quotes support it."""
        found: builtins.list[bool] = self._call("supports", claims=builtins.list(claims))
        return found


def _supported(claim: ClaimJson, embed: Callable[[Sequence[str]], Json]) -> bool:
    quotes = claim["quotes"]
    if not quotes:
        return False
    vectors = embed([claim["claim"], *(one["text"] for one in quotes)])
    passages = list(dict.fromkeys(one["passage"] for one in quotes))
    candidates = [
        Candidate(one["text"], float(near), passages.index(one["passage"]), place, one["context"])
        for place, (one, near) in enumerate(zip(quotes, vectors[1:] @ vectors[0], strict=True))
    ]
    return support(claim["claim"], candidates).supported
