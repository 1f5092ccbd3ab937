from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.adding import ALREADY
from assistant.archive import Archive
from assistant.web.addresses import LIMIT, Wanted, fetch, form_html, wanted_from
from assistant.web.fresh import fresh
from assistant.web.outcomes import (
    LINES,
    Outcome,
    cleaned_summary,
    outcomes_html,
    outcomes_of,
)
from assistant.web.work import attempted, broken, progress_text, watched
from corpus.documents import Removed
from corpus.errors import UnreadableFile
from index.entries import Changes, Cleaned, Entry, Failed, Progress, ProgressListener, Skipped
from index.taking import same_text


def titled(entry: Entry) -> str:
    return entry.title


def test_every_change_has_its_line_the_failures_first(shared_archive: Archive):
    changes = Changes(
        added=("ferry",),
        updated=("library",),
        unchanged=3,
        skipped=(
            Skipped("same.txt", same_text("ferry")),
            Skipped("page.html", ALREADY),
            Skipped("a.bin", "no reader takes it"),
        ),
        failed=(Failed("bad.txt", "bad.txt is empty."),),
        cleaned=(Cleaned("ferry", (Removed(1, "Menu", "menu"), Removed(2, "Share", "share bar"))),),
    )
    found = outcomes_of(shared_archive, changes, titled)
    assert [(one.name, one.state, one.cleaned) for one in found] == [
        ("bad.txt", "failed", ""),
        (
            "Harbour ferry gets a new operator",
            "added",
            "2 parts taken out: 1 menu, 1 share bar",
        ),
        ("City library reopens after the flood", "updated", ""),
        ("same.txt", "unchanged", ""),
        ("page.html", "unchanged", ""),
        ("a.bin", "left_out", ""),
        ("3 documents", "unchanged", ""),
    ]
    assert found[1].document_id == "ferry"


def test_a_document_that_was_removed_in_the_same_moment_has_no_line(shared_archive: Archive):
    assert outcomes_of(shared_archive, Changes(added=("no-such",)), titled) == ()


def test_a_line_leads_to_the_details_by_what_was_taken_out():
    outcome = Outcome("a.html", "added", "“A”", "a", "12 parts taken out: 12 menu", ("no date",))
    rendered = outcomes_html([outcome])
    assert 'data-open="a">12 parts taken out: 12 menu<' in rendered
    assert '<span class="note">no date</span>' in rendered
    assert "data-open" not in outcomes_html([Outcome("b", "failed", "why")])


def test_of_very_many_lines_all_failures_and_the_first_others_are_drawn():
    good = [Outcome(f"{n}", "added") for n in range(LINES + 50)]
    bad = [Outcome("bad", "failed", "why")] * 120
    rendered = outcomes_html([*good, *bad])
    assert rendered.count('<li class="failed">') == 120
    assert rendered.count('<li class="added">') == LINES + 1
    assert "50 more" in rendered


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ([], ""),
        (["menu"], "1 part taken out: 1 menu"),
        (
            ["menu"] * 5 + ["share bar"] * 3 + ["cookie notice"] * 2 + ["a", "b"],
            "12 parts taken out: 5 menu, 3 share bar, 2 cookie notice, 2 others",
        ),
    ],
)
def test_what_was_taken_out_is_summed_up_by_reason(reasons: list[str], said: str):
    assert cleaned_summary(Removed(1, "x", reason) for reason in reasons) == said


def test_everything_in_a_line_is_escaped():
    hostile = '<script>alert(1)</script>" onclick="alert(2)'
    outcome = Outcome(hostile, "failed", hostile, hostile, hostile, (hostile,))
    rendered = outcomes_html([outcome]) + form_html(Wanted(hostile, hostile, hostile))
    assert "<script" not in rendered
    assert '" onclick' not in rendered


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://harbour.example/a", "https://harbour.example/a"),
        (" harbour.example/feed.xml ", "https://harbour.example/feed.xml"),
    ],
)
def test_an_address_may_be_typed_without_its_beginning(typed: str, address: str):
    assert wanted_from({"address": typed, "limit": "5", "match": "/news/"}) == Wanted(
        address, "5", "/news/"
    )


@pytest.mark.parametrize(
    "typed", ["", "/etc/passwd", "file:///etc/passwd", "notes", "ftp://harbour.example/", "~/x.txt"]
)
def test_what_is_no_web_address_never_reaches_the_archive(typed: str):
    wanted = wanted_from({"address": typed, "limit": "5"})
    assert list(wanted.errors) == ["address"]
    assert "Give the address of a web page" in form_html(wanted)


@pytest.mark.parametrize("limit", ["", "0", "-1", "1001", "many", "٣"])
def test_a_limit_is_a_number_of_pages(limit: str):
    assert list(wanted_from({"address": "https://a.example", "limit": limit}).errors) == ["limit"]


def test_a_form_that_was_not_filled_in_has_the_usual_limit():
    assert f'value="{LIMIT}"' in form_html()
    assert "aria-invalid" not in form_html()


def test_an_address_on_this_machine_is_refused_in_a_sentence(shared_archive: Archive):
    before = shared_archive.entries()
    *_, (outcome,) = fetch(
        shared_archive, wanted_from({"address": "http://127.0.0.1:9/x", "limit": "1"})
    )
    assert (outcome.name, outcome.state) == ("http://127.0.0.1:9/x", "failed")
    assert outcome.detail.endswith(".")
    assert "Traceback" not in outcome.detail
    assert shared_archive.entries() == before


def test_work_tells_its_steps_and_ends_in_its_result():
    def work(progress: ProgressListener) -> str:
        progress(Progress("reading", 0, 2, "a"))
        return "done"

    assert list(watched(work, str)) == [Progress("reading", 0, 2, "a"), "done"]


def test_steps_that_come_too_fast_are_left_out_but_never_the_last_one():
    def work(progress: ProgressListener) -> tuple[str, ...]:
        for number in range(10_000):
            progress(Progress("reading", number, 10_000, ""))
        return ()

    *_, last, result = watched(work, lambda why: (why,))
    assert (last, result) == (Progress("reading", 9_999, 10_000, ""), ())


def test_a_failure_becomes_its_sentence_and_a_bug_becomes_a_hint(tmp_path: Path):
    def fail(_: ProgressListener) -> str:
        raise UnreadableFile("a.txt is empty. Write its text into it.")

    assert list(watched(fail, str)) == ["a.txt is empty. Write its text into it."]
    assert attempted(lambda: str(1 // 0), str) == broken()


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (Progress("embedding", 0, 1, "a"), "embedding"),
        (Progress("reading", 3, 20, "a"), "reading, 3 of 20"),
        (
            Progress("reading", 1300, 2000, "a", 2.44, 286.0),
            "reading, 1,300 of 2,000, 2.4 a second, about 5 min left",
        ),
        (
            Progress("reading", 3, 20, "a", 2.0, 8.4),
            "reading, 3 of 20, 2.0 a second, about 8 s left",
        ),
    ],
)
def test_progress_is_told_with_count_rate_and_time_left(progress: Progress, said: str):
    assert progress_text(progress) == said


def test_the_log_is_announced():
    assert re.match(
        r'<ul class="log" aria-live="polite" aria-label="Pages">', outcomes_html((), "Pages")
    )


def test_what_was_drawn_before_is_drawn_again():
    drawn = [fresh("<p>Same</p>") for _ in range(3)]
    assert len(set(drawn)) == 3
    assert {one[: one.index("<!--")] for one in drawn} == {"<p>Same</p>"}
