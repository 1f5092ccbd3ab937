from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import UnknownDocument
from corpus.sandbox import Readers
from index import runs
from index.entries import Changes, Progress, Skipped
from index.index import Index

from .homes import Home, chroma_numbers, found, passage_numbers, texts

BAN = "The city banned the cameras.\n"
LEAK = "A list of customers was leaked.\n"
FINE = "The regulator fined the firm.\n"


@pytest.fixture
def filled(home: Home, index: Index) -> Index:
    home.write("ban.txt", BAN)
    home.write("2020/leak.md", LEAK)
    index.sync()
    home.embedder.embedded.clear()
    return index


def consistent(index: Index) -> bool:
    """Tell whether Chroma holds the passages of the catalogue, and no pending ones are left."""
    states = index._database.rows("SELECT DISTINCT state FROM documents")
    return chroma_numbers(index) == passage_numbers(index) and states in ([], [("active",)])


def test_the_first_sync_adds_every_document(home: Home, index: Index) -> None:
    home.write("ban.txt", BAN)
    home.write("2020/leak.md", LEAK)
    assert index.sync() == Changes(added=("2020/leak", "ban"))
    assert texts(index) == {"2020/leak": LEAK.strip(), "ban": BAN.strip()}
    assert consistent(index)


def test_a_second_sync_does_nothing(home: Home, filled: Index) -> None:
    assert filled.sync() == Changes(unchanged=2)
    assert home.embedder.embedded == []


def test_an_index_opened_again_needs_no_sync(home: Home, filled: Index) -> None:
    filled.close()
    again = home.open()
    assert again.sync() == Changes(unchanged=2)
    assert found(again, "leaked customers") == ["2020/leak", "ban"]
    assert home.embedder.embedded == []
    again.close()


def test_a_changed_file_is_read_again_and_only_that(home: Home, filled: Index) -> None:
    home.write("ban.txt", FINE)
    assert filled.sync() == Changes(updated=("ban",), unchanged=1)
    assert texts(filled)["ban"] == FINE.strip()
    assert all("customers" not in text for text in home.embedder.embedded)
    assert found(filled, "regulator fined")[0] == "ban"
    assert consistent(filled)


def test_an_edit_that_keeps_size_and_time_is_seen(home: Home, filled: Index) -> None:
    path = home.shelf.folder / "ban.txt"
    before = path.stat()
    path.write_text(BAN.replace("city", "town"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert filled.sync() == Changes(updated=("ban",), unchanged=1)


def test_a_touched_file_is_unchanged_and_not_embedded_again(home: Home, filled: Index) -> None:
    os.utime(home.shelf.folder / "ban.txt", ns=(1, 1))
    assert filled.sync() == Changes(unchanged=2)
    assert home.embedder.embedded == []
    assert filled.sync() == Changes(unchanged=2)


def test_a_deleted_file_leaves_the_index(home: Home, filled: Index) -> None:
    (home.shelf.folder / "ban.txt").unlink()
    assert filled.sync() == Changes(removed=("ban",), unchanged=1)
    assert found(filled, "banned cameras") == ["2020/leak"]
    with pytest.raises(UnknownDocument):
        filled.catalogue.document("ban")
    assert consistent(filled)


def test_a_renamed_file_is_one_removed_and_one_added(home: Home, filled: Index) -> None:
    (home.shelf.folder / "ban.txt").rename(home.shelf.folder / "town.txt")
    assert filled.sync() == Changes(added=("town",), removed=("ban",), unchanged=1)
    assert consistent(filled)


def test_a_sidecar_alone_updates_its_document(home: Home, filled: Index) -> None:
    home.write("ban.txt.meta.yaml", "title: The ban\ndate: 2019-05-14\ntags: [us]\n")
    assert filled.sync() == Changes(updated=("ban",), unchanged=1)
    entry = filled.catalogue.entry("ban")
    assert (entry.title, str(entry.date), entry.tags) == ("The ban", "2019-05-14", ("us",))
    (home.shelf.folder / "ban.txt.meta.yaml").unlink()
    assert filled.sync() == Changes(updated=("ban",), unchanged=1)
    assert filled.catalogue.entry("ban").tags == ()


def test_an_update_keeps_the_time_of_the_first_adding(home: Home, filled: Index) -> None:
    filled._database.rows("UPDATE documents SET added = '2001-02-03T04:05:06+00:00'")
    home.write("ban.txt", FINE)
    filled.sync()
    assert filled.catalogue.entry("ban").added.isoformat() == "2001-02-03T04:05:06+00:00"


def test_the_same_text_twice_is_kept_once(home: Home, filled: Index) -> None:
    home.write("copy.md", BAN)
    twin = Changes(unchanged=2, skipped=(Skipped("copy.md", "same text as the document 'ban'"),))
    assert filled.sync() == twin
    assert filled.sync() == twin
    assert sorted(texts(filled)) == ["2020/leak", "ban"]
    (home.shelf.folder / "ban.txt").unlink()
    assert filled.sync() == Changes(added=("copy",), removed=("ban",), unchanged=1)


def test_a_document_that_becomes_a_copy_of_another_leaves(home: Home, filled: Index) -> None:
    home.write("ban.txt", LEAK)
    assert filled.sync() == Changes(
        removed=("ban",),
        unchanged=1,
        skipped=(Skipped("ban.txt", "same text as the document '2020/leak'"),),
    )
    assert texts(filled) == {"2020/leak": LEAK.strip()}
    assert consistent(filled)


def test_two_files_that_swap_their_texts_are_both_updated(home: Home, filled: Index) -> None:
    home.write("ban.txt", LEAK)
    home.write("2020/leak.md", BAN)
    assert filled.sync() == Changes(updated=("2020/leak", "ban"))
    assert texts(filled) == {"2020/leak": BAN.strip(), "ban": LEAK.strip()}
    assert consistent(filled)


def test_a_copy_comes_in_when_its_original_changes(home: Home, filled: Index) -> None:
    home.write("a-copy.txt", BAN)
    filled.sync()
    home.write("ban.txt", FINE)
    assert filled.sync() == Changes(added=("a-copy",), updated=("ban",), unchanged=1)


def emptied(data: bytes) -> bytes:
    return b""


def binary(data: bytes) -> bytes:
    return b"\x7fELF\0\0" + data * 50


@pytest.mark.parametrize("change", [emptied, binary], ids=lambda one: one.__name__)
def test_a_file_that_becomes_unreadable_leaves_the_index_and_is_reported_each_time(
    home: Home, filled: Index, change: Callable[[bytes], bytes]
) -> None:
    path = home.shelf.folder / "ban.txt"
    path.write_bytes(change(path.read_bytes()))
    changes = filled.sync()
    (failed,) = changes.failed
    assert changes == Changes(removed=("ban",), unchanged=1, failed=(failed,))
    assert failed.path == "ban.txt"
    assert "ban.txt" in failed.error
    assert found(filled, "banned cameras") == ["2020/leak"]
    assert filled.sync() == Changes(unchanged=1, failed=(failed,))
    home.write("ban.txt", BAN)
    assert filled.sync() == Changes(added=("ban",), unchanged=1)


def test_a_file_that_nobody_could_read_for_want_of_a_process_goes_on_answering(
    home: Home, filled: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.close()
    home.write("ban.txt", BAN + "They were old.\n")
    readers = Readers(size=1)
    opened = Index(home.state, home.shelf, home.embedder, readers=readers)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", str(home.folder / "no-python"))
        changes = opened.sync()
    (failed,) = changes.failed
    assert changes == Changes(unchanged=1, failed=(failed,))
    assert "No process to read files could be started" in failed.error
    assert found(opened, "banned cameras")[0] == "ban"
    assert opened.sync(retry=False) == Changes(updated=("ban",), unchanged=1)
    opened.close()
    readers.close()


def test_one_bad_file_does_not_keep_the_others_out(home: Home, index: Index) -> None:
    home.write("a.txt", BAN)
    (home.shelf.folder / "b.txt").write_bytes(b"\0\1\2" * 500)
    home.write("c.txt", LEAK)
    changes = index.sync()
    assert (changes.added, [one.path for one in changes.failed]) == (("a", "c"), ["b.txt"])


def test_names_that_give_one_id_are_told_apart(home: Home, index: Index) -> None:
    home.write("a b.txt", BAN)
    home.write("a-b.txt", LEAK)
    assert index.sync() == Changes(added=("a-b", "a-b-2"))
    (home.shelf.folder / "a b.txt").unlink()
    index.sync()
    assert texts(index) == {"a-b": LEAK.strip()}
    assert consistent(index)


def test_a_file_whose_id_goes_to_another_is_not_taken_for_its_own_copy(
    home: Home, index: Index
) -> None:
    for name, text in (("a.htm", FINE), ("a.md", BAN), ("a.txt", LEAK)):
        home.write(name, text)
    assert index.sync() == Changes(added=("a", "a-2", "a-3"))
    (home.shelf.folder / "a.htm").unlink()
    assert index.sync() == Changes(updated=("a", "a-2"), removed=("a-3",))
    assert texts(index) == {"a": BAN.strip(), "a-2": LEAK.strip()}
    assert consistent(index)


def test_a_document_of_headings_alone_is_kept_without_passages(home: Home, index: Index) -> None:
    home.write("head.md", "# A title\n\n## A part\n")
    assert index.sync() == Changes(added=("head",))
    assert index.catalogue.entry("head").passages == 0
    assert consistent(index)


def test_a_rebuild_gives_the_same_answers(home: Home, filled: Index) -> None:
    before = filled.search(filled.prepare("banned cameras"))
    assert filled.sync(rebuild=True) == Changes(added=("2020/leak", "ban"))
    assert filled.search(filled.prepare("banned cameras")) == before
    assert consistent(filled)


def test_other_threads_search_on_while_the_index_is_rebuilt(home: Home, filled: Index) -> None:
    rebuilt = threading.Event()

    def search_on() -> None:
        while not rebuilt.is_set():
            found(filled, "banned cameras")
            filled.catalogue.entries()

    with ThreadPoolExecutor(2) as pool:
        searching = [pool.submit(search_on) for _ in range(2)]
        try:
            for _ in range(3):
                filled.sync(rebuild=True)
        finally:
            rebuilt.set()
        for one in searching:
            one.result(10)
    assert found(filled, "banned cameras") == ["ban", "2020/leak"]
    assert consistent(filled)


def test_progress_names_each_file_that_is_read(home: Home, filled: Index) -> None:
    home.write("ban.txt", FINE)
    home.write("new.txt", BAN)
    seen: list[Progress] = []
    filled.sync(progress=seen.append)
    assert [replace(one, rate=0.0, seconds_left=None) for one in seen] == [
        Progress("reading", 0, 2, "ban.txt"),
        Progress("reading", 0, 2, "new.txt"),
        Progress("embedding", 0, 2, "new.txt"),
    ]


def test_a_sync_drops_indexes_of_other_recipes(home: Home, filled: Index) -> None:
    old = home.state / "index" / "0123456789ab"
    old.mkdir()
    (old / "catalogue.sqlite").write_bytes(b"old texts")
    filled.close()
    filled = home.open()
    (home.shelf.folder / "bad.txt").write_bytes(b"")
    assert [one.path for one in filled.sync().failed] == ["bad.txt"]
    assert old.exists()
    (home.shelf.folder / "bad.txt").unlink()
    filled.sync()
    assert not old.exists()


def test_a_folder_that_is_as_it_was_is_not_listed_again(
    filled: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = []
    monkeypatch.setattr(runs, "listing_of", lambda found: listed.append(found))
    assert filled.sync() == Changes(unchanged=2)
    assert not listed


@pytest.mark.parametrize("name", ["new.txt", "picture.png", "list.zip", "2020/.notes.tmp-1"])
def test_a_file_more_is_seen_whatever_it_is(home: Home, filled: Index, name: str) -> None:
    home.write(name, FINE)
    before, now = filled.sync(), filled.sync()
    assert now.unchanged == before.unchanged + len(before.added)
    assert (before.added == ("new",)) == (name == "new.txt")
    assert bool(now.skipped) == (name == "list.zip")


def test_a_file_that_was_added_and_is_gone_again_leaves_no_id(
    home: Home, filled: Index, tmp_path: Path
) -> None:
    (tmp_path / "ban.md").write_text(FINE, "utf-8")  # which takes the id of ban.txt
    assert filled.add([tmp_path / "ban.md"]).added == ("ban-2",)
    assert texts(filled)["ban"] == FINE.strip()
    (home.shelf.folder / "ban.md").unlink()
    home.write("2020/leak.md", LEAK + FINE)
    filled.sync()
    assert set(texts(filled)) == {"2020/leak", "ban"}
    assert texts(filled)["ban"] == BAN.strip()
    assert consistent(filled)
