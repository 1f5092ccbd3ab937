from __future__ import annotations

import datetime as dt

import pytest

from index.query_dates import Dates, Period, dates_in

TODAY = dt.date(2026, 11, 26)


def day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("question", "since", "until", "label"),
    [
        ("What happened in 2020?", "2020-01-01", "2020-12-31", "from 2020"),
        ("The 2020 ruling?", "2020-01-01", "2020-12-31", "from 2020"),
        ("What was said in March 2020?", "2020-03-01", "2020-03-31", "from March 2020"),
        ("And in Feb. 2024?", "2024-02-01", "2024-02-29", "from February 2024"),
        ("On June 12, 2020?", "2020-06-12", "2020-06-12", "from 12 June 2020"),
        ("On the 2nd of May 2020?", "2020-05-02", "2020-05-02", "from 2 May 2020"),
        ("On 2020-06-12?", "2020-06-12", "2020-06-12", "from 12 June 2020"),
        ("What came before 2019?", "", "2018-12-31", "before 2019"),
        ("What came before March 2020?", "", "2020-02-29", "before March 2020"),
        ("What is new since 2019?", "2019-01-01", "", "since 2019"),
        ("What is new after 2019?", "2020-01-01", "", "after 2019"),
        ("What was known by May 2021?", "", "2021-05-31", "until May 2021"),
        ("Between 2019 and 2021?", "2019-01-01", "2021-12-31", "from 2019 to 2021"),
        ("From May 2019 to 2021?", "2019-05-01", "2021-12-31", "from May 2019 to 2021"),
        ("Bans, 2019-2021?", "2019-01-01", "2021-12-31", "from 2019 to 2021"),
        ("What changed last year?", "2025-01-01", "2025-12-31", "from 2025"),
        ("What changed this year?", "2026-01-01", "2026-12-31", "from 2026"),
        ("What changed last month?", "2026-10-01", "2026-10-31", "from October 2026"),
        ("Last week?", "2026-11-16", "2026-11-22", "from the week of 16 November 2026"),
        ("What was said yesterday?", "2026-11-25", "2026-11-25", "from 25 November 2026"),
        ("In the last two years?", "2024-11-26", "2026-11-26", "since 26 November 2024"),
    ],
)
def test_a_date_in_a_question_is_a_period(
    question: str, since: str, until: str, label: str
) -> None:
    (period,) = dates_in(question, TODAY).periods
    assert (period.since, period.until, period.label) == (day(since), day(until), label)


@pytest.mark.parametrize(
    "question",
    [
        "Who signed the contract?",
        "Did more than 2000 people come?",
        "Who paid $2000, or €1999?",
        "What does Regulation 2024/1689 say?",
        "Was it Public Act 95-0994 or flight 2020b?",
        "Who may have searched 2,200 agencies 1999.5 times?",
        "What happened on February 30, 2020?",
        "Did the match last long?",
    ],
)
def test_other_numbers_and_words_are_no_dates(question: str) -> None:
    assert not dates_in(question, TODAY)


@pytest.mark.parametrize(
    "question", ["What is the latest fine?", "Who runs it now?", "Most recent ruling?"]
)
def test_what_asks_for_the_newest_is_no_period(question: str) -> None:
    assert dates_in(question, TODAY) == Dates(latest=True)


def test_two_dates_are_two_periods_and_one_that_is_repeated_is_one() -> None:
    found = dates_in("What did it do in 2018, in May 2020, and again in 2018?", TODAY)
    assert [one.label for one in found.periods] == ["from 2018", "from May 2020"]


def test_an_event_is_named_with_its_word() -> None:
    assert dates_in("What changed since the Bridges ruling?", TODAY).events == (
        ("since", "the Bridges ruling"),
    )


def test_a_period_holds_its_first_and_last_day_and_no_unknown_one() -> None:
    period = Period(dt.date(2020, 1, 1), dt.date(2020, 12, 31), "from 2020")
    assert period.holds(dt.date(2020, 1, 1))
    assert period.holds(dt.date(2020, 12, 31))
    assert not period.holds(dt.date(2021, 1, 1))
    assert not period.holds(None)
    assert Period(None, None, "").holds(dt.date.max)
