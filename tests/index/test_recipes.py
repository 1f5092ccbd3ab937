"""A new recipe is built beside the old index, which answers, and then takes over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus import clean
from corpus.errors import IndexFailure
from index import split
from index.database import Database
from index.entries import Changes, Interrupted, Progress
from index.index import Index
from index.recipes import answering

from .homes import Home, bytes_of, chroma_numbers, found, passage_numbers, texts
from .models import Held, Model, Shop, open_with

BAN = "The ban\n\nThe city banned the cameras. The police may not use them.\n"
LEAK = "The leak\n\nA list of customers was leaked. The vendor closed the hole.\n"
FINE = "The fine\n\nThe regulator fined the vendor. It did not pay.\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.write("ban.txt", BAN)
    home.write("leak.txt", LEAK)
    return home


@pytest.fixture
def opened() -> Iterator[list[Index]]:
    """Indexes that are closed at the end."""
    indexes: list[Index] = []
    yield indexes
    for one in indexes:
        one.close()


def made_with(home: Home, model: Model) -> None:
    index = open_with(home.folder, model, Shop())
    index.sync()
    index.close()


def folders(home: Home) -> list[str]:
    return sorted(one.name for one in (home.state / "index").iterdir() if one.is_dir())


def consistent(index: Index) -> bool:
    states = index._database.rows("SELECT DISTINCT state FROM documents")
    return chroma_numbers(index) == passage_numbers(index) and states in ([], [("active",)])


def holding(home: Home, words: bytes) -> list[str]:
    """Return the files of the state folder in which some bytes stand."""
    files = [path for path in home.state.rglob("*") if path.is_file()]
    return [str(path) for path in files if words in bytes_of(path)]


class TestAnotherModel:
    def test_the_old_index_answers_until_the_new_one_is_built(
        self, home: Home, opened: list[Index]
    ) -> None:
        old, new = Model("old", 192), Model("new", 128)
        made_with(home, old)
        (before,) = folders(home)
        index = open_with(home.folder, new, shop := Shop(old))
        opened.append(index)
        assert index.outdated
        assert [one.model for one in shop.asked] == ["name of old"]
        assert found(index, "banned cameras", k=1) == ["ban"]
        assert index.prepare("cameras").vector.shape == (192,)
        assert new.embedded == []

        seen: list[Progress] = []
        assert index.sync(progress=seen.append) == Changes(added=("ban", "leak"))
        assert [one.stage for one in seen] == [
            "new index: reading",
            "new index: reading",
            "new index: embedding",
        ]
        assert not index.outdated
        assert found(index, "banned cameras", k=1) == ["ban"]
        assert index.prepare("cameras").vector.shape == (128,)
        assert consistent(index)
        assert len(folders(home)) == 2
        (after,) = set(folders(home)) - {before}
        assert answering(home.state / "index") == [after, before]
        assert index.sync() == Changes(unchanged=2)

    def test_a_question_goes_on_in_the_index_it_began_in(
        self, home: Home, opened: list[Index]
    ) -> None:
        old, new = Model("old", 192), Model("new", 128)
        made_with(home, old)
        index = open_with(home.folder, new, Shop(old))
        opened.append(index)
        query = index.prepare("banned cameras")
        with index.view() as view:
            asked = view.prepare("banned cameras")
            index.sync()
            assert index.prepare("cameras").vector.shape == (128,)
            (hit, *_) = view.search(asked, k=1)
            assert view.catalogue.document(hit.passage.document_id).text in BAN
        # A query without its index is made ready again for the one that answers now.
        assert [hit.passage.document_id for hit in index.search(query, k=1)] == ["ban"]

    def test_searches_go_on_through_the_build_and_the_swap(
        self, home: Home, opened: list[Index]
    ) -> None:
        for number in range(30):
            home.write(f"d{number}.txt", f"Case {number}\n\nMarker{number} is said here.\n")
        models = [Model("a", 192), Model("b", 128)]
        made_with(home, models[0])
        stop = threading.Event()
        index = open_with(home.folder, models[1], Shop(*models))
        opened.append(index)
        asked = [0]

        def search_on() -> None:
            while not stop.is_set():
                number = asked[0] % 30
                asked[0] += 1
                with index.view() as view:
                    (hit,) = view.search(view.prepare(f"marker{number}"), k=1)
                    assert f"Marker{number} is" in view.catalogue.document(f"d{number}").text
                assert hit.passage.document_id == f"d{number}"
                assert found(index, "banned cameras", k=1) == ["ban"]
                assert len(index.catalogue.entries()) == 32

        with ThreadPoolExecutor(3) as pool:
            searching = [pool.submit(search_on) for _ in range(3)]
            try:
                index.sync()
                for _ in range(3):
                    index.sync(rebuild=True)
            finally:
                stop.set()
            for one in searching:
                one.result(20)
        assert asked[0] > 10
        assert consistent(index)

    def test_what_changes_meanwhile_is_right_in_both(self, home: Home, opened: list[Index]) -> None:
        old, new = Model("old"), Held("new")
        home.write("fine.txt", FINE)
        made_with(home, old)
        index = open_with(home.folder, new, Shop(old))
        opened.append(index)
        with ThreadPoolExecutor(1) as pool:
            building = pool.submit(index.sync)
            assert new.begun.wait(20)
            assert index.building is not None
            assert index.remove(["leak"]) == Changes(removed=("leak",))
            assert "leak" not in found(index, "leaked customers")
            added = home.outside("new.txt", "The zebra\n\nA zebra crossed the street.\n")
            assert index.add([added]) == Changes(added=("new",))
            assert found(index, "zebra", k=1) == ["new"]
            home.write("ban.txt", BAN.replace("cameras", "quokkas"))
            assert index.sync_unless_writing() == Changes(updated=("ban",), unchanged=2)
            assert found(index, "banned quokkas", k=1) == ["ban"]
            new.go_on.set()
            assert building.result(30).failed == ()
        assert not index.outdated
        assert index.prepare("zebra").vector.shape == (128,)
        assert sorted(texts(index)) == ["ban", "fine", "new"]
        assert "quokkas" in texts(index)["ban"]
        assert found(index, "zebra", k=1) == ["new"]
        assert "leak" not in found(index, "leaked customers")
        assert consistent(index)
        assert holding(home, b"customers was leaked") == []
        assert index.sync() == Changes(unchanged=3)

    def test_a_document_that_is_removed_after_it_was_built_in_is_gone_from_both(
        self, home: Home, opened: list[Index]
    ) -> None:
        old, new = Model("old"), Held("new")
        made_with(home, old)
        index = open_with(home.folder, new, Shop(old))
        opened.append(index)
        new.go_on.set()
        beside = index._beside._next
        assert beside is not None
        beside.runs.sync(None, (), retry=True)  # built, and not yet taken over
        assert beside.catalogue.stamp_of("leak")
        index.remove(["leak"])
        assert beside.catalogue.stamp_of("leak") is None
        assert holding(home, b"customers was leaked") == []
        index.sync()
        assert sorted(texts(index)) == ["ban"]

    def test_closing_stops_a_build_and_the_next_start_goes_on_with_it(
        self, home: Home, opened: list[Index], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("index.taking.GROUP", 1)
        old, new = Model("old"), Held("new")
        made_with(home, old)
        index = open_with(home.folder, new, Shop(old))
        with ThreadPoolExecutor(2) as pool:
            building = pool.submit(index.build)
            assert new.begun.wait(20)
            closing = pool.submit(index.close)
            while not index._beside.hearing.stop.is_set():
                pass
            new.go_on.set()
            with pytest.raises(Interrupted):
                building.result(20)
            closing.result(20)
        assert len(new.embedded) < 8
        again = open_with(home.folder, new, Shop(old))
        opened.append(again)
        assert found(again, "banned cameras", k=1) == ["ban"]
        built = again.sync()
        assert len(built.added) + built.unchanged == 2
        assert sorted(texts(again)) == ["ban", "leak"]
        assert len(folders(home)) == 2

    def test_a_model_that_is_gone_is_named_and_the_new_index_answers_as_it_fills(
        self, home: Home, opened: list[Index]
    ) -> None:
        made_with(home, Model("old"))
        index = open_with(home.folder, Model("new"), Shop())
        opened.append(index)
        assert not index.outdated
        assert "the model 'name of old', which the index so far was made with" in index.remark
        assert "it is not in the shop" in index.remark
        assert found(index, "banned cameras", k=1) == []
        assert index.sync() == Changes(added=("ban", "leak"))
        assert found(index, "banned cameras", k=1) == ["ban"]

    def test_a_model_that_cannot_be_loaded_at_the_first_question_is_named_then(
        self, home: Home, opened: list[Index], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from corpus.errors import ModelUnavailable

        old, new = Model("old"), Model("new", 128)
        made_with(home, old)

        def broken(question: str) -> None:
            raise ModelUnavailable("its weights are gone")

        monkeypatch.setattr(old, "embed_question", broken)
        index = open_with(home.folder, new, Shop(old))
        opened.append(index)
        assert index.prepare("cameras").vector.shape == (128,)
        assert "its weights are gone" in index.remark
        index.sync()
        assert found(index, "banned cameras", k=1) == ["ban"]


class TestGoingBack:
    def test_it_is_instant_and_only_what_differs_is_embedded(
        self, home: Home, opened: list[Index]
    ) -> None:
        one, two = Model("one"), Model("two")
        made_with(home, one)
        index = open_with(home.folder, two, Shop(one))
        index.sync()
        index.add([home.outside("fine.txt", FINE)])
        index.close()
        one.embedded.clear()
        back = open_with(home.folder, one, Shop(two))
        opened.append(back)
        assert not back.outdated
        assert found(back, "banned cameras", k=1) == ["ban"]
        assert one.embedded == []
        assert back.sync() == Changes(added=("fine",), unchanged=2)
        assert len(one.embedded) == 3
        assert all("fine" in text or "pay" in text for text in one.embedded)
        assert len(answering(home.state / "index")) == 2

    def test_what_was_removed_or_edited_is_in_no_kept_index(
        self, home: Home, opened: list[Index]
    ) -> None:
        one, two = Model("one"), Model("two")
        home.write("fine.txt", FINE)
        made_with(home, one)
        index = open_with(home.folder, two, Shop(one))
        index.sync()
        assert len(holding(home, b"customers was leaked")) == 2
        index.remove(["leak"])
        assert holding(home, b"customers was leaked") == []
        home.write("ban.txt", BAN.replace("cameras", "quokkas"))
        index.sync()
        assert holding(home, b"banned the cameras") == []
        index.close()
        assert holding(home, b"customers was leaked") == []
        assert holding(home, b"custom") == []  # nor its stems

        back = open_with(home.folder, one, Shop(two))
        opened.append(back)
        assert sorted(texts(back)) == ["fine"]
        assert "leak" not in found(back, "leaked customers")
        assert back.sync() == Changes(added=("ban",), unchanged=1)
        assert found(back, "banned quokkas", k=1) == ["ban"]
        assert consistent(back)

    def test_what_only_the_kept_index_has_does_not_stay_there(
        self, home: Home, opened: list[Index]
    ) -> None:
        one, two = Model("one"), Model("two")
        made_with(home, one)
        index = open_with(home.folder, two, Shop(one))
        index.sync()
        index.close()
        back = open_with(home.folder, one, Shop(two))
        back.sync()
        back.close()
        (home.shelf.folder / "leak.txt").unlink()  # while nobody looks
        again = open_with(home.folder, two, Shop(one))
        opened.append(again)
        assert again.sync() == Changes(removed=("leak",), unchanged=1)
        assert holding(home, b"customers was leaked") == []

    def test_a_rebuild_leaves_nothing_in_the_kept_index_that_it_did_not_find(
        self, home: Home, opened: list[Index]
    ) -> None:
        one, two = Model("one"), Model("two")
        made_with(home, one)
        index = open_with(home.folder, two, Shop(one))
        index.sync()
        (home.shelf.folder / "leak.txt").unlink()
        home.write("ban.txt", BAN.replace("cameras", "quokkas"))
        assert index.sync(rebuild=True).added == ("ban",)
        index.close()
        assert holding(home, b"customers was leaked") == []
        assert holding(home, b"banned the cameras") == []
        back = open_with(home.folder, one, Shop(two))
        opened.append(back)
        assert set(texts(back)) == set()
        assert back.sync() == Changes(added=("ban",))

    def test_what_came_back_and_changed_before_a_sync_is_not_answered_from_the_other(
        self, home: Home, opened: list[Index]
    ) -> None:
        one, two = Model("one"), Model("two")
        made_with(home, one)
        index = open_with(home.folder, two, Shop(one))
        index.sync()
        home.write("ban.txt", BAN.replace("cameras", "quokkas"))
        index.sync()  # so the one that is kept has nothing of it any more
        index.close()
        back = open_with(home.folder, one, Shop(two))
        assert set(texts(back)) == {"leak"}
        (home.shelf.folder / "ban.txt").unlink()
        back.add([home.outside("ban.txt", BAN.replace("cameras", "wombats"))])
        assert "wombats" in texts(back)["ban"]
        back.close()
        again = open_with(home.folder, two, Shop(one))
        opened.append(again)
        assert set(texts(again)) == {"leak"}
        assert found(again, "banned quokkas", k=2) == ["leak"]
        assert again.sync() == Changes(added=("ban",), unchanged=1)

    @pytest.mark.parametrize(("keep", "left"), [(0, 1), (1, 2), (2, 3)])
    def test_as_many_are_kept_as_is_asked_for(
        self, home: Home, opened: list[Index], keep: int, left: int
    ) -> None:
        models = [Model(name) for name in "abcd"]
        for model in models:
            index = open_with(home.folder, model, Shop(*models), keep=keep)
            index.sync()
            index.close()
        assert len(folders(home)) == left
        assert len(answering(home.state / "index")) == left


class TestRebuild:
    def test_it_answers_meanwhile_and_leaves_one_index(
        self, home: Home, opened: list[Index]
    ) -> None:
        model = Held("held")
        model.go_on.set()
        index = open_with(home.folder, model, Shop())
        opened.append(index)
        index.sync()
        (before,) = folders(home)
        model.go_on.clear()
        model.begun.clear()
        model.embedded.clear()
        with ThreadPoolExecutor(1) as pool:
            building = pool.submit(index.sync, rebuild=True)
            assert model.begun.wait(20)
            assert found(index, "banned cameras", k=1) == ["ban"]
            assert len(folders(home)) == 2
            model.go_on.set()
            assert building.result(30) == Changes(added=("ban", "leak"))
        assert len(model.embedded) == 6  # nothing was taken over
        assert folders(home) == [f"{before}-2"]
        assert answering(home.state / "index") == [f"{before}-2"]
        assert index.sync(rebuild=True).added == ("ban", "leak")
        assert folders(home) == [f"{before}-3"]
        assert consistent(index)

    def test_a_rebuild_that_fails_leaves_nothing_and_the_old_index(
        self, home: Home, opened: list[Index], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model = Model("one")
        index = open_with(home.folder, model, Shop())
        opened.append(index)
        index.sync()
        before = folders(home)
        with monkeypatch.context() as patch:

            def full(texts: object) -> None:
                raise IndexFailure("the disk is full")

            patch.setattr(model, "embed", full)
            with pytest.raises(IndexFailure):
                index.sync(rebuild=True)
        assert folders(home) == before
        assert found(index, "banned cameras", k=1) == ["ban"]
        assert index.sync() == Changes(unchanged=2)


class TestReuse:
    @pytest.mark.parametrize(
        ("module", "version"), [(split, "VERSION"), (clean, "VERSION"), (split, "PASSAGE_TOKENS")]
    )
    def test_another_splitter_or_cleaner_takes_over_the_vectors(
        self,
        home: Home,
        opened: list[Index],
        monkeypatch: pytest.MonkeyPatch,
        module: object,
        version: str,
    ) -> None:
        model = Model("one")
        made_with(home, model)
        model.embedded.clear()
        monkeypatch.setattr(module, version, 77)
        index = open_with(home.folder, model, Shop())
        opened.append(index)
        assert index.outdated
        assert index.sync() == Changes(added=("ban", "leak"))
        assert model.embedded == []
        assert found(index, "banned cameras", k=1) == ["ban"]

    def test_damaged_vectors_are_not_taken_over(
        self, home: Home, opened: list[Index], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model = Model("one")
        made_with(home, model)
        model.embedded.clear()
        monkeypatch.setattr(split, "VERSION", 77)
        index = open_with(home.folder, model, Shop())
        opened.append(index)
        (name,) = answering(home.state / "index")
        database = Database(home.state / "index" / name / "catalogue.sqlite")
        with database.transaction() as connection:
            connection.execute(
                "UPDATE passages SET vector = zeroblob(length(vector)) WHERE generation = 1"
            )
        database.close()
        index.sync()
        assert len(model.embedded) == 3
        assert found(index, "banned cameras", k=1) == ["ban"]


def test_a_home_of_a_release_to_come_is_refused_and_left_as_it_is(home: Home) -> None:
    import sqlite3

    from index import database

    model = Model("one")
    made_with(home, model)
    (name,) = folders(home)
    path = home.state / "index" / name / "catalogue.sqlite"
    with sqlite3.connect(path) as connection:
        newer = database.SCHEMA_VERSION + 1
        connection.execute(f"PRAGMA user_version = {newer}")
        said = connection.execute("SELECT value FROM meta WHERE key = 'recipe'").fetchone()[0]
        said = said.replace(f'"schema": "{newer - 1}"', f'"schema": "{newer}"')
        connection.execute("UPDATE meta SET value = ? WHERE key = 'recipe'", (said,))
    connection.close()
    before = path.read_bytes()
    for mend in (False, True):
        with pytest.raises(IndexFailure, match="made by a newer release") as raised:
            Index(home.state, home.shelf, model, mend=mend)
        assert f"schema {newer}" in str(raised.value)
        assert type(raised.value) is IndexFailure
    assert path.read_bytes() == before


def test_no_add_or_removal_is_lost_while_indexes_take_over_from_one_another(
    home: Home, opened: list[Index]
) -> None:
    models = [Model("a", 192), Model("b", 128)]
    made_with(home, models[0])
    index = open_with(home.folder, models[1], Shop(*models))
    opened.append(index)
    stop = threading.Event()

    def work(name: str) -> set[str]:
        kept = set()
        for number in range(1000):
            if stop.is_set():
                break
            marker = f"{name}{number}"
            file = home.outside(f"{marker}.txt", f"Case\n\nMarker{marker} is said here.\n")
            assert index.add([file]).added == (marker,)
            assert found(index, f"marker{marker}", k=1) == [marker]
            if number % 3:
                kept.add(marker)
            else:
                assert index.remove([marker]).removed == (marker,)
                assert marker not in found(index, f"marker{marker}")
                assert holding(home, f"Marker{marker} ".encode()) == []
        return kept

    with ThreadPoolExecutor(2) as pool:
        working = [pool.submit(work, name) for name in ("x", "y")]
        try:
            index.sync()
            for _ in range(3):
                index.sync(rebuild=True)
        finally:
            stop.set()
        there = set.union(*(one.result(60) for one in working))
    assert set(texts(index)) == there | {"ban", "leak"}
    assert len(there) > 2
    assert all(found(index, f"marker{one}", k=1) == [one] for one in there)
    assert index.sync() == Changes(unchanged=len(there) + 2)
    assert consistent(index)
