from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages import Passage
from index.split import PASSAGE_TOKENS, split

from .homes import document

LONGEST = PASSAGE_TOKENS * 3 // 2


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def characters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


def shown(text: str) -> list[tuple[str, list[str]]]:
    """Return each passage's heading and sentences."""
    return [
        (one.heading, [text[s.start : s.end] for s in one.sentences])
        for one in split(document(text), words)
    ]


def test_a_passage_holds_the_paragraphs_under_one_heading() -> None:
    text = "Lead one. Lead two.\n\nMore lead.\n\n## History\n\nIt began.\n\n## Law\n\nIt ended."
    assert shown(text) == [
        ("", ["Lead one.", "Lead two.", "More lead."]),
        ("History", ["It began."]),
        ("Law", ["It ended."]),
    ]


def test_two_sections_with_one_name_are_not_joined_across_the_heading() -> None:
    assert shown("## Notes\n\nFirst.\n\n## Notes\n\nSecond.") == [
        ("Notes", ["First."]),
        ("Notes", ["Second."]),
    ]


def test_list_items_are_sentences_without_their_bullets() -> None:
    text = "Banned in:\n\n- San Francisco, 2019\n  - Oakland\n2. Boston. It was fast.\n• Portland"
    assert shown(text) == [
        (
            "",
            [
                "Banned in:",
                "San Francisco, 2019",
                "Oakland",
                "Boston.",
                "It was fast.",
                "Portland",
            ],
        )
    ]


def test_each_row_of_a_table_is_a_sentence() -> None:
    text = "City | Year\n--- | ---\nOakland | 2019\nthe rest | 2020"
    assert shown(text) == [("", ["City | Year", "--- | ---", "Oakland | 2019", "the rest | 2020"])]


@pytest.mark.parametrize("text", ["", "# Title", "# Title\n\n## Part\n\n### Detail"])
def test_headings_alone_make_no_passage(text: str) -> None:
    assert split(document(text), words) == ()


def test_a_hash_in_a_paragraph_is_no_heading() -> None:
    assert shown("#1 in sales.\n\n####### Seven.") == [("", ["#1 in sales.", "####### Seven."])]


def test_a_paragraph_that_does_not_fit_moves_to_the_next_passage_whole() -> None:
    first = "one " * 99 + "end."
    second = "Two " + "two " * 59 + "mid. Then " + "two " * 39 + "end."
    text = f"{first}\n\n{second}"
    assert [(one.start, one.end) for one in split(document(text), words)] == [
        (0, len(first)),
        (len(first) + 2, len(text)),
    ]


def test_a_paragraph_of_up_to_one_and_a_half_passages_is_not_cut() -> None:
    one, other = "One " + "one " * 84 + "end.", "Two " + "two " * 178 + "end."
    long = "".join(f"Long {number} {'x ' * 83}end. " for number in range(3)).strip()
    text = f"{one}\n\n{long}\n\n{one}\n\n{long} {other}"
    assert words([long]) == [3 * 86]
    ends = [len(one), len(one) + 2 + len(long), 2 * len(one) + 4 + len(long)]
    passages = split(document(text), words)
    assert [passage.end for passage in passages[:2]] == ends[:2]
    assert all(sum(words([text[p.start : p.end]])) <= PASSAGE_TOKENS for p in passages[2:])
    assert passages[2].start == ends[1] + 2


def test_a_sentence_of_five_thousand_words_is_cut_at_spaces_and_loses_no_word() -> None:
    text = " ".join(f"word{number}" for number in range(5000))
    passages = split(document(text), words)
    assert all(one.end - one.start <= len(text) // 20 for one in passages)
    assert " ".join(text[one.start : one.end] for one in passages) == text


def test_an_uneven_sentence_is_cut_until_each_part_fits() -> None:
    text = "a " * 400 + "longword" * 400 + " b" * 400
    parts = [text[one.start : one.end] for one in split(document(text), words)]
    assert max(words(parts)) <= PASSAGE_TOKENS
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")


def test_chinese_without_spaces_is_cut_into_parts_that_the_model_can_read() -> None:
    text = "人脸识别技术已被禁止。公司必须删除数据。" * 50
    passages = split(document(text), characters)
    assert "".join(text[one.start : one.end] for one in passages) == text
    assert max(one.end - one.start for one in passages) <= PASSAGE_TOKENS


def test_a_passage_is_named_by_where_it_is() -> None:
    text = "## Law\n\nIt ended."
    (passage,) = split(document(text, document_id="2020/law"), words)
    assert passage.id == "2020/law:8-17"
    assert (passage.document_id, passage.start, passage.end) == ("2020/law", 8, 17)


# Texts as cleaning leaves them: blocks with one blank line between, no space at a line's ends.
WORDS = st.text(st.sampled_from("abcXYZé人12$%“”'’(),;:"), min_size=1, max_size=9)
SENTENCES = st.builds(
    lambda parts, stop: " ".join(parts) + stop,
    st.lists(WORDS | st.sampled_from(["U.S.", "Mr.", "the", "3.5"]), min_size=1, max_size=60),
    st.sampled_from([".", "?", "!", ".”", "...", "", ". and"]),
)
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join)
LISTS = st.lists(
    st.builds("{}{}".format, st.sampled_from(["- ", "1. ", "• ", ""]), SENTENCES),
    min_size=1,
    max_size=4,
).map("\n".join)
HEADINGS = st.builds("{} {}".format, st.sampled_from(["#", "##", "######"]), WORDS)
TEXTS = st.lists(PARAGRAPHS | LISTS | HEADINGS, max_size=8).map("\n\n".join)


def outside_sentences(text: str, passages: Sequence[Passage]) -> str:
    kept = [True] * len(text)
    for passage in passages:
        for sentence in passage.sentences:
            kept[sentence.start : sentence.end] = [False] * (sentence.end - sentence.start)
    return "".join(char for char, keep in zip(text, kept, strict=True) if keep)


@given(TEXTS)
def test_every_sentence_is_kept_once_and_in_order(text: str) -> None:
    passages = split(document(text), words)
    spans = [(s.start, s.end) for one in passages for s in one.sentences]
    assert all(start < end for start, end in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))
    bullet = re.compile(r"(?:[-*•]|\d{1,3}[.)]) ")
    lines = [
        bullet.match(line).group() if bullet.match(line) else ""  # type: ignore[union-attr]
        for line in text.split("\n")
    ]
    headings = [b for b in text.split("\n\n") if re.fullmatch(r"#{1,6} .*", b)]
    expected = "".join(lines) + "".join(headings)
    assert sorted("".join(outside_sentences(text, passages).split())) == sorted(
        "".join(expected.split())
    )


@given(TEXTS)
def test_a_passage_is_a_run_of_its_sentences_within_one_section(text: str) -> None:
    for passage in split(document(text), words):
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
        for sentence in passage.sentences:
            inside = text[sentence.start : sentence.end]
            assert inside == inside.strip() != ""
        assert not re.search(r"^#{1,6} .*$\n\n", text[passage.start : passage.end], re.MULTILINE)
        above = re.findall(r"(?:^|\n\n)#{1,6} (.*)(?=\n\n|$)", text[: passage.start])
        assert passage.heading == (above[-1] if above else "")


@given(TEXTS, st.sampled_from([words, characters]))
def test_a_passage_keeps_to_the_token_budget(text: str, count: object) -> None:
    assert callable(count)
    for passage in split(document(text), count):
        parts = [text[s.start : s.end] for s in passage.sentences]
        is_one_paragraph = "\n\n" not in text[passage.start : passage.end]
        assert sum(count(parts)) <= (LONGEST if is_one_paragraph else PASSAGE_TOKENS)
