"""What is no backup, or a hostile or broken one, is refused, and nothing is left of it."""

from __future__ import annotations

import random
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.backup import make_backup
from assistant.home import Home, make_home
from assistant.restore import restore_backup
from assistant.settings import Settings
from corpus.errors import ArchiveError, BackupFailure, HomeBusy, UsageError
from index.entries import Progress

from ..fakes import BagOfStems
from .archives import Manifest, Members, add_member, as_link, rewrite
from .conftest import Command
from .small_corpus import listing, write_home


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    home = write_home(folder / "home")
    (home.state / "feedback.jsonl").write_text("{}\n", encoding="utf-8")
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        archive.sync()
        make_backup(home, archive.index.catalogue.file, folder / "b.zip")
    return folder / "b.zip"


@pytest.fixture
def file(sound: Path, tmp_path: Path) -> Path:
    """A backup of the small corpus."""
    return Path(shutil.copy(sound, tmp_path / "b.zip"))


def refused(file: Path, kind: type[ArchiveError] = BackupFailure) -> str:
    """Return why a backup is refused, and see that nothing is left of the attempt."""
    before = listing(file.parent)
    with pytest.raises(kind) as error:
        restore_backup(file, file.parent / "new")
    assert listing(file.parent) == before
    assert sorted(one.name for one in file.parent.iterdir()) == ["b.zip"]
    assert "\n" not in str(error.value)
    return str(error.value)


# ---------------------------------------------------------------------- where it goes


@pytest.mark.parametrize("make", [Path.mkdir, make_home])
def test_an_empty_folder_or_a_new_home_is_filled(
    file: Path, make: Callable[[Path], object]
) -> None:
    root = file.parent / "new"
    make(root)
    home = restore_backup(file, root).home
    assert {one.name for one in home.documents.iterdir()} == {
        "council.md", "ferry.md", "library.txt",
    }  # fmt: skip
    assert (home.state / "feedback.jsonl").read_text("utf-8") == "{}\n"
    assert sorted(one.name for one in file.parent.iterdir()) == ["b.zip", "new"]


def test_a_place_where_something_is_stays_as_it_is(file: Path) -> None:
    root = file.parent / "new"
    for fill in (
        lambda: (root / "documents").mkdir(parents=True) or (root / "documents/a").write_text("A"),
        lambda: root.mkdir() or (root / "thesis").mkdir(),
        lambda: make_home(root).settings_file.write_text("port = 1\n", "utf-8"),
        lambda: make_home(root).state.joinpath("chats.sqlite").touch(),
        lambda: root.write_text("a file"),
    ):
        fill()
        before = listing(file.parent)
        with pytest.raises(UsageError, match="is not empty"):
            restore_backup(file, root)
        assert listing(file.parent) == before
        if root.is_dir():
            shutil.rmtree(root)
        else:
            root.unlink()


def test_a_folder_in_a_folder_that_is_not_there_yet_is_made(file: Path) -> None:
    home = restore_backup(file, file.parent / "a" / "b" / "c").home
    assert home.root == file.parent / "a" / "b" / "c"
    assert len(listing(home.documents)) == 3


def test_two_at_once_are_refused(file: Path) -> None:
    def again(progress: Progress) -> None:
        with pytest.raises(HomeBusy, match="another process is at work on"):
            restore_backup(file, file.parent / "new")

    restore_backup(file, file.parent / "new", progress=again)


def test_what_was_put_there_meanwhile_is_not_replaced(file: Path) -> None:
    def put(progress: Progress) -> None:
        (file.parent / "new").mkdir(exist_ok=True)
        (file.parent / "new" / "thesis.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(BackupFailure, match="could not be restored"):
        restore_backup(file, file.parent / "new", progress=put)
    assert listing(file.parent / "new") == {"thesis.txt": b"mine"}


def test_the_command_needs_a_file_and_a_place(command: Command, file: Path) -> None:
    new = str(file.parent / "new")
    for arguments, says in (
        ((str(file),), "--home DIR"),
        ((str(file.parent / "none"), "--home", new), "there is no file"),
        (("", "--home", new), "is empty"),
        ((str(file.parent), "--home", new), "could not be read (Is a directory)"),
        ((str(file), "--home", str(file)), "is not empty"),
        ((str(file), "--home", "/"), "a disk of its own"),
        ((str(file), "--home", str(file / "below")), "is a file, so no home can be made there"),
    ):
        ran = command("restore", *arguments)
        assert (ran.out, ran.err.count("\n")) == ("", 1)
        assert ran.code in (2, 3)
        assert says in ran.err
        assert not (file.parent / "new").exists()


# ---------------------------------------------------------------------- broken files


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive at all" * 100])
def test_what_is_no_archive_is_refused(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    assert "is no backup, or the end of it is missing" in refused(file)


def test_an_archive_without_a_manifest_is_no_backup(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("documents/a.txt", "A")
    assert "it has no manifest.json: it was not made by this program" in refused(file)


def test_a_cut_file_is_refused_wherever_it_is_cut(file: Path) -> None:
    data = file.read_bytes()
    for length in (1, 100, len(data) // 2, len(data) - 100, len(data) - 1):
        file.write_bytes(data[:length])
        refused(file)


def test_a_flipped_bit_is_refused_and_its_member_named(file: Path) -> None:
    data = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
    for entry in entries:
        header = data[entry.header_offset : entry.header_offset + 30]
        before = sum(int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
        at = entry.header_offset + 30 + before + entry.compress_size // 2
        file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert entry.filename in refused(file)


def test_any_flipped_byte_is_refused_or_harmless(file: Path) -> None:
    """A few bytes of a ZIP file mean nothing to us (dates, versions): then all is as it was."""
    data = file.read_bytes()
    home = restore_backup(file, file.parent / "new").home
    expected = {**listing(home.documents), "toml": home.settings_file.read_bytes()}
    shutil.rmtree(home.root)
    rng = random.Random(4)
    for _ in range(60):
        # The headers of small members, and the directory at the end: the catalogue is large.
        at = rng.choice([rng.randrange(200), len(data) - 1 - rng.randrange(6000)])
        file.write_bytes(data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :])
        try:
            home = restore_backup(file, file.parent / "new").home
        except BackupFailure:
            assert not (file.parent / "new").exists()
            continue
        found = {**listing(home.documents), "toml": home.settings_file.read_bytes()}
        assert found == expected
        shutil.rmtree(home.root)


# ---------------------------------------------------------------------- hostile ones


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "documents/../../evil.txt",
        "/etc/evil.txt",
        "documents//evil.txt",
        "documents/./evil.txt",
        "documents/",
        "documents",
        "evil.txt",
        "var/owner.json",
        "var/index/evil/chroma/data_level0.bin",
        "var/index/../../../evil.txt",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(file: Path, name: str) -> None:
    def change(members: Members, manifest: Manifest) -> None:
        add_member(members, manifest, name, b"evil")

    rewrite(file, change)
    reason = refused(file)
    assert "no file of a home" in reason or "a link or a folder" in reason


def test_a_member_without_a_name_is_refused(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data.replace(b"assistant.toml", b"\0ssistant.toml"))
    assert "a link or a folder" in refused(file)


def test_a_name_with_a_zero_byte_is_refused(file: Path) -> None:
    def change(members: Members, manifest: Manifest) -> None:
        manifest["members"][-1]["name"] = "documents/a\0.txt"

    rewrite(file, change)
    assert "no file of a home" in refused(file)


def test_a_link_is_refused(file: Path) -> None:
    def change(members: Members, manifest: Manifest) -> None:
        add_member(members, manifest, "documents/link.txt", b"/etc/passwd")

    rewrite(file, change, lambda name: as_link(name) if name.endswith("link.txt") else name)
    assert "'documents/link.txt' is a link" in refused(file)


def test_a_name_that_comes_twice_is_refused(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("documents/ferry.md", "Another ferry.")
    assert "'documents/ferry.md' twice" in refused(file)


def test_a_name_that_the_manifest_has_twice_is_refused(file: Path) -> None:
    rewrite(file, lambda _, manifest: manifest["members"].append(manifest["members"][0]))
    assert "twice" in refused(file)


def test_a_file_in_the_place_of_a_folder_is_refused(file: Path) -> None:
    def change(members: Members, manifest: Manifest) -> None:
        add_member(members, manifest, "documents/ferry.md/evil.txt", b"evil")

    rewrite(file, change)
    assert "in the place of another member" in refused(file)


def test_members_and_manifest_must_agree(file: Path, sound: Path) -> None:
    rewrite(file, lambda members, _: members.update({"documents/more.txt": b"More."}))
    assert "'documents/more.txt' is not named in its manifest.json" in refused(file)
    shutil.copy(sound, file)
    rewrite(file, lambda members, _: members.pop("documents/ferry.md"))
    assert "'documents/ferry.md' is missing" in refused(file)
    shutil.copy(sound, file)
    rewrite(file, lambda members, _: members.update({"documents/ferry.md": b"Another ferry."}))
    assert "'documents/ferry.md' is not as it was when it was written" in refused(file)


def test_a_member_that_is_longer_than_it_says_is_not_written_out(file: Path) -> None:
    def change(members: Members, manifest: Manifest) -> None:
        add_member(members, manifest, "documents/bomb.txt", b"0" * 50_000_000)
        manifest["members"][-1]["size"] = 10

    rewrite(file, change)
    assert "'documents/bomb.txt' is not as it was" in refused(file)


def test_a_backup_that_unpacks_to_far_more_than_its_size_is_refused(file: Path) -> None:
    def change(members: Members, manifest: Manifest) -> None:
        add_member(members, manifest, "documents/bomb.txt", b"0")
        manifest["members"][-1]["size"] = 40_000_000_000

    rewrite(file, change)
    assert "would unpack to 40,000," in refused(file)


def test_a_disk_without_room_is_named_before_anything_is_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(file.parent)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=1000))
    assert "1,000 free: make room, or name another disk" in refused(file)


@pytest.mark.parametrize("version", [2, 0, "1", None, [], 10**40])
def test_another_format_is_refused(file: Path, version: object) -> None:
    rewrite(file, lambda _, manifest: manifest.update(format=version))
    assert "this program reads format 1: restore it with the program that made it" in refused(file)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.pop("members"),
        lambda manifest: manifest.update(members={}),
        lambda manifest: manifest.update(members=[1]),
        lambda manifest: manifest.update(members=[{}]),
        lambda manifest: manifest["members"][0].update(size=-1),
        lambda manifest: manifest["members"][0].update(size="1"),
        lambda manifest: manifest["members"][0].update(mtime_ns=2**70),
        lambda manifest: manifest["members"][0].update(name=["a"]),
        lambda manifest: manifest["members"][0].update(mode=1.5),
        lambda manifest: manifest.update(catalogue="documents/none.sqlite"),
        lambda manifest: manifest.update(catalogue=None),
        lambda manifest: manifest.update(left_out=None),
        lambda manifest: manifest.update(documents=7),
        lambda manifest: manifest.pop("format"),
    ],
)
def test_a_manifest_that_is_not_as_it_should_be_is_refused(
    file: Path, change: Callable[[Manifest], object]
) -> None:
    rewrite(file, lambda _, manifest: change(manifest))
    refused(file)


@pytest.mark.parametrize("data", [b"[]", b"null", b"{", b"\xff", b"[" * 100_000])
def test_a_manifest_that_is_no_json_object_is_refused(file: Path, data: bytes) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", data)
    assert "manifest.json cannot be read" in refused(file)


def test_times_and_rights_of_other_systems_do_no_harm(file: Path) -> None:
    def change(members: Members, manifest: Manifest) -> None:
        manifest["members"][-1].update(mode=0o4777, mtime_ns=-1)

    rewrite(file, change)
    home = restore_backup(file, file.parent / "new").home
    assert all(one.stat().st_mode & 0o7000 == 0 for one in home.root.rglob("*"))


def test_what_a_backup_says_does_not_steer_the_terminal(command: Command, file: Path) -> None:
    def change(members: Members, manifest: Manifest) -> None:
        manifest["left_out"] = [{"path": "\x1b[2Jgone", "reason": "a\nb"}]
        manifest["made"] = "\x1b]0;evil\x07"

    rewrite(file, change)
    ran = command("restore", str(file), "--home", str(file.parent / "new"))
    assert ran.code == 0
    assert "\x1b" not in ran.out + ran.err
    assert ran.err == "not in the backup: \ufffd[2Jgone: a\ufffdb\n"


def test_a_catalogue_that_is_none_is_refused(file: Path) -> None:
    def change(members: Members, manifest: Manifest) -> None:
        name = manifest["catalogue"]
        del members[name]
        manifest["members"] = [one for one in manifest["members"] if one["name"] != name]
        add_member(members, manifest, name, b"no database" * 100)

    rewrite(file, change)
    assert "its catalogue is not one" in refused(file)


def test_a_catalogue_with_code_in_it_is_refused(file: Path, tmp_path: Path) -> None:
    def change(members: Members, manifest: Manifest) -> None:
        name = manifest["catalogue"]
        place = tmp_path.parent / "catalogue.sqlite"
        place.write_bytes(members.pop(name))
        with sqlite3.connect(place) as connection:
            connection.execute(
                "CREATE TRIGGER evil AFTER UPDATE ON documents BEGIN DELETE FROM documents; END"
            )
        connection.close()
        manifest["members"] = [one for one in manifest["members"] if one["name"] != name]
        add_member(members, manifest, name, place.read_bytes())

    rewrite(file, change)
    assert "its catalogue is not one" in refused(file)


def test_a_restored_home_is_one(file: Path) -> None:
    home: Home = restore_backup(file, file.parent / "new").home
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        assert archive.sync().unchanged == 3
        assert not archive.needs_rebuild()
