"""A question in, the moments of its answer out: what the conversation shows while it grows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from assistant.answers import (
    Answer,
    Answered,
    Citation,
    Event,
    InShort,
    Said,
    Searched,
    Turn,
    Waiting,
    Withdrawn,
)
from assistant.web.evidence import (
    cited_cards,
    empty_html,
    nearest_cards,
    nearest_html,
    sources_html,
)
from assistant.web.filters import filters_from
from assistant.web.front import answer_markdown, front_markdown
from assistant.web.markup import (
    markdown_text,
    note,
    plain_text,
    references_in,
)
from assistant.web.rights import spend_here
from assistant.web.searched import search_note, searched_for
from assistant.web.told import sentence, told, translated
from assistant.web.why import asked_json
from assistant.web.wishes import wishes_from
from assistant.web.wording import say
from assistant.web.work import closable
from corpus.errors import ArchiveError
from index.passages import Filters

if TYPE_CHECKING:
    from assistant.archive import Archive

# Nobody reads a longer question back, and the archive takes none; the whole of it is still asked.
SHOWN_QUESTION = 4_000
Kind = Literal["status", "answer", "failure"]
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the page shows at one moment of an answer.

    ``markdown`` is escaped already. ``sources`` is the evidence column's HTML, or None where it
    stays as it is. A ``status`` or a ``failure`` is about the program and is not remembered as
    part of the conversation. The last moment of an answer has the whole ``answer``.
    """

    markdown: str
    sources: str | None = None
    kind: Kind = "answer"
    answer: Answer | None = None


def frames(
    archive: Archive,
    question: str,
    history: Sequence[Turn],
    chosen: object = "",
    searched: str = "",
) -> Generator[Frame, None, None]:
    """Yield the moments of one answer; an error becomes the last moment, as a sentence.

    ``chosen`` are filters and wishes as the page sends them; see ``filters_from`` and
    ``wishes_from``. ``searched`` is what to search for in place of the question.
    """
    try:
        spend_here()  # before the first moment: later ones do not know the request
        yield _waiting(archive)
        filters = filters_from(chosen)
        # Closing the stream is what stops a model when the reader presses stop or leaves.
        wishes = wishes_from(chosen, archive.settings)
        answering = archive.stream(
            question,
            history=history,
            filters=filters,
            llm=wishes.llm,
            quotes=wishes.quotes,
            searched=searched,
        )
        with closing(closable(answering)) as events:
            yield from _growing(archive, question, filters, events)
    except ArchiveError as error:
        yield Frame(markdown_text(sentence(told(error))), empty_html(), "failure")
    except Exception:
        logging.getLogger(__name__).exception("A question could not be answered")
        yield Frame(markdown_text(say("chat.broken")), empty_html(), "failure")


def user_message(question: str) -> Message:
    """Return a question as a message of the conversation."""
    shown = question if len(question) <= SHOWN_QUESTION else question[:SHOWN_QUESTION] + " …"
    return {"role": "user", "content": markdown_text(shown)}


def answer_message(frame: Frame) -> Message:
    """Return a moment of an answer as a message of the conversation."""
    return {"role": "assistant", "content": frame.markdown, "metadata": {"id": frame.kind}}


def message_text(message: Mapping[str, Any]) -> str:
    """Return a message's Markdown, whether its content is one string or a list of parts."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text") or "") for part in content)


def turns(
    messages: Sequence[Mapping[str, Any]], cited: Callable[[str], str | None] = lambda version: None
) -> tuple[Turn, ...]:
    """Return the conversation so far as plain text: each question that got an answer.

    ``cited`` gives the id of the document with a version, for those that the last answer cites.
    """
    found = []
    for asked, answered in pairwise(messages):
        if (asked["role"], answered["role"]) == ("user", "assistant") and is_answer(answered):
            question, markdown = plain_text(message_text(asked)), message_text(answered)
            searched = searched_for(markdown, question)
            found.append((Turn(question, plain_text(markdown).strip(), (), searched), markdown))
    if not found:
        return ()
    last, markdown = found[-1]
    versions = dict.fromkeys(ref.version for ref in references_in(markdown))
    documents = tuple(one for version in versions if (one := cited(version)))
    return (*(turn for turn, _ in found[:-1]), replace(last, documents=documents))


def is_answer(message: Mapping[str, Any]) -> bool:
    """Tell whether a message is an answer, not a person's words nor a note of the program."""
    kind = (message.get("metadata") or {}).get("id")
    return message["role"] == "assistant" and kind not in ("status", "failure")


def _waiting(archive: Archive) -> Frame:
    doing = say("chat.searching") if archive.ready() else say("chat.loading")
    return Frame(markdown_text(doing), kind="status")


def _growing(
    archive: Archive, question: str, filters: Filters, events: Iterator[Event]
) -> Iterator[Frame]:
    above, asked, said = "", "", list[Said]()
    front = InShort(None, None)
    for event in events:
        match event:
            case Searched():
                above = search_note(archive, question, filters, event)
                asked = asked_json(event.query, filters)
            case InShort():
                front = event
            case Said(citation=citation):
                said.append(_in_our_words(event))
                sources = _sources_so_far(said, asked) if citation else None
                yield Frame(above + front_markdown(front) + answer_markdown(said), sources)
            case Waiting(model=model):
                # A frame each time: only between frames can a reader's stop reach the model.
                yield _at_work(model, above, said)
            case Withdrawn():
                said.clear()
            case Answered(answer=answer):
                front = InShort(answer.short, answer.disagreement)
                above += _remark(answer) + front_markdown(front, answer.citations)
                yield _last(archive, answer, said, above, asked)


def _at_work(model: str, above: str, said: Sequence[Said]) -> Frame:
    if said:
        return Frame(above + answer_markdown(said))
    return Frame(markdown_text(say("chat.reading", model=model)), kind="status")


def _in_our_words(piece: Said) -> Said:
    """Put what the program says itself into the page's language; what is quoted stays."""
    return piece if piece.citation else replace(piece, text=translated(piece.text))


def _remark(answer: Answer) -> str:
    return note(translated(answer.note)) if answer.note else ""


def _sources_so_far(said: Sequence[Said], asked: str) -> str:
    """Return the sources of what was said; at the end they are those of the whole answer, so that
    the list is not drawn anew under somebody's finger."""
    supported = [piece.citation is not None for piece in said if piece.text]
    return sources_html(cited_cards(_citations(said)), asked, supported)


def _citations(said: Sequence[Said]) -> list[Citation]:
    return [piece.citation for piece in said if piece.citation]


def _last(archive: Archive, answer: Answer, said: Sequence[Said], above: str, asked: str) -> Frame:
    markdown = above + (answer_markdown(said) if said else markdown_text(translated(answer.text)))
    if answer.abstained:
        nearest = nearest_html(nearest_cards(archive, answer.nearest), asked)
        return Frame(markdown, nearest, answer=answer)
    supported = [one.supported for one in answer.sentences]
    sources = sources_html(cited_cards(answer.citations), asked, supported)
    return Frame(markdown, sources, answer=answer)
