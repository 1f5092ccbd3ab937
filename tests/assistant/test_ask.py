from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.answers import (
    Answer,
    Answered,
    AnswerSentence,
    Citation,
    InShort,
    Said,
    Searched,
    Short,
    Turn,
)
from assistant.archive import Archive
from assistant.cite import stands
from assistant.declined import what_is_missing
from assistant.expect import Expected, Kind
from assistant.extract import Quote
from assistant.settings import Settings
from corpus.documents import text_sha256
from corpus.errors import BadQuestion
from index.embed import Vectors
from index.passages import Filters
from index.recipe import digits
from index.search import Query

from ..fakes import BagOfStems
from .small_corpus import (
    COUNCIL_WORTH,
    FERRY,
    FERRY_DATE,
    FERRY_WORTH,
    LIBRARY,
    NOWHERE,
    WORTH,
    write_home,
)


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def documents(answer: Answer) -> set[str]:
    return {hit.passage.document_id for hit in answer.hits}


def test_events_come_as_the_search_then_the_text_then_the_whole_answer(
    shared_archive: Archive,
) -> None:
    events = list(shared_archive.stream(WORTH))
    assert [type(event) for event in events] == [Searched, InShort, Said, Said, Answered]
    searched, short, *said, answered = events
    assert isinstance(searched, Searched)
    assert isinstance(answered, Answered)
    answer = answered.answer
    assert short == InShort(answer.short, answer.disagreement)
    assert (searched.query, searched.hits) == (answer.searched, answer.hits)
    pieces = [piece for piece in said if isinstance(piece, Said)]
    assert [piece.citation for piece in pieces] == list(answer.citations)
    text = "".join(f"{piece.text} [{piece.citation.marker}]" for piece in pieces if piece.citation)
    assert text == answer.text


def test_an_answer_is_whole(shared_archive: Archive) -> None:
    answer = shared_archive.ask("  How much did the library repairs cost?\n")
    library = shared_archive.document("library")
    quote = "The repairs cost 3.2 million euros."
    start = library.text.index(quote)
    with shared_archive.index.view() as index:
        made_with = dict(index.made_with)
    assert answer == Answer(
        question="How much did the library repairs cost?",
        searched="How much did the library repairs cost?",
        text="The repairs cost 3.2 million euros. [1]",
        citations=(
            Citation(
                marker=1,
                document_id="library",
                sha256=text_sha256(library.text),
                start=start,
                end=start + len(quote),
                quote=quote,
                title="City library reopens after the flood",
                date=library.date,
            ),
        ),
        sentences=(AnswerSentence(quote, (1,), supported=True),),
        abstained=False,
        confidence=answer.confidence,
        hits=answer.hits,
        nearest=(),
        model="extractive",
        timings_ms=answer.timings_ms,
        recipe=digits(made_with),
        made_with=made_with,
        short=Short("3.2 million euros", "money", 1, start + 17, start + 34),
    )
    assert answer.hits[0].passage.document_id == "library"
    assert 0.5 < answer.confidence < 1
    assert list(answer.timings_ms) == ["embed", "search", "answer", "total"]
    assert all(milliseconds >= 0 for milliseconds in answer.timings_ms.values())


@pytest.mark.parametrize("question", [WORTH, "When does the ferry contract end?", LIBRARY[:300]])
def test_every_quote_stands_in_its_document(shared_archive: Archive, question: str) -> None:
    answer = shared_archive.ask(question)
    assert answer.citations
    for place, citation in enumerate(answer.citations, start=1):
        document = shared_archive.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
        assert stands(citation, document)
        assert citation.marker == place
        assert f"{citation.quote} [{place}]" in answer.text


def test_documents_that_disagree_are_both_quoted(shared_archive: Archive) -> None:
    answer = shared_archive.ask(WORTH)
    assert set(quotes(answer)) == {FERRY_WORTH, COUNCIL_WORTH}
    assert {citation.source for citation in answer.citations} == {
        "The Harbour Post",
        "Council Gazette",
    }
    assert answer.text == "\n\n".join(
        f"{citation.quote} [{citation.marker}]" for citation in answer.citations
    )


def test_what_the_corpus_does_not_know_is_declined(shared_archive: Archive) -> None:
    answer = shared_archive.ask(NOWHERE)
    text = (
        "The documents don't answer this: none of them mentions “astronaut”, “Hubble” or "
        "“telescope”."
    )
    assert answer == dataclasses.replace(
        answer,
        text=text,
        citations=(),
        sentences=(AnswerSentence(text, (), supported=False),),
        abstained=True,
        nearest=answer.hits[:3],
    )
    assert answer.nearest
    assert answer.confidence < 0.5


@pytest.mark.parametrize("question", ["🚀🚀", "?!.", "What is it?"])
def test_a_question_without_a_word_to_look_for_is_declined(
    shared_archive: Archive, question: str
) -> None:
    answer = shared_archive.ask(question)
    assert (answer.text, answer.abstained, answer.confidence) == (
        "The question has no word to look for: name what you want to know about.",
        True,
        0.0,
    )


def test_filters_that_no_document_passes_are_named_as_the_reason(shared_archive: Archive) -> None:
    answer = shared_archive.ask(WORTH, filters=Filters(tags=("weather",)))
    assert (answer.text, answer.abstained) == (
        "No document passes the filters: widen them, or leave them out.",
        True,
    )


def test_only_a_missing_name_is_told_of_what_other_passages_have() -> None:
    quote = Quote("ferry", 0, 9, "It sails.", 0.1, 0.1, 0.1, False, frozenset({"ferri"}))
    said = {
        unseen: what_is_missing(
            Query(
                "Did the Blue Wave ferry repair it in Oslo?",
                np.zeros(1, np.float32),
                dict.fromkeys(("blue", "wave", "ferri", "repair", "oslo"), 1.0),
                frozenset(unseen),
            ),
            Expected(Kind.OTHER),
            [quote],
        )
        for unseen in (("repair", "oslo"), ())
    }
    opening = "The documents don't answer this"
    assert said == {
        ("repair", "oslo"): f"{opening}: none of them mentions “repair” or “Oslo”.",
        (): f"{opening}: the passages that come closest do not mention “Blue”, “Wave” or “Oslo”.",
    }


def test_a_declined_answer_is_streamed_as_one_piece_without_a_citation(
    shared_archive: Archive,
) -> None:
    searched, said, answered = shared_archive.stream(NOWHERE)
    assert isinstance(searched, Searched)
    assert isinstance(answered, Answered)
    assert said == Said(answered.answer.text)


def test_a_document_that_changes_before_it_is_quoted_is_not_quoted_from_its_old_places(
    fast: None, tmp_path: Path
) -> None:
    home = write_home(tmp_path / "home")
    with Archive(home, Settings(), BagOfStems()) as archive:
        events = archive.stream(WORTH)
        assert isinstance(next(events), Searched)
        moved = FERRY.replace("The city signed", "Ice came early this year. The city signed")
        (home.documents / "ferry.md").write_text(moved, "utf-8")
        archive.sync()
        *_, answered = events
    assert isinstance(answered, Answered)
    assert quotes(answered.answer) == [COUNCIL_WORTH]


def test_documents_that_are_removed_before_they_are_quoted_are_asked_for_again(
    fast: None, tmp_path: Path
) -> None:
    home = write_home(tmp_path / "home")
    with Archive(home, Settings(), BagOfStems()) as archive:
        events = archive.stream(WORTH)
        next(events)
        archive.remove(["ferry", "council", "library"])
        *_, answered = events
    assert isinstance(answered, Answered)
    answer = answered.answer
    assert (answer.text, answer.abstained, answer.nearest) == (
        "The documents were changed while this was answered: ask again.",
        True,
        (),
    )


def test_an_empty_corpus_declines(fast: None, tmp_path: Path) -> None:
    with Archive(write_home(tmp_path / "home", {}), Settings(), BagOfStems()) as archive:
        answer = archive.ask(WORTH)
    assert (answer.text, answer.abstained, answer.confidence) == (
        "The corpus is empty: add a document, then ask again.",
        True,
        0.0,
    )
    assert (answer.hits, answer.nearest, answer.citations) == ((), (), ())


def test_a_follow_up_is_completed_from_the_conversation(shared_archive: Archive) -> None:
    history = [Turn(WORTH, "18 million euros. [1]", ("ferry",))]
    answer = shared_archive.ask("And when does it end?", history=history)
    assert answer.question == "And when does it end?"
    assert answer.searched == "And when does it end? (ferry Blue Wave Lines)"
    assert "The contract ends on 31 March 2031." in quotes(answer)


def test_what_was_quoted_before_does_not_come_first_again(shared_archive: Archive) -> None:
    def asked(question: str, told: str, searched: str = "") -> list[str]:
        history = [Turn(WORTH, told, ("ferry",))]
        *_, last = shared_archive.stream(question, history=history, searched=searched)
        assert isinstance(last, Answered)
        return quotes(last.answer)

    quoted = f"{FERRY_WORTH} [1]"
    whole = "Why is the ferry contract with Blue Wave Lines worth so much?"
    assert asked("Why so much?", "18 million euros. [1]") == [FERRY_WORTH, COUNCIL_WORTH]
    assert asked("Why so much?", quoted) == [COUNCIL_WORTH, FERRY_WORTH]
    # What stands alone, or was typed to be searched for, leans on nothing.
    assert asked(whole, quoted)[0] == FERRY_WORTH
    assert asked("Why so much?", quoted, whole)[0] == FERRY_WORTH


def test_words_of_the_documents_that_were_cited_make_a_question_a_follow_up(
    shared_archive: Archive,
) -> None:
    question = "Which boats are replaced?"
    cited = [Turn(WORTH, "18 million euros. [1]", ("ferry", "gone since"))]
    unknown = [Turn(WORTH, "18 million euros. [1]", ("library",))]
    assert shared_archive.ask(question, history=cited).searched == (
        "Which boats are replaced? (ferry Blue Wave Lines)"
    )
    assert shared_archive.ask(question, history=unknown).searched == question


def test_what_to_search_for_can_be_said(shared_archive: Archive) -> None:
    history = [Turn(WORTH, "18 million euros. [1]", ("ferry",))]
    meant = "When did the library reopen?"
    *_, last = shared_archive.stream("And it?", history=history, searched=meant)
    assert isinstance(last, Answered)
    assert (last.answer.question, last.answer.searched) == ("And it?", meant)
    assert "The library reopened on 4 September 2023" in last.answer.text
    with pytest.raises(BadQuestion):
        list(shared_archive.stream("And it?", searched="x" * 5000))


def test_a_follow_up_alone_is_asked_as_it_is(shared_archive: Archive) -> None:
    answer = shared_archive.ask("And when does it end?")
    assert answer.searched == answer.question


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), {"ferry", "council", "library"}),
        (Filters(since=FERRY_DATE), {"ferry", "council"}),
        (Filters(until=FERRY_DATE), {"ferry", "library"}),
        (Filters(since=FERRY_DATE, until=FERRY_DATE), {"ferry"}),
        (Filters(sources=("the HARBOUR post",)), {"ferry"}),
        (Filters(sources=("The Harbour Post", "Council Gazette")), {"ferry", "council"}),
        (Filters(tags=("Contracts",)), {"ferry", "council"}),
        (Filters(tags=("ferry",), sources=("Council Gazette",)), set()),
        (Filters(documents=("library",)), {"library"}),
        (Filters(sources=("Nobody's News",)), set()),
    ],
    ids=[
        "no filter",
        "since",
        "until",
        "one day",
        "an outlet in other letters",
        "two outlets",
        "a tag in other letters",
        "a tag and an outlet that never meet",
        "a document",
        "an outlet that is not there",
    ],
)
def test_only_what_passes_the_filters_is_found(
    shared_archive: Archive, filters: Filters, found: set[str]
) -> None:
    answer = shared_archive.ask(WORTH, filters=filters)
    assert documents(answer) == found
    assert {citation.document_id for citation in answer.citations} <= found
    assert answer.abstained is not ("ferry" in found or "council" in found)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "the question is empty: type what you want to know"),
        (" \n\t ", "the question is empty: type what you want to know"),
        (
            "why " * 262_144,
            "the question has 1,048,575 characters, and 4,000 are the most: shorten it; a text to "
            "be searched goes into the corpus with 'assistant add'",
        ),
        ("who\x00?", "the question holds NUL characters: type it as plain text"),
        (
            "who\ud800?",
            "the question holds half characters (surrogates): type it as plain text",
        ),
    ],
    ids=["empty", "blank", "one megabyte", "NUL", "half a character"],
)
def test_a_bad_question_is_refused_before_anything_is_done(
    shared_archive: Archive, question: str, message: str
) -> None:
    for call in (shared_archive.ask, shared_archive.search, shared_archive.stream):
        with pytest.raises(BadQuestion) as error:
            call(question)
        assert str(error.value) == message


@pytest.mark.parametrize(
    "question",
    [
        "?",
        '" OR body:* NEAR(',
        "AND NOT OR",
        "\u202eferry",
        "渡船合同值多少钱？",
        "a" * 4000,
        "[1] [2]",
    ],
)
def test_any_other_question_is_answered_or_declined(shared_archive: Archive, question: str) -> None:
    answer = shared_archive.ask(question)
    assert answer.question == question
    assert answer.abstained is not bool(answer.citations)


def test_the_settings_say_how_many_passages_and_quotes(fast: None, tmp_path: Path) -> None:
    settings = Settings(passages=1, max_quotes=1)
    with Archive(write_home(tmp_path / "home"), settings, BagOfStems()) as archive:
        answer = archive.ask(WORTH)
    assert (len(answer.hits), len(answer.citations)) == (1, 1)


def test_what_people_change_in_the_folder_is_asked_at_once(fast: None, tmp_path: Path) -> None:
    home = write_home(tmp_path / "home")
    with Archive(home, Settings(), BagOfStems()) as archive:
        assert not archive.ask(WORTH).abstained
    for name in ("ferry.md", "council.md"):
        (home.documents / name).unlink()
    with Archive(home, Settings(), BagOfStems()) as archive:
        assert documents(archive.ask(WORTH)) == {"library"}
        assert archive.ask(WORTH).abstained


class Held(BagOfStems):
    """An embedder that stops at a text that says so, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> Vectors:
        if any("hold here" in text for text in texts):
            self.reached.set()
            assert self.go_on.wait(30)
        return super().embed(texts)


def test_a_question_is_answered_while_a_document_is_being_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow.txt"
    slow.write_text("The ferry log says: hold here.", "utf-8")
    embedder = Held()
    with (
        Archive(write_home(tmp_path / "home"), Settings(), embedder) as archive,
        ThreadPoolExecutor(2) as pool,
    ):
        archive.sync()
        monkeypatch.setattr("corpus.shelf.Shelf.fresh_seconds", 0.0)  # it looks at the folder
        adding = pool.submit(archive.add, [slow])
        try:
            assert embedder.reached.wait(30)
            answer = pool.submit(archive.ask, WORTH).result(10)
            assert set(quotes(answer)) == {FERRY_WORTH, COUNCIL_WORTH}
        finally:
            embedder.go_on.set()
        assert adding.result(30).added == ("slow",)
