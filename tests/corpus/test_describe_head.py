from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import date_in_path, parse_labelled
from corpus.describe import Description, describe
from corpus.describe_byline import Byline, read_byline
from corpus.readers import RawText, Stated

from .pages import ARTICLE_BODY, ARTICLE_TITLE

NOTHING = Stated()
TODAY = dt.date(2026, 1, 31)
DAY = dt.date(2021, 6, 4)
BODY = "\n\n".join(ARTICLE_BODY)


def described(
    text: str,
    stated: Stated = NOTHING,
    curated: Stated = NOTHING,
    name: str = "a.txt",
    kind: str = "text/plain",
) -> Description:
    raw = RawText(text, kind, stated)
    return describe(raw, text, curated=curated, file_name=name, today=TODAY)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Jane Roe", "Jane Roe"),
        ("By JANE ROE", "JANE ROE"),
        ("By Jane Roe and John Doe", "Jane Roe and John Doe"),
        ("By Jane Roe, John Doe and Ann Poe", "Jane Roe, John Doe and Ann Poe"),
        ("By Jane Roe, Staff Writer", "Jane Roe"),
        ("By Jane Roe, BBC News", "Jane Roe"),
        ("By Jane Roe in London", "Jane Roe"),
        ("By J. K. O'Neill-Smith", "J. K. O'Neill-Smith"),
        ("By Reuters", "Reuters"),
        ("By The Associated Press", "Associated Press"),
        ("Words by Jane Roe", "Jane Roe"),
        ("Author: Jane Roe", "Jane Roe"),
        ("Von Max von Muster, Berlin", "Max von Muster"),
        ("Par Jeanne d'Arc", "Jeanne d'Arc"),
        ("Por José García y Ana Ruiz", "José García y Ana Ruiz"),
        ("Door Jan de Vries", "Jan de Vries"),
    ],
)
def test_a_byline_names_its_author(line: str, author: str) -> None:
    assert read_byline(line) == Byline(author)


@pytest.mark.parametrize(
    "line",
    ["By Jane Roe, 4 June 2021", "By Jane Roe | June 4, 2021", "By Jane Roe on June 4, 2021",
     "Posted by Jane Roe on June 4, 2021", "4 June 2021 by Jane Roe", "By Jane Roe 4 June 2021",
     "Published 4 June 2021 by Jane Roe", "By Jane Roe • Published 4 June 2021",
     "Par Jane Roe, le 4 juin 2021", "Von Jane Roe, 4. Juni 2021"],
)  # fmt: skip
def test_a_byline_may_give_the_date_too_and_leaves_the_text(line: str) -> None:
    assert read_byline(line) == Byline("Jane Roe", DAY)
    found = described(f"{ARTICLE_TITLE}\n\n{line}\n\n{BODY}")
    assert (found.title, found.author, found.date, found.text) == (
        ARTICLE_TITLE,
        "Jane Roe",
        DAY,
        BODY,
    )
    assert found.guessed == ("title", "author", "date", "language")


@pytest.mark.parametrize(
    "line",
    ["By the sea", "By Popular Demand", "By Any Means Necessary", "By Design", "By Staff",
     "By Jane Roe, who was there.", "By 2020 the city had banned it", "Von Berlin nach Paris",
     "By Friday Evening The City Was Quiet", "Von der Leyen kündigt Rücktritt an", "By", "",
     "By Jane Roe, 31 June 2021"],
)  # fmt: skip
def test_a_line_that_is_no_byline_is_none(line: str) -> None:
    assert read_byline(line) is None


def test_a_title_that_reads_as_a_byline_is_the_title() -> None:
    found = described(f"By Candle Light\n\nBy Jane Roe\n\n{BODY}")
    assert (found.title, found.author, found.text) == ("By Candle Light", "Jane Roe", BODY)
    found = described(f"By Jane Roe\n\n{ARTICLE_TITLE}\n\n{BODY}")
    assert (found.title, found.author, found.text) == (ARTICLE_TITLE, "Jane Roe", BODY)


def test_a_byline_with_a_date_that_cannot_be_stays() -> None:
    found = described(f"{ARTICLE_TITLE}\n\nBy Jane Roe, 4 June 2031\n\n{BODY}")
    assert (found.author, found.date) == (None, None)
    assert found.text.startswith("By Jane Roe")


def test_a_stated_author_outranks_the_byline_and_junk_is_no_author() -> None:
    text = f"{ARTICLE_TITLE}\n\nBy Jane Roe\n\n{BODY}"
    own, curated = Stated(author="by Ann Poe"), Stated(author="Cy Coe")
    assert [
        (found.author, "author" in found.guessed)
        for found in (
            described(text, own, curated),
            described(text, own),
            described(text, Stated(author="Administrator")),
            described(BODY, Stated(author="python-docx")),
        )
    ] == [("Cy Coe", False), ("Ann Poe", False), ("Jane Roe", True), (None, False)]


@pytest.mark.parametrize(
    "opening",
    ["WASHINGTON, Jan. 18, 2020 — The council", "LONDON, 18 January 2020 (Reuters) - The council",
     "BERLIN, 18. Januar 2020 – Der Rat", "SAN JOSÉ, Calif., Jan. 18, 2020 — The council"],
)  # fmt: skip
def test_a_dateline_gives_the_date_and_stays(opening: str) -> None:
    text = f"{opening} voted on Monday to end a trial of cameras that compare faces.\n\n{BODY}"
    found = described(text)
    assert (found.date, "date" in found.guessed) == (dt.date(2020, 1, 18), True)
    assert found.text == text


def test_a_line_at_the_foot_gives_the_date_if_it_says_published() -> None:
    line = "First published on Fri 17 Jan 2020 13.00 GMT"
    assert described(f"{BODY}\n\n{line}").date == dt.date(2020, 1, 17)
    assert described(f"{BODY}\n\n17 Jan 2020").date is None
    assert described(f"{BODY}\n\nLast updated 17 Jan 2020").date is None


def test_the_day_of_publication_outranks_a_later_change() -> None:
    head = f"{ARTICLE_TITLE}\n\nUpdated: 9 March 2021\n\nPublished: 8 March 2021"
    assert described(f"{head}\n\n{BODY}").date == dt.date(2021, 3, 8)
    one_line = f"{ARTICLE_TITLE}\n\nUpdated 9 March 2021 | Published 8 March 2021"
    assert described(f"{one_line}\n\n{BODY}").date == dt.date(2021, 3, 8)
    changed = f"{ARTICLE_TITLE}\n\nUpdated: 9 March 2021\n\n{BODY}"
    assert described(changed).date == dt.date(2021, 3, 9)
    url = Stated(url="https://www.tide.example/2021/03/08/trial")
    assert described(changed, url).date == dt.date(2021, 3, 8)


def test_the_address_and_then_the_name_are_the_last_to_be_asked() -> None:
    url = Stated(url="https://www.tide.example/2020/jan/18/trial")
    found = described(BODY, url, name="2020-02-01-trial.txt")
    assert (found.date, found.source) == (dt.date(2020, 1, 18), "tide.example")
    assert found.guessed == ("title", "date", "source", "language")
    assert described(BODY, name="2020-02-01-trial.txt").date == dt.date(2020, 2, 1)
    assert described(BODY, name="2031-02-01-trial.txt").date is None


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("/2020/01/18/tech.html", dt.date(2020, 1, 18)),
        ("/technology/2020/Jan/18/x", dt.date(2020, 1, 18)),
        ("2020-01-18-x.md", dt.date(2020, 1, 18)),
        ("20200118_x.txt", dt.date(2020, 1, 18)),
        ("/2020/1/8/", dt.date(2020, 1, 8)),
        ("1999-12-31 to 2000-01-01", None),
        ("202001181234.html", None),
        ("img-1920-1080-12", None),
        ("2020-13-01", None),
        ("report-2020.pdf", None),
        ("", None),
    ],
)
def test_a_path_may_hold_one_day(path: str, date: dt.date | None) -> None:
    assert date_in_path(path) == date


@pytest.mark.parametrize(
    ("line", "is_update", "is_published"),
    [
        ("Veröffentlicht am 4. Juni 2021", False, True),
        ("Publié le vendredi 4 juin 2021 à 14h30", False, True),
        ("Publicado el 4 de junio de 2021", False, True),
        ("Freitag, 4. Juni 2021, 14:30 Uhr", False, False),
        ("Stand: 04.06.2021", True, False),
        ("Mis à jour le 4 juin 2021", True, False),
        ("Last updated on 4 June 2021", True, False),
    ],
)
def test_a_date_line_says_what_the_date_is(line: str, is_update: bool, is_published: bool) -> None:
    found = parse_labelled(line)
    assert found is not None
    assert (found.date, found.is_update, found.is_published) == (DAY, is_update, is_published)


def test_a_title_loses_its_sites_name_and_a_programs_title_is_none() -> None:
    own = Stated(title=f"{ARTICLE_TITLE} | The Tide", source="The Tide")
    found = described(f"# {ARTICLE_TITLE}\n\n{BODY}", own, kind="text/html")
    assert (found.title, found.text, found.guessed) == (ARTICLE_TITLE, BODY, ("language",))
    junk = Stated(title="Microsoft Word - draft3.docx")
    assert described(f"# {ARTICLE_TITLE}\n\n{BODY}", junk, kind="application/pdf").title != (
        junk.title
    )


@given(st.text(max_size=150))
def test_no_line_makes_the_byline_reader_fail(line: str) -> None:
    found = read_byline(line)
    assert found is None or found.author
