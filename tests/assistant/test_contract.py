"""What other programs read: the keys and the types of every JSON value, in full."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.home import Home
from assistant.settings import Settings
from corpus.documents import text_sha256

from ..fakes import BagOfStems
from .conftest import Command, json_of
from .small_corpus import NOWHERE, WORTH

CITATION = {
    "marker": int,
    "document_id": str,
    "sha256": str,
    "title": str,
    "source": (str, type(None)),
    "date": (str, type(None)),
    "url": (str, type(None)),
    "quote": str,
    "start": int,
    "end": int,
}
HIT = {
    "document_id": str,
    "passage_id": str,
    "start": int,
    "end": int,
    "score": float,
    "text": str,
}
ASK = {
    "question": str,
    "answer": str,
    "abstained": bool,
    "confidence": float,
    "model": str,
    "timings_ms": dict,
    "citations": list,
    "sentences": list,
    "hits": list,
    "nearest": list,
}
ASK_ALSO = {
    "searched": str,
    "note": str,
    "dropped_markers": int,
    "recipe": str,
    "short": (dict, type(None)),
    "disagreement": (dict, type(None)),
}
"""The question as it was searched for: a follow-up is completed from the conversation. What a
reader should know of a language model's answer, its markers of no passage, what the
index was made with, and what stands in front
of the quotes."""
VALUE = {"text": str, "marker": int, "start": int, "end": int}
SHORT = VALUE | {"kind": str, "values": list}
STATED = {"documents": list, "independent": int, "date": (str, type(None))}
SEARCH_ALSO = {"sides": list, "steered": (dict, type(None)), "remarks": list}
"""What else was searched for, and what dates in the question changed; null where there are none."""
ROW = {
    "id": str,
    "title": str,
    "date": (str, type(None)),
    "source": (str, type(None)),
    "url": (str, type(None)),
    "tags": list,
    "media_type": str,
    "path": str,
    "sha256": str,
    "characters": int,
    "passages": int,
    "added": str,
    "problems": list,
}
ROW_ALSO = {
    "language": (str, type(None)),
    "author": (str, type(None)),
    "guessed": list,
    "quarantine": list,
    "version_of": (str, type(None)),
}
CITATION_ALSO = {
    "author": (str, type(None)),
    "page": (int, type(None)),
    "context": (dict, type(None)),
    "also": list,
    "independent": int,
}
HIT_ALSO = {"copies": list}
CHANGES_ALSO = {
    "cleaned": list,
    "quarantined": list,
    "indexed_again": list,
    "versions": list,
    "remarks": list,
}
DOCTOR = {"documents": int, "findings": list, "repaired": list, "cleaned": list}
FINDING = {
    "document_id": (str, type(None)),
    "path": (str, type(None)),
    "kind": str,
    "severity": str,
    "detail": str,
    "next_step": str,
    "repair": (str, type(None)),
}
CHANGES = {
    "added": list,
    "updated": list,
    "removed": list,
    "unchanged": int,
    "skipped": list,
    "failed": list,
}


def check(value: Any, shape: dict[str, Any], *more: dict[str, Any]) -> None:
    types = {key: kind for one in (shape, *more) for key, kind in one.items()}
    assert value.keys() == types.keys()
    for key, kind in types.items():
        assert isinstance(value[key], kind), key
        # In Python a bool is an int too; in JSON it is not.
        assert kind is bool or not isinstance(value[key], bool), key


@pytest.fixture
def client(shared_archive: Archive) -> LocalClient:
    return LocalClient(shared_archive)


@pytest.mark.parametrize("explain", [False, True])
@pytest.mark.parametrize("question", [WORTH, NOWHERE])
def test_an_answer_has_the_keys_of_the_contract(
    client: LocalClient, question: str, explain: bool
) -> None:
    answer: Any = client.ask(question, explain=explain)
    check(answer, ASK, ASK_ALSO, SEARCH_ALSO, {"explanation": dict} if explain else {})
    for citation in answer["citations"]:
        check(citation, CITATION, CITATION_ALSO)
    for sentence in answer["sentences"]:
        check(sentence, {"text": str, "markers": list, "supported": bool})
    for value in (answer["disagreement"] or {"values": []})["values"]:
        check(value, VALUE, STATED)
    assert (answer["disagreement"] is not None) is (question == WORTH)
    for hit in answer["hits"] + answer["nearest"]:
        check(hit, HIT, HIT_ALSO, {"parts": dict} if explain else {})
    assert bool(answer["nearest"]) is answer["abstained"]
    assert bool(answer["citations"]) is not answer["abstained"]
    assert set(answer["timings_ms"]) == {"embed", "search", "answer", "total"}


def test_a_quote_is_the_text_between_its_offsets(client: LocalClient) -> None:
    answer = client.ask(WORTH)
    assert len(answer["citations"]) == 2
    for citation in answer["citations"]:
        shown = client.show(citation["document_id"])
        assert shown["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert text_sha256(shown["text"]) == citation["sha256"] == shown["sha256"]
        assert [citation["title"], citation["source"], citation["date"], citation["url"]] == [
            shown["title"],
            shown["source"],
            shown["date"],
            shown["url"],
        ]
    for sentence, citation in zip(answer["sentences"], answer["citations"], strict=True):
        assert sentence == {
            "text": citation["quote"],
            "markers": [citation["marker"]],
            "supported": True,
        }


def test_a_short_answer_and_a_context_are_cut_from_their_documents(client: LocalClient) -> None:
    answer: Any = client.ask("How much did the library repairs cost?")
    check(answer["short"], SHORT)
    text = client.show("library")["text"]
    short = answer["short"]
    assert (short["text"], short["kind"], short["marker"]) == ("3.2 million euros", "money", 1)
    assert text[short["start"] : short["end"]] == short["text"]


def test_a_search_has_the_keys_of_the_contract(client: LocalClient) -> None:
    found: Any = client.search(WORTH, k=2)
    check(found, {"query": str, "hits": list}, SEARCH_ALSO, {"timings_ms": dict})
    assert len(found["hits"]) == 2
    for hit in found["hits"]:
        check(hit, HIT, HIT_ALSO, {"parts": dict})
        assert {"dense", "sentence", "lexical"} <= hit["parts"].keys()
        text = client.show(hit["document_id"])["text"]
        assert text[hit["start"] : hit["end"]] == hit["text"]
        assert hit["passage_id"] == f"{hit['document_id']}:{hit['start']}-{hit['end']}"
        assert 0 <= hit["score"] <= 1


def test_a_list_has_the_keys_of_the_contract(client: LocalClient) -> None:
    rows: Any = client.list()
    for row in rows:
        check(row, ROW, ROW_ALSO)
        dt.datetime.fromisoformat(row["added"])
    assert [(row["id"], row["date"], row["path"]) for row in rows] == [
        ("council", "2024-06-02", "council.md"),
        ("ferry", "2024-03-12", "ferry.md"),
        ("library", "2023-09-05", "library.txt"),
    ]


def test_a_document_is_its_row_with_its_text(client: LocalClient) -> None:
    shown: Any = client.show("ferry")
    check(shown, ROW, ROW_ALSO, {"text": str})
    row = next(row for row in client.list() if row["id"] == "ferry")
    assert shown == {**row, "text": shown["text"]}
    assert shown["characters"] == len(shown["text"])
    assert shown["tags"] == ["ferry", "contracts"]


def test_changes_have_the_keys_of_the_contract(home: Home) -> None:
    (home.documents / "blank.txt").write_text(" \n", encoding="utf-8")
    (home.root / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    with Archive(home, Settings(), BagOfStems()) as archive:
        client = LocalClient(archive)
        synced: Any = client.sync()
        (home.root / "copy.md").write_bytes((home.documents / "ferry.md").read_bytes())
        added: Any = client.add([f"{home.root}/copy.md", f"{home.root}/picture.png"])
        removed: Any = client.remove(["ferry", "nothing"])
    for changes in (synced, added, removed):
        check(changes, CHANGES, CHANGES_ALSO)
        for skipped in changes["skipped"]:
            check(skipped, {"path": str, "reason": str})
        for failed in changes["failed"]:
            check(failed, {"path": str, "error": str})
        for cleaned in changes["cleaned"]:
            check(cleaned, {"document_id": str, "removed": list})
            for part in cleaned["removed"]:
                check(part, {"line": int, "text": str, "reason": str})
    assert (synced["added"], len(synced["failed"])) == (["council", "ferry", "library"], 1)
    assert (added["added"], len(added["skipped"]), len(added["failed"])) == ([], 1, 1)
    assert (removed["removed"], [one["path"] for one in removed["failed"]]) == (
        ["ferry"],
        ["nothing"],
    )


def test_the_command_line_prints_these_values(command: Command, home: Home) -> None:
    where = ("--json", "--home", str(home.root))
    check(json_of(command("sync", *where)), CHANGES, CHANGES_ALSO)
    answer = json_of(command("ask", WORTH, *where))
    check(answer, ASK, ASK_ALSO, SEARCH_ALSO)
    check(answer["hits"][0], HIT, HIT_ALSO)
    check(
        json_of(command("ask", WORTH, "--explain", *where))["hits"][0],
        HIT,
        HIT_ALSO,
        {"parts": dict},
    )
    check(
        json_of(command("search", WORTH, *where)),
        {"query": str, "hits": list, "timings_ms": dict},
        SEARCH_ALSO,
    )
    check(json_of(command("list", *where))[0], ROW, ROW_ALSO)
    check(json_of(command("show", "ferry", *where)), ROW, ROW_ALSO, {"text": str})
    check(json_of(command("remove", "ferry", *where)), CHANGES, CHANGES_ALSO)
    file = home.root / "tram.txt"
    file.write_text("Tram\n\n1 May 2020\n\nThe tram came.\n", encoding="utf-8")
    assert json_of(command("add", str(file), *where))["added"] == ["tram"]
