from __future__ import annotations

import pytest

from index.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    "expected",
    [
        ["Mr. Ton-That met Sen. Markey in Jan. 2020.", "Dr. Lee did not."],
        ["Clearview AI Inc. sells to police.", "Its price is $2,000 per year."],
        ["It is used in the U.S.", "The firm denied it."],
        ["The U.S. Senate asked Amazon.com for facts.", "No reply came."],
        ["The U.K. regulator fined it £7.5m on 18 May.", "It appealed."],
        ["The hearing began at 9 a.m. on Tuesday.", "It ended late."],
        ["See Art. 5 and No. 7 of the act.", "Both apply."],
        ["“We were wrong.”", "He left."],
        ["She asked: “Why?”", "Nobody knew."],
        ["Did it work?", "No!", "It failed..."],
        ["Error rates fell from 34.7% to 0.8%.", "That is a lot."],
        ["The rule is defined in. such a manner that all agree.", "It holds."],
        ["Data protection. The assessment did not meet the act.", "That was unlawful."],
        ["They sang.", "Nobody came."],
        ["no stop at the end"],
    ],
    ids=lambda expected: expected[0][:24],
)
def test_text_is_cut_into_the_sentences_a_reader_sees(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_offsets_count_from_the_start_of_the_whole_text() -> None:
    text = "Before.\n\nOne fact. Another fact.\n\nAfter."
    assert list(sentence_spans(text, 9, 32)) == [(9, 18), (19, 32)]


@pytest.mark.parametrize("text", ["", " ", " \t "])
def test_text_without_a_word_has_no_sentence(text: str) -> None:
    assert sentences(text) == []


def test_chinese_without_spaces_stays_in_one_piece_with_true_offsets() -> None:
    text = "人脸识别技术已被禁止。公司必须删除数据。"
    assert sentences(text) == [text]
