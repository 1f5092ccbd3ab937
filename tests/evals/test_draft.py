"""Drafts: grammatical questions or none, whose evidence stands and gives the answer."""

from __future__ import annotations

import io
import json
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import shell
from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.home import Home
from assistant.llm_settings import LlmSettings
from assistant.question_clauses import past_of_timeline
from assistant.question_verbs import BASES, PRESENTS
from assistant.questions import questions_of
from assistant.settings import Settings
from corpus.errors import ArchiveError
from evals.cases import load_suite
from evals.cli import cli
from evals.draft import drafts_of
from evals.draft_llm import llm_writer

from ..assistant.llm_server import serving
from ..assistant.small_corpus import write_home
from ..fakes import BagOfStems

TRAM = """The tram to Leith

In May 2001 the Leith Tram Company opened a line to the harbour. Mayor Ada Smith said the line
cost too much. Four Scottish banks paid 12 million pounds toward the depot in 2003.

On 4 June 2005, the Leith Tram Company was fined 40,000 pounds for delays. It paid nothing.
"""


def asked(sentence: str, text: str = "the") -> list[tuple[str, str]]:
    return [(one.question, one.answer) for one in questions_of(sentence, f"{text} {sentence}")]


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        (
            "On July 2, 2019, CBP suspended Perceptics from federal contracts.",
            "When did CBP suspend Perceptics from federal contracts?",
            "July 2, 2019",
        ),
        (
            "A first class action against Clearview was filed in Illinois on January 22, 2020.",
            "When was a first class action against Clearview filed in Illinois?",
            "January 22, 2020",
        ),
        (
            "May 10, 2023: The CNIL bans the sale of the data of French residents and fines it.",
            "When did the CNIL ban the sale of the data of French residents?",
            "May 10, 2023",
        ),
        (
            "The Greek authority, a regulator in Athens, fined Clearview AI 20 million euros.",
            "How much did the Greek authority fine Clearview AI?",
            "20 million euros",
        ),
        (
            "The Italian Garante announced a fine of 20 million euros against Clearview AI.",
            "How much was the fine that the Italian Garante announced against Clearview AI?",
            "20 million euros",
        ),
        (
            "Rite Aid was fined $3 million for the cameras in Ohio.",
            "How much was Rite Aid fined for the cameras in Ohio?",
            "$3 million",
        ),
        (
            "Four European regulators fined Clearview AI in 2022.",
            "How many European regulators fined Clearview AI in 2022?",
            "Four",
        ),
        (
            "Joe Durkin said the cameras produced 19 matches of suspects during Super Bowl week.",
            "How many matches of suspects did the cameras produce during Super Bowl week?",
            "19",
        ),
        (
            "Walmart had run nearly 300 searches during free trials.",
            "How many searches had Walmart run during free trials?",
            "300",
        ),
        (
            "Woodruff was held in Detroit for about 11 hours.",
            "For how long was Woodruff held in Detroit?",
            "11 hours",
        ),
        (
            "In 2017, CBP tested the Boston gates at nine airports.",
            "At how many airports did CBP test the Boston gates in 2017?",
            "nine",
        ),
        (
            "Senator Edward Markey of Massachusetts sent Clearview AI a list of questions.",
            "Who sent Clearview AI a list of questions?",
            "Edward Markey",
        ),
        (
            "On July 16, 2019, the City Council of Oakland, California, voted for a ban proposed "
            "by Rebecca Kaplan.",
            "When did the City Council of Oakland vote for a ban proposed by Rebecca Kaplan?",
            "July 16, 2019",
        ),
        (
            "About 98 percent of the pictures of CBP matched.",
            "What percentage of the pictures of CBP matched?",
            "98 percent",
        ),
        (
            "Captain Bob Guidara said the decision of Tampa rested on the lack of results.",
            "Who said the decision of Tampa rested on the lack of results?",
            "Bob Guidara",
        ),
    ],
)
def test_a_sure_value_gives_a_question(sentence: str, question: str, answer: str) -> None:
    assert asked(sentence)[:1] == [(question, answer)]


@pytest.mark.parametrize(
    "sentence",
    [
        "On July 2, 2019, it suspended Perceptics from federal contracts.",
        "On July 2, 2019, CBP did not suspend Perceptics.",
        "Not yet. Rite Aid filed for bankruptcy protection in October 2023.",
        "Clearview AI sent Senator Edward Markey a list of questions.",
        "CBP suspended Perceptics on July 2, 2019, or on July 3, 2019.",
        "On July 2, 2019, CBP suspended a firm called Perceptics that built readers.",
        "On July 2, 2019, the agency suspended the contract.",
        "HMRC estimates around 32 billion pounds was lost to tax avoidance in 2011.",
        "Perceptics paid between 5 and 7 million dollars to CBP.",
        "In 2019, “CBP suspended Perceptics”, she wrote.",
        "One ordered nine cases of Japanese whisky for a wedding in Leith.",
        "In 2011 Apple only appeared in the top ten of the Interbrand study.",
        "Amazon spent 3 million dollars and 4 million euros on Rekognition.",
        "CBP said that it had suspended Perceptics on July 2, 2019.",
    ],
)
def test_what_could_be_read_in_two_ways_gives_none(sentence: str) -> None:
    assert asked(sentence) == []


def test_verbs_are_put_into_their_forms() -> None:
    pasts = ("banned", "carried", "fined", "went", "found", "founded", "released", "stopped")
    assert [BASES[one] for one in pasts] == [
        *("ban", "carry", "fine", "go", "find", "found", "release", "stop")
    ]
    assert [PRESENTS[one] for one in ("publishes", "carries", "wins")] == [
        *("published", "carried", "won")
    ]
    assert past_of_timeline("Note: The CNIL bans it.") == "Note: The CNIL bans it."


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.archive.default_embedder", lambda settings: BagOfStems())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return write_home(tmp_path / "home", {"tram.txt": TRAM})


@pytest.fixture
def client(home: Home) -> Iterator[LocalClient]:
    with Archive(home, Settings(), BagOfStems()) as archive:
        archive.sync()
        yield LocalClient(archive)


@pytest.fixture
def evals(home: Home, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(*arguments: object, code: int = 0) -> str:
        given = ["draft", *map(str, arguments), "--home", str(home.root)]
        assert shell.run(cli, "evals", given) == code
        said = capsys.readouterr()
        return said.out + said.err

    return run


def test_drafts_stand_in_their_document_and_say_where_a_search_finds_them(
    client: LocalClient,
) -> None:
    drafts = drafts_of(client, "tram.txt", limit=10)
    assert [(one.case.question, one.case.answers, one.rank, one.by) for one in drafts] == [
        ("When did the Leith Tram Company open a line to the harbour?", ("May 2001",), 1, "date"),
        (
            "How much did four Scottish banks pay toward the depot in 2003?",
            ("12 million pounds",),
            1,
            "money",
        ),
        (
            "How many Scottish banks paid 12 million pounds toward the depot in 2003?",
            ("Four",),
            1,
            "count",
        ),
        (
            "How much was the Leith Tram Company fined for delays on 4 June 2005?",
            ("40,000 pounds",),
            1,
            "money",
        ),
        (
            "When was the Leith Tram Company fined 40,000 pounds for delays?",
            ("4 June 2005",),
            1,
            "date",
        ),
    ]
    text = client.show("tram")["text"]
    assert all(one.case.evidence[0].quote in text for one in drafts)
    assert len(drafts_of(client, "tram", limit=1)) == 1


def test_a_language_model_drafts_and_what_it_makes_up_is_dropped(client: LocalClient) -> None:
    lines = [
        {
            "question": "Which firm built the tramway to Leith's harbour?",
            "answer": "the Leith Tram Company",
            "quote": "In May 2001 the Leith Tram Company   opened a line to the harbour.",
            "tag": "fact",
        },
        {"question": "Who paid?", "answer": "Ada", "quote": "Ada Smith paid.", "tag": "person"},
        {"question": "Who is mayor?", "answer": "Jon", "quote": "Mayor Ada Smith said the line"},
        {
            "question": "What did the Leith Tram Company open?",
            "answer": "the Leith Tram Company",
            "quote": "In May 2001 the Leith Tram Company opened a line to the harbour.",
            "tag": "fact",
        },
    ]
    said = "Here you are:\n" + "\n".join(map(json.dumps, lines)) + "\n{not json}"
    with serving(said) as server:
        settings = LlmSettings("local", "openai-like", "m", server.url)
        [draft] = drafts_of(client, "tram", limit=10, writer=llm_writer(settings))
        assert "In May 2001 the Leith Tram Company" in server.prompt
    assert (draft.by, draft.rank, draft.case.tags) == ("local", 1, ("fact", "draft"))
    assert draft.case.evidence[0].quote == (
        "In May 2001 the Leith Tram Company opened a line to the harbour."
    )


def test_a_language_model_that_fails_is_named(client: LocalClient) -> None:
    with serving(status=500) as server:
        writer = llm_writer(LlmSettings("local", "openai-like", "m", server.url))
        with pytest.raises(ArchiveError, match=r"model local could not be used: its server failed"):
            drafts_of(client, "tram", limit=10, writer=writer)


def test_drafts_are_printed_written_gone_through_and_added(
    evals: Callable[..., str], home: Home, tmp_path: Path
) -> None:
    printed = [json.loads(line) for line in evals("tram", "--limit", 2).splitlines()]
    assert [set(one) for one in printed] == [{"case", "rank", "by"}] * 2
    assert json.loads(evals("tram", "--limit", 2, "--json")) == printed
    file, suite = tmp_path / "the tram.draft.jsonl", tmp_path / "tram.jsonl"
    written = evals("tram", "--out", file).splitlines()
    assert written[0].startswith("5 drafts in")
    assert shlex.split(written[1]) == [
        *("evals", "draft", str(file), "--accept", "--yes", "--home", str(home.root))
    ]
    kept = file.read_text("utf-8").splitlines()[:2]
    file.write_text("\n".join(kept), "utf-8")
    added = evals(file, "--accept", "--yes", "--suite", suite)
    assert added == f"2 of 2 drafts are in {suite} now.\n"
    assert [case.tags for case in load_suite(suite).cases] == [("date",), ("number",)]
    assert "asks that already" in evals(file, "--accept", "--yes", "--suite", suite)
    assert len(load_suite(suite).cases) == 2


def test_a_person_goes_through_them(
    evals: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Typed(io.StringIO):
        def isatty(self) -> bool:
            return True

    suite = tmp_path / "s.jsonl"
    monkeypatch.setattr(sys, "stdin", Typed("?\nr\nWhen did the Leith tram open?\na\ns\nq\n"))
    said = evals("tram", "--accept", "--suite", suite)
    assert "found at rank 1" in said
    assert [case.question for case in load_suite(suite).cases] == ["When did the Leith tram open?"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("nowhere",), "no one document is called nowhere: 'assistant list --home"),
        (("tram", "--out", "x.jsonl"), "name a file that ends in .draft.jsonl"),
        (("tram", "--yes"), "go together: 'evals draft --help'"),
        (("x.draft.jsonl",), "go together"),
        (("x.draft.jsonl", "--accept", "--yes"), "cannot read x.draft.jsonl"),
        (("tram", "--accept"), "nobody is there to go through the drafts"),
    ],
)
def test_wrong_use_is_one_line(
    evals: Callable[..., str],
    arguments: tuple[str, ...],
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    said = evals(*arguments, code=2)
    assert complaint in said
    assert said.count("\n") == 1


def test_evidence_that_no_longer_stands_is_left_out(
    evals: Callable[..., str], home: Home, tmp_path: Path
) -> None:
    file, suite = tmp_path / "the tram.draft.jsonl", tmp_path / "tram.jsonl"
    evals("tram", "--limit", 1, "--out", file)
    (home.documents / "tram.txt").write_text(TRAM.replace("May 2001", "May 2002"), "utf-8")
    said = evals(file, "--accept", "--yes", "--suite", suite)
    assert "left out: When did the Leith Tram Company open" in said
    assert "the nearest text there is" in said
    assert not suite.exists()
