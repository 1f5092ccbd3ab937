"""An LLM's answer, sentence by sentence: each is shown once it was compared with the documents."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from assistant.about import Aim, speaks_to_models
from assistant.answers import AnswerSentence, Event, Said, Waiting, Withdrawn
from assistant.generate_checked import Checked, Embed
from assistant.generate_text import Pieces
from assistant.models import BEAT_SECONDS, ChatModel
from assistant.prompts import make_prompt
from corpus.documents import Document
from corpus.errors import LlmFailed
from index.passages import Hit


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
    answer = Checked(documents, embed, Aim(question))
    try:
        prompt = make_prompt(question, hits, documents, model.settings)
        answer.hits = prompt.hits
        yield Waiting(name)
        with closing(model.write(prompt)) as arriving:
            pieces, heard, ended = Pieces(), time.monotonic(), list[bool]()
            for text in _noting(arriving, ended):
                for event in answer.told(pieces.feed(text)):
                    yield event
                    heard = time.monotonic()
                # Also where it writes without end what is not shown: it has to be stopped as well.
                if not text or time.monotonic() - heard >= BEAT_SECONDS:
                    yield Waiting(name)
                    heard = time.monotonic()
            answer.ran_out = any(ended)
            yield from answer.told(pieces.end(ran_out=answer.ran_out))
        if answer.refused:
            read = [
                f"{documents[hit.passage.document_id].title}\n{hit.text}" for hit in prompt.hits
            ]
            if any(map(speaks_to_models, read)):
                raise LlmFailed("it found no answer, and a passage that it read speaks to models")
            return _declined(name, len(prompt.hits))
        answer.check(question, model.settings.answer_tokens)
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


def _noting(
    pieces: Generator[str, None, bool | None], ended: list[bool]
) -> Generator[str, None, None]:
    """Yield the pieces of an answer, then take note of whether its length ended it."""
    ended.append(bool((yield from pieces)))


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
