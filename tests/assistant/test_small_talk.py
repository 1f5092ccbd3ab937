from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers import Turn
from assistant.archive import Archive
from assistant.followup import stand_alone
from assistant.settings import Settings
from assistant.small_talk import NO_QUESTION, asks_in, in_another_language, is_small_talk

from ..fakes import BagOfStems
from .small_corpus import WORTH, write_home

GERMAN = "Wie viel ist der Vertrag über die Fähre wert?"


@pytest.mark.parametrize(
    "said",
    ["hello", "Hi there!", "thanks", "OK, thank you!", "Thanks a lot :)", "good morning", "Danke!",
     "bye", "who are you?", "What can you do?", "help", "yes", "Merci beaucoup"],
)  # fmt: skip
def test_a_greeting_and_thanks_are_no_questions(said: str) -> None:
    assert is_small_talk(said)


@pytest.mark.parametrize(
    "asked",
    ["Thanks, and in France?", "Why?", "Who else?", "test results?", "Who helped?", "Hello Fresh?",
     "Is it okay to use it?", "And?", "Great Britain", "What can you do about it?"],
)  # fmt: skip
def test_what_asks_something_is_a_question(asked: str) -> None:
    assert not is_small_talk(asked)


def test_the_first_word_shows_the_language() -> None:
    asked = [GERMAN, "Und warum?", "Combien ?", "¿Cuándo?", "Was Clearview fined?", "Who?", "", "?"]
    assert [asks_in(one) for one in asked] == ["German", "German", "French", "Spanish", *4 * [""]]
    assert not in_another_language(GERMAN, {"de"})
    assert not in_another_language(GERMAN, {"en", "de"})
    assert not in_another_language(GERMAN, {None})
    assert in_another_language(GERMAN, {"en", None}).endswith("Ask in English.")
    assert not in_another_language("Who?", {"de"})


def test_a_word_that_asks_in_another_language_is_no_name() -> None:
    before = [Turn("Und in Frankreich?", "")]
    assert stand_alone("Warum?", before) == "Warum? (Frankreich)"


def test_what_is_no_question_is_told_so_and_not_looked_for(tmp_path: Path) -> None:
    with Archive(write_home(tmp_path), Settings(), BagOfStems()) as archive:
        archive.sync()
        before = archive.ask(WORTH)
        turn = Turn(WORTH, before.text, tuple(one.document_id for one in before.citations))
        thanks = archive.ask("thanks!", history=[turn])
        german = archive.ask(GERMAN)
    assert (thanks.text, thanks.searched, thanks.nearest) == (NO_QUESTION, "thanks!", ())
    assert thanks.abstained
    assert german.text == (
        "The documents don't answer this: the question is in German, and the documents are in "
        "English. Ask in English."
    )
    assert german.abstained
