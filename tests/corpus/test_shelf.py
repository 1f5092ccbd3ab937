from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus.atomic
from corpus.documents import Overrides
from corpus.errors import (
    AlreadyOnShelf,
    ShelfError,
    UnknownDocument,
    UnreadableFile,
    UnsupportedFormat,
)
from corpus.read import read_document
from corpus.safe_names import safe_name
from corpus.shelf import Shelf

from .conftest import let_in
from .pages import ARTICLE, png


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    (tmp_path / "documents").mkdir()
    return Shelf(tmp_path / "documents")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("Some text.")


def test_paths_are_the_readable_files_in_order(shelf: Shelf, tmp_path: Path, source: Path) -> None:
    kept = ["2020/b.html", "2020/deep/c.MD", "a.txt"]
    fill(
        shelf.folder, *kept, "a.txt.meta.yaml", ".hidden.txt", ".git/x.txt", "~$a.txt", "b.txt.tmp"
    )
    fill(shelf.folder, "scan.xyz", "2020/notes.xyz")
    (shelf.folder / "outside.txt").symlink_to(source)
    (shelf.folder / "dangling.txt").symlink_to(tmp_path / "none.txt")
    (shelf.folder / "loop").symlink_to(shelf.folder)
    (shelf.folder / "inside.txt").symlink_to(shelf.folder / "a.txt")
    assert shelf.paths() == tuple(shelf.folder / name for name in (*kept, "inside.txt"))
    assert shelf.unsupported() == (shelf.folder / "2020/notes.xyz", shelf.folder / "scan.xyz")


def test_links_and_pipes_are_told_and_not_followed(
    shelf: Shelf, tmp_path: Path, source: Path
) -> None:
    fill(shelf.folder, "a.txt", "deep/b.txt")
    (shelf.folder / "deep" / "outside.txt").symlink_to(source)
    (shelf.folder / "dangling.txt").symlink_to(tmp_path / "none.txt")
    (shelf.folder / "folder").symlink_to(tmp_path)
    (shelf.folder / "inside.txt").symlink_to(shelf.folder / "a.txt")
    (shelf.folder / ".hidden").symlink_to(source)
    os.mkfifo(shelf.folder / "pipe.txt")
    link = "a link that leads outside, to a folder or nowhere"
    assert [
        (one.path.relative_to(shelf.folder).as_posix(), one.what) for one in shelf.listing().odd
    ] == [
        ("dangling.txt", link),
        ("deep/outside.txt", link),
        ("folder", link),
        ("pipe.txt", "a pipe or a device"),
    ]


def test_ids_are_unique_and_follow_the_order_of_paths(shelf: Shelf) -> None:
    fill(shelf.folder, "a.md", "a.txt", "A!.txt", "a-2.txt", "2020/a.txt")
    ids = {name: path.relative_to(shelf.folder).as_posix() for name, path in shelf.ids().items()}
    assert ids == {
        "2020/a": "2020/a.txt",
        "a": "A!.txt",
        "a-2": "a-2.txt",
        "a-3": "a.md",
        "a-4": "a.txt",
    }
    assert list(shelf.ids().values()) == list(shelf.paths())


def test_a_file_is_put_whole_with_its_overrides(shelf: Shelf, source: Path) -> None:
    overrides = Overrides("Better: 'title'", dt.date(2021, 3, 10), "The Ébb", ("x", "y"))
    place = shelf.put(source, overrides=overrides)
    assert set(everything(shelf.folder)) == {"article.txt", "article.txt.meta.yaml"}
    assert place.read_bytes() == source.read_bytes()
    document = read_document(place, folder=shelf.folder).document
    assert Overrides(document.title, document.date, document.source, document.tags) == overrides


def test_the_same_file_again_is_already_there(shelf: Shelf, source: Path) -> None:
    place = shelf.put(source)
    before = everything(shelf.folder)
    for again in (source, place):
        with pytest.raises(AlreadyOnShelf, match=r"is already there as article\.txt"):
            shelf.put(again)
    assert everything(shelf.folder) == before


def test_a_newer_version_replaces_the_older_and_keeps_what_was_said(
    shelf: Shelf, source: Path
) -> None:
    shelf.put(source, overrides=Overrides(title="Better", tags=("x",)))
    source.write_text(ARTICLE.replace("42,500", "43,000"), "utf-8")
    place = shelf.put(source, overrides=Overrides(source="The Ebb"))
    document = read_document(place, folder=shelf.folder).document
    assert (document.title, document.source, document.tags) == ("Better", "The Ebb", ("x",))
    assert "43,000" in document.text
    assert len(everything(shelf.folder)) == 2


def test_new_facts_alone_are_written(shelf: Shelf, source: Path) -> None:
    place = shelf.put(source)
    assert shelf.put(place, overrides=Overrides(title="Better")) == place
    assert read_document(place, folder=shelf.folder).document.title == "Better"


def test_an_orphaned_sidecar_says_nothing_about_a_new_document(shelf: Shelf, source: Path) -> None:
    (shelf.folder / "article.txt.meta.yaml").write_text("title: Of something else")
    shelf.put(source)
    assert set(everything(shelf.folder)) == {"article.txt"}


def test_a_sources_own_sidecar_comes_along(shelf: Shelf, source: Path) -> None:
    source.with_name("article.txt.meta.yaml").write_text("url: https://tide.example/a")
    place = shelf.put(source)
    assert read_document(place, folder=shelf.folder).document.url == "https://tide.example/a"


def test_files_of_one_name_from_two_folders_do_not_replace_each_other(
    shelf: Shelf, tmp_path: Path
) -> None:
    fill(tmp_path / "new", "a/x.txt", "b/x.txt")
    for path in sorted((tmp_path / "new").rglob("*.txt")):
        shelf.put(path, within=tmp_path / "new")
    assert set(everything(shelf.folder)) == {"a/x.txt", "b/x.txt"}


def test_a_bad_file_never_reaches_the_shelf(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "image.txt").write_bytes(png())
    (tmp_path / "a.xyz").write_bytes(b"text")
    for name, error in (("image.txt", UnreadableFile), ("a.xyz", UnsupportedFormat)):
        with pytest.raises(error):
            shelf.put(tmp_path / name)
    assert everything(shelf.folder) == {}


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failed_copy_leaves_the_shelf_as_it_was(
    shelf: Shelf, source: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    shelf.put(source)
    before = everything(shelf.folder)
    source.write_text(ARTICLE.replace("42,500", "43,000"), "utf-8")

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device", "article.txt")

    monkeypatch.setattr(corpus.atomic.os if failing == "fsync" else Path, failing, full)
    with pytest.raises(ShelfError, match="could not be written: No space left on device"):
        shelf.put(source, overrides=Overrides(title="Better"))
    assert everything(shelf.folder) == before


def test_removing_takes_the_sidecar_along(shelf: Shelf, source: Path) -> None:
    place = shelf.put(source, overrides=Overrides(title="Better"))
    shelf.remove(place)
    assert everything(shelf.folder) == {}
    with pytest.raises(UnknownDocument, match="There is no document"):
        shelf.remove(place)
    for outside in (source, shelf.folder / ".." / source.name):
        with pytest.raises(ShelfError, match="is not in"):
            shelf.remove(outside)
    assert source.exists()


def test_a_missing_folder_and_a_taken_name_are_said(shelf: Shelf, source: Path) -> None:
    missing = Shelf(shelf.folder / "none")
    for call in (missing.paths, lambda: missing.put(source)):
        with pytest.raises(ShelfError, match="There is no folder"):
            call()
    (shelf.folder / "article.txt").mkdir()
    with pytest.raises(ShelfError, match="is a folder"):
        shelf.put(source)


def test_a_folder_without_rights_is_named(without_rights, shelf: Shelf, source: Path) -> None:  # type: ignore[no-untyped-def]
    fill(shelf.folder, "a.txt", "closed/b.txt")
    let_in(shelf.folder)
    (shelf.folder / "closed").chmod(0o700)
    if os.geteuid() != 0:
        (shelf.folder / "closed").chmod(0)
        shelf.folder.chmod(0o555)
    assert without_rights(shelf.paths) == (
        f"ShelfError: The folder {shelf.folder / 'closed'} could not be read: "
        "Permission denied. Change its rights."
    )
    refused = without_rights(lambda: shelf.put(source, data=b"A text."))
    assert refused.startswith("ShelfError: ")
    assert "could not be written: Permission denied. Check the folder's rights" in refused
    assert set(everything(shelf.folder) if os.geteuid() == 0 else {}) <= {"a.txt", "closed/b.txt"}
    shelf.folder.chmod(0o755)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Clearview & ICE (2020).txt", "Clearview & ICE (2020).txt"),
        ("a\nb\x1b?.txt", "a-b.txt"),
        (".hidden.md", "hidden.md"),
        ("-rf.txt", "rf.txt"),
        ("???.html", "document.html"),
        ("café.txt", "café.txt"),
        ("東京.txt", "東京.txt"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300), st.sampled_from(["txt", "md", "html"]))
def test_any_name_is_made_safe_once(stem: str, suffix: str) -> None:
    name = safe_name(f"{stem}.{suffix}")
    assert safe_name(name) == name
    assert name.endswith(f".{suffix}")
    assert not name.startswith(".")
    assert not {"/", "\0", "\n"} & set(name)
    assert len(name.encode()) + len(".meta.yaml") < 255


def test_a_name_that_leaves_no_room_for_a_sidecar_is_a_name_like_others(shelf: Shelf) -> None:
    path = shelf.folder / ("n" * 251 + ".txt")
    path.write_text(ARTICLE, "utf-8")
    with pytest.raises(AlreadyOnShelf):
        shelf.put(path)
    assert list(shelf.ids().values()) == [path]
    assert read_document(path, folder=shelf.folder).problems == ()
    shelf.remove(path)
    assert everything(shelf.folder) == {}
