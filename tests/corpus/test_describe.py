from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import parse_date
from corpus.describe import Description, describe
from corpus.language import guess_language
from corpus.readers import RawText, Stated

from .pages import ARTICLE_BODY, ARTICLE_TITLE

NOTHING = Stated()
TODAY = dt.date(2026, 1, 31)
BODY = "\n\n".join(ARTICLE_BODY)


def described(
    text: str, stated: Stated = NOTHING, curated: Stated = NOTHING, kind: str = "text/plain"
) -> Description:
    raw = RawText(text, kind, stated)
    return describe(raw, text, curated=curated, file_name="harbour_news-2021.txt", today=TODAY)


def test_title_and_date_are_found_in_the_first_lines_and_leave_the_text() -> None:
    assert described(f"{ARTICLE_TITLE}\n\nPublished: 9 March 2021\n\n{BODY}") == Description(
        text=BODY,
        title=ARTICLE_TITLE,
        date=dt.date(2021, 3, 9),
        source=None,
        url=None,
        language="en",
        tags=(),
        guessed=("title", "date", "language"),
        problems=(),
    )


def test_what_a_curator_says_outranks_the_file_and_leaves_the_text_alone() -> None:
    own = Stated(
        "Own title", "2020-01-02", "The Tide", "https://www.tide.example/a", "de-AT", tags=("a",)
    )
    curated = Stated(title="Better", date="2020-01-03", source="The Ebb", tags=("b", "c"))
    text = f"# Own title\n\n{BODY}"
    assert described(text, own, curated, "text/markdown") == Description(
        text=BODY,
        title="Better",
        date=dt.date(2020, 1, 3),
        source="The Ebb",
        url="https://www.tide.example/a",
        language="de",
        tags=("b", "c"),
        guessed=(),
        problems=(),
    )
    assert described(text, own, kind="text/markdown").text == BODY


def test_a_heading_that_is_not_the_title_stays() -> None:
    text = f"# Another heading\n\n{BODY}"
    assert described(text, Stated(title="Title"), kind="text/markdown").text == text


def test_a_first_heading_is_the_title_when_none_is_stated() -> None:
    found = described(f"# The heading\n\n2021-03-09\n\n{BODY}", kind="text/markdown")
    assert (found.title, found.date, found.text) == ("The heading", dt.date(2021, 3, 9), BODY)
    assert found.guessed == ("date", "language")


def test_the_day_on_which_a_file_was_made_is_a_guess_that_a_stated_date_outranks() -> None:
    made = Stated(made="2021-03-09")
    found = described(BODY, made, kind="application/pdf")
    assert (found.date, found.guessed) == (dt.date(2021, 3, 9), ("title", "date", "language"))
    told = described(BODY, made, Stated(date="2020-01-02"), kind="application/pdf")
    assert (told.date, told.guessed) == (dt.date(2020, 1, 2), ("title", "language"))
    later = described(f"2019-05-06\n\n{BODY}", Stated(made="2999-01-01"), kind="application/pdf")
    assert (later.date, later.problems) == (dt.date(2019, 5, 6), ())


def test_a_table_has_the_title_of_its_file_and_not_of_its_first_row() -> None:
    row = "Boat: Gull; Owner: Marsh; Fee: 12"
    assert described(row, kind="text/csv").title == "harbour news 2021"


def test_a_rule_is_no_title() -> None:
    assert described(f"---\n\nA title\n\n{BODY}").title != "---"


def test_two_dates_and_an_author_may_stand_before_the_text() -> None:
    head = (
        "Why us?\n\nBy Jane Doe\n\nPublished: Mon, 8 March 2021, 10:30 GMT\n\nUpdated: 2021-03-09"
    )
    found = described(f"{head}\n\n{BODY}")
    assert (found.title, found.author, found.date) == ("Why us?", "Jane Doe", dt.date(2021, 3, 8))
    assert (found.text, found.guessed) == (BODY, ("title", "author", "date", "language"))


def test_without_a_title_line_the_first_sentence_is_shortened() -> None:
    found = described(BODY)
    assert (
        found.title
        == "The town council of Saltmere voted on Monday to end a trial of cameras that…"
    )
    assert found.text == BODY
    assert found.guessed == ("title", "language")
    assert found.problems == ("no date found",)


def test_without_a_sentence_the_file_name_is_the_title() -> None:
    assert described("- one\n- two").title == "harbour news 2021"


def test_a_note_of_one_line_is_its_title_and_its_text() -> None:
    assert (described("A single note").title, described("A single note").text) == (
        "A single note",
    ) * 2


def test_a_date_further_down_is_not_the_documents() -> None:
    assert described(f"{BODY}\n\n9 March 2021\n\n{BODY}").date is None


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("2031-01-01", "date 2031-01-01 lies in the future: not used"),
        ("0021-03-09", "date 0021-03-09 is older than print: not used"),
        ("2021-02-30", "'2021-02-30' is no date: write it as YYYY-MM-DD"),
        ("last spring", "'last spring' is no date: write it as YYYY-MM-DD"),
        ("2021", "'2021' is no date: write it as YYYY-MM-DD"),
    ],
)
def test_a_date_that_cannot_be_is_a_problem(written: str, problem: str) -> None:
    found = described(BODY, Stated(date=written))
    assert (found.date, found.problems) == (None, (problem, "no date found"))


def test_a_refused_date_line_stays_in_the_text() -> None:
    found = described(f"Title\n\n2031-01-01\n\n{BODY}")
    assert found.text == f"2031-01-01\n\n{BODY}"
    assert found.problems == ("date 2031-01-01 lies in the future: not used", "no date found")


@pytest.mark.parametrize(
    "written",
    [
        "2020-08-18", "2020-08-18T10:30:00Z", "2020-08-18 10:30", "2020/08/18", "18.08.2020",
        "18 August 2020", "August 18, 2020", "18th Aug. 2020", "Aug 18 2020, 3:15 pm EDT",
        "18th of August, 2020", "Tuesday, 18 August 2020", "Published: August 18, 2020",
        "Published on 18 August 2020",
        "LAST UPDATED: 18 AUGUST 2020", "Date: 2020-08-18",
        "Published 18 August 2020 | Updated 19 August 2020",
        "18. August 2020", "18 août 2020", "18 de agosto de 2020", "18 agosto 2020",
        "18 augustus 2020",
    ],
)  # fmt: skip
def test_a_line_that_is_only_a_date_is_read(written: str) -> None:
    assert parse_date(written) == dt.date(2020, 8, 18)


@pytest.mark.parametrize(
    "written",
    [
        "", "2020", "August 2020", "18 August", "03/04/2020", "18 Clearviews 2020", "may 2020",
        "The trial began on 18 August 2020", "18 August 2020 was a Tuesday", "32 August 2020",
        "2020-13-01", "1.2.3", "+44 20 7946 0000", "10:30", "18 August 20200", "Section 12 2020",
    ],
)  # fmt: skip
def test_a_line_that_is_more_or_less_than_a_date_is_not(written: str) -> None:
    assert parse_date(written) is None


@given(st.dates(min_value=dt.date(1450, 1, 1)))
def test_every_date_is_read_back_in_the_usual_shapes(date: dt.date) -> None:
    shapes = (
        f"{date:%Y-%m-%d}",
        f"{date.day} {date:%B} {date.year}",
        f"{date:%b} {date.day}, {date.year}",
    )
    assert [parse_date(shape) for shape in shapes] == [date] * 3


@given(st.text(max_size=80))
def test_no_text_makes_the_date_reader_fail(text: str) -> None:
    assert parse_date(text) is None or any(character.isdigit() for character in text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The contract with the company ends in May and it is not going to be renewed."),
        ("de", "Der Vertrag mit dem Unternehmen endet im Mai und wird nicht verlängert."),
        ("fr", "Le contrat avec la société prend fin en mai et il n'est pas renouvelé."),
        ("es", "El contrato con la empresa termina en mayo y no está previsto renovarlo."),
        ("it", "Il contratto con la società scade a maggio e non è previsto il rinnovo."),
        ("nl", "Het contract met het bedrijf loopt in mei af en er is nog geen plan."),
        ("pt", "O contrato com a empresa termina em maio e não está prevista uma renovação."),
        (None, "Umowa z firmą kończy się w maju i nie planuje się jej odnowienia w tym roku."),
        (None, "Avtalet med företaget löper ut i maj och det finns ingen plan på att förnya det."),
        (None, "Too short"),
        (None, "Kontrakten med firmaet udløber i maj, og der er ingen planer om at forny den."),
        (None, "Die kontrak met die maatskappy eindig in Mei en dit sal nie hernu word nie."),
        (None, "El contracte amb l'empresa acaba al maig i no està previst que es renovi."),
        (None, "O contrato coa empresa remata en maio e non está previsto renovalo polo porto."),
        (None, "Contractul cu firma se încheie în mai și nu este prevăzută reînnoirea lui."),
        (None, f"{BODY} " + "Der Vertrag mit dem Amt endet im Mai und wird nicht neu. " * 8),
    ],
)  # fmt: skip
def test_the_language_is_told_from_common_words(language: str | None, text: str) -> None:
    assert guess_language(text) == language
