"""Where on the pages of its PDF each quote of an answer stands: the boxes that the chat draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.contract import AskJson
from assistant.contract_answer import CitationJson, PagePlaceJson
from corpus import sandbox
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from assistant.archive import Archive


def add_places(archive: Archive, answer: AskJson) -> None:
    """Give each citation that has a page its places; none where the file cannot be read now."""
    for citation in answer["citations"]:
        if citation["page"] is not None:
            citation["places"] = _places(archive, citation, citation["page"])


def _places(archive: Archive, citation: CitationJson, page: int) -> list[PagePlaceJson]:
    try:
        path = archive.home.documents / archive.entry(citation["document_id"]).path
        found = sandbox.shared().find_place(path, citation["quote"], page=page)
    except CorpusError:
        return []
    return [
        {
            "page": place.page,
            "width": place.width,
            "height": place.height,
            "boxes": [[round(side, 1) for side in box] for box in place.boxes],
        }
        for place in found
    ]
