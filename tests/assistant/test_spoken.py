"""Messages that tell a person to run a command name the home that they are about."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from assistant.home import Home, make_home
from assistant.spoken import speak_of, with_home
from corpus.errors import CatalogueDamaged

from .conftest import Command
from .small_corpus import write_home

REBUILD = "it is damaged: run 'assistant sync --rebuild', which makes it again"


def test_a_command_names_a_home_that_is_not_the_default_one(home: Home) -> None:
    assert with_home(REBUILD) == REBUILD
    speak_of(home)
    assert with_home(REBUILD) == (
        f"it is damaged: run 'assistant sync --rebuild --home {home.root}', which makes it again"
    )


def test_commands_of_the_evals_and_those_in_backticks_name_it_too(home: Home) -> None:
    speak_of(home)
    at = f"--home {home.root}"
    assert with_home("'evals inbox list --all' names them") == (
        f"'evals inbox list --all {at}' names them"
    )
    assert with_home("take it in with `assistant add 'two words.zip'`, then delete it") == (
        f"take it in with `assistant add 'two words.zip' {at}`, then delete it"
    )


def test_the_home_that_a_bare_command_takes_is_not_named(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_HOME", str(home.root))
    speak_of(home)
    assert with_home(REBUILD) == REBUILD


@pytest.mark.parametrize("name", ["two words", "it's", "Ärger & Söhne", "$HOME", "--home"])
def test_a_command_can_be_copied_whatever_the_folder_is_called(tmp_path: Path, name: str) -> None:
    home = make_home(tmp_path / name)
    speak_of(home)
    said = with_home(REBUILD)
    before, after = "it is damaged: run ", ", which makes it again"
    assert said.startswith(before)
    assert said.endswith(after)
    mark = said[len(before)]
    command = said.removeprefix(before + mark).removesuffix(mark + after)
    assert mark not in command
    assert shlex.split(command) == ["assistant", "sync", "--rebuild", "--home", str(home.root)]


@pytest.mark.parametrize(
    "message",
    [
        "'assistant add' (process 12), which had this home open, did not answer",
        "it has no documents folder: 'assistant init /a' makes one",
        "'assistant add FILE --home /a' adds a document",
        "No such option: --x ('assistant --help' shows how)",
        "No such option: --x ('assistant ask --help' shows how)",
        "the assistant's 'answers' are quotes",
        "'evals compare A B' sets them side by side",
    ],
)
def test_other_words_stay_as_they_are(home: Home, message: str) -> None:
    speak_of(home)
    assert with_home(message) == message


def test_the_error_of_a_command_names_its_home(command: Command, tmp_path: Path) -> None:
    home = write_home(tmp_path / "a home")
    at = ("--home", str(home.root))
    assert command("sync", *at).code == 0
    for catalogue in home.state.rglob("catalogue.sqlite"):
        for one in catalogue.parent.glob("catalogue.sqlite*"):
            one.unlink()
        catalogue.write_bytes(b"no catalogue" * 1000)
    ran = command("list", *at)
    assert ran.code == 3
    assert f"`assistant sync --rebuild --home '{home.root}'`" in ran.err
    assert command("sync", "--rebuild", *at).code == 0
    assert command("list", *at).code == 0


def test_an_empty_home_is_told_how_to_fill_it(command: Command, tmp_path: Path) -> None:
    made = command("init", str(tmp_path / "a home"))
    add = f"`assistant add FILE --home '{tmp_path / 'a home'}'`"
    assert f"{add} adds a document." in made.out
    assert add in command("list", "--home", str(tmp_path / "a home")).out


def test_a_sentence_in_the_chat_names_the_home(home: Home) -> None:
    from assistant.web.work import attempted

    def fail() -> str:
        raise CatalogueDamaged(REBUILD)

    speak_of(home)
    assert f"sync --rebuild --home {home.root}'" in attempted(fail, str)
