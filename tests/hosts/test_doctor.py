"""The doctor of a host whose database, or vector server, is away: it says so, and looks at the
rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.settings import Settings
from corpus.errors import DatabaseAway
from index.sharing import joined

from ..assistant.program import fast
from ..assistant.small_corpus import FERRY, write_home
from ..chroma_server import free_port
from ..fakes import BagOfStems
from ..postgres import Cluster

NEXT = "Until then what changed in the documents folder is not taken in, and not looked at: run"


def away() -> str:
    return f"postgresql://archive:cret@127.0.0.1:{free_port()}/archive"


def test_without_its_database_and_its_vectors_each_is_named_once(
    tmp_path: Path, database: str
) -> None:
    home = write_home(tmp_path / "one")
    with Archive(home, Settings(database=database), BagOfStems()) as archive:
        archive.sync()
    (home.documents / "letter.doc").write_text("old")
    vectors = f"http://127.0.0.1:{free_port()}"
    home.settings_file.write_text(
        f'database = "{away()}"\nvectors = "{vectors}"\nvectors_patience = 0\n', "utf-8"
    )
    ran = fast("doctor", "--home", str(home.root))
    assert (ran.code, ran.err) == (1, "")
    (said,) = [line for line in ran.out.splitlines() if "the database 127.0.0.1" in line]
    assert "cannot be reached (" in said
    assert f"see that it runs, and that `database` in assistant.toml is right. {NEXT}" in said
    assert "cret" not in ran.out
    (said,) = [line for line in ran.out.splitlines() if f"the vector server {vectors}" in line]
    assert "letter.doc: it is an old Office file" in ran.out
    assert "3 documents looked at: 2 errors" in ran.out


def test_a_host_that_has_nothing_yet_is_looked_at_as_well(tmp_path: Path) -> None:
    home, settings = write_home(tmp_path / "new"), Settings(database=away())
    with pytest.raises(DatabaseAway), Archive(home, settings, BagOfStems()):
        pass
    with Archive(home, settings, BagOfStems(), examines=True) as archive:
        found = LocalClient(archive).doctor()
    assert [one["kind"] for one in found["findings"]] == ["database"]
    assert found["documents"] == 0


def test_no_document_is_touched_while_the_database_is_away(
    tmp_path: Path, cluster: Cluster, database: str
) -> None:
    home = write_home(tmp_path / "one")
    settings = Settings(database=database)
    with Archive(home, settings, embedder=BagOfStems()) as archive:
        client = LocalClient(archive)
        client.sync()
        copy = home.documents / "copy.md"
        copy.write_text(FERRY, "utf-8")
        cluster.stop()
        try:
            found = client.doctor(repair=True)
        finally:
            cluster.start()
        assert "database" in [one["kind"] for one in found["findings"]]
        assert copy.exists()
        found = client.doctor(repair=True)
        assert "database" not in [one["kind"] for one in found["findings"]]
        assert [one["kind"] for one in found["repaired"]] == ["duplicate"]
        assert not copy.exists()


def test_a_host_with_another_model_hears_it_from_the_doctor(tmp_path: Path, database: str) -> None:
    with Archive(write_home(tmp_path / "one"), Settings(database=database), BagOfStems()) as one:
        one.sync()
    embedder = BagOfStems()
    embedder.fingerprint = "another"  # type: ignore[misc]
    home = write_home(tmp_path / "two", {})
    settings = Settings(database=database)
    with Archive(home, settings, embedder, examines=True) as two:
        (told,) = LocalClient(two).doctor()["findings"]
    assert told["kind"] == "database"
    assert "no host has made an index of them with this host's model" in told["detail"]


def test_tables_of_a_newer_release_leave_a_host_its_copy(
    tmp_path: Path, cluster: Cluster, database: str
) -> None:
    home, settings = write_home(tmp_path / "one"), Settings(database=database)
    with Archive(home, settings, BagOfStems()) as archive:
        archive.sync()
    cluster.execute(
        "UPDATE archive.alembic_version SET version_num = '9999'", database.rpartition("/")[2]
    )
    with Archive(home, settings, BagOfStems()) as archive:
        assert len(archive.entries()) == 3
        assert "install that release here too" in archive.index.remark
        found = LocalClient(archive).doctor()["findings"]
    (told,) = [one for one in found if one["kind"] == "database"]
    assert "newer release" in told["detail"]


def test_a_database_that_only_reads_is_told_before_a_file_is_touched(
    tmp_path: Path, database: str
) -> None:
    home = write_home(tmp_path / "one")
    with Archive(home, Settings(database=database), BagOfStems()) as archive:
        archive.sync()
    replica = Settings(database=f"{database}?options=-cdefault_transaction_read_only%3Don")
    before = sorted(home.documents.iterdir())
    with Archive(home, replica, BagOfStems()) as archive:
        with pytest.raises(DatabaseAway, match="it only reads: let `database` name the server"):
            archive.remove([archive.entries()[0].id])
        assert sorted(home.documents.iterdir()) == before
        found = LocalClient(archive).doctor()["findings"]
    (told,) = [one for one in found if one["kind"] == "database"]
    assert "it only reads" in told["detail"]


def test_a_folder_that_is_not_read_is_told(tmp_path: Path, database: str) -> None:
    settings = Settings(database=database)
    with Archive(write_home(tmp_path / "one"), settings, BagOfStems()) as one:
        one.sync()
    with Archive(write_home(tmp_path / "two"), settings, BagOfStems()) as two:
        found = LocalClient(two).doctor()["findings"]
    (told,) = [one for one in found if one["kind"] == "database"]
    assert told["severity"] == "warning"
    assert "one/documents: what is in this home's documents folder is not read" in told["detail"]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("{}no", "does not exist.: make it there"),
        ("{}?sslmode=require", "SSL was required.: see `sslmode`"),
        ("{}?sslmode=bogus", "invalid sslmode value.*: see `sslmode`"),
        ("{}?colour=red", "invalid URI query parameter.*: correct the address in `database`"),
        ("{}?options=-cdefault_transaction_read_only%3Don", "it only reads: .*takes writes"),
        ("{}?user=few", "too many connections for role .*max_connections"),
        ("{}?user=nobody", 'role "nobody" does not exist.: correct its user or password'),
        ("{}?user=guest", "permission denied.* its user may make and write tables there"),
    ],
)
def test_it_is_said_what_to_do(cluster: Cluster, database: str, address: str, says: str) -> None:
    joined(database, Path()).check()  # which makes the tables
    cluster.execute("CREATE ROLE few LOGIN CONNECTION LIMIT 0")
    cluster.execute("CREATE ROLE guest LOGIN")
    try:
        with pytest.raises(DatabaseAway, match=says):
            joined(address.format(database), Path()).check()
    finally:
        cluster.execute("DROP ROLE few")
        cluster.execute("DROP ROLE guest")
