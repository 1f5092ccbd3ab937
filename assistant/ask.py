"""A question becomes a stream of events, the last of which is the whole answer."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from assistant.abstain import confidence, fitted_model
from assistant.answers import (
    Answer,
    Answered,
    AnswerSentence,
    Disagreement,
    Event,
    InShort,
    Said,
    Searched,
    Short,
    Turn,
)
from assistant.completing import Completed, Completer, complete
from assistant.declined import NO_WORD, OPENING, what_is_missing, why_nothing
from assistant.elsewhere import without_elsewhere
from assistant.examining import Examination, examine
from assistant.expect import Kind
from assistant.extract import PASSAGES, with_told
from assistant.generate import Written
from assistant.llm_writer import Writer
from assistant.quoting import FirstVersion, Quoted, cited, first_versions, quote_answer
from assistant.second_look import looked_again
from assistant.side_by_side import compared_in_short, side_by_side
from assistant.small_talk import NO_QUESTION, in_another_language, is_small_talk
from corpus.errors import BadQuestion, QuestionTooLong, UnknownDocument
from index.clock import Clock
from index.finding import Finder, OfSide
from index.passages import Filters
from index.steering import Searchable

LONGEST_QUESTION = 4000
"""Characters. The model reads the first 256 word pieces, about 1,000 characters, of a question."""
EXTRACTIVE = "extractive"
"""The name of the answerer that only quotes."""
_NEAREST = 3
"""Passages shown where an answer is declined."""


def checked_question(question: str) -> str:
    """Return the question without outer white space. Raises BadQuestion."""
    plain = question.strip()
    if not plain:
        raise BadQuestion("the question is empty: type what you want to know")
    if len(plain) > LONGEST_QUESTION:
        raise QuestionTooLong(
            f"the question has {len(plain):,} characters, and {LONGEST_QUESTION:,} are the most: "
            "shorten it; a text to be searched goes into the corpus with 'assistant add'"
        )
    if "\x00" in plain:
        raise BadQuestion("the question holds NUL characters: type it as plain text")
    if any("\ud800" <= character <= "\udfff" for character in plain):
        raise BadQuestion("the question holds half characters (surrogates): type it as plain text")
    return plain


def stream(
    index: Searchable,
    question: str,
    *,
    history: Sequence[Turn] = (),
    filters: Filters = Filters(),
    passages: int = 10,
    max_quotes: int = 3,
    searched: str = "",
    finder: Finder | None = None,
    completer: Completer | None = None,
    writer: Writer | None = None,
    is_filling: bool = False,
) -> Generator[Event, None, None]:
    """Answer a question: first Searched, then Said for each piece of text, then Answered.

    A follow-up is completed from ``history``, unless ``searched`` says what to search for.
    ``finder`` says how passages are looked for. ``completer`` is an LLM that completes follow-ups,
    and ``writer`` one that writes the answer, if there is one to give: Waiting comes while it
    works, and Withdrawn where it fails. With ``is_filling``, documents are being read. Raises
    BadQuestion, and whatever the index raises.
    """
    clock = Clock()
    plain = checked_question(question)
    is_talk = not searched and is_small_talk(plain)
    if is_talk:
        asked = Completed(plain)
    elif searched:
        asked = Completed(checked_question(searched))
    else:
        asked = yield from complete(index, plain, history, completer)
    leans = not searched and asked.text != plain
    searched = asked.text
    search = (finder or Finder()).find(index, searched, k=max(passages, PASSAGES), filters=filters)
    hits, sides = search.hits, tuple(side.name for side in search.sides)
    clock.took(search.timings_ms)
    yield Searched(searched, hits[:passages], sides, search.steered, search.remarks)
    examined = examine(index, search.query, hits)
    nothing = why_nothing(hits, filters, is_filling=is_filling)
    first_version = first_versions(index)
    told = [turn.answer for turn in history] if leans else []
    found = _each_side(index, search.of_sides, examined, first_version) or _answer(
        examined, max_quotes, first_version, told, nothing=nothing
    )
    found = _spoken(plain, examined, found, is_talk=is_talk)
    clock.mark("answer")
    if asked.note and not found.abstained:
        found = replace(found, note=asked.note)
    elif writer is not None and not found.abstained:
        written = yield from writer(searched, examined.hits, examined.documents)
        clock.mark("llm")
        found = _rewritten(found, written)
    if found.model == EXTRACTIVE:
        if found.short or found.disagreement:
            yield InShort(found.short, found.disagreement)
        yield from found.said
    yield Answered(
        replace(
            _whole(found, plain, searched),
            hits=hits[:passages],
            nearest=examined.hits[:_NEAREST] if found.abstained and not is_talk else (),
            timings_ms=clock.total(),
            sides=sides,
            steered=search.steered,
            remarks=search.remarks,
        )
    )


@dataclass(frozen=True, slots=True)
class _Found:
    said: tuple[Said, ...]
    abstained: bool
    confidence: float
    sentences: tuple[AnswerSentence, ...] = ()
    model: str = EXTRACTIVE
    note: str = ""
    dropped_markers: int = 0
    short: Short | None = None
    disagreement: Disagreement | None = None


def _whole(found: _Found, question: str, searched: str) -> Answer:
    """Return the answer as it was found, without what the search has to say of itself."""
    return Answer(
        question=question,
        searched=searched,
        text="".join(_with_marker(piece) for piece in found.said),
        citations=tuple(piece.citation for piece in found.said if piece.citation),
        sentences=found.sentences or tuple(_sentence(piece) for piece in found.said),
        abstained=found.abstained,
        confidence=found.confidence,
        hits=(),
        nearest=(),
        model=found.model,
        note=found.note,
        dropped_markers=found.dropped_markers,
        short=found.short,
        disagreement=found.disagreement,
    )


def _rewritten(found: _Found, written: Written) -> _Found:
    """Return what an LLM wrote in place of the quotes; the quotes with its note where it failed."""
    if written.failed:
        return replace(found, note=written.note)
    return _Found(
        written.said,
        written.declined,
        found.confidence,
        written.sentences,
        written.model,
        written.note,
        written.dropped_markers,
    )


def _answer(
    found: Examination,
    max_quotes: int,
    first_version: FirstVersion,
    told: Sequence[str],
    *,
    nothing: str,
) -> _Found:
    seen = found.features
    if seen is None:
        return _declined(nothing, 0.0)
    if not found.query.rarity and found.wanted.kind is Kind.OTHER:
        return _declined(NO_WORD, 0.0)
    sure = confidence(seen)
    if sure < fitted_model().threshold:
        return _declined(what_is_missing(found.query, found.wanted, found.ranked), sure)
    again = without_elsewhere(found.query, looked_again(found, max_quotes), found.titles)
    ranked = with_told(again, found.query, found.wanted, told)
    quoted = quote_answer(
        found.query, found.wanted, ranked, found.documents, max_quotes, first_version, found.hits
    )
    return _quoted(quoted, sure)


def _each_side(
    index: Searchable,
    of_sides: Sequence[OfSide],
    whole: Examination,
    first_version: FirstVersion,
) -> _Found | None:
    found = side_by_side(index, of_sides, whole)
    if found is None:
        return None
    if not found.quotes:
        return _declined(f"{OPENING}: {found.lacking}", found.sure)
    said = cited(found.quotes, found.documents, first_version)
    quoted = _quoted(Quoted(said, compared_in_short(found, said)), found.sure)
    return replace(quoted, note=found.lacking[:1].upper() + found.lacking[1:])


def _quoted(quoted: Quoted, sure: float) -> _Found:
    if not quoted.said:
        return _declined("The passages found could not be quoted.", 0.0)
    return _Found(quoted.said, False, sure, short=quoted.short, disagreement=quoted.disagreement)


def _spoken(question: str, examined: Examination, found: _Found, *, is_talk: bool) -> _Found:
    if is_talk:
        return _declined(NO_QUESTION, 0.0)
    languages = {document.language for document in examined.documents.values()}
    otherwise = in_another_language(question, languages) if found.abstained else ""
    return _declined(otherwise, found.confidence) if otherwise else found


def _declined(text: str, sure: float) -> _Found:
    return _Found((Said(text),), True, sure)


def _with_marker(piece: Said) -> str:
    return f"{piece.text} [{piece.citation.marker}]" if piece.citation else piece.text


def _sentence(piece: Said) -> AnswerSentence:
    """Return the piece as a sentence; a quote supports itself, since it is the sentence."""
    markers = (piece.citation.marker,) if piece.citation else ()
    return AnswerSentence(piece.text.strip(), markers, supported=piece.citation is not None)
