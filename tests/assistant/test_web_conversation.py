from __future__ import annotations

from typing import Any

import gradio as gr
import pytest

from assistant.archive import Archive
from assistant.web.chat import Frame, answer_message, message_text, user_message
from assistant.web.conversation import EDITED, Conversation
from assistant.web.evidence import EMPTY
from assistant.web.markup import plain_text

from .small_corpus import WORTH

ASKED = user_message("How long is it?")


@pytest.fixture
def conversation(shared_archive: Archive) -> Conversation:
    with gr.Blocks():
        parts = gr.Chatbot(), gr.Textbox(), gr.HTML(), gr.HTML(), gr.HTML(), gr.HTML()
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
    assert (texts(messages), sources) == (["How long is it?", "Stopped."], EMPTY)


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
