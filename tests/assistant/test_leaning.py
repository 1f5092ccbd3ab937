from __future__ import annotations

from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.cite import stands
from assistant.contract import ask_json
from assistant.leaning import context_of, leans
from assistant.settings import Settings
from assistant.terminal import print_answer

from ..fakes import BagOfStems
from .small_corpus import write_home

TEXT = """# The ferry

Ada Berg runs the ferry. She was born in Oslo. She left in 2020.

It was a good year."""


@pytest.mark.parametrize(
    "sentence",
    [
        "It was fined again.",
        "He left.",
        "“They know,” he said.",
        "However, this changed.",
        "Such cases end.",
        "Its roof fell.",
        "The latter won.",
        "It is one of the oldest laws.",
    ],
)
def test_a_sentence_that_points_back_leans(sentence: str) -> None:
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is clear that he left.",
        "It takes two hours to get there.",
        "Italy left.",
        "Theirs was a long way.",
        "Both France and Italy agreed.",
        "That the law is new helps.",
        "The firm said it left.",
        "Hers alone",
    ],
)
def test_a_sentence_that_only_looks_so_does_not(sentence: str) -> None:
    assert not leans(sentence)


@pytest.mark.parametrize(
    ("sentence", "context"),
    [
        ("Ada Berg", None),
        ("She was", "Ada Berg runs the ferry."),
        ("She left", "Ada Berg runs the ferry. She was born in Oslo."),
        ("It was", "She was born in Oslo. She left in 2020."),
    ],
    ids=["a heading is none", "the sentence before", "up to the name", "two at most"],
)
def test_the_context_is_what_stands_before(sentence: str, context: str | None) -> None:
    found = context_of(TEXT, TEXT.index(sentence))
    assert (TEXT[found.start : found.end] if found else None) == context


def test_an_answer_brings_the_context_of_a_quote_that_leans(
    fast: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"boat.md": "The Vega belongs to Ada Berg. It carries 210 passengers to the islands.\n"}
    question = "How many passengers are carried to the islands?"
    with Archive(write_home(tmp_path / "home", files), Settings(max_quotes=1), BagOfStems()) as one:
        answer = one.ask(question)
        document = one.document("boat")
    (citation,) = answer.citations
    assert citation.quote == "It carries 210 passengers to the islands."
    assert citation.context is not None
    assert citation.context.quote == "The Vega belongs to Ada Berg."
    assert stands(citation, document)
    assert answer.text == f"{citation.quote} [1]"
    print_answer(ask_json(answer), explain=False)
    said = capsys.readouterr().out
    assert said.startswith(
        "210 [1]\n\n(Before it: The Vega belongs to Ada Berg.)\n\n" + answer.text
    )
