"""Sides, dates, filters and explanations, as commands and other processes see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.home import Home
from assistant.settings import Settings
from corpus.errors import ModelUnavailable, UnknownDocument
from index.passages import Filters

from ..fakes import BagOfStems
from .conftest import Command, json_of
from .small_corpus import COUNCIL_WORTH, FERRY_WORTH, WORTH, write_home


def test_a_filter_by_document_takes_ids_and_file_names(command: Command, home: Home) -> None:
    for name in ("council", "council.md"):
        found = json_of(
            command("search", WORTH, "--document", name, "--json", "--home", str(home.root))
        )
        assert {hit["document_id"] for hit in found["hits"]} == {"council"}
    answer = json_of(
        command("ask", WORTH, "--document", "ferry", "--json", "--home", str(home.root))
    )
    assert {one["document_id"] for one in answer["citations"]} == {"ferry"}


def test_filters_add_up(command: Command, home: Home) -> None:
    found = json_of(
        command(
            "search", WORTH, "--tag", "contracts", "--since", "2024-06-01", "--source",
            "council gazette", "--json", "--home", str(home.root),
        )
    )  # fmt: skip
    assert {hit["document_id"] for hit in found["hits"]} == {"council"}


def test_a_document_that_is_not_there_is_an_error_and_not_an_empty_answer(
    command: Command, home: Home
) -> None:
    for call in ("ask", "search"):
        ran = command(call, WORTH, "--document", "nowhere", "--home", str(home.root))
        assert (ran.code, ran.out) == (3, "")
        assert "no document is called 'nowhere'" in ran.err
        assert "assistant list" in ran.err


def test_a_name_that_cannot_be_one_is_refused_in_one_short_line(
    command: Command, home: Home
) -> None:
    long, near = f"{'x' * 900}\n--", "ferry.txt"
    for options, code, said in (
        (("--source", " "), 2, "a source to look for is empty"),
        (("--tag", ""), 2, "a tag to look for is empty"),
        (("--document", ""), 2, "a document to look for is empty"),
        (("--document", "ferri"), 3, "no document is called 'ferri'. Did you mean “ferry”?"),
        (("--document", long), 3, "xxx…', so nothing can be looked for in it"),
        (("--document", f"{near}' OR 1=1 --"), 3, "no document is called"),
    ):
        ran = command("search", WORTH, *options, "--home", str(home.root))
        assert (ran.code, ran.out) == (code, "")
        assert said in ran.err
        assert len(ran.err.splitlines()) == 1
        assert len(ran.err) < 400


def test_a_source_or_tag_that_no_document_has_is_told_with_the_nearest(
    command: Command, home: Home
) -> None:
    wrong = ("--source", "Harbor Post", "--tag", "Contract", "--tag", "ferry")
    remarks = [
        "No document has the source “Harbor Post”. Did you mean “The Harbour Post”?",
        "No document has the tag “Contract”. Did you mean “contracts”?",
    ]
    for call in ("ask", "search"):
        found = json_of(command(call, WORTH, *wrong, "--json", "--home", str(home.root)))
        assert (found["remarks"], found["hits"]) == (remarks, [])
        shown = command(call, WORTH, *wrong, "--home", str(home.root)).out
        assert "\n".join(remarks) in shown
        right = ("--source", "the harbour POST", "--tag", "ferry")
        found = json_of(command(call, WORTH, *right, "--json", "--home", str(home.root)))
        assert found["remarks"] == []
        assert {hit["document_id"] for hit in found["hits"]} == {"ferry"}


def test_dates_in_the_question_are_told_and_hide_nothing(command: Command, home: Home) -> None:
    question = "What was the ferry contract worth in June 2024?"
    found = json_of(command("search", question, "--json", "--home", str(home.root)))
    assert found["steered"]["text"] == "Prefers documents from June 2024"
    assert found["steered"]["periods"] == [
        {"since": "2024-06-01", "until": "2024-06-30", "label": "from June 2024"}
    ]
    assert [name.split(":")[0] for name in found["steered"]["raised"]] == ["council"]
    assert {hit["document_id"] for hit in found["hits"]} == {"ferry", "council", "library"}
    shown = command("search", question, "--home", str(home.root)).out
    assert shown.startswith("Prefers documents from June 2024\n")
    assert command("ask", question, "--home", str(home.root)).out.startswith(
        "Prefers documents from June 2024\n"
    )


def test_a_plain_question_says_nothing_of_sides_and_dates(command: Command, home: Home) -> None:
    found = json_of(command("ask", WORTH, "--json", "--home", str(home.root)))
    assert (found["sides"], found["steered"]) == ([], None)
    assert "explanation" not in found
    assert "Searched" not in command("ask", WORTH, "--home", str(home.root)).out


def test_sides_are_told(command: Command, home: Home) -> None:
    question = "What is said of Bicycles and of the Flood?"
    found = json_of(command("ask", question, "--json", "--home", str(home.root)))
    assert found["sides"] == ["Bicycles", "Flood"]
    shown = command("search", question, "--home", str(home.root)).out
    assert shown.startswith("Searched for each side: Bicycles; Flood\n")


TWO = (
    "How much is the ferry contract with Blue Wave Lines worth, and how much did the repairs of "
    "the library cost?"
)


def test_an_answer_quotes_a_sentence_for_each_side(shared_archive: Archive) -> None:
    answer = shared_archive.ask(TWO)
    assert not answer.abstained
    assert [one.document_id for one in answer.citations][1] == "library"
    assert answer.citations[0].document_id in ("ferry", "council")
    assert len(answer.citations) == len(answer.sides) == 2
    assert [one.marker for one in answer.citations] == [1, 2]
    assert answer.confidence == min(shared_archive.ask(side).confidence for side in answer.sides)


def test_where_one_side_is_not_known_nothing_is_answered_for_the_other_alone(
    shared_archive: Archive,
) -> None:
    question = WORTH.rstrip("?") + ", and who repaired the Hubble telescope at the library?"
    answer = shared_archive.ask(question)
    assert len(answer.sides) == 2
    quoted = {one.document_id for one in answer.citations}
    assert answer.abstained or "library" not in quoted


FINES = {
    "arno.md": "The town of Arno fined Acme 18 million euros in March.\n",
    "fogo.md": "The town of Fogo fined Acme 21 million euros in May.\n",
    "pera.md": "The town of Pera never spoke about Acme and its fines.\n",
}


@pytest.fixture
def fines(fast: None, tmp_path: Path) -> Iterator[Archive]:
    home = write_home(tmp_path / "fines", FINES)
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        yield archive


def test_a_comparison_quotes_the_value_of_each_side(fines: Archive) -> None:
    both = fines.ask("Did Arno fine Acme more than Fogo?")
    assert [one.document_id for one in both.citations] == ["arno", "fogo"]
    assert not both.note
    # What another side got is no value of this one.
    one = fines.ask("Did Pera fine Acme more than Fogo?")
    assert [one.document_id for one in one.citations] == ["fogo"]
    assert one.note == "No passage found gives an amount of money for “Pera”."
    none = fines.ask("Did Pera fine Acme more than Rome?")
    assert none.abstained


def test_explain_says_why_each_passage_is_there_and_why_a_document_is_not(
    command: Command, home: Home
) -> None:
    for call in ("ask", "search"):
        explained = json_of(
            command(
                call, WORTH, "--explain", "--why-not", "library", "--json", "--home",
                str(home.root),
            )
        )["explanation"]  # fmt: skip
        first = explained["passages"][0]
        assert first["rank"] == 1
        assert {"dense", "sentence", "lexical"} <= first["parts"].keys()
        for part in first["parts"].values():
            assert part.keys() == {"label", "value", "rank", "share"}
        assert {word["word"] for word in first["matched"]} >= {"ferry", "contract"}
        assert explained["compared"] >= 3
        why_not = explained["why_not"]
        assert why_not["document"] == "library"
        assert why_not["kind"] in ("shown", "ranked lower", "no word in common")
        assert why_not["reason"]


def test_explanations_are_readable_on_a_terminal(command: Command, home: Home) -> None:
    (first,) = json_of(command("search", WORTH, "-k", "1", "--json", "--home", str(home.root)))[
        "hits"
    ]
    other = "council" if first["document_id"] == "ferry" else "ferry"
    shown = command(
        "search", WORTH, "-k", "1", "--explain", "--why-not", other, "--home", str(home.root)
    ).out
    assert "Why these passages (ranks are among " in shown
    assert "meaning of its best sentence" in shown
    assert f"Why not {other}: Its best passage is number 2 of " in shown
    only = command("ask", WORTH, "--why-not", "nowhere", "--home", str(home.root))
    assert only.code == 0
    assert "Why not nowhere: No document “nowhere” is indexed" in only.out


def test_the_places_of_a_passage_add_up_to_its_score(shared_archive: Archive) -> None:
    found = LocalClient(shared_archive).search(WORTH, k=2, explain=True)
    for passage in found["explanation"]["passages"]:
        shares = [part["share"] for part in passage["parts"].values()]
        assert all(share is not None for share in shares)
        assert sum(share or 0 for share in shares) == pytest.approx(passage["score"], abs=2e-3)


def test_a_quote_is_explained_by_its_passage(shared_archive: Archive) -> None:
    explain = shared_archive.searching.explain_place
    ferry = explain(WORTH, "ferry", 10, k=10)
    assert ferry is not None
    assert ferry.rank in (1, 2)
    assert FERRY_WORTH.split()[-1] in ferry.hit.text
    narrowed = explain(WORTH, "council", 10, k=10, filters=Filters(until=dt.date(2024, 4, 1)))
    assert narrowed is None
    unshown = explain(WORTH, "council", 10, k=1)
    assert unshown is not None
    assert COUNCIL_WORTH in unshown.hit.text
    assert explain(WORTH, "ferry", 10_000, k=10) is None


def test_unknown_documents_are_refused_before_anything_is_streamed(shared_archive: Archive) -> None:
    with pytest.raises(UnknownDocument):
        shared_archive.stream(WORTH, filters=Filters(documents=("nowhere",)))


def test_a_reranker_that_is_not_there_stops_the_opening_of_a_home(
    home: Home, tmp_path: Path
) -> None:
    settings = Settings(reranker=str(tmp_path / "nothing"))
    with pytest.raises(ModelUnavailable, match=r"the reranker .* cannot be used"):
        Archive(home, settings, embedder=BagOfStems())


def test_a_wrong_reranker_in_the_settings_is_one_line_for_a_person(
    command: Command, home: Home
) -> None:
    (home.root / "assistant.toml").write_text('reranker = "/no/such/folder"\n')
    ran = command("ask", WORTH, "--home", str(home.root))
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.count("\n") == 1
    assert "the reranker '/no/such/folder' cannot be used" in ran.err
    assert 'set reranker = "none"' in ran.err


@pytest.mark.slow
def test_a_home_with_a_reranker_answers_with_its_order(home: Home, tmp_path: Path) -> None:
    from ..index.cross_encoder import make_cross_encoder

    folder = make_cross_encoder(tmp_path / "tiny")
    (home.documents / "liked.txt").write_text("Liked liked liked: the boat and the ferry.")
    with Archive(home, Settings(reranker=str(folder)), embedder=BagOfStems()) as archive:
        archive.sync()
        archive.load()
        client = LocalClient(archive)
        found = client.search(WORTH, explain=True)
        assert found["hits"][0]["document_id"] == "liked"
        assert found["timings_ms"]["rerank"] > 0
        first = found["explanation"]["passages"][0]
        assert first["parts"]["reranker"]["label"] == "reranker"
        assert first["parts"]["reranker"]["value"] == first["score"]
        assert "rerank" in client.ask(WORTH)["timings_ms"]
