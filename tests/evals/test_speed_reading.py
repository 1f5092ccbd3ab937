"""The speed of reading, measured with the real processes on made-up documents."""

from __future__ import annotations

import pytest

from evals.benchmarks import speed_reading
from evals.benchmarks.made_articles import make_article
from evals.benchmarks.made_documents import MAKERS
from evals.benchmarks.speed_reading import (
    FormatSpeed,
    ReadingSpeed,
    reading_metrics,
    reading_speed,
    reading_table,
)


def test_an_article_has_the_words_asked_for_and_is_always_the_same() -> None:
    article = make_article(3)
    assert article == make_article(3)
    assert article != make_article(4)
    assert 800 <= len(" ".join(article.paragraphs).split()) < 830


@pytest.mark.slow
def test_every_format_is_read_and_measured() -> None:
    said: list[str] = []
    speed = reading_speed(0.1, said.append)
    assert said == [f"reading {name}" for name in MAKERS]
    assert [(row.format, row.note) for row in speed.rows] == [(name, "") for name in MAKERS]
    for row in speed.rows:
        assert row.per_second is not None
        assert row.per_second > 0
        assert row.first_s is not None
        assert row.first_s > 0
        assert row.peak_mb is not None
        assert 10 < row.peak_mb < 1_000
    assert speed.program_peak_mb > 10


def test_a_format_whose_library_is_missing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: object) -> bytes:
        raise ModuleNotFoundError("No module named 'reportlab'", name="reportlab")

    monkeypatch.setattr(speed_reading, "MAKERS", {"pdf": missing})
    assert reading_speed(0.1).rows == (
        FormatSpeed("pdf", note="not made here: it needs reportlab"),
    )


def test_the_table_and_the_metrics_hold_what_was_measured() -> None:
    speed = ReadingSpeed(
        (FormatSpeed("txt", 250.04, 0.156, 22.4), FormatSpeed("pdf", note="not made here")), 61.7
    )
    assert reading_metrics(speed) == {
        "reading_program_peak_mb": 61.7,
        "reading_txt_per_second": 250.04,
        "reading_txt_first_s": 0.156,
        "reading_txt_peak_mb": 22.4,
    }
    assert reading_table(speed).splitlines() == [
        "format  documents/s  first, s  peak MB",
        "txt           250.0      0.16       22",
        "pdf                                     not made here",
        "",
        "peak MB is of the largest reading process; the program itself had 62 MB at most",
    ]
