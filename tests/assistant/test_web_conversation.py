from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from assistant.archive import Archive
from assistant.web.chat import Frame, answer_message, message_text, turns, user_message
from assistant.web.conversation import EDITED, Conversation
from assistant.web.evidence import empty_html
from assistant.web.markup import plain_text
from assistant.web.runs import Runs

from .small_corpus import WORTH

ASKED = user_message("How long is it?")


@pytest.fixture
def conversation(shared_archive: Archive) -> Conversation:
    with gr.Blocks():
        parts = gr.Chatbot(), gr.Textbox(), *(gr.HTML() for _ in range(5))
        return Conversation(shared_archive, *parts)


def texts(messages: list[Any]) -> list[str]:
    return [plain_text(message_text(message)) for message in messages]


def test_stopping_keeps_what_was_answered_so_far(conversation: Conversation):
    begun = [ASKED, answer_message(Frame("It is"))]
    _, messages, sources = conversation.stop(begun)
    assert messages == sources == gr.skip()


@pytest.mark.parametrize(
    "begun", [[ASKED], [ASKED, answer_message(Frame("Loading", kind="status"))]]
)
def test_stopping_before_an_answer_says_so(conversation: Conversation, begun: list[Any]):
    _, messages, sources = conversation.stop(begun)
    assert (texts(messages), sources) == (["How long is it?", "Stopped."], empty_html())


def test_asking_again_replaces_the_last_answer(conversation: Conversation):
    before = [ASKED, answer_message(Frame("Long"))]
    *_, last, freed = conversation.ask_again(
        [*before, user_message(WORTH), answer_message(Frame("Bad"))]
    )
    messages = texts(last[1])
    assert messages[:3] == ["How long is it?", "Long", WORTH]
    assert "Blue Wave Lines" in messages[3]
    assert len(messages) == 4
    assert freed[0].submit_btn is True


def test_an_edited_question_takes_the_place_of_the_last_one(conversation: Conversation):
    before = [ASKED, answer_message(Frame("Long"))]
    messages = [*before, user_message("What?"), answer_message(Frame("Bad"))]
    *_, last, _ = conversation.submit(WORTH, messages, "", EDITED + "c" * 32)
    assert texts(last[1])[:3] == ["How long is it?", "Long", WORTH]
    *_, last, _ = conversation.submit(WORTH, messages, "", "c" * 32)
    assert texts(last[1])[2:5] == ["What?", "Bad", WORTH]


def test_an_empty_question_changes_nothing(conversation: Conversation):
    assert list(conversation.ask(" \n", [ASKED])) == [(gr.skip(),) * 4]


PAGE = "0123456789abcdef"
FERRY_TURN = [user_message(WORTH), answer_message(Frame("18 million"))]


def test_nothing_of_a_stopped_answer_is_shown_after_the_stop(conversation: Conversation):
    moments = conversation.ask(WORTH, [], token=f"{PAGE}.1")
    next(moments)
    conversation.stop([user_message(WORTH)], f"{PAGE}.1")
    rest = list(moments)
    assert [texts(one[1]) for one in rest] == [[WORTH, "Stopped."]]
    assert rest[0][0].submit_btn is True


def test_an_answer_that_had_begun_stays_as_far_as_it_was_shown(conversation: Conversation):
    moments = conversation.ask(WORTH, [], token=f"{PAGE}.1")
    shown = [next(moments) for _ in range(2)][-1]
    conversation.stop(shown[1], f"{PAGE}.1")
    (last,) = moments
    assert last[1] == shown[1]
    assert "Blue Wave Lines" in texts(last[1])[-1]


def test_a_new_conversation_ends_the_answer_and_stays_empty(conversation: Conversation):
    moments = conversation.ask_again(FERRY_TURN, token=f"{PAGE}.7")
    next(moments)
    cleared = conversation.clear(f"{PAGE}.7")
    assert (cleared[1], list(moments)) == ([], [cleared])


def test_an_answer_that_waited_in_the_queue_does_not_begin_after_its_end(
    conversation: Conversation,
):
    conversation.clear(f"{PAGE}.3")
    assert list(conversation.ask(WORTH, [], token=f"{PAGE}.3")) == [(gr.skip(),) * 4]
    assert len(list(conversation.ask(WORTH, [], token=f"{PAGE}.4"))) > 1


def test_an_ended_answer_leaves_the_next_one_alone(conversation: Conversation):
    old = conversation.ask(WORTH, [], token=f"{PAGE}.1")
    next(old)
    conversation.stop([], f"{PAGE}.1")
    new = conversation.ask(WORTH, [], token=f"{PAGE}.2")
    next(new)
    assert list(old) == [(gr.skip(),) * 4]
    assert len(list(new)) > 1


def test_nobody_ends_the_answers_of_another_page(conversation: Conversation):
    moments = conversation.ask(WORTH, [], token=f"{PAGE}.1")
    next(moments)
    for token in ("fedcba9876543210.9", "", "x.9", None, f"{PAGE}.0"):
        conversation.stop([], token)
    assert len(list(moments)) > 1


def test_pages_are_forgotten_in_the_end():
    runs = Runs()
    for number in range(3000):
        runs.begin(f"{number:016x}.1")
    assert len(runs._pages) == 2000


def test_other_words_are_searched_for_in_place_of_the_last_answer(conversation: Conversation):
    asked = [*FERRY_TURN, user_message("And it?"), answer_message(Frame("Bad"))]
    event: Any = SimpleNamespace(_data={"text": " When did the library reopen? "})
    *_, last, _ = conversation.search_for(asked, "", "", "", event)
    shown = message_text(last[1][-1])
    assert texts(last[1])[:3] == [WORTH, "18 million", "And it?"]
    assert plain_text(shown).startswith("The library reopened on 4 September 2023")
    assert turns(last[1])[-1].searched == "When did the library reopen?"
    nothing: Any = SimpleNamespace(_data={"text": " "})
    assert list(conversation.search_for(asked, "", "", "", nothing)) == [(gr.skip(),) * 4]
