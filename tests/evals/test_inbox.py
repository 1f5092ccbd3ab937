"""The inbox on real conversations: what becomes of a thumb down, and that nothing is half done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import shell
from assistant.answers import Turn
from assistant.archive import Archive
from assistant.connect import own
from assistant.contract import ask_json
from assistant.home import Home
from assistant.kept import Feedback, NewTurn
from assistant.settings import Settings
from corpus.errors import ArchiveError
from evals import inbox
from evals.cases import Evidence, load_suite
from evals.cli import cli
from evals.corrections import Correction
from evals.decisions import alone

from ..assistant.small_corpus import FERRY_WORTH, NOWHERE, WORTH, write_home
from ..fakes import BagOfStems

ONE, TWO = "1" * 32, "2" * 32
RIGHT = Correction(("18 million euros",), (Evidence("ferry.md", FERRY_WORTH),))


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.archive.default_embedder", lambda settings: BagOfStems())


def keep(archive: Archive, chat: str, question: str, *before: Turn, more: str = "") -> int:
    answer = archive.ask(question, history=before)
    said = dict(ask_json(answer)) | {"answer": answer.text + more}
    new = NewTurn(question, said, "shown", {}, answer.recipe, answer.made_with)
    return archive.chats.keep(chat, "reader", new)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a bad answer, a follow-up with a wrong citation, and praise."""
    made = write_home(tmp_path / "home")
    with Archive(made, Settings(), BagOfStems()) as archive:
        archive.sync()
        first = keep(archive, ONE, f"{WORTH} Write to me@mail.example.")
        archive.chats.judge(ONE, first, Feedback("bad", comment="It is 18 million."))
        second = keep(archive, TWO, "When did the library reopen?", more=" +44 20 7946 0958!")
        archive.chats.judge(TWO, second, Feedback("good"))
        before = Turn("When did the library reopen?", "On 4 September 2023.")
        third = keep(archive, TWO, "And what did the repairs cost?", before)
        archive.chats.judge(TWO, third, Feedback("wrong citation", 1))
    return made


@pytest.fixture
def evals(home: Home, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(*arguments: object, code: int = 0) -> Any:
        given = ["inbox", *map(str, arguments), "--home", str(home.root)]
        assert shell.run(cli, "evals", given) == code
        said = capsys.readouterr()
        return json.loads(said.out) if "--json" in given else said.out + said.err

    return run


def test_bad_answers_and_wrong_citations_are_entries_and_praise_is_none(home: Home) -> None:
    found = inbox.entries(home)
    assert [(one.id, [said["verdict"] for said in one.reports]) for one in found] == [
        ("22222222-3", ["wrong citation"]),
        ("11111111-1", ["bad"]),
    ]
    assert inbox.entry(home, "1111").id == "11111111-1"
    with pytest.raises(ArchiveError, match="the inbox has no entry 9: 'evals inbox list --all'"):
        inbox.entry(home, "9")
    with pytest.raises(ArchiveError, match="the inbox has no entry"):
        inbox.entry(home, "")


def test_an_entry_becomes_one_line_of_the_suite_without_personal_data(home: Home) -> None:
    done = inbox.accept(home, "1111", RIGHT)
    assert done.suite == home.state / "evals" / "suite.jsonl"
    assert json.loads(done.suite.read_text("utf-8")) == {
        "id": "inbox-11111111-1",
        "question": f"{WORTH} Write to [email].",
        "answers": ["18 million euros"],
        "evidence": [{"document": "ferry.md", "quote": FERRY_WORTH}],
        "tags": ["inbox"],
    }
    assert (dict(done.removed), done.remarks) == ({"email": 1}, ())
    assert load_suite(done.suite).cases == (done.case,)
    assert [one.id for one in inbox.entries(home)] == ["22222222-3"]
    [accepted] = [one for one in inbox.entries(home, decided=True) if one.state == "accepted"]
    assert accepted.decision
    assert (accepted.decision.case, accepted.decision.suite) == (done.case.id, str(done.suite))


def test_a_follow_up_keeps_what_it_leans_on_and_one_written_anew_does_not(
    home: Home, tmp_path: Path
) -> None:
    right = Correction(("3.2 million",), (Evidence("", "The repairs   cost\n3.2 million euros."),))
    done = inbox.accept(home, "2222", right, suite=tmp_path / "s.jsonl")
    assert done.case.evidence == (Evidence("library", "The repairs cost 3.2 million euros."),)
    assert done.case.history == (Turn("When did the library reopen?", done.case.history[0].answer),)
    standing = Correction(right.answers, right.evidence, question="What did the library pay?")
    other = inbox.accept(home, "2222", standing, suite=tmp_path / "other.jsonl")
    assert (other.case.question, other.case.history) == ("What did the library pay?", ())


def test_lines_that_are_there_stay_byte_for_byte(home: Home, tmp_path: Path) -> None:
    suite = tmp_path / "mine.jsonl"
    first = b'{"question":"Why?",  "id":"x","unanswerable":true}\r\n\r\n'
    before = first + b'{"id":"y","question":"\xc3\xb6","unanswerable":true}'
    suite.write_bytes(before)
    inbox.accept(home, "1111", RIGHT, suite=suite)
    assert suite.read_bytes().startswith(before + b"\n{")
    assert [one.id for one in load_suite(suite).cases] == ["x", "y", "inbox-11111111-1"]


def test_accepting_twice_adds_one_line(home: Home, tmp_path: Path) -> None:
    suite = tmp_path / "s.jsonl"
    assert inbox.accept(home, "1111", RIGHT, suite=suite).added
    once = suite.read_bytes()
    assert not inbox.accept(home, "1111", RIGHT, suite=suite).added
    with pytest.raises(ArchiveError, match="has a case inbox-11111111-1 of this entry: correct"):
        inbox.accept(home, "1111", Correction(unanswerable=True), suite=suite)
    asked = f'{{"id": "other", "question": "{WORTH}  write to [EMAIL]", "unanswerable": true}}\n'
    suite.write_text(asked, "utf-8")
    with pytest.raises(ArchiveError, match="asks the same as the case other"):
        inbox.accept(home, "1111", RIGHT, suite=suite)
    assert suite.read_text("utf-8") == asked
    assert len(once.splitlines()) == 1


def test_a_run_that_was_killed_between_line_and_note_is_made_up_for(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(inbox, "decide", die)
    with pytest.raises(KeyboardInterrupt):
        inbox.accept(home, "1111", RIGHT)
    monkeypatch.undo()
    monkeypatch.setattr("assistant.archive.default_embedder", lambda settings: BagOfStems())
    assert "11111111-1" in [one.id for one in inbox.entries(home)]
    assert not inbox.accept(home, "1111", RIGHT).added
    assert len(inbox.own_suite(home).read_bytes().splitlines()) == 1
    assert "11111111-1" not in [one.id for one in inbox.entries(home)]


@pytest.mark.parametrize(
    ("correction", "complaint"),
    [
        (Correction(), "say what is right: an answer and the quote that gives it"),
        (Correction(("18",)), "say what is right"),
        (Correction(unanswerable=True, answers=("18",)), "neither answer nor quote"),
        (
            Correction(("19",), (Evidence("ferry", "The city signed a contract."),)),
            f"ferry no longer says .* nearest text there is '{FERRY_WORTH}'",
        ),
        (Correction(("19",), (Evidence("", "Nobody says this."),)), "no document that a search"),
        (Correction(("19",), (Evidence("nowhere.md", "x"),)), "nowhere.md is not in the corpus"),
    ],
)
def test_what_is_not_right_adds_nothing(home: Home, correction: Correction, complaint: str) -> None:
    with pytest.raises(ArchiveError, match=complaint):
        inbox.accept(home, "1111", correction)
    assert not inbox.own_suite(home).exists()
    assert len(inbox.entries(home)) == 2


def test_an_answer_that_the_quote_does_not_give_is_remarked(home: Home) -> None:
    wrong = Correction(("20 million",), (Evidence("ferry", FERRY_WORTH),))
    assert "no accepted answer stands" in inbox.accept(home, "1111", wrong).remarks[0]


def test_what_is_dismissed_comes_back_when_it_is_said_again(home: Home) -> None:
    assert inbox.dismiss(home, "1111").state == "dismissed"
    assert [one.id for one in inbox.entries(home)] == ["22222222-3"]
    with Archive(home, Settings(), BagOfStems()) as archive:
        archive.chats.judge(ONE, 1, Feedback("bad", comment="Still wrong."))
    assert "11111111-1" in [one.id for one in inbox.entries(home)]
    inbox.accept(home, "1111", RIGHT)
    with pytest.raises(ArchiveError, match="is a case already: take inbox-11111111-1 out of"):
        inbox.dismiss(home, "1111")


def test_two_at_once_take_turns(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.decisions._WAIT_SECONDS", 0.05)
    with alone(home.state), pytest.raises(ArchiveError, match="another process works on the inbox"):
        inbox.dismiss(home, "1111")


def test_the_commands_work_while_a_chat_has_the_home(evals: Callable[..., Any], home: Home) -> None:
    with own(home, command="a test"):
        listed = evals("list", "--json")
        assert [(one["id"], one["state"], one["decision"]) for one in listed] == [
            ("22222222-3", "open", None),
            ("11111111-1", "open", None),
        ]
        assert "bad: It is 18 million." in evals("show", "1111")
        right = ("--answer", "18 million euros", "--quote", FERRY_WORTH, "--document", "ferry")
        done = evals("accept", "1111", *right, "--tag", "number", "--json")
        assert (done["added"], done["removed"], done["remarks"]) == (True, {"email": 1}, [])
        assert done["case"]["tags"] == ["inbox", "number"]
        assert evals("dismiss", "2222", "--json")["state"] == "dismissed"
        assert evals("list").startswith("The inbox is empty")
        assert [one["state"] for one in evals("list", "--all", "--json")] == [
            "dismissed",
            "accepted",
        ]
    complaint = evals("accept", "2222", "--document", "ferry", code=2)
    assert complaint == "evals: each --document needs its --quote: give as many quotes\n"


def test_a_question_that_the_documents_do_not_answer(evals: Callable[..., Any], home: Home) -> None:
    done = evals("accept", "1111", "--unanswerable", "--question", NOWHERE, "--json")
    assert done["case"] == {
        "id": "inbox-11111111-1",
        "question": NOWHERE,
        "unanswerable": True,
        "tags": ["inbox"],
    }
