from __future__ import annotations

import dataclasses
import datetime as dt
import re

from assistant.answers import (
    Citation,
    Context,
    Disagreement,
    InShort,
    Said,
    Short,
    StatedValue,
)
from assistant.web.evidence import cited_cards, sources_html
from assistant.web.front import answer_markdown, front_markdown
from assistant.web.markup import characters, note, plain_text, references_in

HOSTILE = "**It** </small> [x](http://evil.example) left."
CITATION = Citation(1, "a", "0" * 64, 30, 40, HOSTILE, "A", "Post", dt.date(2024, 6, 2))
OTHER = dataclasses.replace(CITATION, marker=2, document_id="b", source=None, title="B", date=None)


def test_a_short_answer_stands_in_bold_and_is_no_part_of_what_was_said() -> None:
    front = front_markdown(InShort(Short("*18* million", "money", 1, 30, 35), None))
    assert front == "**&#42;18&#42; million**\n\n"
    said = answer_markdown([Said("It cost 18 million.", CITATION)])
    assert plain_text(note("Searched for: ice") + front + said) == "It cost 18 million."


def test_context_stands_before_its_quote_and_is_no_part_of_what_was_said() -> None:
    leaning = dataclasses.replace(CITATION, context=Context(0, 20, "Ada <b>Berg</b> **ran**."))
    said = [Said("First.", OTHER), Said(f"\n\n{HOSTILE}", leaning)]
    markdown = answer_markdown(said)
    assert "<small>Before it&#58; Ada &#60;b&#62;Berg&#60;" in markdown
    assert "http://" not in markdown
    assert markdown.count("<") == 2
    assert plain_text(markdown) == f"First.\n\n{HOSTILE}"


def test_sources_that_disagree_are_named_once_their_quotes_are_there() -> None:
    values = (
        StatedValue("21 <i>", 1, 30, 35, dt.date(2024, 6, 2), ("a", "c", "d"), 1),
        StatedValue("18", 2, 30, 32, None, ("b",), 1),
    )
    front = InShort(None, Disagreement("count", values))
    assert front_markdown(front) == ""
    shown = front_markdown(front, (CITATION, OTHER))
    assert "<i>" not in shown
    lines = plain_lines(shown)
    assert lines == [
        "Sources disagree, the newest first:",
        "",
        "- **21 <i>** 1 Post · 2 June 2024 · 3 documents, 1 independent source",
        "- **18** 2 B · undated",
        "",
    ]
    assert plain_text(shown + "They said so.") == "They said so."
    # Both quotes stand in the answer too; each is one source.
    said = answer_markdown([Said("One.", CITATION), Said(" Two.", OTHER)])
    assert [ref.marker for ref in references_in(shown + said)] == [1, 2]


def plain_lines(markdown: str) -> list[str]:
    """Return what is read of a list with its markers."""
    text = re.sub(r"\[(\d+)\]\([^)]*\)", r"\1", markdown.replace("\u00a0", " "))
    return characters(re.sub(r"</?small>", "", text)).split("\n")[:-1]


def test_a_card_says_how_many_documents_say_the_same() -> None:
    copied = dataclasses.replace(CITATION, also=("b", "c"), independent=1)
    assert "3 documents, 1 independent source" in sources_html(cited_cards([copied]))
    assert "independent" not in sources_html(cited_cards([CITATION]))


def test_a_sentence_in_doubt_is_underlined_says_why_and_is_told_as_it_was() -> None:
    said = [
        Said("It cost 18 million.", CITATION),
        Said(" </u> *It* [was](#x) 99. [?]", None, 'another "number" <b>'),
        Said(" Ada left.", OTHER),
    ]
    markdown = answer_markdown(said)
    assert markdown.count("<") == 2
    assert " <u>&#60;&#47;u&#62; &#42;It" in markdown
    assert '</u>\u00a0[?](#unsupported "Not supported&#58; another &#34;number' in markdown
    assert plain_text(markdown) == "It cost 18 million. </u> *It* [was](#x) 99. [?] Ada left."


def test_a_meter_says_how_many_sentences_are_supported() -> None:
    cards = cited_cards([CITATION])
    shown = sources_html(cards, sentences=[True, False, True])
    assert "2 of 3 sentences are supported" in shown
    assert shown.count('<i class="no">') == 1
    assert "1 of 1 sentence is supported" in sources_html(cards, sentences=[True])
    assert "meter" not in sources_html(cards)
