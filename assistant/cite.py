"""The quote gate: the one door through which a citation reaches an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.answers import Citation
from corpus.documents import Document, text_sha256
from index.passages import Hit


def cite(marker: int, document: Document, start: int, end: int) -> Citation:
    """Return a citation of ``document.text[start:end]``."""
    return Citation(
        marker=marker,
        document_id=document.id,
        sha256=document.sha256,
        start=start,
        end=end,
        quote=document.text[start:end],
        title=document.title,
        source=document.source,
        date=document.date,
        url=document.url,
        author=document.author,
        page=document.page_at(start),
    )


def stands(citation: Citation, document: Document | None) -> bool:
    """Tell whether a citation is right: this very text of this document has the quote there."""
    return (
        document is not None
        and document.id == citation.document_id
        and document.sha256 == citation.sha256 == text_sha256(document.text)
        and bool(citation.quote.strip())
        and 0 <= citation.start < citation.end <= len(document.text)
        and document.text[citation.start : citation.end] == citation.quote
        and _context_stands(citation, document)
    )


def _context_stands(citation: Citation, document: Document) -> bool:
    context = citation.context
    if context is None:
        return True
    inside = 0 <= context.start < context.end <= citation.start
    return inside and document.text[context.start : context.end] == context.quote


def still_stands(hit: Hit, document: Document | None) -> bool:
    """Tell whether a passage that a search found is what its document says there now."""
    if document is None or document.id != hit.passage.document_id:
        return False
    return document.text[hit.passage.start : hit.passage.end] == hit.text


def gate(
    citations: Sequence[Citation], documents: Mapping[str, Document]
) -> tuple[tuple[Citation, ...], tuple[Citation, ...]]:
    """Split citations into those that stand and those that must not be shown.

    ``documents`` holds the current documents by id.
    """
    good = tuple(one for one in citations if stands(one, documents.get(one.document_id)))
    bad = tuple(one for one in citations if one not in good)
    return good, bad
