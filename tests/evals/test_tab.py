"""The Evals tab over a real archive, a run included, without a browser."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.kept import Feedback, NewTurn
from assistant.settings import Settings
from assistant.tabs import offered_tabs
from assistant.web.wording import speaking, texts
from evals.history import past_runs
from evals.inbox import dismiss, entries
from evals.kept_runs import KEPT, failed_of, last_run, outcomes_at
from evals.tab import TAB, EvalsTab

from ..assistant.small_corpus import write_home
from ..fakes import BagOfStems

CASES = [
    {
        "id": "boats",
        "question": "What replaces the diesel boats?",
        "answers": ["electric boats"],
        "evidence": [{"document": "boats.txt", "quote": "Two electric boats replace the diesel."}],
    },
    {
        "id": "moved",
        "question": "Which <b>street</b> do the boats take?",
        "answers": ["none"],
        "evidence": [{"document": "gone.txt", "quote": "They take the high street."}],
    },
]
READER, CHAT = "r" * 64, "c" * 32


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    home = write_home(tmp_path / "home")
    (home.documents / "boats.txt").write_text("Boats\n\nTwo electric boats replace the diesel.\n")
    (home.root / "suites").mkdir()
    lines = "".join(json.dumps(one) + "\n" for one in CASES)
    (home.root / "suites" / "boats.jsonl").write_text(lines)
    with Archive(home, Settings(), embedder=BagOfStems()) as opened:
        opened.sync()
        yield opened


def ran(tab: EvalsTab) -> str:
    """Run the suite to its end; return the line that says how it ended."""
    tab.answer({"act": "run", "suite": "boats"}, READER)
    return ended(tab)


def ended(tab: EvalsTab) -> str:
    """Wait for the end of a run; return the line that says how it ended."""
    for _ in range(800):
        line = tab.answer({"act": "progress"}, READER)
        if "data-running" not in line:
            return line
        time.sleep(0.025)
    raise AssertionError(line)


def english_in(page: str) -> list[str]:
    """Return the English texts of the tab that stand in a page, where German has others."""
    said = {
        " ".join(one.split())
        for one in (
            *re.findall(r">([^<>]+)<", page),
            *re.findall(r'(?:label|holder)="([^"]*)', page),
        )
    }
    german, english = texts("de"), texts("en")
    ours = {text for key, text in english.items() if key[:6] == "evals." and text != german[key]}
    # What differs, as a number does, may be anything; a text of nothing else says nothing.
    ours = {text for text in ours if re.search("[a-z]{4}", re.sub(r"{\w+}", "", text))}
    plain = {re.sub(r"\\{\w+\\}", ".*", re.escape(text)) for text in ours}
    return [one for one in said if any(re.fullmatch(rf"[ ·]*{text}", one) for text in plain)]


def test_the_installed_package_offers_the_tab() -> None:
    assert TAB in offered_tabs(), "its entry point is not installed: run make setup"


def test_a_suite_of_the_home_is_run_and_shown_with_what_failed_and_what_changed(
    archive: Archive,
) -> None:
    tab = EvalsTab(archive)
    assert "was not run here yet" in tab.answer({"act": "look"}, READER)
    assert ran(tab) == '<div class="run" data-ended></div>'
    shown = tab.answer({"act": "look"}, READER)
    assert "<option selected>boats</option>" in shown
    assert "1 of 2 cases failed" in shown
    assert "Which &lt;b&gt;street&lt;/b&gt; do the boats take?" in shown
    assert 'data-stage="not in the corpus"' in shown
    assert "What replaces the diesel boats?" not in shown
    assert "Differences" not in shown

    (archive.home.documents / "boats.txt").write_text("Boats\n\nNothing replaces the diesel.\n")
    archive.sync()
    ran(tab)
    shown = tab.answer({"act": "look"}, READER)
    assert "2 cases compared: 1 lost, 0 won." in shown
    assert "<b>Lost</b> boats" in shown
    assert 'data-stage="stale"' in shown
    # Chosen the other way round, the earlier run still comes first; nonsense is the last two.
    assert "1 lost, 0 won" in tab.answer({"act": "look", "a": "1", "b": "0"}, READER)
    assert "1 lost, 0 won" in tab.answer({"act": "look", "a": "7", "b": "x"}, READER)
    with speaking("de"):
        german = tab.answer({"act": "look"}, READER)
    assert "1 verloren, 0 gewonnen." in german
    assert english_in(german) == []
    assert len(english_in(shown)) > 20


def test_a_run_that_is_stopped_says_so_and_is_not_kept(archive: Archive) -> None:
    tab = EvalsTab(archive)
    tab.answer({"act": "stop"}, READER)  # nothing is under way: the next run is not stopped by it
    assert ran(tab) == '<div class="run" data-ended></div>'
    many = [CASES[0] | {"id": f"boats {number}"} for number in range(200)]
    lines = "".join(json.dumps(one) + "\n" for one in many)
    (archive.home.root / "suites" / "many.jsonl").write_text(lines)
    assert "of 200 cases" in tab.answer({"act": "run", "suite": "many"}, READER)
    # One run at a time: the other suite is not begun beside it.
    assert "of 200 cases" in tab.answer({"act": "run", "suite": "boats"}, READER)
    tab.answer({"act": "stop"}, READER)
    assert "Stopped." in ended(tab)
    assert past_runs(archive.home.state, "many") == []


def test_an_unknown_suite_is_refused(archive: Archive) -> None:
    line = EvalsTab(archive).answer({"act": "run", "suite": "../../etc/passwd"}, READER)
    assert "choose another one" in line


def test_a_suite_that_is_broken_is_told_of_and_another_can_be_chosen(archive: Archive) -> None:
    tab = EvalsTab(archive)
    ran(tab)
    (archive.home.root / "suites" / "boats.jsonl").write_text("{}\n")
    for wish in ({"act": "run", "suite": "boats"}, {"act": "look"}):
        assert "line 1: id is missing; add it" in tab.answer(wish, READER)
    assert "<option selected>boats</option>" in tab.answer({"act": "look"}, READER)


def test_the_inbox_holds_what_this_reader_complained_of_and_nobody_elses(archive: Archive) -> None:
    for reader, chat, question in ((READER, CHAT, "Mine?"), ("x" * 64, "d" * 32, "Theirs?")):
        answer = {"answer": "<i>No</i>", "citations": [{"marker": 1}]}
        turn = archive.chats.keep(chat, reader, NewTurn(question, answer, "No"))
        archive.chats.judge(chat, turn, Feedback("bad", None, "too <short>"), reader)
        archive.chats.judge(chat, turn, Feedback("wrong citation", 1, ""), reader)
    shown = EvalsTab(archive).answer({"act": "look"}, READER)
    assert "Mine?" in shown
    assert "Theirs?" not in shown
    assert "<b>Bad answer</b> too &lt;short&gt;" in shown
    assert "<b>Wrong citation 1</b>" in shown
    assert "&lt;i&gt;No&lt;/i&gt;" in shown
    assert "Mine?" not in EvalsTab(archive).answer({"act": "look"}, "")
    # What a person has dealt with on the command line is gone from here too.
    found = entries(archive.home, client=LocalClient(archive))
    (mine,) = [one for one in found if one.turn["chat"] == CHAT]
    assert f"evals inbox accept {mine.id}" in shown
    dismiss(archive.home, mine.id, client=LocalClient(archive))
    assert "Mine?" not in EvalsTab(archive).answer({"act": "look"}, READER)


def test_a_kept_run_is_read_back_as_it_was(archive: Archive) -> None:
    tab = EvalsTab(archive)
    ran(tab)
    state = archive.home.state
    (run,) = past_runs(state, "boats")
    kept = last_run(state, "boats")
    assert kept is not None
    whole, outcomes = kept
    assert [one.id for one in outcomes] == ["boats", "moved"]
    # The times are the machine's and stay out of what runs are compared by.
    assert [one.seconds for one in outcomes_at(state, "boats", run.when)] == [None, None]
    (failed,) = failed_of(whole, tab._suite("boats"))
    assert (failed.case.id, str(failed.stage)) == ("moved", "not in the corpus")
    folder = state / "evals" / "runs" / "boats"
    for number in range(KEPT + 3):
        (folder / f"2020010{number % 10}T00000{number // 10}.json").write_text("{}")
    ran(tab)
    assert len(list(folder.glob("*T*.json"))) == KEPT
    (folder / "last.json").write_text("{")
    assert last_run(state, "boats") is None
