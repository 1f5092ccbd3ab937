"""An LLM's answer as far as it has come, each sentence of it compared with the documents."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.about import Aim
from assistant.answers import UNSUPPORTED, AnswerSentence, Citation, Event, Said
from assistant.cite import cite, gate
from assistant.doubts import BESIDE, DOUBTS, UNFOUND
from assistant.generate_text import Piece, is_refusal, sounds_like_refusal
from assistant.support import Candidate, support
from corpus.documents import Document
from corpus.errors import LlmFailed
from corpus.language import guess_language
from index.embed import Vectors
from index.passages import Hit

Embed = Callable[[Sequence[str]], Vectors]
Span = tuple[str, int, int]
"""A document's id, and where a sentence begins and ends in it."""


@dataclass(slots=True)
class Checked:
    """An answer as far as it has come."""

    documents: Mapping[str, Document]
    embed: Embed
    aim: Aim
    hits: tuple[Hit, ...] = ()
    said: list[Said] = field(default_factory=list)
    sentences: list[AnswerSentence] = field(default_factory=list)
    held: list[Piece] = field(default_factory=list)
    dropped: int = 0
    refused: bool = False
    ran_out: bool = False
    text: str = ""
    _citations: dict[tuple[str, int, int], Citation] = field(default_factory=dict)
    _vectors: dict[int, Vectors] = field(default_factory=dict)
    _asked: Vectors | None = None

    def told(self, pieces: Sequence[Piece]) -> Generator[Event, None, None]:
        """Take in whole sentences, and give what may be shown of them."""
        for piece in pieces:
            if self.refused or (not self.text and is_refusal(piece.text)):
                self.refused = True
                return
            self.text += f"{piece.text} "
            self.dropped += sum(not 1 <= n <= len(self.hits) for n in piece.markers)
            citations, doubt = self._supporting(piece)
            if not citations and not self.said:
                if sounds_like_refusal(piece.text):
                    self.refused = True
                    return
                # It may be a greeting, an instruction taken from a document, or another language.
                self.held.append(piece)
                continue
            for before in self.held:
                yield from self._shown(before, (), UNFOUND)
            self.held.clear()
            yield from self._shown(piece, citations, doubt)

    def check(self, question: str, tokens: int) -> None:
        """Raise LlmFailed where the answer as a whole is none; it was given so many tokens."""
        if not self.text.strip():
            if self.ran_out:
                raise LlmFailed(
                    f"its {tokens} tokens were used up before it answered: raise answer_tokens"
                )
            raise LlmFailed("it returned nothing")
        ours, asked = guess_language(self.text), guess_language(question)
        if ours and asked and ours != asked:
            raise LlmFailed("it answered in another language than that of the question")
        if not self.said:
            raise LlmFailed("nothing that it wrote stands in the documents")

    def remark(self) -> str:
        """Say what a reader should know about the answer; empty where all is well."""
        missing = sum(not one.supported for one in self.sentences)
        said = []
        if missing == 1:
            said = [f"One sentence, marked {UNSUPPORTED}, is not supported by the documents."]
        elif missing:
            said = [
                f"{missing} sentences, marked {UNSUPPORTED}, are not supported by the documents."
            ]
        if self.ran_out:
            said.append("The answer was cut off where its tokens were used up (answer_tokens).")
        return " ".join(said)

    def _shown(
        self, piece: Piece, citations: tuple[Citation, ...], doubt: str
    ) -> Generator[Said, None, None]:
        gap = "" if not self.said else ("\n\n" if piece.opens_line else " ")
        text = gap + piece.text + ("" if citations else f" {UNSUPPORTED}")
        first, *others = citations or (None,)
        new = [Said(text, first, doubt), *(Said("", other) for other in others)]
        self.said += new
        markers = tuple(citation.marker for citation in citations)
        self.sentences.append(AnswerSentence(piece.text, markers, supported=bool(citations)))
        yield from new

    def _supporting(self, piece: Piece) -> tuple[tuple[Citation, ...], str]:
        """Return citations of the sentences that support a piece, from all passages, or why none.

        The passages that it cites come first where two say the same. All are looked at together,
        so that a sentence which tells the thing otherwise outweighs one that is less near.
        """
        named = [n - 1 for n in dict.fromkeys(piece.markers) if 1 <= n <= len(self.hits)]
        rest = [n for n in range(len(self.hits)) if n not in named]
        spans, candidates = self._candidates([*named, *rest], self.embed([piece.claim])[0])
        found = support(piece.claim, candidates)
        chosen = [(spans[one], candidates[one]) for one in found.chosen]
        if chosen and not self._is_to_the_point(chosen):
            return (), BESIDE
        citations = [self._citation(*spans[place]) for place in found.chosen]
        if citations and all(citations):
            return tuple(one for one in citations if one), ""
        return (), DOUBTS.get(found.reason, UNFOUND)

    def _is_to_the_point(self, chosen: Sequence[tuple[Span, Candidate]]) -> bool:
        """Tell whether sentences may support the answer, and remember it of those that do."""
        if self._asked is None:
            self._asked = self.embed([self.aim.question])[0]
        near = self.embed([one.text for _, one in chosen]) @ self._asked
        told = [
            (span[0], one.text, float(close), one.context)
            for (span, one), close in zip(chosen, near, strict=True)
        ]
        if not all(self.aim.admits(*one) for one in told):
            return False
        for one in told:
            self.aim.found(*one)
        return True

    def _candidates(
        self, places: Sequence[int], claim: Vectors
    ) -> tuple[list[Span], list[Candidate]]:
        spans: list[Span] = []
        candidates: list[Candidate] = []
        for place in places:
            hit = self.hits[place]
            document = self.documents[hit.passage.document_id]
            texts = [document.text[one.start : one.end] for one in hit.passage.sentences]
            if place not in self._vectors:
                self._vectors[place] = self.embed(texts)
            context = f"{document.title}. {document.date or ''}. {hit.text}"
            for n, near in enumerate(self._vectors[place] @ claim):
                one = hit.passage.sentences[n]
                spans.append((document.id, one.start, one.end))
                candidates.append(Candidate(texts[n], float(near), place, n, context))
        return spans, candidates

    def _citation(self, document_id: str, start: int, end: int) -> Citation | None:
        known = self._citations.get((document_id, start, end))
        if known is not None:
            return known
        made = cite(len(self._citations) + 1, self.documents[document_id], start, end)
        good, _ = gate([made], self.documents)
        if not good:
            return None
        return self._citations.setdefault((document_id, start, end), made)
