"""A question becomes a stream of events, the last of which is the whole answer."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

from assistant.abstain import confidence, fitted_model
from assistant.answers import Answered, Event, Searched, Turn
from assistant.completing import Completed, Completer, complete
from assistant.composed import Composed
from assistant.declined import NO_WORD, OPENING, what_is_missing, why_nothing
from assistant.elsewhere import without_elsewhere
from assistant.examining import Examination, examine
from assistant.expect import Kind
from assistant.extract import PASSAGES, with_told
from assistant.llm_writer import Writer
from assistant.quoting import FirstVersion, Quoted, cited, first_versions, quote_answer
from assistant.second_look import looked_again
from assistant.side_by_side import compared_in_short, side_by_side
from assistant.small_talk import NO_QUESTION, in_another_language, is_small_talk
from corpus.errors import BadQuestion, QuestionTooLong
from index.clock import Clock
from index.finding import Finder, OfSide
from index.passages import Filters
from index.steering import Searchable

LONGEST_QUESTION = 4000
"""Characters. The model reads the first 256 word pieces, about 1,000 characters, of a question."""
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
    asked = yield from _searched_for(index, plain, searched, history, completer, is_talk=is_talk)
    search = (finder or Finder()).find(
        index, asked.text, k=max(passages, PASSAGES), filters=filters
    )
    clock.took(search.timings_ms)
    shown, sides = search.hits[:passages], tuple(side.name for side in search.sides)
    yield Searched(asked.text, shown, sides, search.steered, search.remarks)
    examined = examine(index, search.query, search.hits)
    leans = not searched and asked.text != plain
    told = [turn.answer for turn in history] if leans else []
    nothing = why_nothing(search.hits, filters, is_filling=is_filling)
    found = _composed(index, search.of_sides, examined, max_quotes, told, nothing=nothing)
    found = _spoken(plain, examined, found, is_talk=is_talk)
    clock.mark("answer")
    if asked.note and not found.abstained:
        found = replace(found, note=asked.note)
    elif writer is not None and not found.abstained:
        written = yield from writer(asked.text, examined.hits, examined.documents)
        found = found.rewritten(written)
        clock.mark("llm")
    yield from found.still_to_say()
    yield Answered(
        replace(
            found.answer(plain, asked.text),
            hits=shown,
            nearest=examined.hits[:_NEAREST] if found.abstained and not is_talk else (),
            timings_ms=clock.total(),
            sides=sides,
            steered=search.steered,
            remarks=search.remarks,
        )
    )


def _searched_for(
    index: Searchable,
    question: str,
    searched: str,
    history: Sequence[Turn],
    completer: Completer | None,
    *,
    is_talk: bool,
) -> Generator[Event, None, Completed]:
    """Return what ``searched`` says, else the question, completed where it leans on others."""
    if is_talk:
        return Completed(question)
    if searched:
        return Completed(checked_question(searched))
    return (yield from complete(index, question, history, completer))


def _composed(
    index: Searchable,
    of_sides: Sequence[OfSide],
    found: Examination,
    max_quotes: int,
    told: Sequence[str],
    *,
    nothing: str,
) -> Composed:
    """Return what is quoted of the passages found, or ``nothing`` where there is none."""
    first_version = first_versions(index)
    apart = _each_side(index, of_sides, found, first_version)
    return apart or _answer(found, max_quotes, first_version, told, nothing=nothing)


def _answer(
    found: Examination,
    max_quotes: int,
    first_version: FirstVersion,
    told: Sequence[str],
    *,
    nothing: str,
) -> Composed:
    seen = found.features
    if seen is None:
        return Composed.declined(nothing, 0.0)
    if not found.query.rarity and found.wanted.kind is Kind.OTHER:
        return Composed.declined(NO_WORD, 0.0)
    sure = confidence(seen)
    if sure < fitted_model().threshold:
        return Composed.declined(what_is_missing(found.query, found.wanted, found.ranked), sure)
    again = without_elsewhere(found.query, looked_again(found, max_quotes), found.titles)
    ranked = with_told(again, found.query, found.wanted, told)
    quoted = quote_answer(
        found.query, found.wanted, ranked, found.documents, max_quotes, first_version, found.hits
    )
    return Composed.quotes(quoted, sure)


def _each_side(
    index: Searchable,
    of_sides: Sequence[OfSide],
    whole: Examination,
    first_version: FirstVersion,
) -> Composed | None:
    found = side_by_side(index, of_sides, whole)
    if found is None:
        return None
    if not found.quotes:
        return Composed.declined(f"{OPENING}: {found.lacking}", found.sure)
    said = cited(found.quotes, found.documents, first_version)
    composed = Composed.quotes(Quoted(said, compared_in_short(found, said)), found.sure)
    return replace(composed, note=found.lacking[:1].upper() + found.lacking[1:])


def _spoken(question: str, examined: Examination, found: Composed, *, is_talk: bool) -> Composed:
    if is_talk:
        return Composed.declined(NO_QUESTION, 0.0)
    languages = {document.language for document in examined.documents.values()}
    otherwise = in_another_language(question, languages) if found.abstained else ""
    return Composed.declined(otherwise, found.confidence) if otherwise else found
