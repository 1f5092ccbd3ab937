"""One request over urllib3, to a number that was checked, and what came back.

No cookies are kept and no proxy is used, whatever the environment names: a proxy would look the
host up for itself, and the check of its addresses would be worth nothing.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from corpus.errors import FetchRefused
from corpus.web.address import shorten
from corpus.web.unpack import gunzip

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

    from corpus.web.network import Network, Target

USER_AGENT = "archive-assistant/0.1 (+offline corpus)"
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take: seconds in all, to connect and between two pieces; bytes.

    ``cut`` takes the beginning of a body that is over the limit, instead of refusing it.
    """

    seconds: float
    connect_seconds: float
    read_seconds: float
    bytes: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; ``headers`` have lower-case names, and a body is unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class _Watch:
    """Closes a connection when the time for the whole request is over.

    A socket's own timeout begins anew with every byte, so a server that drips outlives it.
    """

    expires: float
    over: bool = False
    sockets: list[socket.socket] = field(default_factory=list)

    def left(self) -> float:
        return max(0.01, self.expires - time.monotonic())

    def add(self, sock: socket.socket) -> None:
        self.sockets.append(sock)
        if self.over:
            self.end()

    def end(self) -> None:
        self.over = True
        for sock in self.sockets:
            with suppress(OSError):
                # The plain call, past the TLS layer, which another thread is in the middle of.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


def get(
    target: Target,
    network: Network,
    *,
    accept: str,
    limits: Limits,
    wanted: Callable[[int, Mapping[str, str]], bool],
) -> Answer:
    """Ask for ``target``, connecting to its checked numbers only.

    The body is read where ``wanted``, given the status and the headers, says so. Raises
    FetchRefused where the server cannot be reached, breaks off, breaks the rules or takes too
    much time or room.
    """
    shown = shorten(target.address.url)
    with _watching(limits.seconds) as watch, _foreign_errors(shown, watch, limits):
        response = _first_that_connects(target, network, accept, limits, watch)
        try:
            headers = {name.lower(): value for name, value in response.headers.items()}
            read = wanted(response.status, headers)
            body = _body(response, headers, limits, shown) if read else b""
        finally:
            response.close()
        # A connection that was closed at the end of its time looks like the end of a body.
        if watch.over:
            raise TimeoutError
        return Answer(response.status, headers, body)


@contextmanager
def _watching(seconds: float) -> Iterator[_Watch]:
    watch = _Watch(time.monotonic() + seconds)
    timer = threading.Timer(seconds, watch.end)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()


@contextmanager
def _foreign_errors(shown: str, watch: _Watch, limits: Limits) -> Iterator[None]:
    try:
        yield
    except FetchRefused:
        raise
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise FetchRefused(f"{shown} {_reason(error, watch, limits)}") from error


def _reason(error: Exception, watch: _Watch, limits: Limits) -> str:
    if watch.over:
        return f"took over {limits.seconds:g} s. Try again later, or save it as a file."
    if isinstance(error, SSLError) or "certificate" in str(error).lower():
        return "has no certificate that can be trusted for its name. Save the page by hand."
    if isinstance(error, ConnectTimeoutError | NewConnectionError | ConnectionRefusedError):
        return "cannot be reached. Check the address and the network, then try again."
    if "timed out" in str(error):
        return f"sent nothing for {limits.read_seconds:g} s. Try again later."
    if any(
        word in str(error) for word in ("IncompleteRead", "RemoteDisconnected", "reset by peer")
    ):
        return "broke off before the end. Try again."
    return "answered with something that is no page of the web. Check the address."


def _first_that_connects(
    target: Target, network: Network, accept: str, limits: Limits, watch: _Watch
) -> BaseHTTPResponse:
    for number in target.numbers[:-1]:
        with suppress(ConnectTimeoutError, NewConnectionError):
            return _ask(target, number, network, accept, limits, watch)
    return _ask(target, target.numbers[-1], network, accept, limits, watch)


def _ask(
    target: Target, number: str, network: Network, accept: str, limits: Limits, watch: _Watch
) -> BaseHTTPResponse:
    address = target.address
    pool = _pool(target, number, network)
    pool.ConnectionCls = _watched(watch, secure=address.scheme == "https")
    left = watch.left()
    return pool.urlopen(
        "GET",
        address.path,
        headers={
            "Host": address.authority,
            "User-Agent": USER_AGENT,
            "Accept": accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        },
        timeout=Timeout(
            connect=min(left, limits.connect_seconds), read=min(left, limits.read_seconds)
        ),
        retries=False,
        redirect=False,
        assert_same_host=False,
        preload_content=False,
        decode_content=False,
    )


def _pool(target: Target, number: str, network: Network) -> HTTPConnectionPool:
    address = target.address
    if address.scheme == "http":
        return HTTPConnectionPool(number, address.port)
    # The connection goes to the number; name and certificate are the host's.
    return HTTPSConnectionPool(
        number,
        address.port,
        cert_reqs="CERT_REQUIRED",
        ca_certs=network.certificates,
        assert_hostname=address.host,
        server_hostname=address.host,
    )


def _watched(watch: _Watch, *, secure: bool) -> Any:
    """Return a kind of connection that hands its socket to ``watch`` before anything is read."""
    base: Any = HTTPSConnection if secure else HTTPConnection

    class Watched(base):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            watch.add(self.sock)

    return Watched


def _body(
    response: BaseHTTPResponse, headers: Mapping[str, str], limits: Limits, shown: str
) -> bytes:
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "x-gzip"):
        raise FetchRefused(
            f"{shown} is packed as {encoding[:40]!r}, which was not asked for. Save it as a file."
        )
    stated = headers.get("content-length", "")
    if not limits.cut and stated.isdigit() and int(stated) > limits.bytes:
        raise _too_large(shown, limits)
    packed = bytearray()
    while chunk := response.read(_CHUNK, decode_content=False):
        packed += chunk
        if len(packed) > limits.bytes:
            if not limits.cut:
                raise _too_large(shown, limits)
            break
    data = bytes(packed[: limits.bytes])
    if "gzip" not in encoding or not data:
        return data
    unpacked = gunzip(data, most=limits.bytes, cut=limits.cut)
    if unpacked is None:
        raise _too_large(shown, limits)
    return unpacked


def _too_large(shown: str, limits: Limits) -> FetchRefused:
    return FetchRefused(
        f"{shown} is larger than {limits.bytes / 1e6:,.1f} MB, the most a document may have. "
        "Save the part that matters as a file."
    )
