from __future__ import annotations

import pytest

from assistant.generate_text import Pieces

SENTENCE = "The ferry contract is worth 18 million euros."


def told(text: str, *, ran_out: bool = False, at_once: bool = True) -> list[tuple[str, object]]:
    """Return the sentences of what a model writes, whole or letter by letter, and their markers."""
    pieces = Pieces()
    found = [one for part in ([text] if at_once else text) for one in pieces.feed(part)]
    found += pieces.end(ran_out=ran_out)
    return [(one.text, one.markers) for one in found]


@pytest.mark.parametrize(
    "written",
    [
        "According to passage [1], the ferry contract is worth 18 million euros.",
        "According to the provided documents [1], the ferry contract is worth 18 million euros.",
        "Based on the passages, the ferry contract is worth 18 million euros [1].",
        "Passage [1] says that the ferry contract is worth 18 million euros.",
        "**Answer:** The ferry contract is worth 18 million euros [1].",
        "The ferry contract is worth 18 million euros (Passage 1).",
        "Sure! Here is the answer:\n\nThe ferry contract is worth 18 million euros [1].",
        "Sure! The ferry contract is worth 18 million euros [1].\nI hope this helps!",
        "@@3f2a passage [2]\nThe ferry contract is worth 18 million euros. [1]\n@@3f2a end [2]",
    ],
)
@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "by letters"])
def test_what_models_say_around_an_answer_is_no_part_of_it(written: str, at_once: bool) -> None:
    assert told(written, at_once=at_once) == [(SENTENCE, (1,))]


@pytest.mark.parametrize(
    "sentence",
    [
        "According to court documents, the mayor paid for the ferry.",
        "Government sources say that the ferry was paid for.",
        "According to the mayor, the ferry was paid for.",
        "The document says that the mayor paid for the ferry.",
        "Help is the answer: the mayor paid for the ferry.",
    ],
)
def test_who_said_it_stays_where_the_documents_tell_that(sentence: str) -> None:
    assert told(sentence) == [(sentence, ())]


def test_a_sentence_that_was_cut_off_is_no_answer() -> None:
    begun = f"{SENTENCE} [1] It will end in"
    assert told(begun) == [(SENTENCE, (1,)), ("It will end in", ())]
    assert told(begun, ran_out=True) == [(SENTENCE, (1,))]
    assert told(f"{SENTENCE} [1]", ran_out=True) == [(SENTENCE, (1,))]
    assert told("The ferry contract is worth 18", ran_out=True) == []
