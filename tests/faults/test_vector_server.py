"""A vector server that is killed, hangs, refuses or forgets costs time, and nothing else."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from corpus.errors import VectorsAway
from index import upkeep
from index.index import Index
from index.nearest import State
from index.remote_vectors import RemoteVectors
from index.server import Server

from ..chroma_server import ChromaServer
from ..http_proxy import TOKEN, Proxy, proxy_to
from ..index.homes import Home, bytes_of, found, passage_numbers
from ..waiting import wait_until

pytestmark = pytest.mark.slow

DOCUMENTS = 24


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "_FIRST_PAUSE", 0.05)
    monkeypatch.setattr(upkeep, "_LONGEST_PAUSE", 0.1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    for number in range(DOCUMENTS):
        home.write(f"tram-{number}.txt", f"Tram {number}\n\nThe tram {number}{number} came late.\n")
    return home


@pytest.fixture
def proxy(chroma: ChromaServer) -> Iterator[Proxy]:
    with proxy_to(chroma.url) as proxy:
        yield proxy


def opened(home: Home, server: Server) -> Index:
    return Index(home.state, home.shelf, home.embedder, server=server)


def soon(url: str, patience: float = 0) -> Server:
    return Server(url, timeout=0.5, patience=patience)


def there(index: Index) -> list[int]:
    """Return what the server has, when it is ready and sealed."""
    wait_until(lambda: index._vectors.state is State.READY)
    numbers = index._vectors.numbers()
    assert keeper(index).intact(len(numbers))
    return numbers


def keeper(index: Index) -> RemoteVectors:
    kept = index._vectors._cache._store
    assert isinstance(kept, RemoteVectors)
    return kept


def own(chroma: ChromaServer, index: Index) -> dict[str, Any]:
    """Return the collection that an index has on the server."""
    entry = keeper(index)._collection.known()
    assert entry is not None
    (one,) = [one for one in chroma.collections() if one["name"] == entry.name]
    return one


# ---------------------------------------------------------------- it goes away and comes back


def test_a_server_killed_in_the_middle_of_a_sync_is_waited_for(
    home: Home,
    mortal: ChromaServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("index.taking.GROUP", 4)
    index = opened(home, mortal.server(patience=60))
    real, calls, killed = RemoteVectors.upsert, [], threading.Event()

    def upsert(self: RemoteVectors, numbers: Any, vectors: Any, **rest: Any) -> None:
        calls.append(numbers)
        if len(calls) == 3:
            mortal.kill()
            killed.set()
        real(self, numbers, vectors, **rest)

    monkeypatch.setattr(RemoteVectors, "upsert", upsert)

    def restart() -> None:
        assert killed.wait(60)
        mortal.start()

    thread = threading.Thread(target=restart)
    thread.start()
    changes = index.sync()
    thread.join()
    assert len(changes.added) == DOCUMENTS
    assert there(index) == passage_numbers(index)
    assert "given up" not in caplog.text
    assert "filled in again" not in caplog.text
    assert found(index, "tram 77 late", k=1) == ["tram-7"]
    index.close()


def test_a_server_that_stays_away_costs_no_answer_and_gets_all_when_it_is_back(
    home: Home, mortal: ChromaServer
) -> None:
    index = opened(home, mortal.server(patience=0))
    index.sync()
    assert there(index) == passage_numbers(index)
    mortal.kill()
    index.add([home.outside("bus.txt", "The bus\n\nThe bus never came.\n")])
    index.remove(["tram-3", "tram-4"])
    assert index._vectors.state is State.AWAY
    assert found(index, "bus never came", k=1) == ["bus"]
    assert "tram-3" not in found(index, "tram 33", k=30)
    with pytest.raises(VectorsAway, match=f"{mortal.url} cannot be reached .*: start it again"):
        index._vectors.wait()
    assert mortal.url in index.vectors_away
    mortal.start()
    assert there(index) == passage_numbers(index)
    assert index.vectors_away == ""
    index.close()


def test_what_was_deleted_while_it_was_away_leaves_it_with_the_next_start(
    home: Home, mortal: ChromaServer
) -> None:
    index = opened(home, mortal.server(patience=0))
    index.sync()
    before = there(index)
    mortal.kill()
    index.remove(["tram-3"])
    index.close()
    mortal.start()
    again = opened(home, mortal.server())
    assert there(again) == passage_numbers(again)
    assert len(there(again)) < len(before)
    again.close()
    once_more = opened(home, mortal.server())
    assert once_more._vectors.state is State.UNKNOWN  # nothing is owed
    once_more.close()


def test_a_server_that_lost_all_is_filled_again_with_nothing_embedded(
    home: Home, mortal: ChromaServer
) -> None:
    index = opened(home, mortal.server(patience=0))
    index.sync()
    numbers, embedded = there(index), len(home.embedder.embedded)
    mortal.kill()
    mortal.lose_everything()
    mortal.start()
    index._vectors.nearest(home.embedder.embed_question("tram"), 5)
    assert there(index) == numbers
    assert len(home.embedder.embedded) == embedded
    mortal.kill()
    mortal.lose_everything()
    index.close()
    mortal.start()
    again = opened(home, mortal.server())
    again.warm()
    assert there(again) == numbers
    again.close()


def test_what_it_acknowledged_and_lost_is_missed_before_the_seal(
    home: Home, chroma: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = opened(home, chroma.server())
    real = RemoteVectors.upsert

    def upsert(self: RemoteVectors, numbers: Any, vectors: Any, **rest: Any) -> None:
        real(self, numbers, vectors, **rest)
        monkeypatch.undo()  # and the pauses of tests with it
        self.delete(numbers[:2])  # as if its disk had lost them

    monkeypatch.setattr(RemoteVectors, "upsert", upsert)
    index.sync()
    assert there(index) == passage_numbers(index)
    index.close()


# ---------------------------------------------------------------- it answers, and badly


def test_a_server_that_is_busy_for_a_while_is_asked_again(home: Home, proxy: Proxy) -> None:
    index = opened(home, soon(proxy.url, patience=20))
    proxy.fails = 3
    index.sync()
    assert there(index) == passage_numbers(index)
    proxy.fails = 2
    index.remove(["tram-1"])
    assert there(index) == passage_numbers(index)
    index.close()


@pytest.mark.parametrize("trouble", ["fails", "hangs", "cuts"])
def test_a_server_in_trouble_leaves_exact_search(home: Home, proxy: Proxy, trouble: str) -> None:
    index = opened(home, soon(proxy.url))
    index.sync()
    numbers = there(index)
    question = home.embedder.embed_question("The tram 77 came late.")
    fine = index._vectors.nearest(question, 5)
    setattr(proxy, trouble, -1 if trouble == "fails" else True)
    assert index._vectors.nearest(question, 5)[0] == pytest.approx(fine[0], abs=1e-5)
    assert index._vectors.state is State.AWAY
    assert proxy.url in index.vectors_away
    index.remove(["tram-2"])
    setattr(proxy, trouble, 0 if trouble == "fails" else False)
    proxy.released.set()
    assert len(there(index)) < len(numbers)
    assert there(index) == passage_numbers(index)
    index.close()


LIES = (
    "", "[]", "7", '{"ids": 3}', '{"ids": [["x"]], "distances": [[0.1]]}',
    '{"ids": [["1", "2"]], "distances": [[0.1]]}', '{"ids": [["1"]], "distances": [["y"]]}',
    '{"ids": [[1e999]], "distances": [[0.1]]}', '{"ids": [["999999"]], "distances": [[NaN]]}',
)  # fmt: skip


def test_a_server_that_lies_changes_no_answer(home: Home, proxy: Proxy) -> None:
    index = opened(home, soon(proxy.url))
    index.sync()
    numbers = there(index)
    for lie in LIES:
        proxy.lie = lie.encode()
        assert found(index, "tram 77 late", k=1) == ["tram-7"]
        proxy.lie = None
        assert there(index) == numbers
    index.close()


def test_closing_does_not_wait_for_a_server_that_is_away(home: Home) -> None:
    with proxy_to("http://127.0.0.1:9") as proxy:
        index = opened(home, soon(proxy.url, patience=600))
        index.warm()
        wait_until(lambda: proxy.asked)
        assert index._vectors.state is State.CHECKING
        closing = threading.Thread(target=index.close)
        closing.start()
        closing.join(10)
        assert not closing.is_alive()


def test_a_server_that_does_not_let_us_in_says_which_variable_to_look_at(
    home: Home, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    proxy.token = TOKEN
    wrong = Server(proxy.url, headers={"Authorization": "Bearer wrong-secret"}, patience=60)
    index = opened(home, wrong)
    index.sync()
    with pytest.raises(VectorsAway, match=r"does not let us in.*ASSISTANT_VECTORS_HEADERS"):
        index._vectors.wait()
    assert index.remote is not None
    assert not index.remote.answers_anybody()
    index.close()
    right = Server(proxy.url, headers={"Authorization": TOKEN})
    again = opened(home, right)
    again.warm()
    assert there(again) == passage_numbers(again)
    again.close()
    for secret in ("wrong-secret", TOKEN):
        assert secret not in caplog.text + repr(wrong) + repr(right)


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ({"database": "nobodys"}, "no database 'nobodys'.*vectors_database"),
        ({"tenant": "nobodys"}, "tenant 'nobodys'.*vectors_tenant"),
        ({"url": "old"}, "no Chroma of version 1 or later"),
        ({"url": "another"}, "no Chroma of version 1 or later"),
        ({"ca": "/nowhere.pem"}, "/nowhere.pem cannot be read; correct vectors_ca"),
    ],
)
def test_a_server_of_another_kind_is_told_from_one_that_is_away(
    home: Home, chroma: ChromaServer, server: dict[str, str], said: str
) -> None:
    elsewhere = {"old": f"{chroma.url}/api/v1/collections?", "another": f"{chroma.url}/docs"}
    url = elsewhere.get(server.get("url", ""), chroma.url)
    index = opened(home, Server(**{**server, "url": url}, patience=60))  # type: ignore[arg-type]
    with pytest.raises(VectorsAway, match=said):
        index._vectors.wait()
    index.close()


# ---------------------------------------------------------------- collections


def test_a_collection_of_another_dimension_is_made_anew(home: Home, chroma: ChromaServer) -> None:
    index = opened(home, chroma.server())
    index.sync()
    numbers, one = there(index), own(chroma, index)
    base = f"{chroma.url}/api/v2/tenants/default_tenant/databases/default_database/collections"
    urllib3.request("DELETE", f"{base}/{one['name']}")
    made = urllib3.request(
        "POST",
        base,
        json={
            "name": one["name"],
            "metadata": one["metadata"],
            "configuration": {"hnsw": one["configuration_json"]["hnsw"]},
        },
    ).json()
    body = {"ids": [str(one) for one in numbers], "embeddings": [[0.5, 0.5]] * len(numbers)}
    urllib3.request("POST", f"{base}/{made['id']}/upsert", json=body)
    question = home.embedder.embed_question("tram")
    assert index._vectors.nearest(question, 3)  # the one that it knew is not there
    wait_until(lambda: index._vectors.state is State.READY)
    assert index._vectors.nearest(question, 3)  # the one that is there is of no use
    assert there(index) == numbers
    assert own(chroma, index)["dimension"] == home.embedder.dimensions
    index.close()


def test_a_copy_of_a_home_gets_a_collection_of_its_own(
    home: Home, chroma: ChromaServer, tmp_path: Path
) -> None:
    index = opened(home, chroma.server())
    index.sync()
    index.close()
    shutil.copytree(home.folder, tmp_path / "copy")
    copy = Home(tmp_path / "copy")
    theirs = opened(copy, chroma.server())
    theirs.add([copy.outside("bus.txt", "The bus\n\nThe bus never came.\n")])
    assert there(theirs) == passage_numbers(theirs)
    ours = opened(home, chroma.server())
    ours.add([home.outside("train.txt", "The train\n\nThe train came at nine.\n")])
    assert there(ours) == passage_numbers(ours)
    assert own(chroma, ours)["name"] != own(chroma, theirs)["name"]
    theirs.remove(["tram-1"])
    assert there(theirs) == passage_numbers(theirs)
    assert found(ours, "train at nine", k=1) == ["train"]
    assert found(theirs, "bus never", k=1) == ["bus"]
    ours.close()
    theirs.close()


def test_an_index_that_is_dropped_leaves_no_collection_and_others_stay(
    home: Home, chroma: ChromaServer, tmp_path: Path
) -> None:
    other = Home(tmp_path / "other")
    other.write("bus.txt", "The bus\n\nThe bus never came.\n")
    theirs = opened(other, chroma.server())
    theirs.sync()
    foreign = own(chroma, theirs)["name"]
    index = opened(home, chroma.server())
    index.sync()
    there(index)
    first = own(chroma, index)["name"]
    index.sync(rebuild=True)
    assert there(index) == passage_numbers(index)
    index.close()
    again = opened(home, chroma.server())
    again.warm()
    there(again)
    names = {one["name"] for one in chroma.collections()}
    assert first not in names
    assert {foreign, own(chroma, again)["name"]} <= names
    assert there(theirs) == passage_numbers(theirs)
    again.close()
    theirs.close()


def test_a_home_that_moves_to_a_server_and_back_answers_and_keeps_no_vectors_behind(
    home: Home, chroma: ChromaServer
) -> None:
    index = home.open()
    index.sync()
    index._vectors.wait()
    folder = index._beside.store.folder
    index.close()
    assert (folder / "chroma").is_dir()
    theirs = opened(home, chroma.server())
    assert not (folder / "chroma").exists()
    assert not (folder / "chroma.seal").exists()
    theirs.remove(["tram-5"])
    assert there(theirs) == passage_numbers(theirs)
    name = own(chroma, theirs)["name"]
    theirs.close()
    embedded = len(home.embedder.embedded)
    back = home.open()
    back._vectors.wait()
    assert back._vectors.numbers() == passage_numbers(back)
    back.remove(["tram-6"])
    back.close()
    again = opened(home, chroma.server())
    again.warm()
    assert there(again) == passage_numbers(again)
    assert own(chroma, again)["name"] == name
    assert len(home.embedder.embedded) == embedded
    again.close()


def test_no_word_of_a_document_reaches_the_server(home: Home, mortal: ChromaServer) -> None:
    home.write("secret.txt", "Xylophonist\n\nThe quagmire belongs to Brunhilde.\n")
    index = opened(home, mortal.server())
    index.sync()
    there(index)
    (one,) = mortal.collections()
    assert set(one["metadata"]) == {  # type: ignore[call-overload]
        "made_by",
        "catalogue",
        "recipe",
        "sealed",
        "count",
        "stamp",
    }
    index.close()
    mortal.kill()
    files = [path for path in mortal.folder.rglob("*") if path.is_file()]
    data = b"".join(bytes_of(path) for path in files).lower()
    assert b"archive-assistant" in data
    for word in (b"xylophonist", b"quagmire", b"brunhilde", b"tram"):
        assert word not in data
