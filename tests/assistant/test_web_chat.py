from __future__ import annotations

import html
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Citation, Said, Turn
from assistant.archive import Archive
from assistant.web.chat import (
    SHOWN_QUESTION,
    Frame,
    answer_markdown,
    answer_message,
    frames,
    message_text,
    sentence,
    turns,
    user_message,
)
from assistant.web.evidence import empty_html
from assistant.web.markup import note, plain_text, references_in
from assistant.web.searched import SHOWN_SEARCH

from .small_corpus import COUNCIL_WORTH, FERRY_WORTH, NOWHERE, WORTH

CITATION = Citation(1, "a", "ab" * 32, 0, 7, "a quote", "A title")


@given(st.lists(st.tuples(st.text(max_size=8), st.booleans()), max_size=8))
def test_the_pieces_of_an_answer_are_escaped_as_one_text(pieces: list[tuple[str, bool]]):
    said = [Said(text, CITATION if cited else None) for text, cited in pieces]
    markdown = answer_markdown(said)
    assert plain_text(markdown) == "".join(text for text, _ in pieces)
    assert len(references_in(markdown)) == min(1, sum(cited for _, cited in pieces))


def test_markup_that_is_cut_in_two_by_the_stream_stays_text():
    said = [Said("![x](htt"), Said("p://tracker.example/a.png) <scr"), Said("ipt>")]
    assert "](" not in answer_markdown(said)
    assert "<" not in answer_markdown(said)


def test_an_answer_begins_with_what_it_waits_for_and_ends_with_its_sources(shared_archive: Archive):
    first, *_, last = frames(shared_archive, WORTH, ())
    assert (first.kind, plain_text(first.markdown)) == ("status", "Searching the documents…")
    assert last.kind == "answer"
    assert {FERRY_WORTH, COUNCIL_WORTH} & set(plain_text(last.markdown).split("\n\n"))
    assert last.sources is not None
    assert '<h2 tabindex="-1">Sources</h2>' in last.sources
    assert len(references_in(last.markdown)) == last.sources.count('class="card"')


def test_every_moment_continues_the_one_before(shared_archive: Archive):
    growing = [plain_text(frame.markdown) for frame in frames(shared_archive, WORTH, ())][1:]
    assert all(later.startswith(earlier) for earlier, later in pairwise(growing))


def test_a_declined_question_cites_nothing_and_lists_what_came_closest(shared_archive: Archive):
    *_, last = frames(shared_archive, NOWHERE, ())
    assert references_in(last.markdown) == ()
    assert last.sources is not None
    assert "Closest passages" in last.sources


@pytest.mark.parametrize("question", [" ", "why " * 1_500], ids=["empty", "overlong"])
def test_a_bad_question_becomes_a_sentence(shared_archive: Archive, question: str):
    *_, last = frames(shared_archive, question, ())
    assert (last.kind, last.sources) == ("failure", empty_html())
    said = plain_text(last.markdown)
    assert said[0].isupper()
    assert said.endswith(".")


def test_a_follow_up_says_what_was_searched_for(shared_archive: Archive):
    history = [Turn(WORTH, FERRY_WORTH)]
    *_, last = frames(shared_archive, "When does it end?", history)
    assert last.markdown.startswith("<small>Searched for")
    assert "31 March 2031" in plain_text(last.markdown)


def test_the_conversation_is_remembered_as_plain_text():
    messages = [
        user_message("What is *this*?"),
        answer_message(Frame(answer_markdown([Said("It is a [quote].", CITATION)]))),
        user_message("And that?"),
        answer_message(Frame("Something went wrong", kind="failure")),
        user_message("Still waiting"),
        answer_message(Frame("Searching", kind="status")),
    ]
    asked = "What is *this*?"
    assert turns(messages) == (Turn(asked, "It is a [quote].", (), asked),)
    found = {CITATION.sha256[:16]: "ferry"}
    assert turns(messages, found.get) == (Turn(asked, "It is a [quote].", ("ferry",), asked),)


def test_what_was_searched_for_is_remembered_where_the_note_tells_it_whole():
    def searched(line: str) -> str:
        shown = (
            note("Only 2020") + note(f"Searched for: {line}") + answer_markdown([Said("It is.")])
        )
        (turn,) = turns([user_message("And it?"), answer_message(Frame(shown))])
        assert turn.answer == "It is."
        return turn.searched

    assert searched("What is *it* & <that>?") == "What is *it* & <that>?"
    assert searched("What is …") == ""


def test_a_message_may_come_back_from_the_browser_in_parts():
    message = {"role": "user", "content": [{"type": "text", "text": "one "}, {"text": "two"}]}
    assert message_text(message) == "one two"


def test_a_question_of_a_megabyte_is_not_shown_back_whole():
    assert len(plain_text(message_text(user_message("x" * 1_000_000)))) == SHOWN_QUESTION + 2


@pytest.mark.parametrize(
    ("line", "said"),
    [("the port is taken", "The port is taken."), ("Why?", "Why?"), ("", ".")],
)
def test_an_error_is_said_as_a_sentence(line: str, said: str):
    assert sentence(line) == said


def test_a_long_search_is_told_in_a_line_or_two(shared_archive: Archive):
    question = "When does it end? " + "harbour " * 400
    *_, last = frames(shared_archive, question, [Turn(WORTH, FERRY_WORTH)])
    told = last.markdown.split("\n\n")[0]
    assert len(html.unescape(told)) < SHOWN_SEARCH + 60


def test_the_list_of_sources_is_not_drawn_anew_at_the_end_of_an_answer(shared_archive: Archive):
    *_, growing, last = (one for one in frames(shared_archive, WORTH, ()) if one.sources)
    assert growing.answer is None
    assert last.answer is not None
    assert growing.sources == last.sources
