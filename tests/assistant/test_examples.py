from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.examples import FILE, Example, ExampleMaker, kept_examples, make_examples
from assistant.settings import Settings

from ..fakes import BagOfStems
from .small_corpus import write_home

CLUB = """---
title: A club on the water
source: {source}
date: 2024-03-0{day}
---

The {name} Rowing Club repaired {count} boats in March 2023. Nobody else did.

The members were glad of it, and they said so.
"""
CLUBS = {
    f"{name.lower()}.md": CLUB.format(name=name, source=source, count=20 + day, day=day)
    for day, (name, source) in enumerate(
        [("Oslo", "Post"), ("Bergen", "Post"), ("Tromso", "Gazette"), ("Bodo", "Gazette")], 1
    )
}
WAITING = 30.0


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    home = write_home(tmp_path / "home", CLUBS)
    with Archive(home, Settings(), embedder=BagOfStems()) as opened:
        opened.sync()
        yield opened


def test_questions_are_made_of_sentences_that_answer_them_and_are_spread(archive: Archive) -> None:
    made = make_examples(archive, threading.Event())
    assert sorted(one.question for one in made) == [
        f"How many boats did the {name} Rowing Club repair in March 2023?"
        for name in ("Bergen", "Bodo", "Oslo", "Tromso")
    ]
    for one in made:
        answer = archive.ask(one.question)
        assert answer.citations[0].document_id == one.document
        assert one.quote in answer.citations[0].quote
    assert made[0].source != made[1].source
    assert make_examples(archive, threading.Event()) == made


def test_what_the_assistant_does_not_answer_with_its_sentence_is_no_example(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = archive.ask("How many boats did the Oslo Rowing Club repair in March 2023?")
    monkeypatch.setattr(archive, "ask", lambda *_, **__: other)
    assert [one.document for one in make_examples(archive, threading.Event())] == ["oslo"]


def test_they_are_made_in_a_thread_kept_and_made_anew_for_other_documents(
    archive: Archive,
) -> None:
    assert archive.examples()[0].startswith("What is known about “A club")
    with ExampleMaker(archive, seconds=0.05):
        first = waited(archive, "")
        assert sorted(archive.examples()) == sorted(one.question for one in first[1])
        archive.remove(["oslo"])
        # What is gone is no example, also before there are others.
        assert not any("Oslo" in question for question in archive.examples())
        second = waited(archive, first[0])
    assert {one.document for one in second[1]} == {"bergen", "bodo", "tromso"}
    (archive.home.state / FILE).write_text("{", "utf-8")
    assert archive.examples()[0].startswith("What is known about “A club")


def test_a_homes_own_examples_come_first(archive: Archive) -> None:
    with ExampleMaker(archive, seconds=0.05):
        waited(archive, "")
    with Archive(archive.home, Settings(examples=("Mine?",)), embedder=BagOfStems()) as again:
        assert again.examples()[0] == "Mine?"
        assert len(again.examples()) == 5


def waited(archive: Archive, before: str) -> tuple[str, tuple[Example, ...]]:
    """Return what is kept as soon as it is of other documents than those before."""
    until = time.monotonic() + WAITING
    while (kept := kept_examples(archive))[0] == before:
        assert time.monotonic() < until
        time.sleep(0.05)
    return kept
