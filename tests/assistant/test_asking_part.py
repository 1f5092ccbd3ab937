from __future__ import annotations

import pytest

from assistant.asking_part import asking_part, asks_by, asks_whether


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("When the mine closed, what did the town do?", "what did the town do?"),
        ("After the court ruled on May 4, 2020, who appealed?", "who appealed?"),
        ("And if it rains, at how many gates can one wait?", "at how many gates can one wait?"),
        ("When the mine closed, did the town sue?", "did the town sue?"),
        ("When did the mine close, and what did the town do?", None),
        ("When was the mine, which closed in 1990, opened?", None),
        ("When does it end?", None),
        ("What did the town do when the mine closed?", None),
        ("", None),
    ],
)
def test_a_clause_in_front_is_not_what_is_asked(question: str, part: str | None) -> None:
    assert asking_part(question) == (question if part is None else part)


@pytest.mark.parametrize(
    ("question", "word", "asks"),
    [
        ("When did it open?", "when", True),
        ("The mine opened when?", "when", True),
        ("Where and when was it opened?", "when", True),
        ("Do you know when it opened?", "when", True),
        ("Tell me exactly when it opened.", "when", True),
        ("When the mine closed, what did the town do?", "when", False),
        ("What did the town do when the mine closed?", "when", False),
        ("Did the town sue when the mine closed?", "when", False),
        ("What did the town say when the mine closed?", "when", False),
        ("Who sued?", "who", True),
        ("What is the name of the judge who ruled?", "who", True),
        ("What did the man who sued want?", "who", False),
        ("Are lawyers who sue kept out?", "who", False),
    ],
)
def test_a_question_word_asks_where_it_is_the_one_that_does(
    question: str, word: str, asks: bool
) -> None:
    assert asks_by(question, word) is asks


def test_whether_is_asked_also_behind_a_clause() -> None:
    assert asks_whether("When the mine closed, did the town sue?")
    assert not asks_whether("Can you tell me who sued?")
    assert not asks_whether("Who sued?")
