"""What the assistant gives back: citations, sentences, answers, and the events on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.passages import Hit
from index.steering import Steered


@dataclass(frozen=True, slots=True)
class Context:
    """What a quote leans on ("It ..."), before it: ``document.text[start:end] == quote``."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and its place: ``document.text[start:end] == quote``, always (see ``cite.gate``).

    ``marker`` counts from 1 in the answer's text, where it stands as ``[1]``. ``sha256`` is of the
    document's text when it was quoted. Title, source, date and url are the document's, copied so
    that a citation can be shown when the document is gone. ``page`` counts from 1, in formats
    that have pages. ``context`` is what the quote leans on, if it does. ``also`` are other
    documents that were found to say the same, and ``independent`` is how many sources all of them
    are: copies of one story are one.
    """

    marker: int
    document_id: str
    sha256: str
    start: int
    end: int
    quote: str
    title: str
    source: str | None = None
    date: dt.date | None = None
    url: str | None = None
    author: str | None = None
    page: int | None = None
    context: Context | None = None
    also: tuple[str, ...] = ()
    independent: int = 1


@dataclass(frozen=True, slots=True)
class ShortValue:
    """A value that a comparison rests on: ``document.text[start:end] == text``."""

    text: str
    marker: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Short:
    """The date, amount, number, name or yes/no that was asked for, word for word in the quote with
    this marker: ``document.text[start:end] == text``. ``kind`` says what it is.

    What a ``comparison`` comes to is told by the program: ``values`` are what it rests on, each
    word for word in its quote, and the first one's place is given.
    """

    text: str
    kind: str
    marker: int
    start: int
    end: int
    values: tuple[ShortValue, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedValue:
    """One of the values that sources give for the same thing, and the marker of its quote.

    ``document.text[start:end] == text``; ``date`` is its document's. ``documents`` give this value,
    and are ``independent`` sources.
    """

    text: str
    marker: int
    start: int
    end: int
    date: dt.date | None
    documents: tuple[str, ...]
    independent: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Different values of one ``kind`` for the same thing, those of the newest document first.

    ``changed``: the question is about the present, and the documents tell of different times.
    """

    kind: str
    values: tuple[StatedValue, ...]
    changed: bool = False


UNSUPPORTED = "[?]"
"""What stands behind a sentence that no document supports."""


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence of the answer without its markers, the markers it carries, and whether the
    cited quotes support it."""

    text: str
    markers: tuple[int, ...]
    supported: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to one question.

    ``text`` is plain text with markers (``... worth $224,000. [1]``), also when declined.
    ``searched`` is the stand-alone question that was searched for; it differs from ``question``
    when a follow-up was completed from the conversation. ``confidence`` is in 0..1; the answer is
    declined (``abstained``) below the fitted threshold, and then ``citations`` is empty and
    ``nearest`` holds what came closest. ``model`` is ``"extractive"`` or an LLM's name.
    ``timings_ms`` maps the steps (``embed``, ``search``, ``answer``, ``total``) to milliseconds.
    ``sides`` are those of a question that looks across documents, and ``steered`` says what its
    dates changed. ``remarks`` are sentences about filters that name what is not there. ``note`` is
    a sentence for people about how the answer came about (why an LLM's is not shown, say), else
    empty; ``dropped_markers`` counts an LLM's markers of no passage.
    ``recipe`` is that of the index that answered, with its ingredients in ``made_with`` (see
    ``index.recipe``); empty where nobody said.
    ``short`` is the short answer, where it is sure what is asked for, and ``disagreement`` what
    sources tell otherwise; neither is part of ``text``, and an LLM's answer has none.
    """

    question: str
    searched: str
    text: str
    citations: tuple[Citation, ...]
    sentences: tuple[AnswerSentence, ...]
    abstained: bool
    confidence: float
    hits: tuple[Hit, ...]
    nearest: tuple[Hit, ...]
    model: str
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    sides: tuple[str, ...] = ()
    steered: Steered | None = None
    note: str = ""
    dropped_markers: int = 0
    recipe: str = ""
    made_with: Mapping[str, str] = field(default_factory=dict)
    short: Short | None = None
    disagreement: Disagreement | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation with its answer's text.

    Where it is known, ``documents`` are the ids of those that the answer cites, and ``searched`` is
    what was searched for.
    """

    question: str
    answer: str
    documents: tuple[str, ...] = ()
    searched: str = ""


@dataclass(frozen=True, slots=True)
class Searched:
    """Event: the search is done; ``hits`` are ready to show, nothing is answered yet."""

    query: str
    hits: tuple[Hit, ...]
    sides: tuple[str, ...] = ()
    steered: Steered | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InShort:
    """Event, before the first Said: the short answer, or what sources tell otherwise."""

    short: Short | None
    disagreement: Disagreement | None


@dataclass(frozen=True, slots=True)
class Said:
    """Event: one more piece of the answer, to be appended; a citation's marker follows its text.

    ``doubt`` says why no document supports a sentence that ends in ``UNSUPPORTED``.
    """

    text: str
    citation: Citation | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Event: an LLM (``model``) was asked and is at work; nothing new to show yet. It comes some
    times a second, so that whoever reads the events can stop the work by closing them."""

    model: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Event: what was said so far is void; an LLM failed, and the documents' own words follow."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Event: the last one; the whole answer."""

    answer: Answer


Event = Searched | InShort | Said | Waiting | Withdrawn | Answered
