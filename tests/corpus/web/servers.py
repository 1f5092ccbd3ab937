"""Real servers on this machine that answer with exactly the bytes that a test gives them."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from corpus.web.network import Network

Handler = Callable[[socket.socket], None]


def answer(
    body: bytes | str = b"",
    *,
    kind: str | None = "text/html; charset=utf-8",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Return a whole, honest response."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Length": str(len(data)), "Connection": "close"}
    if kind is not None:
        fields["Content-Type"] = kind
    fields |= headers or {}
    lines = [f"HTTP/1.1 {status} Told", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + data


def redirect(location: str, status: int = 302) -> bytes:
    return answer(status=status, headers={"Location": location})


@dataclass
class Server:
    """A server's routes (a path with its query), and what it was asked."""

    host: str
    port: int
    routes: dict[str, bytes | Handler] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, *, host: str = "site.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head and (piece := connection.recv(4096)):
                head += piece
            if not head:
                return
            path = head.split(b" ")[1].decode("latin-1")
            self.asked.append(path)
            self.times.append(time.monotonic())
            self.heads.append(head.decode("latin-1"))
            route = self.routes.get(path, answer("nothing", status=404))
            if callable(route):
                route(connection)
            else:
                connection.sendall(route)


@contextmanager
def serving(
    routes: Mapping[str, bytes | Handler],
    *,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
) -> Iterator[Server]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.bind((host, 0))
        listening.listen()
        listening.settimeout(0.02)
        server = Server(host, listening.getsockname()[1], dict(routes))
        thread = threading.Thread(target=_accept, args=(listening, server, tls))
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            thread.join()


def _accept(listening: socket.socket, server: Server, tls: ssl.SSLContext | None) -> None:
    while not server.stopped.is_set():
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        threading.Thread(target=_one, args=(connection, server, tls), daemon=True).start()


def _one(connection: socket.socket, server: Server, tls: ssl.SSLContext | None) -> None:
    connection.settimeout(20)
    with suppress(OSError):
        server.serve(tls.wrap_socket(connection, server_side=True) if tls else connection)


def drip(pieces: bytes, *, every: float, endless: bytes = b"") -> Handler:
    """Send byte by byte, then ``endless`` again and again until the other side hangs up."""

    def handle(connection: socket.socket) -> None:
        for byte in pieces:
            connection.sendall(bytes([byte]))
            time.sleep(every)
        while endless:
            connection.sendall(endless)
            time.sleep(every)

    return handle


def stall(first: bytes, *, seconds: float) -> Handler:
    def handle(connection: socket.socket) -> None:
        connection.sendall(first)
        time.sleep(seconds)

    return handle


@dataclass
class Names:
    """A name system whose answers a test gives: each host's in turn, the last one for ever."""

    answers: Mapping[str, Sequence[Sequence[str]]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self.answers:
            raise socket.gaierror(-2, "Name or service not known")
        turns = self.answers[host]
        return turns[min(self.asked.count(host), len(turns)) - 1]


def local(**more: Sequence[Sequence[str]]) -> Network:
    """A network in which site.example and other.example are this machine."""
    here = [["127.0.0.1"]]
    return Network(
        resolve=Names({"site.example": here, "other.example": here, **more}), allow_loopback=True
    )
