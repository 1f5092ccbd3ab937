"""Evidence: where each quote of a case stands in the corpus of today.

Quotes are verbatim, so a case outlives a new way of cutting passages; a quote that no longer
stands in its document means that the document or the case changed, and somebody has to look.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from assistant.client import Client
from assistant.contract_corpus import EntryJson, ShowJson
from corpus.errors import ArchiveError
from evals.cases import Evidence
from evals.metrics import Span, overlaps
from evals.stages import Stage

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Located:
    """A quote and everywhere it stands in its document, as half-open character spans."""

    document_id: str
    spans: tuple[Span, ...]

    def touches(self, document_id: str, span: Span) -> bool:
        """Tell whether a span of a document overlaps the quote."""
        return document_id == self.document_id and any(overlaps(span, one) for one in self.spans)


@dataclass(frozen=True, slots=True)
class Unfound:
    """Why a quote has no place: its stage, and one line with the next step."""

    stage: Stage
    reason: str


class Documents:
    """The client's documents, each fetched once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._entries = client.list()
        self._shown: dict[str, ShowJson] = {}

    def locate(self, evidence: Evidence) -> Located | Unfound:
        """Find a quote in its document."""
        named = self._named(evidence.document)
        if len(named) != 1:
            return Unfound(Stage.NOT_IN_CORPUS, _unknown(evidence.document, named))
        text = self.text(named[0])
        spans = tuple(find_spans(evidence.quote, text))
        if spans:
            return Located(named[0], spans)
        if why := self._taken_out(named[0], evidence.quote):
            return Unfound(Stage.CLEANED_AWAY, _cleaned(evidence, why))
        return Unfound(Stage.STALE, _stale(evidence, text))

    def text(self, document_id: str) -> str:
        """Return the text of a document. Raises UnknownDocument where there is none."""
        if document_id not in self._shown:
            self._shown[document_id] = self._client.show(document_id)
        return self._shown[document_id]["text"]

    def named(self, document: str) -> str:
        """Return the id of the one document of this id, path or name; empty where there is none."""
        found = self._named(document)
        return found[0] if len(found) == 1 else ""

    def has(self, document_id: str) -> bool:
        """Tell whether there is such a document."""
        return any(entry["id"] == document_id for entry in self._entries)

    def _taken_out(self, document_id: str, quote: str) -> str:
        """Return why a quote was taken out of its document; empty where it was not."""
        try:
            removed = self._client.removed_from(document_id)
        except ArchiveError:  # a chat of an older release has the home open
            return ""
        wanted = _squeezed(quote)
        for part in removed:
            if wanted in _squeezed(part["text"]):
                return part["reason"]
        # It may have stood in several lines that went, or partly in what is left.
        left = _squeezed(self.text(document_id))
        lost = [one for one in map(_squeezed, _SENTENCE.findall(quote)) if one not in left]
        takers = [
            [part["reason"] for part in removed if one in _squeezed(part["text"])] for one in lost
        ]
        return takers[0][0] if takers and all(takers) else ""

    def _named(self, document: str) -> list[str]:
        """Return the ids of the documents with this id, else of those with this path or name."""
        if self.has(document):
            return [document]
        return [entry["id"] for entry in self._entries if _is_named(entry, document)]


def _is_named(entry: EntryJson, name: str) -> bool:
    return name in (entry["path"], PurePosixPath(entry["path"]).name)


def find_spans(quote: str, text: str) -> list[Span]:
    """Return everywhere a quote stands in a text."""
    found = [match.start() for match in re.finditer(re.escape(quote), text)]
    return [(start, start + len(quote)) for start in found]


def _unknown(document: str, named: list[str]) -> str:
    if named:
        return f"{document} may be any of {', '.join(named)}: name one by its id"
    return f"{document} is not in the corpus: add it, or correct the case"


def _stale(evidence: Evidence, text: str) -> str:
    quote = _shortened(evidence.quote)
    return (
        f"{evidence.document} no longer says {quote!r}; the nearest text there is "
        f"{_shortened(_nearest(evidence.quote, text))!r}: correct the case or the document"
    )


def _cleaned(evidence: Evidence, why: str) -> str:
    return (
        f"{_shortened(evidence.quote)!r} was left out of {evidence.document} ({why}): put it back "
        "on the chat's Corpus tab, or correct the case"
    )


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _nearest(quote: str, text: str) -> str:
    """Return the sentence of a text that is most like a quote."""
    sentences = [match.group().strip() for match in _SENTENCE.finditer(text)]
    # difflib keeps what it knows of its second sequence, so the quote is set once, as that one.
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(quote)

    def likeness(sentence: str) -> float:
        matcher.set_seq1(sentence)
        return matcher.ratio()

    return max(sentences, key=likeness, default="")


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
