"""Names that lead elsewhere, in uploads and in archives, and small bodies that grow, as lists."""

from __future__ import annotations

import gzip
import io
import stat
import urllib.parse
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.archive import Archive
from assistant.settings import Settings
from corpus.errors import UnreadableFile
from corpus.unpack import unpack
from corpus.web.unpack import gunzip

from ..assistant.program import fast_parts
from ..assistant.serving import Served, served
from ..assistant.small_corpus import listing, write_home
from ..corpus.nasty import NASTY
from ..fakes import BagOfStems

TARGET = "evil.txt"
UPS = (
    "../", "..\\", "..//", "..\\/", "....//", "....\\\\", ".../", "..;/", "..%2f", "..%5c",
    "%2e%2e/",
    "%2e%2e%2f", "%2e%2e%5c", "..%252f", "%252e%252e%252f", "..%c0%af", "%c0%ae%c0%ae/",
    "..%ef%bc%8f",
    "．．/", "．．／", "‥/", "..∕", "..⁄", "..＼", "/../", "\\..\\", "./../", ".\\..\\", "a/../../",
    "a\\..\\..\\", "../././", "..\x00/", "..\n/", "..\t/", " ../", "../ ", "~/", "~root/", "$HOME/",
)  # fmt: skip
ABSOLUTE = (
    "/etc/cron.d/", "//etc/", "///", "C:\\", "C:/", "c:", "\\\\server\\share\\", "//server/share/",
    "\\\\?\\C:\\", "\\\\.\\C:\\", "file:///", "file:", "/proc/self/cwd/", "/dev/shm/",
)  # fmt: skip
NAMES = [f"{up * times}{TARGET}" for up in UPS for times in (1, 6)] + [
    f"{start}{TARGET}" for start in ABSOLUTE
]
ODD = (
    "",
    ".",
    "..",
    "/",
    "\\",
    "con.txt",
    "nul.txt",
    ".htaccess.txt",
    "a" * 5000 + ".txt",
    "-rf.txt",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = write_home(tmp_path_factory.mktemp("names") / "deep" / "er" / "home")
    with pytest.MonkeyPatch.context() as patch:
        for name, part in fast_parts().items():
            patch.setattr(name, part)
        with Archive(home, Settings(max_file_mb=1), embedder=BagOfStems()) as archive:
            archive.sync()
            with served(archive) as running:
                yield running


def zipped(*names: str, link: bool = False) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = name  # as it is, which the writer would make safe
            if link:
                info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "/etc/passwd" if link else f"A text named {name!r} in a ZIP.")
    return file.getvalue()


def test_no_name_of_a_zips_member_leads_out(
    tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    tried = 0
    for link in (False, True):
        for number, name in enumerate([*NAMES, *ODD]):
            folder = tmp_path / f"{link}-{number}"
            inner = folder / "a" / "b" / "into"
            inner.parent.mkdir(parents=True)
            (folder / "a.zip").write_bytes(zipped(name, link=link))
            try:
                result = unpack(folder / "a.zip", inner)
            except UnreadableFile:
                result = None
            found = [one for one in folder.rglob("*") if one.is_file() and one.name != "a.zip"]
            assert all(one.is_relative_to(inner) and not one.is_symlink() for one in found), name
            assert not any(one.is_symlink() for one in folder.rglob("*")), name
            assert not link or not found
            assert result is None or len(result.files) == len(found)
            tried += 1
    assert not Path("/etc/cron.d/evil.txt").exists()
    record_property("inputs", tried)
    print("members tried:", tried)


@pytest.mark.slow
def test_no_name_of_an_upload_or_of_an_address_leads_out(
    server: Served, record_property: pytest.RecordProperty
) -> None:
    home = server.service.archive.home
    outside = home.root.parent.parent.parent
    before = {path for path in outside.rglob("*") if not path.is_relative_to(home.root)}
    safe = [one for one in NAMES if one.isprintable()]
    statuses = set()
    for at in range(0, len(safe), 20):
        files = [
            ("files", (name, f"The text of file {at + n} stands here alone.".encode()))
            for n, name in enumerate(safe[at : at + 20])
        ]
        statuses.add(server.post("/api/documents", files=files).status_code)
    assert statuses == {200}
    with httpx.Client(base_url=server.address, timeout=30) as client:
        for name in NAMES:
            place = urllib.parse.quote(name, safe="")
            for path in (f"/api/documents/{place}", f"/api/documents/{place.replace('%2F', '/')}"):
                assert client.delete(path).status_code in (200, 404, 405), path
                assert "root:" not in client.get(path).text
    after = {path for path in outside.rglob("*") if not path.is_relative_to(home.root)}
    assert after == before
    assert all("/" not in name.removeprefix("documents/") for name in listing(home.documents))
    tried = len(safe) + 4 * len(NAMES)
    record_property("inputs", tried)
    print("names tried:", tried)


def test_what_is_packed_small_and_unpacks_large_is_refused(
    record_property: pytest.RecordProperty,
) -> None:
    tried = 0
    for megabytes in (4, 20, 60):
        for level in (1, 9):
            once = gzip.compress(bytes(megabytes * 1_000_000), level)
            for data in (once, once + once, once[: len(once) // 2]):
                for cut in (False, True):
                    found = gunzip(data, most=1_000_000, cut=cut)
                    assert found is None or len(found) <= 1_000_000
                tried += 2
    record_property("inputs", tried + len(NASTY))
    print(f"bombs tried: {tried} of gzip; in files, by test_fuzz_found.py: {len(NASTY)}")
    assert len(NASTY) > 15


def test_bodies_that_are_packed_or_deep_are_answered_in_a_line(
    server: Served, record_property: pytest.RecordProperty
) -> None:
    deep = b'{"question":' + b"[" * 90_000 + b"]" * 90_000 + b"}"
    packed = gzip.compress(b'{"question": "' + b" " * 20_000_000 + b'"}')
    bodies: list[tuple[bytes, dict[str, str]]] = [
        (packed, {"content-encoding": "gzip"}),
        (deep, {}),
        (b'{"question": "a", ' * 40_000, {}),
        (b'{"question": ' + b"1" * 500_000 + b"}", {}),
        (b'{"question": "x", "filters": {"tags": [' + b'"a",' * 200_000 + b'"a"]}}', {}),
        (b'{"question": "' + "\U0001f600".encode() * 200_000 + b'"}', {}),
        (b'{"question": "\\ud800"}', {}),
        (b"\xff\xfe" * 1000, {}),
        (b'{"question": NaN, "history": Infinity}', {}),
        (b'{"question":"a","history":[' + b'{"question":"a","answer":"b"},' * 9_000 + b"{}]}", {}),
    ]
    for body, headers in bodies:
        got = server.post(
            "/api/ask", content=body, headers={"content-type": "application/json", **headers}
        )
        assert got.status_code in (400, 413, 422), (body[:40], got.status_code)
        assert set(got.json()["error"]) == {"type", "message"}
        assert len(got.content) < 2_000
    record_property("inputs", len(bodies))
    print("bodies tried:", len(bodies))
