"""The command line: what it prints, its exit codes, and one line for whatever goes wrong."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.home import Home
from corpus.errors import BadQuestion, CheckFailed

from .conftest import Command, json_of
from .program import ROOT, Ran, fast, real, without_settings
from .small_corpus import COUNCIL_WORTH, FERRY_WORTH, FILES, NOWHERE, WORTH, listing, write_home

HEAVY = "torch chromadb gradio llama_index nltk trafilatura numpy sentence_transformers Stemmer"


def refused(ran: Ran, code: int) -> str:
    """Return the one line on stderr of a command that did nothing."""
    lines = ran.err.splitlines()
    assert (ran.code, ran.out, len(lines)) == (code, "", 1)
    assert lines[0].startswith("assistant: ")
    assert "Traceback" not in lines[0]
    assert not lines[0].startswith("assistant: unexpected ")
    return lines[0].removeprefix("assistant: ")


def failed(ran: Ran) -> list[str]:
    """Return the failures of a command that reported them and did the rest."""
    assert ran.code == 3
    assert ran.err == ""
    return [one["error"] for one in json.loads(ran.out)["failed"]]


@pytest.fixture
def at(home: Home) -> tuple[str, str]:
    return ("--home", str(home.root))


# ---------------------------------------------------------------------- what it prints


def test_an_answer_for_people_has_its_sources(command: Command, at: tuple[str, str]) -> None:
    ran = command("ask", "How much did the library repairs cost?", *at)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "3.2 million euros [1]\n\n"
        "The repairs cost 3.2 million euros. [1]\n\n"
        "[1] City library reopens after the flood, 2023-09-05\n"
        "    library, characters 133-168\n"
    )


def test_an_answer_shows_both_sides_and_the_address(command: Command, at: tuple[str, str]) -> None:
    out = command("ask", WORTH, *at).out
    assert FERRY_WORTH in " ".join(out.split())
    assert COUNCIL_WORTH in " ".join(out.split())
    assert "\n    https://harbour-post.example/ferry\n" in out


def test_a_declined_question_is_no_error_and_shows_what_came_closest(
    command: Command, at: tuple[str, str]
) -> None:
    ran = command("ask", NOWHERE, *at)
    assert (ran.code, ran.err) == (0, "")
    assert "Closest passages:" in ran.out
    assert "[1]" not in ran.out


def test_explain_shows_scores(command: Command, at: tuple[str, str]) -> None:
    out = command("ask", WORTH, "--explain", *at).out
    assert "Passages looked at:" in out
    assert "lexical_rank 1" in out


def test_filters_narrow_an_answer(command: Command, at: tuple[str, str]) -> None:
    since = json_of(command("ask", WORTH, "--json", "--since", "2024-04-01", *at))
    assert [one["quote"] for one in since["citations"]] == [COUNCIL_WORTH]
    source = json_of(command("ask", WORTH, "--json", "--source", "the harbour post", *at))
    assert [one["quote"] for one in source["citations"]] == [FERRY_WORTH]
    tag = json_of(command("search", WORTH, "--json", "--tag", "ferry", "-k", "5", *at))
    assert [one["document_id"] for one in tag["hits"]] == ["ferry"]


def test_the_list_is_a_table_and_a_document_is_shown_whole(
    command: Command, at: tuple[str, str]
) -> None:
    table = command("list", *at).out.splitlines()
    assert table[0].split() == ["ID", "DATE", "SOURCE", "PASSAGES", "TITLE"]
    assert [row.split()[0] for row in table[1:]] == ["council", "ferry", "library"]
    assert command("show", "ferry", *at).out.startswith(
        "Harbour ferry gets a new operator\n"
        "The Harbour Post · 2024-03-12 · https://harbour-post.example/ferry · ferry, contracts\n"
        "guessed: language\n\n"
        f"{FERRY_WORTH}"
    )


def test_a_home_from_init_to_the_last_document(command: Command, tmp_path: Path) -> None:
    root, source = tmp_path / "new", tmp_path / "ferry.md"
    source.write_text(FILES["ferry.md"], encoding="utf-8")
    at = ("--home", str(root))
    made = command("init", str(root))
    assert (made.code, made.err) == (0, "")
    assert "assistant add FILE" in made.out
    assert command("sync", *at).out == "There was nothing to do.\n"
    assert command("list", *at).out == (
        f"The corpus is empty: 'assistant add FILE --home {root}' adds a document.\n"
    )
    assert command("add", str(source), "--title", "Ferries", "--tag", "new", *at).out == (
        "added ferry\n"
    )
    shown = json_of(command("show", "ferry", "--json", *at))
    assert (shown["title"], shown["source"]) == ("Ferries", "The Harbour Post")
    assert command("sync", *at).out == "unchanged: 1\n"
    assert command("remove", "ferry", *at).out == "removed ferry\n"
    assert json_of(command("list", "--json", *at)) == []
    assert source.exists()


def test_a_good_file_is_added_beside_a_bad_one(command: Command, home: Home) -> None:
    good, bad = home.root / "tram.txt", home.root / "blank.txt"
    good.write_text("Tram\n\n1 May 2020\n\nThe tram came.\n", encoding="utf-8")
    bad.write_text("", encoding="utf-8")
    ran = command("add", str(bad), str(good), "--json", "--home", str(home.root))
    assert len(failed(ran)) == 1
    assert json.loads(ran.out)["added"] == ["tram"]


def test_for_people_a_failure_is_one_line_on_stderr(command: Command, at: tuple[str, str]) -> None:
    ran = command("add", "/nowhere/x.txt", *at)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == "failed: There is no file /nowhere/x.txt. Check the path.\n"


# ---------------------------------------------------------------------- bad files


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200_000_000)


def write(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("missing.txt", lambda path: None, "There is no file {}. Check the path."),
        ("empty.txt", write(b""), "{} is empty. Write its text into it, or leave it out."),
        ("blank.md", write(b" \n\t\n"), "{} holds only white space. Write its text into it."),
        (
            "picture.txt",
            write(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
            "{} is not text: it looks like a PNG image. Save its text as .txt, .md or .html.",
        ),
        (
            "large.txt",
            sparse,
            "{} has 200.0 MB, and 25.0 MB is the most a document may have. Split it into smaller "
            "files.",
        ),
        (
            "latin.txt",
            write("Der Fährbetrieb".encode("latin-1")),
            "{} is not valid UTF-8: byte 5 is 0xe4. Save it as UTF-8 and add it again.",
        ),
        (
            "sheet.xlsx",
            write(b"PK\x03\x04"),
            "{} is damaged: its ZIP cannot be read. Save or download it again.",
        ),
        ("pipe.txt", os.mkfifo, "{} is not a regular file. Copy its text into a file."),
        (
            "page.html",
            write(b"<html><script>x()</script></html>"),
            "{} holds no text, only markup. Save its text as .txt or .md.",
        ),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_kept(
    command: Command, home: Home, name: str, make: Callable[[Path], object], says: str
) -> None:
    file = home.root.parent / name
    make(file)
    before = listing(home.documents)
    ran = command("add", str(file), "--json", "--home", str(home.root))
    assert failed(ran) == [says.format(file)]
    assert json.loads(ran.out)["added"] == []
    assert listing(home.documents) == before
    assert json_of(command("list", "--json", "--home", str(home.root))) != []


@pytest.mark.parametrize("address", ["http://127.0.0.1/a.html", "http://2130706433/a", "ftp://x"])
def test_an_address_that_must_not_be_fetched_is_a_failure(
    command: Command, at: tuple[str, str], address: str
) -> None:
    ran = command("add", address, "--json", *at)
    assert ran.code == 3
    (failure,) = json.loads(ran.out)["failed"]
    assert failure["path"] == address
    assert re.search(r"is not fetched: |spells a number as its host", failure["error"])


def test_one_title_is_for_one_file(command: Command, at: tuple[str, str], tmp_path: Path) -> None:
    for paths in (["a.txt", "b.txt"], [str(tmp_path)]):
        assert refused(command("add", *paths, "--title", "T", *at), 2) == (
            "--title names one document: add the files one by one"
        )


@pytest.mark.slow
@pytest.mark.parametrize("place", ["added", "documents"])
def test_a_folder_without_read_rights_is_named(home: Home, place: str) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can become a user who owns nothing here")
    locked = home.root.parent / "locked" if place == "added" else home.documents
    locked.mkdir(exist_ok=True)
    (locked / "secret.txt").write_text("A secret.", encoding="utf-8")
    for folder in (home.root.parent, *home.root.parent.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    home.state.chmod(0o777)
    home.documents.chmod(0o777)
    locked.chmod(0o300)
    where = ["--home", str(home.root)]
    arguments = ["add", str(locked), *where] if place == "added" else ["list", *where]
    ran = as_nobody(write_home(home.root.parent / "scratch", {}).root, arguments)
    locked.chmod(0o700)
    assert (ran.code, ran.out) == (3, "")
    assert len(ran.err.splitlines()) == 1
    assert f"The folder {locked} could not be read: Permission denied. Change its" in ran.err


def as_nobody(scratch: Path, arguments: list[str]) -> Ran:
    """Run the command line as a user who owns nothing.

    That user may not be allowed to read the installed packages, so they are loaded before, by a
    command on the home ``scratch``.
    """
    script = f"""
import importlib, os, sys
sys.path.insert(0, {str(ROOT)!r})
from tests.assistant.program import fast_parts
from assistant.cli import cli
from assistant.shell import run
for name, part in fast_parts().items():
    module, _, attribute = name.rpartition(".")
    setattr(importlib.import_module(module), attribute, part)
scratch, *arguments = sys.argv[1:]
assert run(cli, "assistant", ["list", "--json", "--home", scratch]) == 0
print(flush=True)
os.setgroups([]); os.setgid(65534); os.setuid(65534)
sys.exit(run(cli, "assistant", arguments))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(scratch), *arguments],
        env=without_settings(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout.removeprefix("[]\n\n"), done.stderr)


# ---------------------------------------------------------------------- bad questions and ids


@pytest.mark.parametrize("call", ["ask", "search"])
@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "the question is empty: type what you want to know"),
        (" \n", "the question is empty: type what you want to know"),
        ("x" * 1_000_000, "the question has 1,000,000 characters, and 4,000 are the most: shorten"),
        ("who\x00", "the question holds NUL characters: type it as plain text"),
        ("caf\udce9", "the argument caf� is not valid UTF-8: type it again, or rename the file"),
    ],
    ids=["empty", "blank", "one megabyte", "NUL", "broken bytes"],
)
def test_a_bad_question_is_refused_before_the_home_is_opened(
    command: Command, home: Home, call: str, question: str, says: str
) -> None:
    ran = command(call, question, "--json", "--home", str(home.root))
    assert refused(ran, 2).startswith(says)
    assert listing(home.state) == {}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--since", "yesterday"], "--since 'yesterday' is no date: write it as 2020-08-18"),
        (["--until", "2020-13-01"], "--until '2020-13-01' is no date: write it as 2020-08-18"),
        (
            ["--since", "2021-01-01", "--until", "2020-01-01"],
            "--since 2021-01-01 is after --until 2020-01-01: no document can be both",
        ),
    ],
)
def test_a_bad_filter_is_refused(
    command: Command, at: tuple[str, str], options: list[str], says: str
) -> None:
    assert refused(command("ask", WORTH, *options, *at), 2) == says


def test_an_unknown_document_is_named(command: Command, home: Home) -> None:
    at = ("--json", "--home", str(home.root))
    before = listing(home.documents)
    says = "no document has the id 'nothing': 'assistant list' shows the ids there are"
    named = says.replace("list'", f"list --home {home.root}'")
    assert refused(command("show", "nothing", *at), 3) == named
    assert failed(command("remove", "nothing", *at)) == [says]
    assert listing(home.documents) == before


@pytest.mark.parametrize("document_id", ["../ferry", "/etc/passwd", "", "ferry\x00", "%"])
def test_an_id_is_never_a_path(command: Command, home: Home, document_id: str) -> None:
    before = listing(home.documents)
    at = ("--json", "--home", str(home.root))
    assert len(failed(command("remove", document_id, *at))) == 1
    assert "no document has the id" in refused(command("show", document_id, *at), 3)
    assert listing(home.documents) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "\udce9"],
        ["remove", "\udce9"],
        ["add", "\udce9.txt"],
        ["ask", "x", "--tag", "\udce9"],
    ],
)
def test_arguments_that_are_no_utf8_are_refused(
    command: Command, at: tuple[str, str], arguments: list[str]
) -> None:
    assert "� is not valid UTF-8: type it again" in refused(command(*arguments, *at), 2).replace(
        "�.txt", "�"
    )


# ---------------------------------------------------------------------- bad homes


@pytest.mark.parametrize("call", [["ask", "Why?"], ["list"], ["sync"], ["chat", "--no-open"]])
def test_a_home_that_is_not_there_is_named(
    command: Command, tmp_path: Path, call: list[str]
) -> None:
    missing = tmp_path / "missing"
    assert refused(command(*call, "--home", str(missing)), 2) == (
        f"{missing} is no home, as it has no documents folder: 'assistant init {missing}' makes one"
    )
    assert not missing.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("port = ", "{} is not valid TOML ("),
        ("colour = 1", "{}: colour: there is no such setting; there are model, backend, "),
        ("passages = 0", "{}: passages is 0: write a whole number from 1 to 100"),
    ],
)
@pytest.mark.parametrize("call", [["ask", WORTH], ["list"], ["sync", "--rebuild"], ["chat"]])
def test_broken_settings_are_named_and_nothing_is_done(
    command: Command, home: Home, call: list[str], text: str, says: str
) -> None:
    home.settings_file.write_text(text, encoding="utf-8")
    line = refused(command(*call, "--home", str(home.root)), 2)
    assert line.startswith(says.format(home.settings_file))
    assert listing(home.state) == {}


def catalogue(home: Home) -> Path:
    return next(home.state.rglob("catalogue.sqlite"))


def garbage(home: Home) -> None:
    for file in home.state.rglob("catalogue.sqlite*"):
        file.write_bytes(b"this was an index once " * 1000)


def half_of_it(home: Home) -> None:
    for file in home.state.rglob("catalogue.sqlite-*"):
        file.unlink()
    data = catalogue(home).read_bytes()
    catalogue(home).write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize("damage", [garbage, half_of_it])
def test_a_damaged_index_is_named_and_made_again_by_sync_rebuild(
    command: Command, home: Home, damage: Callable[[Home], None]
) -> None:
    at = ("--json", "--home", str(home.root))
    rows = json_of(command("list", *at))
    damage(home)
    for call in (["ask", WORTH], ["list"], ["add", __file__], ["sync"]):
        line = refused(command(*call, *at), 3)
        assert str(catalogue(home)) in line
        assert f"run 'assistant sync --rebuild --home {home.root}'" in line
    assert json_of(command("sync", "--rebuild", *at))["added"] == ["council", "ferry", "library"]
    again = json_of(command("list", *at))
    assert [{**row, "added": ""} for row in again] == [{**row, "added": ""} for row in rows]
    assert not json_of(command("ask", WORTH, *at))["abstained"]


def test_a_state_folder_that_is_a_file_is_named(command: Command, home: Home) -> None:
    home.state.rmdir()
    home.state.write_text("in the way", encoding="utf-8")
    line = refused(command("list", "--home", str(home.root)), 3)
    assert line.startswith(f"the state folder {home.state} could not be written")


@pytest.mark.slow
def test_a_model_that_is_not_there_is_named(home: Home) -> None:
    home.settings_file.write_text('model = "nobody/no-such-model"', encoding="utf-8")
    ran = real("ask", WORTH, "--json", "--home", str(home.root))
    assert "the embedding model 'nobody/no-such-model' could not be loaded" in refused(ran, 3)


@pytest.mark.slow
def test_a_port_in_use_is_named(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = fast("chat", "--no-open", "--port", port, "--home", str(home.root))
    assert ran.code == 3
    assert len(ran.err.splitlines()) == 1
    assert f"{port} on 127.0.0.1 can't be used (Address already in use)" in ran.err
    assert "Traceback" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--colour"], "No such option"),
        (["ask", "Why?", "--colour"], "No such option"),
        (["ask"], "Missing argument 'QUESTION'"),
        (["ask", "two", "questions"], "Got unexpected extra argument"),
        (["nothing"], "No such command 'nothing'"),
        (["search", "x", "-k", "0"], "Invalid value for '-k'"),
        (["search", "x", "-k", "many"], "Invalid value for '-k'"),
        (["chat", "--port", "99999"], "Invalid value for '--port'"),
        (["add"], "Missing argument 'FILE|FOLDER|URL...'"),
        (["wishes", "done", "9" * 30], "Invalid value for 'ID...'"),
    ],
)
def test_wrong_use_is_one_line_with_where_to_look(
    command: Command, arguments: list[str], says: str
) -> None:
    line = refused(command(*arguments), 2)
    assert line.startswith(says)
    names = ("ask", "search", "chat", "add", "wishes", "done")
    used = " ".join(["assistant", *(one for one in arguments if one in names)])
    assert line.endswith(f"('{used} --help' shows how)")


def test_a_bug_is_one_line_and_its_details_are_in_the_log(
    command: Command, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object, **options: object) -> None:
        raise RuntimeError("line one\nline two")

    monkeypatch.setattr("assistant.terminal.print_entries", bug)
    ran = command("list", "--home", str(home.root))
    log = home.state / "assistant.log"
    assert (ran.code, ran.err) == (
        3,
        f"assistant: unexpected RuntimeError: line one; the details are in {log}\n",
    )
    assert "Traceback" in log.read_text("utf-8")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadQuestion("a bad question"), 2),
        (CheckFailed("a failed check"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_an_error_says_its_exit_code(
    command: Command, home: Home, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def raises(*_: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("assistant.terminal.print_entries", raises)
    assert refused(command("list", "--home", str(home.root)), code)


# ---------------------------------------------------------------------- real processes


def test_the_program_itself_prints_one_json_value(home: Home) -> None:
    answer = json_of(fast("ask", WORTH, "--json", "--home", str(home.root)))
    assert {one["quote"] for one in answer["citations"]} == {FERRY_WORTH, COUNCIL_WORTH}


@pytest.mark.slow
def test_the_home_may_be_named_in_the_environment(home: Home) -> None:
    rows = json_of(fast("list", "--json", environment={"ASSISTANT_HOME": str(home.root)}))
    assert [row["id"] for row in rows] == ["council", "ferry", "library"]


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_output_to_a_narrow_terminal_loses_no_answer(home: Home, encoding: str) -> None:
    (home.documents / "ship.txt").write_text("Ship\n\nThe ship cost €3 — cheap.\n", "utf-8")
    ran = fast(
        "ask",
        "How much did the ship cost?",
        "--home",
        str(home.root),
        environment={"PYTHONIOENCODING": encoding},
    )
    assert (ran.code, ran.err) == (0, "")
    assert "The ship cost" in ran.out


@pytest.mark.slow
def test_a_reader_who_has_had_enough_is_no_error(home: Home) -> None:
    (home.documents / "long.txt").write_text("Long\n\n" + "It went on. " * 60_000, "utf-8")
    program = Path(__file__).with_name("program.py")
    with subprocess.Popen(
        [sys.executable, str(program), "show", "long", "--home", str(home.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"Long\n"
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (0, b"")


@pytest.mark.parametrize("module", ["assistant", "evals"])
def test_help_imports_nothing_heavy(module: str) -> None:
    script = f"""
import sys
from assistant.shell import run
from {module}.cli import cli
code = run(cli, {module!r}, ["--help"])
print(*sorted({{name.partition(".")[0] for name in sys.modules}} & set({HEAVY!r}.split())))
sys.exit(code)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: {module} [OPTIONS] COMMAND")
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize(
    "name", ["ask", "search", "add", "remove", "list", "show", "sync", "init", "chat"]
)
def test_every_command_has_help(command: Command, name: str) -> None:
    ran = command(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: assistant {name}")


def test_without_a_command_the_help_is_shown(command: Command) -> None:
    assert command() == command("--help")
    assert command().out.startswith("Usage: assistant [OPTIONS] COMMAND")


def test_the_version_is_printed(command: Command) -> None:
    assert command("--version").out.startswith("assistant, version ")
