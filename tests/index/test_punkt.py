"""Sentences end where NLTK's Punkt says that they do, with the same words to go by."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.punkt import Punkt
from index.sentences import _ABBREVIATIONS, _PUNKT, _STARTERS

DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"
PIECES = st.sampled_from(
    "Dr. Mr. J. B. U.S. e.g. pre-inc. No. 3. 3.5 1,000. -7. the The But but word Word End end. "
    "Stop! What? ?! ... .. . , ; : -- - ( ) (in) [1] “ ” ‘ ’ « » \" ' it's it. He He. said.” a.b. "
    "Ünder. ß. É. 人 人。 x@y.z http://a.b/c.d 5% *note* `code` {a} #1 & _ the. The. –".split()
)
GAPS = st.sampled_from(["", " ", "  ", "\n", "\n\n", "\t", " \n "])


@functools.cache
def theirs() -> Any:
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS)
    parameters.sent_starters = set(_STARTERS)
    return PunktSentenceTokenizer(parameters)


@settings(deadline=None)
@given(st.lists(st.tuples(PIECES, GAPS), max_size=30))
def test_made_up_texts_are_split_as_nltk_splits_them(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + gap for piece, gap in pieces)
    assert list(_PUNKT.spans(text)) == list(theirs().span_tokenize(text))


@settings(deadline=None)
@given(st.text(st.sampled_from(".?! \n,\"')”’-aAtThe3:;(["), max_size=60))
def test_any_letters_are_split_as_nltk_splits_them(text: str) -> None:
    assert list(_PUNKT.spans(text)) == list(theirs().span_tokenize(text))


def test_the_starter_corpus_is_split_as_nltk_splits_it() -> None:
    for path in sorted(DOCUMENTS.glob("*.md")):
        text = path.read_text("utf-8")
        assert list(_PUNKT.spans(text)) == list(theirs().span_tokenize(text))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Dr. Who came. He left.", ["Dr. Who came.", "He left."]),
        ("It is in the U.S. The law is old.", ["It is in the U.S.", "The law is old."]),
        ("(He came.) “It ended.” So they left.", ["(He came.)", "“It ended.”", "So they left."]),
        ("Read no. 7. it says so.", ["Read no. 7. it says so."]),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, sentences: list[str]) -> None:
    punkt = Punkt({"dr", "no", "u.s"}, {"the"})
    assert [text[start:end] for start, end in punkt.spans(text)] == sentences
