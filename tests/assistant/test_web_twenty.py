"""Twenty people at once, while documents are being added: each gets an answer of their own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.archive import Archive
from assistant.settings import Settings
from assistant.web.app import application

from ..index.models import Held
from .serving import running
from .small_corpus import write_home

PEOPLE = 20
# Two letters, so that no name is part of another.
NAMES = [f"{chr(65 + n)}{chr(97 + n)}rholm" for n in range(PEOPLE)]
FILES = {
    f"{name}.txt": f"Of {name}\n\nThe council of {name} paid {n + 100} euros for its boat.\n"
    for n, name in enumerate(NAMES)
}


@pytest.fixture
def embedder() -> Iterator[Held]:
    model = Held("one")
    model.go_on.set()
    yield model
    model.go_on.set()  # whatever happened, nothing waits for it any more


@pytest.fixture
def archive(tmp_path: Path, embedder: Held) -> Iterator[Archive]:
    with Archive(write_home(tmp_path / "home", FILES), Settings(), embedder=embedder) as opened:
        opened.sync()
        yield opened


@pytest.mark.slow
def test_twenty_people_see_their_own_answers_while_documents_are_added(
    archive: Archive, embedder: Held, tmp_path: Path
) -> None:
    embedder.go_on.clear()
    embedder.begun.clear()
    (tmp_path / "new.txt").write_text("A new text\n\nIt tells of a pier.\n", "utf-8")
    adding = threading.Thread(target=archive.add, args=([tmp_path / "new.txt"],))
    with running(application(archive, loopback_only=True)) as address:
        adding.start()
        assert embedder.begun.wait(20)
        together = threading.Barrier(PEOPLE)
        with ThreadPoolExecutor(PEOPLE) as people:
            kept = [*people.map(lambda n: asked(address, n, together), range(PEOPLE))]
        # Nobody waited for what is still being added.
        assert adding.is_alive()
        embedder.go_on.set()
        adding.join(20)
    for number, (mine, others) in enumerate(kept):
        assert f"{number + 100} euros" in mine
        assert [name for name in NAMES if name in mine] == [NAMES[number]]
        assert others == 404
    assert len(archive.entries()) == PEOPLE + 1


def asked(address: str, number: int, together: threading.Barrier) -> tuple[str, int]:
    """Ask as one browser does; return its kept conversation, and what it is told of the next
    person's."""
    chats = [f"{one:032x}" for one in (number, (number + 1) % PEOPLE)]
    with httpx.Client(base_url=address, timeout=30) as browser:
        page = browser.get("/config").json()
        browser.get("/")  # brings the cookie
        question = f"How much did the council of {NAMES[number]} pay for its boat?"
        sent = {
            "data": [question, [], "", chats[0], ""],
            "fn_index": submit_of(page),
            "session_hash": f"session{number}",
            "event_data": None,
        }
        together.wait(30)
        browser.post("/gradio_api/queue/join", json=sent).raise_for_status()
        told = {"session_hash": sent["session_hash"]}
        with browser.stream("GET", "/gradio_api/queue/data", params=told) as events:
            for line in events.iter_lines():
                if line.startswith("data:") and json.loads(line[5:])["msg"] == "process_completed":
                    assert json.loads(line[5:])["success"]
                    break
        together.wait(30)
        mine = browser.get(f"/chats/{chats[0]}/markdown").text
        return mine, browser.get(f"/chats/{chats[1]}/markdown").status_code


def submit_of(page: dict[str, Any]) -> int:
    """Return the number of the event that a question is asked with."""
    box = next(one["id"] for one in page["components"] if one["props"].get("elem_id") == "question")
    found = (one["id"] for one in page["dependencies"] if [box, "submit"] in one["targets"])
    return int(next(found))
