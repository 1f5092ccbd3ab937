"""The setting ``vectors``, and what people hear of the server that it names."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.home import Home
from assistant.settings import Settings, load_settings
from assistant.vector_server import HEADERS, server_of
from assistant.web.notice import notice
from corpus.errors import BadSettings
from index import upkeep
from index.nearest import State

from ..chroma_server import ChromaServer, free_port
from ..fakes import BagOfStems
from ..http_proxy import TOKEN, Proxy, proxy_to
from ..waiting import wait_until
from .conftest import Command, json_of
from .small_corpus import WORTH


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "_FIRST_PAUSE", 0.05)


@pytest.fixture
def proxy(chroma: ChromaServer) -> Iterator[Proxy]:
    with proxy_to(chroma.url) as proxy:
        yield proxy


def opened(home: Home, url: str) -> Archive:
    return Archive(home, Settings(vectors=url, vectors_patience=0), embedder=BagOfStems())


# ---------------------------------------------------------------- the setting


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("embedded", "embedded"),
        ("http://chroma:8000", "http://chroma:8000"),
        ("https://chroma.example/", "https://chroma.example"),
        ("https://chroma.example:8443/behind/a/path", "https://chroma.example:8443/behind/a/path"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_vectors_names_a_server(tmp_path: Path, written: str, used: str) -> None:
    assert load_settings(tmp_path / "none", {"ASSISTANT_VECTORS": written}).vectors == used


@pytest.mark.parametrize(
    "written",
    ["", "chroma:8000", "ftp://chroma", "http://", "http://chroma:99999", "http://chroma:0",
     "http://chroma:8000?x=1", "http://chroma#x", "http://chro ma"],
)  # fmt: skip
def test_what_is_no_address_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(BadSettings, match=r"ASSISTANT_VECTORS is .*write "):
        load_settings(tmp_path / "none", {"ASSISTANT_VECTORS": written})


def test_credentials_in_an_address_are_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=f"not belong there but into {HEADERS}") as refused:
        load_settings(tmp_path / "none", {"ASSISTANT_VECTORS": "https://ada:hunter2@chroma"})
    assert "hunter2" not in str(refused.value)


def test_headers_come_from_the_environment_alone(tmp_path: Path) -> None:
    (tmp_path / "assistant.toml").write_text('vectors_headers = "X-Key: 1"\n', encoding="utf-8")
    with pytest.raises(BadSettings, match="there is no such setting"):
        load_settings(tmp_path / "assistant.toml", {})
    environment = {
        "ASSISTANT_VECTORS": "https://chroma",
        "ASSISTANT_VECTORS_TIMEOUT": "7",
        "ASSISTANT_VECTORS_DATABASE": "ours",
        HEADERS: "Authorization: Bearer a:b|c\n\n X-Tenant : blue \n",
    }
    server = server_of(load_settings(tmp_path / "none", environment), environment)
    assert server is not None
    assert server.headers == {"Authorization": "Bearer a:b|c", "X-Tenant": "blue"}
    assert (server.timeout, server.patience, server.database) == (7, 30, "ours")
    assert "Bearer" not in repr(server)
    assert server_of(Settings(), environment) is None


@pytest.mark.parametrize("line", ["hunter2", "Authorization:", ": hunter2", "Bad name: hunter2",
                                  "Authorization: hünter2"])  # fmt: skip
def test_a_line_that_is_no_header_is_refused_and_not_repeated(line: str) -> None:
    with pytest.raises(BadSettings, match='"Name: value"') as refused:
        server_of(Settings(vectors="http://chroma"), {HEADERS: line})
    assert "nter2" not in str(refused.value)


def test_a_file_of_certificates_is_meant_from_the_home_on(tmp_path: Path) -> None:
    (tmp_path / "assistant.toml").write_text('vectors_ca = "tls/ca.pem"\n', encoding="utf-8")
    settings = load_settings(tmp_path / "assistant.toml", {})
    assert settings.vectors_ca == str(tmp_path / "tls" / "ca.pem")


# ---------------------------------------------------------------- what people hear


@pytest.mark.slow
def test_the_doctor_warns_of_a_server_that_answers_anybody(
    fast: None, home: Home, chroma: ChromaServer
) -> None:
    with opened(home, chroma.url) as archive:
        found = LocalClient(archive).doctor()
    (told,) = [one for one in found["findings"] if one["kind"] == "vector server"]
    assert told["severity"] == "warning"
    assert told["detail"] == f"the vector server {chroma.url} answers without credentials"
    assert "private network" in told["next_step"]
    assert "docs/scaling-chroma.md" in told["next_step"]
    assert found["vectors"] is not None
    assert found["vectors"]["lost"] == found["vectors"]["missing"] == 0
    assert found["vectors"]["looked_up"] > 0


@pytest.mark.slow
def test_the_doctor_is_content_with_a_proxy_that_asks_for_a_token(
    fast: None, home: Home, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.token = TOKEN
    monkeypatch.setenv(HEADERS, f"Authorization: {TOKEN}")
    with opened(home, proxy.url) as archive:
        found = LocalClient(archive).doctor()
    assert [one for one in found["findings"] if one["kind"] == "vector server"] == []
    assert found["vectors"] is not None
    proxy.token = ""
    with opened(home, proxy.url) as archive:
        found = LocalClient(archive).doctor()
    (told,) = [one for one in found["findings"] if one["kind"] == "vector server"]
    assert "answers without the headers that are set" in told["detail"]


@pytest.mark.slow
def test_the_doctor_says_that_the_server_is_away_and_where_else_vectors_are(
    fast: None, home: Home, chroma: ChromaServer
) -> None:
    with opened(home, chroma.url) as archive:
        archive.sync()
    nobody = f"http://127.0.0.1:{free_port()}"
    with opened(home, nobody) as archive:
        found = LocalClient(archive).doctor(repair=True)
    told = [one for one in found["findings"] if one["kind"] == "vector server"]
    assert [one["severity"] for one in told] == ["error", "warning"]
    assert f"{nobody} cannot be reached" in told[0]["detail"]
    assert f"also at {chroma.url} default_tenant/default_database: archive" in told[1]["detail"]
    assert found["vectors"] is None
    with Archive(home, Settings(), embedder=BagOfStems()) as archive:
        found = LocalClient(archive).doctor()
    (left,) = [one for one in found["findings"] if one["kind"] == "vector server"]
    assert left["detail"] == told[1]["detail"]


@pytest.mark.slow
def test_an_answer_and_the_page_say_what_they_do_without(
    fast: None, home: Home, proxy: Proxy
) -> None:
    with opened(home, proxy.url) as archive:
        archive.sync()
        client = LocalClient(archive)
        with archive.index.view() as store:
            store.vectors.wait()
        before = client.ask(WORTH)
        assert before["note"] == ""
        proxy.cuts = True
        after = client.ask(WORTH)
        said = f"the vector server {proxy.url} cannot be reached (the connection was cut)"
        assert archive.index.vectors_away.startswith(said)
        for told in (after["note"], notice(archive)["text"]):
            assert told.startswith("The vector server cannot be used now: answers come without it")
            assert proxy.url not in told  # which is nothing for readers
        assert (after["answer"], after["citations"]) == (before["answer"], before["citations"])
        proxy.cuts = False
        wait_until(lambda: archive.index._vectors.state is State.READY)
        assert client.ask(WORTH)["note"] == ""
        assert notice(archive)["text"] == ""


def test_commands_do_their_work_without_the_server_and_say_so(
    command: Command, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("ASSISTANT_VECTORS", url)
    monkeypatch.setenv("ASSISTANT_VECTORS_PATIENCE", "0")
    ran = command("sync", "--home", str(home.root))
    assert ran.code == 0
    assert f"the vector server {url} cannot be reached (Connection refused)" in ran.err
    assert json_of(command("ask", WORTH, "--json", "--home", str(home.root)))["citations"]


# ---------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that only itself speaks for, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    pem = folder / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    pem.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return pem


@pytest.mark.slow
def test_a_server_with_tls_is_known_by_the_certificate_that_was_named(
    fast: None, home: Home, chroma: ChromaServer, certificate: Path
) -> None:
    with proxy_to(chroma.url, certificate=certificate) as proxy:
        with opened(home, proxy.url) as archive:
            archive.sync()
            assert "no safe connection" in archive.index.vectors_away
            assert "vectors_ca" in archive.index.vectors_away
        trusting = Settings(vectors=proxy.url, vectors_ca=str(certificate.with_name("cert.pem")))
        with Archive(home, trusting, embedder=BagOfStems()) as archive:
            archive.index.warm()
            wait_until(lambda: archive.index._vectors.state is State.READY)
            assert archive.index.vectors_away == ""
        assert proxy.asked
