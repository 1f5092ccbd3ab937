"""What was made of the passages found: quotes, an LLM's text, or why there is neither."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.answers import Answer, AnswerSentence, Disagreement, InShort, Said, Short
from assistant.generate import Written
from assistant.quoting import Quoted

EXTRACTIVE = "extractive"
"""The name of the answerer that only quotes."""


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer that knows nothing of its question or of the search."""

    said: tuple[Said, ...]
    abstained: bool
    confidence: float
    sentences: tuple[AnswerSentence, ...] = ()
    model: str = EXTRACTIVE
    note: str = ""
    dropped_markers: int = 0
    short: Short | None = None
    disagreement: Disagreement | None = None

    @classmethod
    def quotes(cls, quoted: Quoted, sure: float) -> Composed:
        """Compose quotes, which may have come to nothing."""
        if not quoted.said:
            return cls.declined("The passages found could not be quoted.", 0.0)
        return cls(quoted.said, False, sure, short=quoted.short, disagreement=quoted.disagreement)

    @classmethod
    def declined(cls, why: str, sure: float) -> Composed:
        """Compose what is said in an answer's place."""
        return cls((Said(why),), True, sure)

    def rewritten(self, written: Written) -> Composed:
        """Return what an LLM wrote in its place; where it failed, the same with a note of that."""
        if written.failed:
            return replace(self, note=written.note)
        return Composed(
            written.said,
            written.declined,
            self.confidence,
            written.sentences,
            written.model,
            written.note,
            written.dropped_markers,
        )

    def still_to_say(self) -> Iterator[InShort | Said]:
        """Give the pieces of an answer that quotes; an LLM's were given as it wrote them."""
        if self.model != EXTRACTIVE:
            return
        if self.short or self.disagreement:
            yield InShort(self.short, self.disagreement)
        yield from self.said

    def answer(self, question: str, searched: str) -> Answer:
        """Return the answer to a question, without what the search has to say of itself."""
        return Answer(
            question=question,
            searched=searched,
            text="".join(_with_marker(piece) for piece in self.said),
            citations=tuple(piece.citation for piece in self.said if piece.citation),
            sentences=self.sentences or tuple(_sentence(piece) for piece in self.said),
            abstained=self.abstained,
            confidence=self.confidence,
            hits=(),
            nearest=(),
            model=self.model,
            note=self.note,
            dropped_markers=self.dropped_markers,
            short=self.short,
            disagreement=self.disagreement,
        )


def _with_marker(piece: Said) -> str:
    return f"{piece.text} [{piece.citation.marker}]" if piece.citation else piece.text


def _sentence(piece: Said) -> AnswerSentence:
    """Return the piece as a sentence; a quote supports itself, since it is the sentence."""
    markers = (piece.citation.marker,) if piece.citation else ()
    return AnswerSentence(piece.text.strip(), markers, supported=piece.citation is not None)
