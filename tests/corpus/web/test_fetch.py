"""One address fetched from servers that are honest, broken, hostile or asleep."""

from __future__ import annotations

import gzip
import shutil
import ssl
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from corpus.errors import FetchRefused
from corpus.web.fetch import Caps, Web, fetch
from corpus.web.network import Network
from corpus.web.wire import USER_AGENT
from tests.corpus.web.servers import Handler, Names, answer, drip, local, redirect, serving, stall

PAGE = "<html><body><p>Hello from a small page.</p></body></html>"
QUICK = Caps(seconds=1.0, connect_seconds=1.0, read_seconds=0.4, bytes=100_000)
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
CONNECTS: list[object] = []


def _note(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.connect":
        CONNECTS.append(args[1])


sys.addaudithook(_note)


@pytest.fixture(autouse=True)
def connects() -> list[object]:
    """The addresses that this process connected to, as the interpreter itself saw it."""
    CONNECTS.clear()
    return CONNECTS


def web() -> Web:
    return Web(local(), QUICK, pause=0.0)


def refused(routes: dict[str, bytes | Handler], path: str = "/a") -> str:
    with serving(routes) as server:
        began = time.monotonic()
        with pytest.raises(FetchRefused) as error:
            web().fetch(server.url(path))
        assert time.monotonic() - began < 10
    return str(error.value).replace(f":{server.port}", "")


def test_a_page_comes_with_its_type_and_what_asked_for_it_says_its_name() -> None:
    headers = {"ETag": '"7"', "Set-Cookie": "a=b", "Content-Language": "en"}
    with serving({"/a?b=c": answer(PAGE, headers=headers)}) as server:
        page = web().fetch(server.url("/a?b=c#part"))
    assert (page.url, page.final_url) == (server.url("/a?b=c"), server.url("/a?b=c"))
    assert (page.status, page.media_type, page.charset) == (200, "text/html", "utf-8")
    assert page.body.decode() == PAGE
    assert page.headers == {"etag": '"7"', "content-language": "en"}
    assert server.asked == ["/robots.txt", "/a?b=c"]
    lines = server.heads[1].split("\r\n")
    assert f"Host: site.example:{server.port}" in lines
    assert f"User-Agent: {USER_AGENT}" in lines
    assert not any(line.lower().startswith(("cookie", "referer", "from:")) for line in lines)


def test_loopback_is_refused_without_the_test_seam_and_nothing_is_sent(
    connects: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "no_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    names = Names({"site.example": [["127.0.0.1"]]})
    with serving({"/a": answer(PAGE)}) as server:
        for host in ("site.example", "127.0.0.1", "localhost"):
            with pytest.raises(FetchRefused, match="private network"):
                fetch(server.url("/a", host=host), network=Network(resolve=names))
    assert server.asked == []
    assert connects == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({"/a": answer(PAGE)}) as server, serving({}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url("", host="127.0.0.1"))
        assert web().fetch(server.url("/a")).body.decode() == PAGE
    assert proxy.asked == []


def test_the_connection_goes_to_the_address_that_was_checked(connects: list[object]) -> None:
    # Whoever looked the name up a second time would reach the other server.
    names = Names({"site.example": [["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]]})
    with serving({"/a": answer(PAGE)}) as server:
        Web(Network(names, allow_loopback=True), QUICK, pause=0.0).fetch(server.url("/a"))
    assert names.asked == ["site.example"] * 2  # robots.txt and the page
    assert connects == [("127.0.0.1", server.port)] * 2


def test_a_name_that_turns_private_after_the_first_hop_is_refused(connects: list[object]) -> None:
    names = Names({"site.example": [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]})
    turning = Web(Network(names, allow_loopback=True), QUICK, pause=0.0)
    with serving({"/a": redirect("/b"), "/b": answer(PAGE)}) as server:
        with pytest.raises(FetchRefused) as error:
            turning.fetch(server.url("/a"))
        assert "private network" in str(error.value)
    assert server.asked == ["/robots.txt", "/a"]
    assert connects == [("127.0.0.1", server.port)] * 2


def test_the_second_address_of_a_host_is_tried_where_the_first_does_not_answer() -> None:
    names = Names({"site.example": [["127.0.0.3", "127.0.0.1"]]})
    with serving({"/a": answer(PAGE)}) as server:
        page = Web(Network(names, allow_loopback=True), QUICK, pause=0.0).fetch(server.url("/a"))
    assert page.body.decode() == PAGE


def test_an_ipv6_host_is_fetched() -> None:
    try:
        with serving({"/a": answer(PAGE)}, host="::1") as server:
            page = web().fetch(server.url("/a", host="[::1]"))
    except OSError:
        pytest.skip("this machine has no IPv6")
    assert page.body.decode() == PAGE
    assert f"Host: [::1]:{server.port}" in server.heads[1]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_both_addresses_are_kept(status: int) -> None:
    with serving({"/a": redirect("b/é?x", status), "/b/%C3%A9?x": answer(PAGE)}) as server:
        page = web().fetch(server.url("/a"))
    assert (page.url, page.final_url) == (server.url("/a"), server.url("/b/%C3%A9?x"))


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("ftp://site.example/x", "only http and https"),
        ("gopher://127.0.0.1:70/x", "only http and https"),
        ("data:text/html,<p>x", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("http://10.0.0.1/", "private network"),
        ("http://169.254.169.254/latest/meta-data/", "private network"),
        ("http://[::ffff:169.254.169.254]/", "private network"),
        ("http://2852039166/", "unusual way"),
        ("//192.168.0.1/", "private network"),
        ("http://user:secret@site.example/", "user name or password"),
        ("http://nowhere.example/", "no address is known"),
        ("http://site.example:25/", "port 25"),
        ("http://[", "is no web address"),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(location: str, reason: str) -> None:
    assert reason in refused({"/a": redirect(location)})


def test_redirects_end() -> None:
    loop = refused({"/a": redirect("/b"), "/b": redirect("/a")})
    assert "redirects more than 5 times" in loop
    steps: dict[str, bytes | Handler] = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)}
    steps["/6"] = answer(PAGE)
    assert "redirects more than 5 times" in refused(steps, "/0")
    with serving(steps) as server:
        assert web().fetch(server.url("/1")).final_url == server.url("/6")


@pytest.mark.parametrize(
    ("route", "reason"),
    [
        (stall(b"", seconds=2), "sent nothing for 0.4 s"),
        (stall(answer(PAGE)[:-20], seconds=2), "sent nothing for 0.4 s"),
        (drip(answer(PAGE), every=0.1), "took over 1 s"),
        (drip(answer(PAGE * 9, kind=None), every=0.02), "took over 1 s"),
        (drip(b"HTTP/1.1 200 OK\r\n", every=0, endless=b"X: y\r\n"), "no page of the web"),
        (drip(b"", every=0.05, endless=b"HTTP/1.1 100 Continue\r\n\r\n"), "took over 1 s"),
        (answer(PAGE, headers={"Content-Length": "5000"}), "broke off before the end"),
        (answer(PAGE, headers={"Content-Length": "5000000"}), "larger than 0.1 MB"),
        (CHUNKED + b"zz\r\nab",
         "broke off"),
        (drip(CHUNKED, every=0, endless=b"1000\r\n" + b"a" * 4096 + b"\r\n"), "larger than 0.1 MB"),
        (drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", every=0, endless=b"a" * 9999),
         "larger than 0.1 MB"),
        (answer(PAGE, headers={f"X-{n}": "y" for n in range(200)}), "no page of the web"),
        (answer(PAGE, headers={"X": "y" * 70_000}), "no page of the web"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no page of the web"),
        (b"", "broke off"),
    ],
)  # fmt: skip
def test_a_server_that_breaks_the_rules_ends_within_the_caps(
    route: bytes | Handler, reason: str
) -> None:
    message = refused({"/a": route})
    assert reason in message
    assert message.startswith("http://site.example/")


def test_more_than_the_stated_length_is_not_read() -> None:
    with serving({"/a": answer(PAGE, headers={"Content-Length": "20"})}) as server:
        assert web().fetch(server.url("/a")).body.decode() == PAGE[:20]


def test_a_length_below_zero_is_no_length() -> None:
    with serving({"/a": answer(PAGE, headers={"Content-Length": "-5"})}) as server:
        assert web().fetch(server.url("/a")).body.decode() == PAGE


def test_a_packed_page_is_unpacked_and_a_bomb_is_not() -> None:
    packed = {"Content-Encoding": "gzip"}
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < QUICK.bytes
    with serving(
        {
            "/a": answer(gzip.compress(PAGE.encode()), headers=packed),
            "/two": answer(gzip.compress(b"one ") + gzip.compress(b"two"), headers=packed),
            "/bomb": answer(bomb, headers=packed),
            "/many": answer(gzip.compress(b"") * 4000, headers=packed),
            "/half": answer(gzip.compress(PAGE.encode())[:-9], headers=packed),
            "/not": answer(PAGE, headers=packed),
            "/br": answer(b"\x8b\x03\x80aaaa\x03", headers={"Content-Encoding": "br"}),
            "/twice": answer(gzip.compress(bomb), headers={"Content-Encoding": "gzip, gzip"}),
            "/deflate": answer(zlib.compress(b"a"), headers={"Content-Encoding": "deflate"}),
        }
    ) as server:
        assert web().fetch(server.url("/a")).body.decode() == PAGE
        assert web().fetch(server.url("/two")).body == b"one two"
        assert web().fetch(server.url("/many")).body == b""
        for path, reason in [
            ("/bomb", "larger than 0.1 MB"),
            ("/half", "broke off"),
            ("/not", "no page of the web"),
            ("/br", "not asked for"),
            ("/twice", "not asked for"),
            ("/deflate", "not asked for"),
        ]:
            with pytest.raises(FetchRefused, match=reason):
                web().fetch(server.url(path))


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (answer(status=404), "There is no page at"),
        (answer(status=410), "There is no page at"),
        (answer(status=401), "wants a login"),
        (answer(status=403), "wants a login or refuses programs"),
        (answer(status=429, headers={"Retry-After": "120"}), "Try again in 120 s"),
        (answer(status=503), "Try again later"),
        (answer(status=500), "a fault of its own"),
        (answer(status=204), "answered 204"),
        (answer(status=206), "answered 206"),
        (answer(status=302), "answered 302"),
        (answer(b"\x89PNG\r\n", kind="image/png"), "'image/png', which is no document"),
        (answer(b"x", kind="video/mp4"), "which is no document"),
        (answer(b"x", kind="application/x-msdownload"), "which is no document"),
    ],
)
def test_an_answer_that_is_no_document_says_what_to_do(response: bytes, reason: str) -> None:
    assert reason in refused({"/a": response})


def test_a_server_that_is_not_there_is_named() -> None:
    with serving({}) as server:
        url = server.url("/a")
    with pytest.raises(FetchRefused, match="cannot be reached"):
        web().fetch(url)


def test_a_name_system_that_does_not_answer_is_not_waited_for() -> None:
    def asleep(host: str, port: int) -> list[str]:
        time.sleep(1.5)
        return ["127.0.0.1"]

    network = Network(asleep, allow_loopback=True, resolve_seconds=0.1)
    with pytest.raises(FetchRefused, match=r"took over 0\.1 s"):
        Web(network, QUICK).fetch("http://site.example/")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that site.example gave itself, with its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the test's certificate, is not installed")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=site.example "
        "-addext subjectAltName=DNS:site.example -keyout key -out certificate".split(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_bytes((folder / "certificate").read_bytes() + (folder / "key").read_bytes())
    return both


def secure(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_https_checks_the_certificate_against_the_name_not_the_number(certificate: Path) -> None:
    base = local()
    trusting = Network(base.resolve, allow_loopback=True, certificates=str(certificate))
    routes: dict[str, bytes | Handler] = {
        "/a": answer(PAGE),
        "/slow": drip(answer(PAGE), every=0.1),
    }
    routes["/down"] = redirect("http://site.example/b")
    with serving(routes, tls=secure(certificate)) as server:

        def visit(path: str, host: str, network: Network) -> bytes:
            return Web(network, QUICK, 0.0).fetch(server.url(path, host=host, scheme="https")).body

        assert visit("/a", "site.example", trusting).decode() == PAGE
        for host, network in (
            ("site.example", base),
            ("other.example", trusting),
            ("127.0.0.1", trusting),
        ):
            with pytest.raises(FetchRefused, match="no certificate that can be trusted"):
                visit("/a", host, network)
        with pytest.raises(FetchRefused, match="from https to plain http"):
            visit("/down", "site.example", trusting)
        with pytest.raises(FetchRefused, match="took over 1 s"):
            visit("/slow", "site.example", trusting)


def test_https_asked_of_a_plain_server_is_refused() -> None:
    with serving({"/a": answer(PAGE)}) as server, pytest.raises(FetchRefused):
        web().fetch(server.url("/a", scheme="https"))
