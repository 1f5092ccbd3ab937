"""Documents that are kept on a store: the copy is what the store is, and the store is the truth."""

from __future__ import annotations

import functools
import http.server
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import fsspec
import pytest

from corpus.documents import Overrides
from corpus.errors import BadSettings, ShelfError, StoreAway, UnknownDocument
from corpus.mirror import Mirror
from corpus.remote import Remote, checked_url
from corpus.shelf import Shelf


def quiet(done: int, total: int, name: str) -> None:
    """Hear of nothing."""


def written(path: Path) -> tuple[int, int, int]:
    """Return what tells whether a file was written; reading it changes another of its times."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns


class Counting(Remote):
    """A store that says which files were fetched, and can be away."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.fetched: list[str] = []
        self.failing: set[str] = set()

    def fetch(self, name: str, into: Path) -> None:
        self.fetched.append(name)
        if name in self.failing:
            raise StoreAway(f"{name} could not be read")
        super().fetch(name, into)


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store: one that takes whole objects, and one where files are renamed."""
    if request.param == "memory":
        place = f"memory://{uuid.uuid4().hex}"
        fsspec.filesystem("memory").makedirs(place)
        return place
    (tmp_path / "store").mkdir()
    return f"file://{tmp_path}/store"


@pytest.fixture
def store(url: str) -> Counting:
    return Counting(url)


@pytest.fixture
def mirror(store: Counting, tmp_path: Path) -> Mirror:
    return Mirror(tmp_path / "copy" / "documents", store)


def there(mirror: Mirror) -> dict[str, bytes]:
    """Return what the copy holds."""
    folder = mirror._folder
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_copy_is_what_the_store_is(store: Counting, mirror: Mirror) -> None:
    store.put("a.txt", b"one")
    store.put("notes/b.txt", b"two")
    store.put("notes/.hidden", b"no")
    assert mirror.pull(quiet) == ((), ())
    assert there(mirror) == {"a.txt": b"one", "notes/b.txt": b"two"}
    store.delete("notes/b.txt")
    store.put("a.txt", b"another one")
    mirror.pull(quiet)
    assert there(mirror) == {"a.txt": b"another one"}
    assert not (mirror._folder / "notes").exists()


def test_what_is_as_it_was_is_not_fetched_again(
    store: Counting, mirror: Mirror, tmp_path: Path
) -> None:
    for name in ("a.txt", "b.txt"):
        store.put(name, name.encode())
    mirror.pull(quiet)
    before = written(mirror._folder / "a.txt")
    store.fetched.clear()
    mirror.pull(quiet)
    Mirror(mirror._folder, store).pull(quiet)  # as another process has it
    assert store.fetched == []
    store.put("a.txt", b"a.txt")  # touched
    mirror.pull(quiet)
    assert store.fetched in (["a.txt"], [])
    assert written(mirror._folder / "a.txt") == before


def test_a_copy_that_somebody_touched_is_fetched_again(store: Counting, mirror: Mirror) -> None:
    store.put("a.txt", b"one")
    mirror.pull(quiet)
    (mirror._folder / "a.txt").write_bytes(b"two")
    (mirror._folder / "stray.txt").write_bytes(b"three")
    mirror.pull(quiet)
    assert there(mirror) == {"a.txt": b"one"}


def test_damaged_notes_cost_a_fetch_and_nothing_else(store: Counting, mirror: Mirror) -> None:
    store.put("a.txt", b"one")
    mirror.pull(quiet)
    for damage in ("", "{", '{"url": 1}', "[]", f'{{"url": "{store.url}", "files": 3}}'):
        mirror._notes_file.write_text(damage)
        fresh = Mirror(mirror._folder, store)
        fresh.pull(quiet)
        assert there(fresh) == {"a.txt": b"one"}


def _away() -> None:
    raise StoreAway("no network")


def test_an_emptied_store_is_believed_only_when_told(
    store: Counting, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("a.txt", b"one")
    mirror.pull(quiet)
    store.delete("a.txt")
    with pytest.raises(StoreAway, match="sync --emptied"):
        mirror.pull(quiet)
    assert there(mirror) == {"a.txt": b"one"}
    mirror.accept_empty()
    listing = store.files
    monkeypatch.setattr(store, "files", _away)
    with pytest.raises(StoreAway, match="no network"):
        mirror.pull(quiet)
    monkeypatch.setattr(store, "files", listing)
    with pytest.raises(StoreAway, match="sync --emptied"):  # the word was for that pull alone
        mirror.pull(quiet)
    mirror.accept_empty()
    mirror.pull(quiet)
    assert there(mirror) == {}
    mirror.pull(quiet)


def test_a_store_that_is_gone_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "a.txt").write_text("one")
    mirror = Mirror(tmp_path / "copy", Remote(f"file://{folder}"))
    mirror.pull(quiet)
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(StoreAway, match="there is no folder"):
        mirror.pull(quiet)
    assert there(mirror) == {"a.txt": b"one"}
    folder.symlink_to("nowhere")
    with pytest.raises(StoreAway):
        mirror.pull(quiet)


def test_a_listing_that_breaks_off_changes_nothing(
    store: Counting, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("a.txt", b"one")
    store.put("part/b.txt", b"two")
    mirror.pull(quiet)
    system, _ = store._system()
    listing = system.ls

    def broken(path: str, **how: object) -> object:
        if path.endswith("part"):
            raise ConnectionResetError(104, "Connection reset by peer")
        return listing(path, **how)

    monkeypatch.setattr(system, "ls", broken)
    with pytest.raises(StoreAway, match="Connection reset"):
        mirror.pull(quiet)
    assert set(there(mirror)) == {"a.txt", "part/b.txt"}


def test_one_file_that_cannot_be_fetched_is_told_and_many_mean_that_the_store_is_away(
    store: Counting, mirror: Mirror
) -> None:
    for number in range(9):
        store.put(f"{number}.txt", b"one")
    store.failing = {"4.txt"}
    closed, _ = mirror.pull(quiet)
    assert [one.folder.name for one in closed] == ["4.txt"]
    assert len(there(mirror)) == 8
    store.failing = {f"{number}.txt" for number in range(9)}
    for number in range(9):
        store.put(f"{number}.txt", b"another")
    with pytest.raises(StoreAway):
        mirror.pull(quiet)
    store.failing = set()
    mirror.pull(quiet)
    assert set(there(mirror).values()) == {b"another"}


def test_a_file_may_become_a_folder_and_the_other_way_round(
    store: Counting, mirror: Mirror
) -> None:
    store.put("a", b"one")
    mirror.pull(quiet)
    store.delete("a")
    store.put("a/b.txt", b"two")
    mirror.pull(quiet)
    assert there(mirror) == {"a/b.txt": b"two"}
    store.delete("a/b.txt")
    if store._scheme == "file":
        (Path(store.url.removeprefix("file://")) / "a").rmdir()
    store.put("a", b"three")
    mirror.pull(quiet)
    assert there(mirror) == {"a": b"three"}


@pytest.mark.parametrize("name", ["../out.txt", "a/../../out.txt", "back\\slash.txt", "x" * 300])
def test_names_that_lead_elsewhere_are_told_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    store = Remote(f"memory://{uuid.uuid4().hex}")
    system, root = store._system()
    system.pipe_file(f"{root}/good.txt", b"one")
    good = system.ls(root, detail=True)
    odd = {**good[0], "name": f"{root}/{name}"}
    monkeypatch.setattr(system, "ls", lambda path, detail: [*good, odd])
    mirror = Mirror(tmp_path / "copy", store)
    closed, told = mirror.pull(quiet)
    assert not closed
    assert len(told) == 1
    assert there(mirror) == {"good.txt": b"one"}
    assert {one.name for one in tmp_path.iterdir()} == {"copy", "copy.json"}


def test_a_shelf_writes_to_the_store_first(
    store: Counting, mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("old.txt", b"The old mill stood here.")
    mirror.pull(quiet)
    shelf = Shelf(mirror._folder, mirror)
    source = tmp_path / "new.txt"
    source.write_text("The new mill stands there.")
    placed = shelf.put(source, overrides=Overrides(title="Mills"))
    assert set(store.files().files) == {"old.txt", "new.txt", "new.txt.meta.yaml"}
    shelf.describe(placed, title=None, source="A newspaper")
    mirror.pull(quiet)
    assert there(mirror)["new.txt.meta.yaml"] == b"source: A newspaper\n"
    shelf.describe(placed, source=None)
    assert set(store.files().files) == {"old.txt", "new.txt"}
    shelf.remove(placed)
    assert set(store.files().files) == {"old.txt"}
    assert set(there(mirror)) == {"old.txt"}
    with pytest.raises(UnknownDocument):
        shelf.remove(placed)
    # What the store does not take is not kept here either.
    system, _ = store._system()

    def refuse(*args: object, **more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(system, "pipe_file", refuse)
    with pytest.raises(StoreAway, match="Permission denied"):
        shelf.put(source)
    assert set(there(mirror)) == {"old.txt"}
    monkeypatch.undo()
    assert set(store.files().files) == {"old.txt"}
    assert not [name for name in system.ls(store._system()[1], detail=False) if ".tmp" in name]


def test_what_another_wrote_right_after_us_is_found(store: Counting, mirror: Mirror) -> None:
    store.put("a.txt", b"theirs, first")
    mirror.pull(quiet)
    mirror.put({mirror._folder / "a.txt": b"ours"})
    store.put("a.txt", b"them")  # of the same length
    mirror.pull(quiet)
    assert there(mirror) == {"a.txt": b"them"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A folder that a web server lists."""
    folder = tmp_path / "site"
    (folder / "part").mkdir(parents=True)
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


def test_a_web_server_is_read_and_never_written(site: tuple[str, Path], tmp_path: Path) -> None:
    address, folder = site
    (folder / "a b.txt").write_text("one")
    (folder / "part" / "c.txt").write_text("two")
    mirror = Mirror(tmp_path / "copy", Remote(address))
    mirror.pull(quiet)
    assert there(mirror) == {"a b.txt": b"one", "part/c.txt": b"two"}
    (folder / "a b.txt").unlink()
    mirror.pull(quiet)
    assert set(there(mirror)) == {"part/c.txt"}
    with pytest.raises(ShelfError, match="only read"):
        mirror.put({mirror._folder / "new.txt": b"no"})
    with pytest.raises(ShelfError, match="only read"):
        mirror.delete([mirror._folder / "part" / "c.txt"])
    assert set(there(mirror)) == {"part/c.txt"}


def test_a_server_that_does_not_answer_is_away(tmp_path: Path) -> None:
    with pytest.raises(StoreAway, match="could not be listed"):
        Mirror(tmp_path / "copy", Remote("http://127.0.0.1:9/docs")).pull(quiet)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sftp://me:secret@host/docs", "password"),
        ("https://host/docs?signature=secret", "names no folder"),
        ("simplecache::s3://bucket", "names no folder"),
        ("s3://", "names no folder"),
        ("s3://[", "is no address"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_secrets(url: str, why: str) -> None:
    with pytest.raises(BadSettings, match=why) as refused:
        checked_url(url, "documents")
    assert "secret" not in str(refused.value)


def test_an_unknown_kind_of_address_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="nothing here reaches nonsense://"):
        Mirror(tmp_path / "copy", Remote("nonsense://host/docs")).pull(quiet)


def test_a_cloud_has_no_folders_that_would_have_to_be_there(tmp_path: Path) -> None:
    store = Remote(f"s3://{uuid.uuid4().hex}/docs")
    store._opened = fsspec.filesystem("memory"), f"/{uuid.uuid4().hex}"
    mirror = Mirror(tmp_path / "copy", store)
    mirror.pull(quiet)
    store.put("a.txt", b"one")
    mirror.pull(quiet)
    store.delete("a.txt")
    with pytest.raises(StoreAway, match="holds no files any more"):
        mirror.pull(quiet)
    assert there(mirror) == {"a.txt": b"one"}


def test_a_bucket_that_is_not_there_is_told() -> None:
    store = Remote("s3://bucket/docs")

    def refuse(*given: object) -> None:
        raise FileNotFoundError("a page of what the server said")

    store._opened = SimpleNamespace(pipe_file=refuse), "/bucket/docs"
    with pytest.raises(StoreAway, match=r"^s3://bucket/docs/a\.txt .*there is no such bucket"):
        store.put("a.txt", b"one")


def test_links_of_a_store_are_not_followed(tmp_path: Path) -> None:
    store = Remote("sftp://host/docs")
    listed = [
        {"name": "/docs/a.txt", "type": "file", "size": 3, "mtime": 1},
        {"name": "/docs/passwords.txt", "type": "link", "size": 3, "mtime": 1},
    ]
    store._opened = SimpleNamespace(ls=lambda path, detail: listed), "/docs"
    assert store.files().files == {"a.txt": "3:1"}


def test_a_connection_that_broke_is_made_again(url: str) -> None:
    store = Remote(url)

    def broken(*given: object, **more: object) -> None:
        raise ConnectionResetError

    store._opened = SimpleNamespace(ls=broken), "/"
    with pytest.raises(StoreAway, match="ConnectionResetError"):
        store.files()
    assert store.files().files == {}
