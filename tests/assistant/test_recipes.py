"""Another model in the settings, as people meet it: in a shell and in a running chat."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.embedders import EmbedderFinder, default_embedder
from assistant.home import Home
from assistant.settings import Settings
from corpus.errors import ModelUnavailable
from index.backends import LoadableEmbedder, choose_embedder
from index.entries import Progress
from index.made import ModelName
from index.recipes import answering

from ..index.models import Held, Model
from .conftest import Command, json_of
from .small_corpus import FERRY_WORTH

WORTH = "How much is the ferry contract worth?"
Setter = Callable[[str], None]


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any name but "gone" be a model's."""

    def choose(model: str, **options: object) -> LoadableEmbedder:
        if model == "gone":
            raise ModelUnavailable("the model 'gone' is gone")
        return choose_embedder(model) if "/" in model else Model(model)

    monkeypatch.setattr("assistant.embedders.choose_embedder", choose)
    monkeypatch.setattr("assistant.archive.default_embedder", default_embedder)


@pytest.fixture
def set_model(home: Home) -> Setter:
    def set_(name: str) -> None:
        home.settings_file.write_text(f'model = "{name}"\n', "utf-8")

    return set_


def test_commands_answer_from_the_old_index_and_sync_builds_the_new_one(
    command: Command, models: None, home: Home, set_model: Setter
) -> None:
    at = ("--json", "--home", str(home.root))
    set_model("one")
    before = json_of(command("ask", WORTH, *at))
    assert FERRY_WORTH in [one["quote"] for one in before["citations"]]
    (one,) = answering(home.state / "index")
    set_model("two")
    asked = command("ask", WORTH, *at)
    assert asked.code == 0
    assert asked.err == (
        "the settings ask for another index than the one that is there: that one answers until "
        f"'assistant sync --home {home.root}' has built the new one\n"
    )
    assert answering(home.state / "index") == [one]
    assert json_of(command("sync", *at))["added"] == ["council", "ferry", "library"]
    two, kept = answering(home.state / "index")
    assert kept == one
    after = json_of(command("ask", WORTH, *at))
    assert FERRY_WORTH in [one["quote"] for one in after["citations"]]
    set_model("one")
    json_of(command("ask", WORTH, *at))
    assert answering(home.state / "index") == [one, two]


@pytest.mark.parametrize("model", ["gone", "pickled"])
def test_the_old_index_answers_for_a_model_that_cannot_be_had(
    command: Command, models: None, home: Home, set_model: Setter, model: str
) -> None:
    at = ("--home", str(home.root))
    error = "the model 'gone' is gone"
    if model == "pickled":
        folder = home.root / "model"
        folder.mkdir()
        (folder / "pytorch_model.bin").write_bytes(b"a pickle")
        model = str(folder)
        error = (
            f"pytorch_model.bin of the embedding model '{folder}' is a pickle, which can run code "
            "when it is loaded: convert its weights to model.safetensors"
        )
    set_model(model)
    assert command("ask", WORTH, *at).err == f"assistant: {error}\n"
    set_model("one")
    assert command("sync", *at).code == 0
    set_model(model)
    remark = f"{error}; until then the index that 'one' made answers\n"
    asked = command("ask", WORTH, *at)
    assert (asked.code, asked.err) == (0, remark)
    assert FERRY_WORTH in asked.out
    (home.documents / "tram.txt").write_text("Tram\n\nThe tram tunnel was dug.\n", "utf-8")
    synced = command("sync", *at)
    assert (synced.code, synced.err) == (3, f"assistant: {error}\n")
    assert command("sync", "--rebuild", *at).code == 3
    assert "The tram tunnel was dug." in command("ask", "Was the tram tunnel dug?", *at).out
    set_model("one")
    assert command("sync", *at).out == "unchanged: 4\n"


def test_a_rebuild_tells_what_is_new_from_what_is_indexed_again(
    command: Command, home: Home
) -> None:
    at = ("--home", str(home.root))
    assert "added ferry\n" in command("sync", *at).out
    assert command("sync", "--rebuild", *at).out == "indexed again: 3\n"
    (home.documents / "tram.txt").write_text("Tram\n\nThe tram came.\n", "utf-8")
    rebuilt = json_of(command("sync", "--rebuild", "--json", *at))
    assert rebuilt["added"] == ["council", "ferry", "library", "tram"]
    assert rebuilt["indexed_again"] == ["council", "ferry", "library"]
    (home.documents / "bus.txt").write_text("Bus\n\nThe bus came.\n", "utf-8")
    assert command("sync", "--rebuild", *at).out == "added bus\nindexed again: 4\n"


def test_a_rebuild_of_a_sound_index_leaves_one(command: Command, home: Home) -> None:
    at = ("--json", "--home", str(home.root))
    json_of(command("sync", *at))
    (name,) = answering(home.state / "index")
    assert json_of(command("sync", "--rebuild", *at))["added"] == ["council", "ferry", "library"]
    assert answering(home.state / "index") == [f"{name}-2"]
    assert json_of(command("sync", *at))["unchanged"] == 3


def test_the_chat_builds_in_a_thread_and_answers_meanwhile(models: None, home: Home) -> None:
    with Archive(home, Settings(model="one"), Model("one")) as archive:
        archive.sync()
    two = Held("two")
    said: list[str] = []
    seen: list[Progress] = []
    done = threading.Event()

    def hear(sentence: str) -> None:
        said.append(sentence)
        done.set()

    with Archive(home, Settings(model="two"), two) as archive:
        assert archive.update().unchanged == 3
        assert archive.new_index.due
        assert archive.new_index.remark.startswith("the settings ask for another index")
        archive.new_index.start(seen.append, hear)
        assert two.begun.wait(20)
        assert archive.new_index.remark == ""
        assert archive.new_index.progress is not None
        assert archive.new_index.progress.stage == "new index: embedding"
        assert archive.ask(WORTH).citations
        two.go_on.set()
        assert done.wait(20)
        assert said == ["The new index answers now: 3 documents."]
        assert not archive.new_index.due
        assert archive.new_index.progress is None
        assert archive.ask(WORTH).citations
    assert {one.stage for one in seen} == {"new index: reading", "new index: embedding"}


def test_closing_the_chat_ends_the_build(models: None, home: Home) -> None:
    with Archive(home, Settings(model="one"), Model("one")) as archive:
        archive.sync()
    two = Held("two")
    with Archive(home, Settings(model="two"), two) as archive:
        archive.new_index.start(lambda progress: None, lambda said: None)
        assert two.begun.wait(20)
        threading.Timer(0.3, two.go_on.set).start()
    with Archive(home, Settings(model="two"), two) as archive:
        assert archive.ask(WORTH).citations
        archive.sync()
        assert not archive.new_index.due


def test_a_model_that_cannot_be_built_with_leaves_the_old_index(
    models: None, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive(home, Settings(model="one"), Model("one")) as archive:
        archive.sync()
    two = Model("two")

    def broken(texts: object) -> None:
        raise ModelUnavailable("the model 'two' is broken")

    monkeypatch.setattr(two, "embed", broken)
    said: list[str] = []
    done = threading.Event()
    with Archive(home, Settings(model="two"), two) as archive:
        archive.new_index.start(
            lambda progress: None, lambda one: (said.append(one), done.set())[0]
        )
        assert done.wait(20)
        assert said == [
            "The new index could not be built, and the old one goes on answering: "
            "the model 'two' is broken"
        ]
        assert archive.ask(WORTH).citations


def test_the_model_of_an_older_index_is_found_by_its_name_and_fingerprint(models: None) -> None:
    find = EmbedderFinder(Settings())
    assert find(ModelName("one", "torch"), "one").fingerprint == "one"
    with pytest.raises(ModelUnavailable, match="its files are others now"):
        find(ModelName("one", "torch"), "one@0123")
    with pytest.raises(ModelUnavailable, match="'gone' is gone"):
        find(ModelName("gone", "auto"), "gone")
    with pytest.raises(ModelUnavailable, match="was not written down"):
        find(ModelName(), "one")


def test_no_file_of_the_state_folder_holds_a_removed_document(
    command: Command, models: None, home: Home, set_model: Setter
) -> None:
    at = ("--home", str(home.root))
    for model in ("one", "two"):
        set_model(model)
        command("sync", *at)
    assert len(answering(home.state / "index")) == 2
    words = FERRY_WORTH.encode()
    assert any(words in path.read_bytes() for path in _files(home.state))
    assert command("remove", "ferry", *at).code == 0
    assert not any(words in path.read_bytes() for path in _files(home.state))


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
