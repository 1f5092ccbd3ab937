"""Quote exactness: is every citation word for word what its document says at that place?

1 when each citation's quote is ``text[start:end]`` of the document's text and its SHA-256 is that
text's; 0 as soon as one is not, or its document is gone. It applies to answers that cite anything.
The measure is this project's own: it is the promise that each quote can be trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.contract_answer import CitationJson
from corpus.documents import text_sha256


def quote_exact(citations: Iterable[CitationJson], texts: Mapping[str, str]) -> float:
    """Return 1.0 when all citations are exact; ``texts`` maps document ids to their texts."""
    return float(all(_is_exact(one, texts.get(one["document_id"])) for one in citations))


def _is_exact(citation: CitationJson, text: str | None) -> bool:
    if text is None or not 0 <= citation["start"] < citation["end"] <= len(text):
        return False
    span = text[citation["start"] : citation["end"]]
    return span == citation["quote"] and citation["sha256"] == text_sha256(text)
