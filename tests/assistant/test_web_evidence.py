from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.archive import Archive
from assistant.web.evidence import (
    Card,
    byline,
    empty_html,
    nearest_cards,
    nearest_html,
    passage_card,
    referenced_cards,
    sources_html,
)
from assistant.web.markup import Reference
from assistant.web.reader import AROUND, blocks, reader_html, text_html

from .small_corpus import FERRY_DATE, FERRY_WORTH, NOWHERE

lines = st.sampled_from(
    ["", "## A heading", "- an item", "2. a step", "Plain <b>text</b> & more.", "x", "  indented"]
)
texts = st.lists(lines, min_size=1, max_size=12).map("\n".join)


def marks(rendered: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r"<mark[^>]*>(.*?)</mark>", rendered, re.S)]


def words(rendered: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", rendered))


@given(texts)
def test_blocks_cover_a_text_in_order_without_overlap(text: str):
    end = 0
    for block in blocks(text):
        assert end <= block.start < block.end <= len(text)
        end = block.end


@given(texts, st.data())
def test_a_quote_within_a_block_is_marked_exactly(text: str, data: st.DataObject):
    found = [block for block in blocks(text) if text[block.start : block.end].strip()]
    if not found:
        return
    block = data.draw(st.sampled_from(found))
    start = data.draw(st.integers(block.start, block.end - 1))
    end = data.draw(st.integers(start + 1, block.end))
    rendered = text_html(text, start, end)
    assert marks(rendered) == [text[start:end]]
    assert rendered.count('id="hit"') == 1


@given(texts, st.data())
def test_marking_changes_no_word_and_lets_no_markup_in(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    rendered = text_html(text, start, end)
    shown = "".join(text[block.start : block.end] for block in blocks(text))
    assert words(rendered) == shown
    assert set(re.findall(r"</?(\w+)", rendered)) <= {"h4", "p", "ul", "ol", "li", "mark"}
    assert rendered.count('id="hit"') <= 1


def test_a_quote_over_several_blocks_is_marked_in_each():
    text = "First one.\n\n## Then\n\n- second\n- third"
    assert text_html(text, 6, len(text) - 2) == (
        '<p class="passage">First <mark id="hit" tabindex="-1">one.</mark></p>'
        '<h4 class="passage"><mark>Then</mark></h4>'
        '<ul><li class="passage"><mark>second</mark></li>'
        '<li class="passage"><mark>thi</mark>rd</li></ul>'
    )


def test_of_a_very_long_document_the_part_around_the_quote_is_shown():
    text = "\n\n".join(f"Sentence number {n} stands here." for n in range(40_000))
    start = text.index("Sentence number 20000 ")
    rendered = text_html(text, start, start + 21)
    assert marks(rendered) == ["Sentence number 20000"]
    assert rendered.count('class="cut"') == 2
    assert len(rendered) < 4 * AROUND


def test_the_reader_shows_the_document_that_a_reference_names(shared_archive: Archive):
    document = shared_archive.document("ferry")
    start = document.text.index(FERRY_WORTH)
    place = Reference(document.sha256[:16], start, start + len(FERRY_WORTH), 2)
    rendered = reader_html(shared_archive, str(place))
    assert marks(rendered) == [FERRY_WORTH]
    assert "Harbour ferry gets a new operator" in rendered
    assert "The Harbour Post · 12 March 2024" in rendered
    assert 'href="https://harbour-post.example/ferry" target="_blank" rel="noopener' in rendered


@pytest.mark.parametrize(
    ("start", "end"), [(0, 10**8), (5, 5), (9, 3)], ids=["beyond", "empty", "backwards"]
)
def test_a_place_outside_the_text_opens_nothing(shared_archive: Archive, start: int, end: int):
    version = shared_archive.document("ferry").sha256[:16]
    rendered = reader_html(shared_archive, str(Reference(version, start, end, 1)))
    assert "Document not available" in rendered
    assert "ferry" not in rendered


@pytest.mark.parametrize("reference", ["", "0" * 16 + ".0.5.1", "<script>", "1.2.3.4"])
def test_an_unknown_version_opens_nothing(shared_archive: Archive, reference: str):
    rendered = reader_html(shared_archive, reference)
    assert "Document not available" in rendered
    assert "<script" not in rendered


def test_what_came_closest_is_listed_without_numbers(shared_archive: Archive):
    nearest = shared_archive.ask(NOWHERE).nearest
    cards = nearest_cards(shared_archive, nearest)
    assert [card.number for card in cards] == [0] * len(nearest)
    assert [card.reference.version for card in cards if card.reference] == [
        shared_archive.document(hit.passage.document_id).sha256[:16] for hit in nearest
    ]
    assert "Closest passages" in nearest_html(cards)
    assert 'class="num"' not in nearest_html(cards)


def test_a_closest_passage_shows_words_and_no_marks_of_lists_and_headings(
    shared_archive: Archive,
):
    text = "## Costs\n\n- The boats cost 4 - 5 million.\n  - Two are electric.\n"
    document = replace(shared_archive.document("ferry"), text=text)
    assert passage_card(document, 0, len(text)).text == (
        "Costs The boats cost 4 - 5 million. Two are electric."
    )


def test_a_name_from_right_to_left_leaves_the_date_beside_it_alone():
    when = date(2023, 9, 5)
    assert byline("The Harbour Post", when) == "The Harbour Post · 5 September 2023"
    assert byline("هآرتس", when) == "\u2068هآرتس\u2069 · 5 September 2023"


def test_a_closest_passage_of_a_removed_document_is_left_out(shared_archive: Archive):
    hit = shared_archive.ask(NOWHERE).nearest[0]
    gone = replace(hit, passage=replace(hit.passage, document_id="no-such-document"))
    assert nearest_cards(shared_archive, [gone]) == ()


def test_a_closest_passage_of_a_changed_document_is_left_out(shared_archive: Archive):
    hit = shared_archive.ask(NOWHERE).nearest[0]
    before = replace(hit, text="What the document said before.")
    assert nearest_cards(shared_archive, [before]) == ()


def test_a_reference_to_a_removed_document_becomes_a_card_without_a_link(shared_archive: Archive):
    cards = referenced_cards(shared_archive, [Reference("0" * 16, 0, 5, 3)])
    assert [(card.reference, card.number) for card in cards] == [(None, 3)]
    rendered = sources_html(cards)
    assert 'class="card gone"' in rendered
    assert "<a " not in rendered


def test_an_answer_without_sources_shows_the_empty_column():
    assert sources_html(()) == nearest_html(()) == empty_html()


def test_a_card_escapes_everything_it_shows():
    hostile = '<script>alert(1)</script>" onfocus="alert(2)'
    card = Card(Reference("0" * 16, 0, 5, 1), 1, hostile, hostile, None, hostile)
    rendered = sources_html([card])
    assert "<script" not in rendered
    assert '" onfocus' not in rendered
    assert rendered.count("&lt;script&gt;") == 3


def test_a_byline_names_what_is_known():
    assert byline("The Harbour Post", FERRY_DATE) == "The Harbour Post · 12 March 2024"
    assert byline(None, FERRY_DATE) == "12 March 2024"
    assert byline("The Harbour Post", None) == "The Harbour Post"
    assert byline(None, None) == ""
