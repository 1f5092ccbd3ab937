from __future__ import annotations

import html
import re
from dataclasses import replace

from assistant.web.details import Particulars, details_html, gone_html
from assistant.web.edits import edit_from, stated
from assistant.web.parts import PARTS, part_key, visible
from assistant.web.reading import PART, reading_html
from corpus.documents import Document, Removed, text_sha256

from .test_web_corpus_tab import COPY, ENTRY

MENU = Removed(1, "Home News Sport", "menu")
SHARE = Removed(14, "Share this on X", "share bar")


def words(rendered: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", rendered)).split())


def inputs(rendered: str) -> dict[str, str]:
    found = re.findall(r'<input id="[^"]*" name="(\w+)" type="text" value="([^"]*)"', rendered)
    return {name: html.unescape(value) for name, value in found}


def made(text: str, pages: tuple[int, ...] = ()) -> Document:
    return Document(
        "long", "Long", text, None, None, None, None, (), "application/pdf", "long.pdf",
        text_sha256(text), None, pages,
    )  # fmt: skip


def test_the_form_shows_what_is_known_and_marks_what_is_guessed():
    entry = replace(ENTRY, guessed=("date",), author="Ada Lindqvist")
    rendered = details_html(Particulars(entry))
    assert inputs(rendered) == stated(entry)
    assert re.findall(r'<small class="guessed" id="([^"]*)">', rendered) == ["details-date-guessed"]
    assert 'aria-describedby="details-date-guessed"' in rendered
    assert re.findall(r'name="confirm" value="(\w+)"', rendered) == ["date"]


def test_a_bad_date_is_told_at_its_field_and_what_was_typed_stays():
    now = stated(ENTRY)
    sent = {"values": now | {"date": "soon", "source": "Mine"}, "was": now}
    rendered = details_html(Particulars(ENTRY), edit=edit_from(sent, ENTRY))
    assert inputs(rendered) == now | {"date": "soon", "source": "Mine"}
    assert rendered.count('aria-invalid="true"') == 1
    assert 'aria-describedby="details-date-error" aria-invalid="true" data-focus' in rendered
    assert "“soon” is no date. Write it as year-month-day: 2024-03-31." in rendered


def test_what_was_taken_out_is_listed_line_by_line_with_its_reason():
    rendered = details_html(Particulars(ENTRY, (MENU, SHARE), ("Put back once",)))
    assert "2 parts taken out: 1 menu, 1 share bar" in rendered
    assert re.findall(r'data-act="(restore|take-out)" data-part="(\w+)"', rendered) == [
        ("restore", part_key(MENU.text)),
        ("restore", part_key(SHARE.text)),
        ("take-out", part_key("Put back once")),
    ]
    assert "Line 14 share bar Share this on X Put back" in words(rendered)


def test_of_very_many_parts_the_first_are_drawn_and_the_others_on_demand():
    parts = tuple(Removed(n, f"line {n}", "menu") for n in range(1, PARTS + 31))
    first = details_html(Particulars(ENTRY, parts))
    assert first.count('data-act="restore"') == PARTS
    assert "Show the other 30" in first
    assert details_html(Particulars(ENTRY, parts), all_parts=True).count(
        'data-act="restore"'
    ) == len(parts)


def test_a_quarantined_document_gives_its_reasons_and_can_be_released():
    rendered = details_html(Particulars(COPY))
    assert "<li>hidden text</li>" in rendered
    assert 'data-act="release" data-confirm="Really release?"' in rendered
    assert "release" not in details_html(Particulars(ENTRY))


def test_links_lead_to_the_original_and_to_other_versions():
    entry = replace(ENTRY, url="https://harbour.example/a?b=1&c=2")
    rendered = details_html(Particulars(entry, versions=(COPY,)))
    assert (
        '<a href="https://harbour.example/a?b=1&amp;c=2" target="_blank" '
        'rel="noreferrer noopener">' in rendered
    )
    assert 'data-open="copy">A ferry</button>' in rendered
    scripted = details_html(Particulars(replace(ENTRY, url="javascript:alert(1)")))
    assert "<a " not in scripted


def test_everything_from_a_document_is_escaped():
    hostile = '<script>alert(1)</script>" onclick="alert(2)'
    entry = replace(
        ENTRY, id=hostile, title=hostile, author=hostile, source=hostile, language=hostile,
        tags=(hostile,), path=hostile, problems=(hostile,), quarantine=(hostile,),
    )  # fmt: skip
    known = Particulars(entry, (Removed(1, hostile, hostile),), (hostile,), (entry,))
    rendered = details_html(known, notice=hostile) + gone_html(hostile)
    rendered += reading_html(replace(made(hostile), id=hostile, title=hostile))
    assert "<script" not in rendered
    assert '" onclick' not in rendered


def test_characters_that_nothing_shows_are_shown_as_numbers():
    assert visible("a\u200bb\U000e0041\nü") == "a⟨U+200B⟩b⟨U+E0041⟩\nü"


def test_a_short_text_is_read_whole_with_its_pages():
    text = "First page.\n\n- item one\n- item two\n\nLast."
    pages = (0, text.index("- item two"), text.index("Last."))
    rendered = reading_html(made(text, pages))
    body = rendered[rendered.index("<article") :]
    assert words(body) == "Page 1 First page. item one Page 2 item two Page 3 Last."
    assert "<ul><li>item one</li></ul>" in body


def test_a_long_text_is_read_part_by_part_without_a_gap():
    text = "\n\n".join(f"Paragraph number {n} stands here." for n in range(12_000))
    seen, begin = [], 0
    while True:
        rendered = reading_html(made(text), begin)
        seen += re.findall(r"<p>(Paragraph[^<]*)</p>", rendered)
        assert len(rendered) < 4 * PART
        following = re.findall(r'data-from="(\d+)">Go on', rendered)
        if not following:
            break
        begin = int(following[0])
    assert seen == text.split("\n\n")


def test_a_made_up_place_begins_at_the_beginning():
    assert reading_html(made("Short."), -5) == reading_html(made("Short."), 10**9)
