from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    "expected",
    [
        ["人脸识别技术已被禁止。", "公司必须删除数据！", "费用是一万英镑吗？", "不是。"],
        ["市长说：「照片将被删除。」", "没有发现任何人。"],
        ["「はい。」と市長は言った。", "会議は終わった！！", "費用は３．５万円．", "以上"],
        ["你好。", "Mr. Lee 走了。", "iPhone 很好。", "iPad 也是。"],
        ["没有标点的标题"],
        ["数据被删除了吗?", "是的!", "市长说了。"],
        ["他说（是吗？）", "「不。」"],
    ],
    ids=["Chinese", "a quote", "Japanese", "with English", "no stop", "ASCII", "brackets"],
)
def test_scripts_without_spaces_are_cut_at_their_own_stops(expected: list[str]) -> None:
    assert sentences("".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["यह पहला वाक्य है।", "यह दूसरा है।"],
        ["هل انتهى؟", "نعم انتهى."],
        ["یہ پہلا ہے۔", "یہ دوسرا ہے۔"],
        ["What‽", "No!"],
        ["It ended. 。", "Yes."],
    ],
    ids=["Hindi", "Arabic", "Urdu", "an interrobang", "a stop alone"],
)
def test_other_stops_end_sentences_too(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@given(st.text("ab 。！「」と.’\n", max_size=60))
def test_whatever_the_stops_every_letter_is_in_one_sentence_and_in_order(text: str) -> None:
    spans = list(sentence_spans(text, 0, len(text)))
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
