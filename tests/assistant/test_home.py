from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.home import CHECKOUT, Home, find_home, make_home
from assistant.settings import Settings, load_settings
from corpus.errors import UsageError

from .small_corpus import listing


def test_a_new_home_has_documents_settings_and_state(tmp_path: Path) -> None:
    home = make_home(tmp_path / "a" / "home")
    root = tmp_path / "a" / "home"
    assert home == Home(root, root / "documents", root / "assistant.toml", root / "var")
    assert sorted(path.name for path in root.iterdir()) == ["assistant.toml", "documents", "var"]


def test_the_settings_file_of_a_new_home_sets_nothing(tmp_path: Path) -> None:
    assert load_settings(make_home(tmp_path / "home").settings_file, {}) == Settings()


def test_the_settings_file_of_a_new_home_shows_every_setting_with_its_default(
    tmp_path: Path,
) -> None:
    shown = make_home(tmp_path / "home").settings_file
    lines = shown.read_text("utf-8").splitlines()
    shown.write_text("\n".join(line.removeprefix("# ") for line in lines[1:]), encoding="utf-8")
    assert load_settings(shown, {}) == Settings(examples=("A question to show on the empty page",))


def test_making_a_home_again_leaves_it_as_it_is(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    (home.documents / "one.txt").write_text("One.", encoding="utf-8")
    home.settings_file.write_text("port = 1\n", encoding="utf-8")
    before = listing(tmp_path)
    assert make_home(tmp_path) == home
    assert listing(tmp_path) == before


@pytest.mark.parametrize("place", ["", "below"])
def test_a_home_cannot_be_made_where_a_file_is(tmp_path: Path, place: str) -> None:
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match=r"file is a file, so no home can be made there: name"):
        make_home(file / place)
    assert listing(tmp_path) == {"file": b"x"}


def test_the_option_outranks_the_variable_and_the_variable_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    option, variable = make_home(tmp_path / "option"), make_home(tmp_path / "variable")
    assert find_home() == Home(
        CHECKOUT, CHECKOUT / "corpus" / "documents", CHECKOUT / "assistant.toml", CHECKOUT / "var"
    )
    monkeypatch.setenv("ASSISTANT_HOME", str(variable.root))
    assert find_home() == variable
    assert find_home(str(option.root)) == option


def test_a_folder_without_documents_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        find_home(str(tmp_path))
    assert str(error.value) == (
        f"{tmp_path} is no home, as it has no documents folder: "
        f"'assistant init {tmp_path}' makes one"
    )
    assert os.listdir(tmp_path) == []


def test_a_home_may_be_named_relative_to_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make_home(tmp_path / "home")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_home("home") == home
    assert find_home("~/home") == home
