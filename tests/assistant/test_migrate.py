"""Moving a home to another folder and to a store: compared, resumable, the old one untouched."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.home import Home, find_home
from assistant.migrate import migrate
from assistant.migrate_check import questions_of
from assistant.migrate_places import moved_settings, places_of
from assistant.settings import Settings, load_settings
from corpus.errors import CheckFailed, UsageError
from index.entries import Progress

from ..chroma_server import ChromaServer
from ..fakes import BagOfStems
from .conftest import Command, json_of
from .program import ROOT

QUESTION = "What is the ferry contract worth?"

KILLED = """
import sys, os, signal
from pathlib import Path
from assistant import migrate
from assistant.archive import Archive
from assistant.home import find_home
from assistant.migrate_places import places_of
from assistant.settings import load_settings
from tests.assistant.program import exchange, fast_parts
from tests.fakes import BagOfStems
exchange(fast_parts())
root, nth, *targets = sys.argv[1:]
home = find_home(root)
steps = 0
def count(progress):
    global steps
    if progress.stage in ("moving", "comparing", "fetching"):
        steps += 1
        if steps == int(nth):
            os.kill(os.getpid(), signal.SIGKILL)
with Archive(home, load_settings(home.settings_file), embedder=BagOfStems()) as archive:
    migrate.migrate(archive, places_of(targets, home), ["What is it?"], count)
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    file = tmp_path / "suite.jsonl"
    cases = [{"question": QUESTION}, {"question": "Who flies to the moon?"}]
    file.write_text("\n".join(map(json.dumps, cases)))
    return file


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the files of a home that are somebody's own."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "index" not in path.parts and "owner" not in path.name
    }


def test_a_home_moves_to_another_folder(
    home: Home, suite: Path, tmp_path: Path, command: Command
) -> None:
    llm = '[llms.one]\nkind = "openai-like"\nmodel = "m"\nurl = "http://127.0.0.1:9"\n'
    home.settings_file.write_text(f'passages = 7\ndocuments = ""\n{llm}')
    (home.documents / "picture.bin").write_bytes(b"\0\1")
    (home.root / "suites").mkdir()
    (home.root / "suites" / "mine.jsonl").write_text("")
    command("ask", QUESTION, "--home", str(home.root))
    before = files_of(home.root)
    new = tmp_path / "new"
    at = ("--home", str(home.root))
    done = json_of(command("migrate", "--to", str(new), "--suite", str(suite), "--json", *at))
    assert done["home"] == str(new)
    assert done["documents"] == len(json_of(command("list", "--json", *at)))
    assert done["compared"] > 3
    assert files_of(home.root) == before
    moved = files_of(new)
    assert {name: moved[name] for name in before if name.startswith("documents/")} == {
        name: data for name, data in before.items() if name.startswith("documents/")
    }
    assert (new / "suites" / "mine.jsonl").exists()
    assert load_settings(new / "assistant.toml").passages == 7
    assert set(load_settings(new / "assistant.toml").llms) == {"one"}
    assert command("ask", QUESTION, "--home", str(new)).out == command("ask", QUESTION, *at).out
    synced = json_of(command("sync", "--json", "--home", str(new)))
    assert (synced["added"], synced["updated"], synced["removed"]) == ([], [], [])
    assert not (tmp_path / "new.migrating").exists()
    refused = command("migrate", "--to", str(new), *at)
    assert refused.code == 2
    assert "is not empty" in refused.err


def test_documents_move_to_a_store_and_back(
    home: Home, suite: Path, tmp_path: Path, command: Command
) -> None:
    at = ("--home", str(home.root))
    store, new, back = tmp_path / "store", tmp_path / "new", tmp_path / "back"
    to = ("--to", str(new), "--to", f"file://{store}", "--suite", str(suite))
    done = json_of(command("migrate", *to, "--json", *at))
    assert done["settings"] == {"documents": f"file://{store}"}
    assert {one.name for one in store.iterdir()} == {one.name for one in home.documents.iterdir()}
    assert list((new / "documents").iterdir()) == []
    assert find_home(str(new)).documents == new / "var" / "cache" / "documents"
    assert command("ask", QUESTION, "--home", str(new)).out == command("ask", QUESTION, *at).out
    command("migrate", "--to", str(back), "--suite", str(suite), "--home", str(new))
    assert files_of(back / "documents") == files_of(home.documents)
    assert load_settings(back / "assistant.toml").documents == ""


@pytest.mark.slow
def test_vectors_move_to_a_server(
    home: Home, suite: Path, tmp_path: Path, command: Command, chroma: ChromaServer
) -> None:
    at, new = ("--home", str(home.root)), tmp_path / "new"
    to = ("--to", str(new), "--to", chroma.url, "--suite", str(suite))
    done = json_of(command("migrate", *to, "--json", *at))
    assert done["settings"] == {"vectors": chroma.url}
    assert load_settings(new / "assistant.toml").vectors == chroma.url
    counted = json_of(command("doctor", "--json", "--home", str(new)))
    assert not [one for one in counted["findings"] if one["severity"] == "error"]
    assert command("ask", QUESTION, "--home", str(new)).out == command("ask", QUESTION, *at).out


@pytest.mark.slow
@pytest.mark.parametrize("to_store", [False, True])
def test_a_move_that_is_killed_is_gone_on_with(
    home: Home, tmp_path: Path, suite: Path, command: Command, to_store: bool
) -> None:
    at = ("--home", str(home.root))
    command("sync", *at)
    before = files_of(home.root)
    targets = [str(tmp_path / "new"), *([f"file://{tmp_path}/store"] if to_store else [])]
    for nth in (2, 4, 5):
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, str(home.root), str(nth), *targets],
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert not (tmp_path / "new").exists()
    noted = (tmp_path / "new.migrating" / "copied.jsonl").read_text().splitlines()
    assert len(noted) >= 3
    # What is no more in the old home meanwhile does not come along.
    gone = json.loads(noted[0])[0]
    (home.root / gone).unlink()
    to = [part for one in targets for part in ("--to", one)]
    done = json_of(command("migrate", *to, "--suite", str(suite), "--json", *at))
    assert done["compared"] > 1
    after = files_of(home.root)
    assert after == {name: data for name, data in before.items() if name != gone}
    held = tmp_path / "store" if to_store else tmp_path / "new" / "documents"
    assert files_of(held) == files_of(home.documents)


def test_a_new_home_that_answers_otherwise_is_not_put_in_its_place(
    home: Home, tmp_path: Path, fast: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = places_of([str(tmp_path / "new")], home)

    def spoil(progress: Progress) -> None:
        if progress.stage == "moving" and progress.done == progress.total - 1:
            kept = next((places.work / "home" / "documents").glob("*.md"))
            kept.write_text("Something else is told here.")

    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        with pytest.raises(CheckFailed, match=r"otherwise than the old one.*left in"):
            migrate(archive, places, [QUESTION], spoil)
        assert not (tmp_path / "new").exists()
        assert "18 million" in archive.ask(QUESTION).text


def test_a_store_with_files_of_somebody_else_is_refused(
    home: Home, tmp_path: Path, fast: None
) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "theirs.txt").write_text("This is theirs.")
    places = places_of([f"file://{tmp_path}/store"], home)
    assert places.root == home.root.with_name("home-moved")
    with (
        Archive(home, Settings(), embedder=BagOfStems()) as archive,
        pytest.raises(UsageError, match=r"holds theirs\.txt"),
    ):
        migrate(archive, places, [], lambda progress: None)
    assert [one.name for one in (tmp_path / "store").iterdir()] == ["theirs.txt"]


@pytest.mark.parametrize(
    ("targets", "why"),
    [
        (("a", "b"), "two folders"),
        (("s3://a/b", "file:///c"), "two places for the documents"),
        (("mysql+x://host/db", "sftp://host/d"), "two places"),
        (("s3://",), "names no folder"),
    ],
)
def test_targets_that_make_no_sense_are_refused(
    home: Home, targets: tuple[str, ...], why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        places_of(targets, home)


def test_a_home_is_not_moved_into_itself(home: Home) -> None:
    with pytest.raises(UsageError, match="which is what is moved"):
        places_of([str(home.documents / "new")], home)


def test_settings_before_the_first_table_change_and_no_others(home: Home) -> None:
    text = 'port = 1\n documents = "x"\nmodel = "m"\n[llms.a]\nmodel = "kept"\ndocuments = "kept"\n'
    places = places_of(["s3://bucket/docs"], home)
    moved = moved_settings(text, places, Settings(model="/models/m"))
    assert moved == (
        'documents = "s3://bucket/docs"\nmodel = "/models/m"\nport = 1\n'
        '[llms.a]\nmodel = "kept"\ndocuments = "kept"\n'
    )


def test_the_starter_suite_and_the_homes_own_cases_are_asked(home: Home) -> None:
    own = home.root / "suites" / "mine.jsonl"
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps({"question": "Is it mine?"}))
    questions = questions_of(home, ())
    assert len(questions) > 50
    assert questions[-1] == "Is it mine?"
    own.write_text("no json")
    with pytest.raises(UsageError, match="line 1 is no JSON"):
        questions_of(home, ())
