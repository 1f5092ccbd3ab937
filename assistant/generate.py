"""An LLM's answer, sentence by sentence: each is shown once it was compared with the documents."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from assistant.answers import (
    UNSUPPORTED,
    AnswerSentence,
    Citation,
    Event,
    Said,
    Waiting,
    Withdrawn,
)
from assistant.cite import cite, gate
from assistant.generate_text import Piece, Pieces, is_refusal, sounds_like_refusal
from assistant.models import ChatModel
from assistant.prompts import make_prompt
from assistant.support import Candidate, support
from corpus.documents import Document
from corpus.errors import LlmFailed
from corpus.language import guess_language
from index.embed import Vectors
from index.passages import Hit

Embed = Callable[[Sequence[str]], Vectors]

_UNFOUND = "no sentence of the passages found says this"
_DOUBTS = {
    "number": "the nearest sentence gives another number, or none",
    "date": "the nearest sentence gives another date, or none",
    "name": "the nearest sentence does not name who is named here",
    "negation": "one of the two says that it is not so",
    "opposite": "the nearest sentence says the opposite",
    "quantity": "the nearest sentence says more, or less",
    "certainty": "the nearest sentence is less sure, or surer",
    "role": "in the nearest sentence others did it, or had it done to them",
}
"""Why a sentence is not supported, by what ``support`` objects."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of asking an LLM.

    ``model`` is its name. ``said`` was streamed already. With ``declined`` the model found no
    answer in the passages, and ``said`` tells that. Where it ``failed``, the extractive answer is
    to be given; ``note`` says why, in a sentence for people.
    """

    model: str = ""
    said: tuple[Said, ...] = ()
    sentences: tuple[AnswerSentence, ...] = ()
    declined: bool = False
    failed: bool = False
    note: str = ""
    dropped_markers: int = 0


def write(
    model: ChatModel,
    question: str,
    hits: Sequence[Hit],
    documents: Mapping[str, Document],
    embed: Embed,
) -> Generator[Event, None, Written]:
    """Let a model answer from passages, and compare each sentence with them before it is shown.

    Nothing is shown before the first sentence that a document supports. A model that fails, on
    the way or at the end, has all that it said withdrawn. Closing the generator stops the model.
    """
    name = model.settings.name
    answer = _Answer(documents, embed)
    try:
        prompt = make_prompt(question, hits, documents, model.settings)
        answer.hits = prompt.hits
        yield Waiting(name)
        with closing(model.write(prompt)) as arriving:
            pieces = Pieces()
            for text in arriving:
                if not text:
                    yield Waiting(name)
                yield from answer.told(pieces.feed(text))
            yield from answer.told(pieces.end())
        if answer.refused:
            return _declined(name, len(prompt.hits))
        answer.check(question)
    except LlmFailed as failed:
        if answer.said:
            yield Withdrawn()
        note = f"The language model {name} could not be used: {failed}."
        return Written(name, failed=True, note=f"{note} This answer quotes the documents instead.")
    return Written(
        name,
        tuple(answer.said),
        tuple(answer.sentences),
        note=answer.remark(),
        dropped_markers=answer.dropped,
    )


def _declined(name: str, passages: int) -> Written:
    text = (
        f"The documents don't answer this: the language model {name} read the {passages} nearest "
        "passages and found no answer in them."
    )
    return Written(name, (Said(text),), (AnswerSentence(text, (), supported=False),), declined=True)


@dataclass(slots=True)
class _Answer:
    """An answer as far as it has come."""

    documents: Mapping[str, Document]
    embed: Embed
    hits: tuple[Hit, ...] = ()
    said: list[Said] = field(default_factory=list)
    sentences: list[AnswerSentence] = field(default_factory=list)
    held: list[Piece] = field(default_factory=list)
    dropped: int = 0
    refused: bool = False
    text: str = ""
    _citations: dict[tuple[str, int, int], Citation] = field(default_factory=dict)
    _vectors: dict[int, Vectors] = field(default_factory=dict)

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
                yield from self._shown(before, (), _UNFOUND)
            self.held.clear()
            yield from self._shown(piece, citations, doubt)

    def check(self, question: str) -> None:
        """Raise LlmFailed where the answer as a whole is none."""
        if not self.text.strip():
            raise LlmFailed("it returned nothing")
        ours, asked = guess_language(self.text), guess_language(question)
        if ours and asked and ours != asked:
            raise LlmFailed("it answered in another language than that of the question")
        if not self.said:
            raise LlmFailed("nothing that it wrote stands in the documents")

    def remark(self) -> str:
        """Say what a reader should know about the answer; empty where all is well."""
        missing = sum(not one.supported for one in self.sentences)
        if not missing:
            return ""
        if missing == 1:
            return f"One sentence, marked {UNSUPPORTED}, is not supported by the documents."
        return f"{missing} sentences, marked {UNSUPPORTED}, are not supported by the documents."

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
        citations = [self._citation(*spans[place]) for place in found.chosen]
        if citations and all(citations):
            return tuple(one for one in citations if one), ""
        return (), _DOUBTS.get(found.reason, _UNFOUND)

    def _candidates(
        self, places: Sequence[int], claim: Vectors
    ) -> tuple[list[tuple[str, int, int]], list[Candidate]]:
        spans: list[tuple[str, int, int]] = []
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
