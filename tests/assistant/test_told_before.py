"""Follow-ups on the command line: earlier turns come from files."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.answers import Turn
from assistant.home import Home
from assistant.told_before import turns_in
from corpus.errors import UnreadableFile

from .conftest import Command

ASKED = {
    "question": "Who is it?",
    "searched": "Who is it? (Ann)",
    "answer": "Ann. [1]",
    "citations": [{"document_id": "b"}, {"document_id": "b"}, {"document_id": "a"}],
}
TURN = Turn("Who is it?", "Ann. [1]", ("b", "a"), "Who is it? (Ann)")


@pytest.mark.parametrize(
    ("said", "turns"),
    [
        (ASKED, [TURN]),
        ([{"question": "q", "answer": "a"}, ASKED], [Turn("q", "a"), TURN]),
        ({"id": "3f", "turns": [{"question": "Who is it?", "answer": ASKED}]}, [TURN]),
        ([], []),
    ],
)
def test_each_json_that_tells_of_turns_is_read(tmp_path: Path, said: Any, turns: Any) -> None:
    file = tmp_path / "talk.json"
    file.write_text(json.dumps(said), encoding="utf-8")
    assert list(turns_in([str(file)])) == turns
    assert list(turns_in([str(file), str(file)])) == turns * 2


@pytest.mark.parametrize(
    "text", ["", "{}", "3", "[3]", '"a"', '[{"question": 1, "answer": "a"}]', "[" * 100_000]
)
def test_a_file_of_something_else_says_what_it_should_be(tmp_path: Path, text: str) -> None:
    file = tmp_path / "talk.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile, match="give it what 'assistant ask --json'"):
        turns_in([str(file)])


def test_turns_come_from_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    coming = SimpleNamespace(buffer=io.BytesIO(json.dumps(ASKED).encode()))
    monkeypatch.setattr("sys.stdin", coming)
    assert turns_in(["-"]) == (TURN,)


def test_a_follow_up_leans_on_what_was_asked_before(
    command: Command, home: Home, tmp_path: Path
) -> None:
    at = ("--home", str(home.root))
    first = command("ask", "What did the city library repairs cost?", "--json", *at)
    file = tmp_path / "first.json"
    file.write_text(first.out, encoding="utf-8")
    then = json.loads(
        command("ask", "And when did it open?", "--history", str(file), "--json", *at).out
    )
    alone = json.loads(command("ask", "And when did it open?", "--json", *at).out)
    assert "library" in then["searched"].lower()
    assert "library" not in alone["searched"].lower()
    assert then["hits"][0]["document_id"] == "library"
