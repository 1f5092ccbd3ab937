"""An answer as the JSON contract's object, with what the asker wanted to be added to it."""

from __future__ import annotations

from assistant import contract
from assistant.answers import Answer
from assistant.archive import Archive
from assistant.contract import AskJson
from index.passages import Filters


def told(
    archive: Archive,
    answer: Answer,
    filters: Filters,
    *,
    explain: bool = False,
    why_not: str | None = None,
    places: bool = False,
) -> AskJson:
    """Return an answer as the contract's object.

    ``explain`` says why its passages were found, ``why_not`` why a document was not, and
    ``places`` where each quote of a PDF stands on its pages.
    """
    explanation = None
    if explain or why_not is not None:
        explanation = archive.searching.explain(
            answer.searched, k=archive.settings.passages, filters=filters, why_not=why_not
        )
    found = contract.ask_json(answer, explain=explain, explanation=explanation)
    if places:
        from assistant.quoted_places import add_places

        add_places(archive, found)
    return found
