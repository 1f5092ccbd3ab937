"""What evaluations ask of a home besides questions, here and of the process that owns it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.client import Client
from assistant.client_evals import ClaimJson
from assistant.connect import connect, own
from assistant.home import Home
from evals.cases import Evidence
from evals.evidence import Documents, Unfound
from evals.stages import Stage

from ..fakes import BagOfStems
from .small_corpus import FERRY, FERRY_WORTH, write_home

MENU = "Subscribe to our newsletter"
FILES = {"ferry.md": FERRY, "page.md": f"# Boats\n\nThe boats are new.\n\n{MENU}\n"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr("assistant.archive.default_embedder", lambda settings: BagOfStems())
    return write_home(tmp_path / "home", FILES)


@pytest.fixture(params=["in this process", "of the owner"])
def client(home: Home, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A client that answers itself, or one that asks another."""
    if request.param == "in this process":
        with connect(home) as one:
            one.sync()
            yield one
        return
    with own(home, command="a test") as (archive, _):
        archive.sync()
        with connect(home) as one:
            yield one


def claim(text: str, *quotes: str) -> ClaimJson:
    context = "Harbour ferry gets a new operator. 2024-03-12."
    return {
        "claim": text,
        "quotes": [{"text": one, "context": context, "passage": "p"} for one in quotes],
    }


def test_quotes_support_what_they_say_and_nothing_else(client: Client) -> None:
    ends = "The contract ends on 31 March 2031."
    assert client.supports(
        [
            claim(
                "The ferry contract with Blue Wave Lines is worth 18 million euros.", FERRY_WORTH
            ),
            claim(
                "The ferry contract with Blue Wave Lines is worth 19 million euros.", FERRY_WORTH
            ),
            claim("The contract ends on 31 March 2031.", FERRY_WORTH, ends),
            claim("The contract ends on 31 March 2031.", FERRY_WORTH),
            claim("Nothing is quoted for this."),
        ]
    ) == [True, False, True, False, False]


def test_it_says_what_answers(client: Client) -> None:
    answering = client.answering()
    asked = client.ask("How much is the ferry contract worth?")
    assert answering["recipe"] == asked["recipe"]
    assert answering["settings"] == client.settings()
    assert len(answering["program"]) in (0, 16)  # empty where the checkout is younger than this run


def test_what_cleaning_took_out_is_told_from_what_is_stale(client: Client) -> None:
    assert [one["text"] for one in client.removed_from("page")] == [MENU]
    assert client.removed_from("ferry") == []
    documents = Documents(client)
    found = documents.locate(Evidence("page.md", MENU))
    assert isinstance(found, Unfound)
    assert found.stage is Stage.CLEANED_AWAY
    stale = documents.locate(Evidence("page.md", "The boats are old."))
    assert isinstance(stale, Unfound)
    assert stale.stage is Stage.STALE
