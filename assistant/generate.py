"""An LLM's answer, sentence by sentence: each is shown once it was compared with the documents."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from assistant.about import Aim, speaks_to_models
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
from assistant.doubts import BESIDE, DOUBTS, UNFOUND
from assistant.generate_text import Piece, Pieces, is_refusal, sounds_like_refusal
from assistant.models import BEAT_SECONDS, ChatModel
from assistant.prompts import make_prompt
from assistant.support import Candidate, support
from corpus.documents import Document
from corpus.errors import LlmFailed
from corpus.language import guess_language
from index.embed import Vectors
from index.passages import Hit

Embed = Callable[[Sequence[str]], Vectors]
Span = tuple[str, int, int]
"""A document's id, and where a sentence begins and ends in it."""


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
    answer = _Answer(documents, embed, Aim(question))
    try:
        prompt = make_prompt(question, hits, documents, model.settings)
        answer.hits = prompt.hits
        yield Waiting(name)
        with closing(model.write(prompt)) as arriving:
            pieces, heard = Pieces(), time.monotonic()
            for text in arriving:
                for event in answer.told(pieces.feed(text)):
                    yield event
                    heard = time.monotonic()
                # Also where it writes without end what is not shown: it has to be stopped as well.
                if not text or time.monotonic() - heard >= BEAT_SECONDS:
                    yield Waiting(name)
                    heard = time.monotonic()
            yield from answer.told(pieces.end())
        if answer.refused:
            read = [
                f"{documents[hit.passage.document_id].title}\n{hit.text}" for hit in prompt.hits
            ]
            if any(map(speaks_to_models, read)):
                raise LlmFailed("it found no answer, and a passage that it read speaks to models")
            return _declined(name, len(prompt.hits))
        answer.check(question)
    except LlmFailed as failed:
        if answer.said:
            yield Withdrawn()
        return Written(name, failed=True, note=failure_note(name, failed))
    return Written(
        name,
        tuple(answer.said),
        tuple(answer.sentences),
        note=answer.remark(),
        dropped_markers=answer.dropped,
    )


def failure_note(name: str, failed: LlmFailed) -> str:
    """Return what a reader is told where a model could not be used."""
    note = f"The language model {name} could not be used: {failed}."
    return f"{note} This answer quotes the documents instead."


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
    aim: Aim
    hits: tuple[Hit, ...] = ()
    said: list[Said] = field(default_factory=list)
    sentences: list[AnswerSentence] = field(default_factory=list)
    held: list[Piece] = field(default_factory=list)
    dropped: int = 0
    refused: bool = False
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
