from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ShelfError
from corpus.ids import Ids
from corpus.listing import list_folder, saved_page
from corpus.shelf import Shelf
from corpus.walk import Closed, original_owner

FOLDER = Path("/documents")
NAMES = st.lists(
    st.sampled_from(
        "a.txt a.md A.txt a!.txt a-2.txt a-2.md a-3.md a-10.txt a-02.txt a-2-2.txt b/a.txt b/a.md "
        "b/a-2.txt ???.md 2.txt -2.txt a-.txt".split()
    ),
    unique=True,
)


@given(NAMES)
def test_ids_that_grow_file_by_file_are_those_of_the_whole_folder(names: list[str]) -> None:
    paths = [FOLDER / name for name in names]
    grown = Ids(FOLDER, ())
    for count, path in enumerate(paths, start=1):
        before = grown.by_id()
        moved = grown.add(path)
        whole = Ids(FOLDER, paths[:count])
        assert grown.by_id() == whole.by_id()
        assert moved == {
            one: document_id
            for document_id, one in whole.by_id().items()
            if one != path and before.get(document_id) != one
        }
        assert grown[path] == whole[path]


@given(NAMES)
def test_ids_are_unique_and_the_first_of_a_slug_keeps_it(names: list[str]) -> None:
    by_id = Ids(FOLDER, [FOLDER / name for name in names]).by_id()
    assert sorted(by_id.values()) == sorted(FOLDER / name for name in names)
    for name in names:
        if name in ("a-2.txt", "b/a-2.txt"):
            assert by_id[name.removesuffix(".txt")] in (FOLDER / name, FOLDER / "a-2.md")


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("Some text.")


def test_a_pages_original_is_no_document(tmp_path: Path) -> None:
    fill(tmp_path, "page.md", "page.md.original.html", "page.md.original.d/x.md")
    fill(tmp_path, "my.original.txt", "gone.md.original.html")
    names = [path.name for path in list_folder(tmp_path).documents]
    assert names == ["gone.md.original.html", "my.original.txt", "page.md", "x.md"]


@pytest.mark.parametrize(
    ("name", "owner"),
    [("a.md.original.html", "a.md"), ("a.original.", None), (".original.x", None), ("a.md", None)],
)
def test_an_originals_name_says_whose_it_is(name: str, owner: str | None) -> None:
    assert original_owner(name) == owner


def test_an_original_is_put_and_removed_with_its_document(tmp_path: Path) -> None:
    fill(tmp_path, "new/page.md", "new/page.md.original.html", "documents/other.md")
    shelf = Shelf(tmp_path / "documents")
    place = shelf.put(tmp_path / "new/page.md")
    assert sorted(os.listdir(shelf.folder)) == ["other.md", "page.md", "page.md.original.html"]
    assert shelf.holds(tmp_path / "new/page.md")
    (tmp_path / "new/page.md.original.html").write_text("Another page.")
    assert not shelf.holds(tmp_path / "new/page.md")
    shelf.remove(place)
    assert os.listdir(shelf.folder) == ["other.md"]


def test_a_closed_folder_is_named_and_the_others_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "a/x.txt", "b/y.txt", "z.txt")
    real = os.scandir

    def refusing(path: object) -> object:
        if str(path) == str(tmp_path / "a"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", refusing)
    listing = list_folder(tmp_path)
    assert listing.documents == (tmp_path / "b/y.txt", tmp_path / "z.txt")
    reason = f"The folder {tmp_path / 'a'} could not be read: Permission denied. Change its rights."
    assert listing.closed == (Closed(tmp_path / "a", reason),)
    assert listing.hides(tmp_path / "a/x.txt")
    assert not listing.hides(tmp_path / "ab.txt")
    with pytest.raises(ShelfError, match="Permission denied"):
        list_folder(tmp_path / "a")


def test_temporary_files_of_processes_that_are_gone_are_left_behind_at_once(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, signal, sys; from corpus import atomic\n"
        "pathlib.Path.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)\n"
        "atomic.write_all({pathlib.Path(sys.argv[1]): b'text'})"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path / "a.txt")], check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    mine = tmp_path / f"{left.name[:5]}{os.getpid():06x}012345.tmp"
    others = tmp_path / f".0000{left.name[5:]}"  # of another machine
    alive = tmp_path / f"{left.name[:5]}{os.getppid():06x}012345.tmp"
    for path in (mine, others, alive):
        path.write_bytes(b"text")
    assert set(list_folder(tmp_path).leftovers) == {left, mine}


def test_only_old_temporary_files_of_ours_are_left_behind(tmp_path: Path) -> None:
    fill(tmp_path, ".0123456789abcdef.tmp", ".0123456789abcdee.tmp", ".x.tmp", "0.tmp")
    for name in (".0123456789abcdef.tmp", ".x.tmp", "0.tmp"):
        os.utime(tmp_path / name, (time.time() - 3700, time.time() - 3700))
    listing = list_folder(tmp_path)
    assert listing.leftovers == (tmp_path / ".0123456789abcdef.tmp",)
    assert listing.documents == ()


def test_what_a_browser_saved_beside_a_page_is_no_document(tmp_path: Path) -> None:
    names = (
        "a.html",
        "a_files/frame.html",
        "a_files/in/b.js",
        "a_files/plan.pdf",
        "b_files/c.html",
    )
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<p>Text.</p>", "utf-8")
    listing = list_folder(tmp_path)
    documents = [one.relative_to(tmp_path).as_posix() for one in listing.documents]
    assert documents == ["a.html", "a_files/plan.pdf", "b_files/c.html"]
    pages = [saved_page(one, listing.documents) for one in listing.others]
    assert pages == [tmp_path / "a.html"] * 2
