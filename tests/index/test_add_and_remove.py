from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.documents import Overrides
from index.entries import Changes, Failed, Progress, Skipped
from index.index import Index

from .homes import Home, chroma_numbers, found, passage_numbers, texts

BAN = "The city banned the cameras.\n"
LEAK = "A list of customers was leaked.\n"


def everything(home: Home) -> dict[str, bytes]:
    """Return every file of the documents and the state folder, with its bytes."""
    files = [*home.shelf.folder.rglob("*"), *home.state.rglob("*")]
    return {str(path): path.read_bytes() for path in files if path.is_file()}


def test_an_added_file_is_copied_indexed_and_found(home: Home, index: Index) -> None:
    source = home.outside("My File.txt", BAN)
    assert index.add([source]) == Changes(added=("my-file",))
    assert (home.shelf.folder / "My File.txt").read_text("utf-8") == BAN
    assert found(index, "banned cameras") == ["my-file"]
    assert index.sync() == Changes(unchanged=1)


def test_adding_a_file_again_changes_nothing(home: Home, index: Index) -> None:
    source = home.outside("ban.txt", BAN)
    index.add([source])
    home.embedder.embedded.clear()
    assert index.add([source]) == Changes(unchanged=1)
    assert home.embedder.embedded == []


def test_a_file_of_a_known_name_replaces_the_older_version(home: Home, index: Index) -> None:
    index.add([home.outside("ban.txt", BAN)])
    assert index.add([home.outside("ban.txt", LEAK)]) == Changes(updated=("ban",))
    assert texts(index) == {"ban": LEAK.strip()}
    assert chroma_numbers(index) == passage_numbers(index)


def test_a_known_text_under_another_name_is_skipped_and_not_kept(home: Home, index: Index) -> None:
    index.add([home.outside("ban.txt", BAN)])
    before = everything(home)
    copy = home.outside("copy.txt", BAN)
    assert index.add([copy]) == Changes(
        skipped=(Skipped(str(copy), "same text as the document 'ban'"),)
    )
    assert everything(home) == before


def test_what_the_curator_says_goes_into_the_index(home: Home, index: Index) -> None:
    said = Overrides("The ban", dt.date(2019, 5, 14), "The Record", ("us",))
    index.add([home.outside("ban.txt", BAN)], overrides=said)
    entry = index.catalogue.entry("ban")
    assert (entry.title, entry.date, entry.source, entry.tags) == (
        said.title,
        said.date,
        said.source,
        said.tags,
    )


def test_a_folder_gives_its_files_at_every_level(home: Home, index: Index) -> None:
    home.outside("set/a/report.txt", BAN)
    home.outside("set/b/report.txt", LEAK)
    picture = home.outside("set/picture.png", "not read")
    assert index.add([home.folder / "outside/set"]) == Changes(
        added=("a/report", "b/report"), skipped=(Skipped(str(picture), "no reader takes it"),)
    )
    assert texts(index) == {"a/report": BAN.strip(), "b/report": LEAK.strip()}


def test_an_old_office_file_in_a_folder_fails_and_is_not_passed_over(
    home: Home, index: Index
) -> None:
    home.outside("set/note.doc", "{\\rtf1 The ban began in May.}")
    old = home.outside("set/old.doc", "")
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    changes = index.add([home.folder / "outside/set"])
    (failed,) = changes.failed
    assert changes == Changes(added=("note",), failed=(failed,))
    assert failed.path == str(old)
    assert "Save it as .docx" in failed.error


def test_what_a_browser_saved_beside_a_page_is_named_and_not_added(
    home: Home, index: Index
) -> None:
    home.outside("set/ban.html", f"<p>{BAN}</p>")
    frame = home.outside("set/ban_files/frame.html", "<p>Buy a boat today.</p>")
    assert index.add([home.folder / "outside/set"]) == Changes(
        added=("ban",), skipped=(Skipped(str(frame), "it belongs to the saved page ban.html"),)
    )


def test_a_folder_without_a_document_is_told(home: Home, index: Index) -> None:
    folder = home.folder / "nothing"
    folder.mkdir()
    assert index.add([folder]) == Changes(skipped=(Skipped(str(folder), "no document is in it"),))


def test_two_files_of_one_name_do_not_replace_each_other(home: Home, index: Index) -> None:
    first = home.outside("a/report.txt", BAN)
    second = home.outside("b/report.txt", LEAK)
    changes = index.add([first, second])
    (failed,) = changes.failed
    assert changes == Changes(added=("report",), failed=(failed,))
    assert failed.path == str(second)
    assert "also named report.txt" in failed.error
    assert texts(index) == {"report": BAN.strip()}


BAD = {
    "empty.txt": b"",
    "binary.txt": b"\x7fELF\0\1\2" * 300,
    "latin.txt": b"caf\xe9 \xff\xfe\x80 " * 20 + b"\0",
    "spaces.txt": b" \n\n \n",
    "picture.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
}


@pytest.mark.parametrize("name", [*BAD, "missing.txt"])
def test_a_bad_file_is_reported_and_leaves_everything_as_it_was(
    home: Home, index: Index, name: str
) -> None:
    home.write("ban.txt", BAN)
    index.sync()
    source = home.outside(name, "")
    source.write_bytes(BAD.get(name, b""))
    if name == "missing.txt":
        source.unlink()
    before = everything(home)
    changes = index.add([source])
    (failed,) = changes.failed
    assert changes == Changes(failed=(failed,))
    assert failed.path == str(source)
    assert name in failed.error
    assert "\n" not in failed.error
    assert everything(home) == before


@pytest.mark.parametrize("name", [".hidden.txt", ".drafts/ban.txt", "~$ban.txt"])
def test_a_file_of_the_folder_that_is_no_document_is_refused_and_the_next_one_added(
    home: Home, index: Index, name: str
) -> None:
    hidden = home.write(name, BAN)
    changes = index.add([hidden, home.outside("leak.txt", LEAK)])
    (failed,) = changes.failed
    assert changes == Changes(added=("leak",), failed=(failed,))
    assert failed == Failed(
        str(hidden), f"{hidden} is hidden or temporary, so it is no document. Rename it."
    )


def test_a_bad_file_that_would_replace_a_good_one_leaves_it(home: Home, index: Index) -> None:
    index.add([home.outside("ban.txt", BAN)])
    before = everything(home)
    home.outside("ban.txt", "").write_bytes(b"\0" * 5000)
    changes = index.add([home.folder / "outside/ban.txt"])
    assert len(changes.failed) == 1
    assert everything(home) == before


def test_good_files_beside_a_bad_one_are_added(home: Home, index: Index) -> None:
    bad = home.outside("bad.txt", "")
    changes = index.add([home.outside("a.txt", BAN), bad, home.outside("c.txt", LEAK)])
    assert changes == Changes(added=("a", "c"), failed=(changes.failed[0],))
    assert changes.failed[0].path == str(bad)


def test_progress_counts_the_files_named(home: Home, index: Index) -> None:
    seen: list[Progress] = []
    index.add([home.outside("a.txt", BAN), home.outside("b.txt", LEAK)], progress=seen.append)
    assert [replace(one, rate=0.0, seconds_left=None) for one in seen] == [
        Progress("reading", 0, 2, "a.txt"),
        Progress("reading", 0, 2, "b.txt"),
        Progress("embedding", 0, 2, "b.txt"),
    ]


def test_a_removed_document_is_gone_from_folder_and_index(home: Home, index: Index) -> None:
    index.add([home.outside("ban.txt", BAN), home.outside("leak.txt", LEAK)])
    assert index.remove(["ban", "ban"]) == Changes(removed=("ban",))
    assert sorted(path.name for path in home.shelf.folder.iterdir()) == ["leak.txt"]
    assert found(index, "banned cameras") == ["leak"]
    assert chroma_numbers(index) == passage_numbers(index)
    assert index.sync() == Changes(unchanged=1)


def test_an_unknown_id_is_reported_and_the_known_one_removed(home: Home, index: Index) -> None:
    index.add([home.outside("ban.txt", BAN)])
    changes = index.remove(["none", "ban"])
    (failed,) = changes.failed
    assert changes == Changes(removed=("ban",), failed=(failed,))
    assert failed == Failed("none", failed.error)
    assert "assistant list" in failed.error


def test_a_document_whose_file_is_gone_already_is_reported(home: Home, index: Index) -> None:
    index.add([home.outside("ban.txt", BAN)])
    (home.shelf.folder / "ban.txt").unlink()
    assert [one.path for one in index.remove(["ban"]).failed] == ["ban"]
    assert index.sync() == Changes(removed=("ban",))


def test_removing_takes_the_sidecar_too(home: Home, index: Index) -> None:
    index.add([home.outside("ban.txt", BAN)], overrides=Overrides(title="The ban"))
    assert (home.shelf.folder / "ban.txt.meta.yaml").exists()
    index.remove(["ban"])
    assert list(home.shelf.folder.iterdir()) == []


def test_a_file_that_is_in_the_folder_already_can_be_added_where_it_is(
    home: Home, index: Index
) -> None:
    path: Path = home.write("2020/ban.txt", BAN)
    assert index.add([path]) == Changes(added=("2020/ban",))
    assert [one.name for one in home.shelf.folder.rglob("*.txt")] == ["ban.txt"]
