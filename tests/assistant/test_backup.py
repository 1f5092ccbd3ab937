"""A home in one file, and the same home made of it again."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from assistant.archive import Archive
from assistant.backup import make_backup
from assistant.client import LocalClient
from assistant.home import Home, home_at, make_home
from assistant.restore import restore_backup
from assistant.settings import Settings
from corpus.documents import Overrides
from corpus.errors import BackupFailure, HomeBusy, UsageError
from index.entries import Progress
from index.readonly import reading

from ..fakes import BagOfStems
from .archives import manifest_of, members_of
from .conftest import Command, json_of
from .small_corpus import FERRY, FILES, NOWHERE, WORTH, listing


def tables(file: Path, names: tuple[str, ...] = ("documents", "passages")) -> list[Any]:
    """Return what the active part of a catalogue holds, without the stamps of its files."""
    with reading(file) as rows_of:
        rows = [rows_of(f"SELECT * FROM {name}") for name in names]
        columns = [one[1] for one in rows_of("PRAGMA table_info (documents)")]
    stamp = columns.index("stamp")
    return [[row[:stamp] + row[stamp + 1 :] for row in rows[0]], *rows[1:]]


def catalogue_in(home: Home) -> Path:
    [found] = home.state.rglob("catalogue.sqlite")
    return found


def answers(archive: Archive) -> list[Any]:
    client = LocalClient(archive)
    found: list[Any] = [dict(client.ask(one, explain=True)) for one in (WORTH, NOWHERE)]
    found.append(dict(client.search(WORTH)))
    for one in found:
        del one["timings_ms"]
    return [*found, client.list()]


def test_a_restored_home_answers_the_same_and_embeds_nothing(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "home.zip"
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        archive.describe("library", Overrides(tags=("flood",)))
        before = answers(archive)
        catalogue = archive.index.catalogue.file
        made = make_backup(home, catalogue, file)
    assert made.size == file.stat().st_size
    restored = restore_backup(file, tmp_path / "elsewhere" / "home").home
    assert listing(restored.documents) == listing(home.documents)
    assert restored.settings_file.read_bytes() == home.settings_file.read_bytes()
    embedder = BagOfStems()
    with Archive(restored, Settings(), embedder=embedder) as archive:
        changes = archive.sync()
        assert (changes.unchanged, len(changes.added), len(changes.updated)) == (3, 0, 0)
        assert answers(archive) == before
    questions = {WORTH, NOWHERE}
    assert [one for one in embedder.embedded if one not in questions] == []
    assert tables(catalogue_in(restored)) == tables(catalogue_in(home))


def test_files_keep_their_times_and_rights(command: Command, home: Home, tmp_path: Path) -> None:
    ferry = home.documents / "ferry.md"
    os.utime(ferry, ns=(1_600_000_000_123_456_789, 1_600_000_000_123_456_789))
    ferry.chmod(0o600)
    json_of(command("backup", str(tmp_path / "b"), "--json", "--home", str(home.root)))
    json_of(command("restore", str(tmp_path / "b"), "--json", "--home", str(tmp_path / "new")))
    again = tmp_path / "new" / "documents" / "ferry.md"
    assert again.stat().st_mtime_ns == 1_600_000_000_123_456_789
    assert stat.S_IMODE(again.stat().st_mode) == 0o600


def test_what_the_commands_say(command: Command, tmp_path: Path) -> None:
    home = make_home(tmp_path / "mein Archiv ä")
    for name, text in FILES.items():
        (home.documents / name).write_text(text, encoding="utf-8")
    at = ("--home", str(home.root))
    command("sync", *at)
    file, new = tmp_path / "b.zip", tmp_path / "näw home"
    made = json_of(command("backup", str(file), "--json", *at))
    assert made == {
        "file": str(file),
        "size": file.stat().st_size,
        "made": made["made"],
        "program": "archive-assistant 0.1.0",
        "recipe": catalogue_in(home).parent.name,
        "documents": 3,
        "passages": 3,
        "files": len(members_of(file)) - 1,
        "bytes": sum(len(one) for one in members_of(file).values())
        - len(members_of(file)["manifest.json"]),
        "left_out": [],
    }
    done = json_of(command("restore", str(file), "--json", "--home", str(new)))
    held = {key: value for key, value in made.items() if key not in ("file", "size")}
    assert done == {"home": str(new), **held}
    again = command("backup", str(file), *at)
    assert (again.code, again.out) == (2, "")
    assert "b.zip is there already: name another file, or replace it with --force" in again.err
    said = command("backup", str(file), "--force", *at)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"{file}: ")
    assert "with the index of 3 documents, " in said.out
    said = command("restore", str(file), "--home", str(tmp_path / "third one"))
    assert (said.code, said.err) == (0, "")
    assert f"`assistant chat --home '{tmp_path / 'third one'}'` opens it." in said.out


def test_a_backup_holds_what_is_somebodys_own_and_nothing_else(home: Home, tmp_path: Path) -> None:
    (home.documents / "below").mkdir()
    (home.documents / "below" / "page.md").write_text("# Page\n\nA page.\n", encoding="utf-8")
    (home.documents / "below" / "page.md.original.html").write_text("<p>A page.", encoding="utf-8")
    (home.documents / "ferry.md.meta.yaml").write_text("tags: [ours]\n", encoding="utf-8")
    (home.documents / ".notes").write_text("Hidden, and somebody's.", encoding="utf-8")
    (home.documents / f".{'0' * 16}.tmp").write_text("being written", encoding="utf-8")
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        (home.state / "owner.json").write_text('{"token": "secret"}', encoding="utf-8")
        (home.state / "owner.lock").touch()
        (home.state / "assistant.log").write_text("a line", encoding="utf-8")
        (home.state / "assistant.log.1").write_text("a line", encoding="utf-8")
        (home.state / "feedback.jsonl").write_text('{"useful": true}\n', encoding="utf-8")
        chats = sqlite3.connect(home.state / "chats.sqlite")
        chats.execute("PRAGMA journal_mode = WAL")
        chats.execute("CREATE TABLE said (text TEXT)")
        chats.execute("INSERT INTO said VALUES ('What is a ferry?')")
        chats.commit()
        file = tmp_path / "home.zip"
        make_backup(home, archive.index.catalogue.file, file)
        chats.close()
        recipe = archive.index.catalogue.file.parent.name
    expected = {
        "assistant.toml",
        "documents/.notes",
        "documents/below/page.md",
        "documents/below/page.md.original.html",
        "documents/council.md",
        "documents/ferry.md",
        "documents/ferry.md.meta.yaml",
        "documents/library.txt",
        "manifest.json",
        "var/chats.sqlite",
        "var/feedback.jsonl",
        f"var/index/{recipe}/catalogue.sqlite",
    }
    assert set(members_of(file)) - {"var/index/current"} == expected
    assert b"secret" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restored = restore_backup(file, tmp_path / "new").home
    with sqlite3.connect(restored.state / "chats.sqlite") as again:
        assert again.execute("SELECT text FROM said").fetchall() == [("What is a ferry?",)]


def test_the_manifest_names_each_member_with_its_hash(home: Home, tmp_path: Path) -> None:
    import hashlib

    file = tmp_path / "home.zip"
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        make_backup(home, archive.index.catalogue.file, file)
    members, manifest = members_of(file), manifest_of(file)
    assert (manifest["format"], manifest["documents"], manifest["passages"]) == (1, 3, 3)
    del members["manifest.json"]
    assert {one["name"]: (one["size"], one["sha256"]) for one in manifest["members"]} == {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in members.items()
    }
    assert [one["name"] for one in manifest["members"] if one["indexed"]] == [
        "documents/council.md", "documents/ferry.md", "documents/library.txt",
    ]  # fmt: skip


def test_links_within_the_folder_are_kept_as_files_and_others_are_named(
    command: Command, home: Home, tmp_path: Path
) -> None:
    (tmp_path / "outside.txt").write_text("Outside.", encoding="utf-8")
    (home.documents / "inside.md").symlink_to("ferry.md")
    (home.documents / "outside.txt").symlink_to(tmp_path / "outside.txt")
    (home.documents / "nowhere.txt").symlink_to("nothing")
    os.mkfifo(home.documents / "pipe.txt")
    (home.documents / os.fsdecode(b"caf\xe9.txt")).write_text("Odd.", encoding="utf-8")
    ran = command("backup", str(tmp_path / "b"), "--json", "--home", str(home.root))
    assert (ran.code, ran.err) == (3, "")
    left = {one["path"]: one["reason"] for one in manifest_of(tmp_path / "b")["left_out"]}
    assert left == {
        "documents/caf?.txt": "its name is not valid UTF-8",
        "documents/nowhere.txt": "it is not a plain file",
        "documents/outside.txt": "it is a link that leads elsewhere",
        "documents/pipe.txt": "it is not a plain file",
    }
    assert members_of(tmp_path / "b")["documents/inside.md"] == FERRY.encode()
    said = command("backup", str(tmp_path / "b"), "--force", "--home", str(home.root))
    assert said.code == 3
    assert "not backed up: documents/pipe.txt: it is not a plain file\n" in said.err


def test_a_document_changed_after_it_was_indexed_is_read_again(home: Home, tmp_path: Path) -> None:
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        (home.documents / "ferry.md").write_text("# Ferry\n\nIt sank.\n", encoding="utf-8")
        (home.documents / "new.txt").write_text("New\n\nA new one.\n", encoding="utf-8")
        (home.documents / "council.md").unlink()
        make_backup(home, archive.index.catalogue.file, tmp_path / "b")
    restored = restore_backup(tmp_path / "b", tmp_path / "new").home
    with Archive(restored, Settings(), embedder=BagOfStems()) as archive:
        changes = archive.sync()
        assert (changes.added, changes.updated, changes.removed) == (
            ("new",), ("ferry",), ("council",),
        )  # fmt: skip
        assert archive.document("ferry").text == "It sank."


def test_progress_names_the_files(home: Home, tmp_path: Path) -> None:
    told: list[Progress] = []
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        make_backup(home, archive.index.catalogue.file, tmp_path / "b", progress=told.append)
    assert {"ferry.md", "library.txt", "catalogue.sqlite"} <= {one.name for one in told}
    assert {one.stage for one in told} == {"copying"}
    assert all(0 <= one.done < one.total for one in told)
    told.clear()
    restore_backup(tmp_path / "b", tmp_path / "new", progress=told.append)
    assert {one.stage for one in told} == {"restoring"}


def test_a_place_that_no_backup_can_have_is_refused(
    command: Command, home: Home, tmp_path: Path
) -> None:
    at = ("--home", str(home.root))
    command("sync", *at)
    before = listing(home.documents)
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "nowhere").symlink_to("nothing")
    for place, says in (
        (home.documents / "b.zip", "which is what is backed up"),
        (home.documents / "below" / "b.zip", "which is what is backed up"),
        (home.state / "b.zip", "which is what is backed up"),
        (home.documents, "is a folder"),
        (tmp_path, "is a folder"),
        (tmp_path / "missing" / "b.zip", "there is no folder"),
        (tmp_path / "file" / "b.zip", "there is no folder"),
        (tmp_path / "file", "there already"),
        (tmp_path / "pipe", "is no plain file"),
        (tmp_path / "nowhere", "is no plain file"),
        ("", "name a file"),
        (tmp_path / ("n" * 250), "File name too long"),
    ):
        ran = command("backup", str(place), *at)
        assert (ran.out, ran.err.count("\n")) == ("", 1)
        assert ran.code == (3 if "too long" in says else 2), ran.err
        assert says in ran.err
    assert listing(home.documents) == before
    assert listing(tmp_path / "file") == {}
    # What is no file is not replaced either: it may be the machine's own.
    ran = command("backup", str(tmp_path / "pipe"), "--force", *at)
    assert (ran.code, ran.out) == (2, "")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_two_backups_to_one_file_at_once_are_refused(home: Home, tmp_path: Path) -> None:
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        catalogue = archive.index.catalogue.file
        file = tmp_path / "b"

        def again(progress: Progress) -> None:
            with pytest.raises(HomeBusy, match="another process is at work on"):
                make_backup(home, catalogue, file)

        make_backup(home, catalogue, file, progress=again)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b", "home"]


def test_somebody_elses_folder_is_not_emptied(home: Home, tmp_path: Path) -> None:
    theirs = tmp_path / "b.partial"
    theirs.mkdir()
    (theirs / "thesis.txt").write_text("mine", encoding="utf-8")
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        with pytest.raises(UsageError, match=r"b\.partial is in the way"):
            make_backup(home, archive.index.catalogue.file, tmp_path / "b")
    assert listing(theirs) == {"thesis.txt": b"mine"}


def test_a_failure_in_the_middle_leaves_the_old_file(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_bytes(b"the old one")

    def fail(progress: Progress) -> None:
        if progress.name == "library.txt":
            raise OSError(28, "No space left on device")

    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        with pytest.raises(BackupFailure, match=r"could not be written \(No space left"):
            make_backup(home, archive.index.catalogue.file, file, force=True, progress=fail)
    assert file.read_bytes() == b"the old one"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b", "home"]


def test_a_backup_is_taken_while_documents_come_and_go(home: Home, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    stop = threading.Event()
    faults: list[BaseException] = []

    def curate(archive: Archive, name: str) -> None:
        number = 0
        try:
            while not stop.is_set():
                path = source / f"{name}.md"
                path.write_text(f"# {name}\n\nVersion {number} of {name}.\n", encoding="utf-8")
                archive.add((path,))
                if number % 3 == 2:
                    archive.remove((name,))
                number += 1
        except BaseException as error:
            faults.append(error)

    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        threads = [
            threading.Thread(target=curate, args=(archive, name)) for name in ("tram", "bus")
        ]
        for thread in threads:
            thread.start()
        try:
            for number in range(5):
                make_backup(home, archive.index.catalogue.file, tmp_path / f"b{number}")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    assert faults == []
    for number in range(5):
        restored = restore_backup(tmp_path / f"b{number}", tmp_path / f"home{number}").home
        with Archive(restored, Settings(), embedder=BagOfStems()) as archive:
            assert archive.sync().failed == ()
            files = {one.name for one in restored.documents.iterdir()}
            assert {entry.path for entry in archive.entries()} == files
            assert {*FILES} <= files
            for entry in archive.entries():
                if entry.id in ("tram", "bus"):
                    text = (restored.documents / entry.path).read_text("utf-8")
                    assert archive.document(entry.id).text in text
        shutil.rmtree(restored.root)


def test_the_owner_of_a_home_writes_the_backup_for_others(
    command: Command, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from .test_processes import owning

    monkeypatch.chdir(tmp_path)
    with owning(home):
        made = json_of(command("backup", "b.zip", "--json", "--home", str(home.root)))
        refused = command("backup", "b.zip", "--home", str(home.root))
    assert made["file"] == str(tmp_path / "b.zip")
    assert refused.code == 2
    assert "there already" in refused.err
    assert restore_backup(tmp_path / "b.zip", tmp_path / "new").home == home_at(tmp_path / "new")


@pytest.mark.parametrize("what", ["backup", "restore"])
def test_ctrl_c_says_that_nothing_was_written(
    command: Command, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    at = ("--home", str(home.root))
    assert command("backup", str(tmp_path / "b"), *at).code == 0

    def stop(*arguments: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assistant.backup.copy_database", stop)
    monkeypatch.setattr("assistant.restore._unpack_member", stop)
    if what == "backup":
        ran = command("backup", str(tmp_path / "b2"), *at)
    else:
        ran = command("restore", str(tmp_path / "b"), "--home", str(tmp_path / "new"))
    assert (ran.code, ran.out) == (130, "")
    assert ran.err == "assistant: stopped; everything is as it was before\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b", "home"]
