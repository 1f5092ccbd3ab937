"""Indexes of several hosts, joined through a real PostgreSQL."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from corpus.errors import (
    ArchiveError,
    DatabaseAway,
    DatabaseRefuses,
    DocumentsElsewhere,
    HomeBusy,
    IndexFailure,
)
from index.index import Index
from index.shared.lease import PATIENCE, leased
from index.shared.server import Server
from index.shared.silence import Impatient, patient

from ..index.homes import bytes_of, chroma_numbers, found, passage_numbers, texts
from ..postgres import Cluster
from ..waiting import wait_until
from .hosts import Host, hits, host

FERRY = "The ferry crosses the harbour for 3 euros. It leaves at noon."
TRAM = "The tram tunnel cost 7 million euros. Nobody has seen the zebrafinch in it."
QUESTIONS = ("What does the ferry cost?", "Where is the tunnel?", "noon", "euros")


@pytest.fixture
def one(tmp_path: Path) -> Host:
    return host(tmp_path / "one")


@pytest.fixture
def two(tmp_path: Path) -> Host:
    return host(tmp_path / "two")


@pytest.fixture
def here(one: Host, database: str) -> Iterator[Index]:
    """The index of the host that has the documents."""
    one.write("ferry.txt", f"Ferry\n\n{FERRY}\n")
    one.write("tram.txt", f"Tram\n\n{TRAM}\n")
    index = one.join(database)
    index.sync()
    yield index
    index.close()


@pytest.fixture
def there(here: Index, two: Host, database: str) -> Iterator[Index]:
    """The index of another host, which has none."""
    index = two.join(database)
    yield index
    index.close()


def test_every_host_answers_alike_and_embeds_nothing_anew(
    here: Index, there: Index, two: Host
) -> None:
    assert texts(there) == texts(here)
    assert two.embedder.embedded == []
    for question in QUESTIONS:
        assert hits(there, question) == hits(here, question) != []
    assert there.catalogue.entries() == here.catalogue.entries()
    assert there.is_sound(thorough=True)
    there._vectors.wait()
    assert chroma_numbers(there) == passage_numbers(there)
    assert there.sync() == there.sync()  # an empty folder takes nothing away
    assert set(texts(here)) == {"ferry", "tram"}


def test_what_changes_is_followed_and_what_is_removed_leaves_nothing(
    here: Index, there: Index, one: Host, two: Host
) -> None:
    there.sharing.follow(there.catch_up)
    one.write("ferry.txt", "Ferry\n\nThe ferry is free now.\n")
    here.sync()
    wait_until(lambda: texts(there) == texts(here))
    here.remove(["tram"])
    wait_until(lambda: set(texts(there)) == {"ferry"})
    assert hits(there, "ferry") == hits(here, "ferry")
    there.close()
    assert [
        path
        for path in two.folder.rglob("*")
        if path.is_file() and any(word in bytes_of(path) for word in (b"zebrafinch", b"noon"))
    ] == []


def test_only_where_the_documents_lie_may_they_be_changed(
    here: Index, there: Index, two: Host
) -> None:
    stray = two.write("stray.txt", "Stray\n\nA dog.\n")
    outside = two.outside("new.txt", "New\n\nA cat.\n")
    for act in (
        lambda: there.add([outside]),
        lambda: there.remove(["ferry"]),
        lambda: there.take_in(["ferry"]),
    ):
        with pytest.raises(DocumentsElsewhere, match="one/documents: change them there"):
            act()
    there.sync()
    assert set(texts(there)) == {"ferry", "tram"}
    assert "documents folder is not read" in there.remark
    assert stray.exists()
    there.adopt()
    there.sync()
    assert set(texts(there)) == {"stray"}
    here.sync()
    assert set(texts(here)) == {"stray"}
    with pytest.raises(DocumentsElsewhere, match="two/documents"):
        here.add([outside])


def test_a_copy_of_the_documents_folder_is_not_taken_for_it(
    here: Index, one: Host, tmp_path: Path, database: str
) -> None:
    copy = host(tmp_path / "copy")
    shutil.copytree(one.shelf.folder, copy.shelf.folder, dirs_exist_ok=True)
    here.add([one.outside("bus.txt", "Bus\n\nThe bus is red.\n")])
    index = copy.join(database)
    index.sync()
    assert set(texts(index)) == {"ferry", "tram", "bus"}
    index.close()
    here.sync()
    assert set(texts(here)) == {"ferry", "tram", "bus"}


def test_hosts_that_mount_one_folder_write_in_turn(
    one: Host, tmp_path: Path, database: str
) -> None:
    other = host(tmp_path / "other", mounts=one.shelf.folder)
    indexes = [one.join(database), other.join(database)]

    def add(number: int) -> None:
        for count in range(6):
            name = f"n{number}x{count}"
            indexes[number].add([one.outside(f"{name}.txt", f"{name}\n\nAbout word{name}.\n")])

    with ThreadPoolExecutor() as pool:
        list(pool.map(add, range(2)))
    both = [[*index.sync().failed, *texts(index)] for index in indexes]
    assert sorted(both[0]) == sorted(both[1])
    assert len(both[0]) == 12
    for index in indexes:
        index.catch_up()
    assert hits(indexes[0], "word about") == hits(indexes[1], "word about")
    one.write("n0x0.txt", "Other\n\nSomething else.\n")
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda index: index.sync(), indexes))
    assert texts(indexes[0]) == texts(indexes[1])
    for index in indexes:
        index.close()


def test_what_another_host_has_just_added_is_not_gone_where_its_file_is_not_seen_yet(
    here: Index, one: Host, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = host(tmp_path / "other", mounts=one.shelf.folder)
    index = other.join(database)
    here.add([one.outside("bus.txt", "Bus\n\nThe bus is red.\n")])
    (one.shelf.folder / "bus.txt").rename(tmp_path / "not-seen-yet")
    assert index.sync().removed == ()
    assert "bus" in texts(index)
    monkeypatch.setattr("index.shared.link.time.monotonic", lambda: float("inf"))
    assert index.sync().removed == ("bus",)
    index.close()


def test_a_host_that_was_away_catches_up_or_compares_all(
    here: Index, one: Host, two: Host, database: str, cluster: Cluster
) -> None:
    two.join(database).close()
    here.remove(["tram"])
    here.add([one.outside("bus.txt", "Bus\n\nThe bus is red.\n")])
    index = two.join(database)
    assert texts(index) == texts(here)
    index.close()
    # As after a database was put back from a backup, others have written since under the same
    # numbers.
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE archive.writes SET mark = 'another'")
        connection.execute("DELETE FROM archive.documents WHERE id = 'bus'")
    index = two.join(database)
    assert set(texts(index)) == {"ferry"}
    index.close()


def test_a_new_database_gets_all_of_it_from_the_host_that_has_the_documents(
    here: Index, one: Host, two: Host, database: str
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP SCHEMA archive CASCADE")
    here.close()
    before = len(one.embedder.embedded)
    again = one.join(database)
    index = two.join(database)
    assert texts(index) == texts(again)
    assert len(one.embedder.embedded) == before
    again.close()
    index.close()


def test_without_the_database_what_is_here_answers_and_nothing_is_changed(
    here: Index, there: Index, one: Host, two: Host, cluster: Cluster, database: str
) -> None:
    there.sharing.follow(there.catch_up)
    cluster.stop()
    try:
        wait_until(lambda: there.remark)
        assert found(there, "tram tunnel")[0] == "tram"
        one.write("bus.txt", "Bus\n\nThe bus is red.\n")
        assert here.sync_unless_writing() is not None  # as a question does
        with pytest.raises(DatabaseAway) as told:
            here.sync()
        assert f"127.0.0.1:{cluster.port}/" in str(told.value)
        assert "Connection refused" in str(told.value)
        assert not any(secret in f"{told.value}{there.remark}" for secret in ("se/cret", "se%2F"))
        reopened = host(two.folder.parent / "three")
        with pytest.raises(DatabaseAway):
            reopened.join(database)
    finally:
        cluster.start()
    assert here.sync().added == ("bus",)
    wait_until(lambda: "bus" in texts(there))
    wait_until(lambda: not there.remark)


def test_a_write_goes_on_when_the_server_is_started_again_in_the_middle(
    here: Index, one: Host, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.shared import link

    packed, done = link.packed, []

    def restarting(*given: object) -> object:
        if not done:
            done.append(True)
            cluster.stop()
            cluster.start()
        return packed(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(link, "packed", restarting)
    changes = here.add([one.outside("bus.txt", "Bus\n\nThe bus is red.\n")])
    assert (changes.added, changes.failed, done) == (("bus",), (), [True])


def test_a_question_does_not_wait_for_a_connection_that_is_lost_while_it_writes(
    here: Index, one: Host, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.shared import link

    packed, done = link.packed, []

    def losing(*given: object) -> object:
        if not done:
            done.append(True)
            cluster.stop("immediate")
        return packed(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(link, "packed", losing)
    monkeypatch.setattr("index.shared.server.WAITS", ("never",))
    one.write("bus.txt", "Bus\n\nThe bus is red.\n")
    try:
        with pytest.raises(DatabaseAway):
            here.sync_unless_writing()  # as a question does, which goes on then
        assert done
        assert set(texts(here)) == {"ferry", "tram"}
    finally:
        cluster.start()
    assert here.sync_unless_writing().added == ("bus",)


def test_a_host_with_another_model_is_told_which_there_is(
    here: Index, two: Host, database: str
) -> None:
    two.embedder.fingerprint = "another"  # type: ignore[misc]
    with pytest.raises(IndexFailure, match="no host has made an index of them with this host's"):
        two.join(database)


def test_another_model_is_built_where_the_documents_lie_and_taken_over_elsewhere(
    here: Index, one: Host, two: Host, database: str
) -> None:
    here.close()
    one.embedder.fingerprint = two.embedder.fingerprint = "another"  # type: ignore[misc]
    index = one.join(database)
    index.sync()
    taken = two.join(database)
    assert texts(taken) == texts(index)
    assert two.embedder.embedded == []
    index.sync(rebuild=True)
    taken.catch_up()
    assert hits(taken, "ferry") == hits(index, "ferry")
    index.close()
    taken.close()


def test_tables_of_a_newer_release_are_left_alone(here: Index, two: Host, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE archive.alembic_version SET version_num = '9999'")
    with pytest.raises(ArchiveError, match=r"newer release .*9999.* install that release"):
        two.join(database)


def test_what_is_not_as_it_was_written_is_not_taken_over(
    here: Index, two: Host, database: str
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "UPDATE archive.documents SET data = set_byte(data, 40, (get_byte(data, 40) + 1) % 256)"
        )
    with pytest.raises(IndexFailure, match="the copy of the document 'ferry' in the database"):
        two.join(database)


def test_a_server_that_says_nothing_is_not_waited_for(
    here: Index, one: Host, cluster: Cluster, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Impatient, "seconds", 0.3)
    monkeypatch.setattr("index.shared.server.WAITS", (0.1,))
    begun = time.monotonic()
    cluster.pause()
    try:
        with pytest.raises(DatabaseAway, match=r"cannot be reached \(.* see that it runs"):
            here.remove(["ferry"])
        assert here.sharing.is_away
        assert hits(here, "ferry")
        assert time.monotonic() - begun < 30
    finally:
        cluster.pause(ends=True)
    assert here.remove(["ferry"]).removed == ("ferry",)
    server = Server(database)
    with server.connected() as connection, pytest.raises(OperationalError, match="in time"):
        connection.execute(text("SELECT pg_sleep(1)"))
    with server.connected() as connection, patient(connection, 5):
        connection.execute(text("SELECT pg_sleep(1)"))
    server.close()


FULL = """
    CREATE FUNCTION archive.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON archive.documents
    EXECUTE FUNCTION archive.full_disk()"""


def test_a_server_with_a_full_disk_is_not_asked_again(
    here: Index, one: Host, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.shared.server.WAITS", ("never",))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(FULL)
        one.write("bus.txt", "Bus\n\nThe bus is red.\n")
        with pytest.raises(DatabaseRefuses, match=r"is full \(.*\): give it disk room"):
            here.sync()
        assert set(texts(here)) == {"ferry", "tram"}
        connection.execute("DROP TRIGGER full_disk ON archive.documents")
    assert here.sync().added == ("bus",)


def test_a_question_does_not_wait_for_a_host_that_stands_still(
    here: Index, one: Host, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.shared.lease._STOPPED", 0)
    server = Server(database)
    one.write("bus.txt", "Bus\n\nThe bus is red.\n")
    begun = time.monotonic()
    with server.connected() as connection, leased(connection, "another host"):
        assert here.sync(retry=False).added == ()
        with pytest.raises(HomeBusy, match=r"another host is writing .* end that process"):
            here.sharing.check(waits=False)
        assert time.monotonic() - begun < PATIENCE
    server.close()
    assert here.sync(retry=False).added == ("bus",)
