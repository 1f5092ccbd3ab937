"""A proxy before a server, for tests: it passes on, refuses, hangs, cuts or asks for a token."""

from __future__ import annotations

import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import urllib3

TOKEN = "Bearer a-token-that-nobody-may-read"


class Proxy:
    """Listens on a free port of the loopback address."""

    def __init__(
        self,
        target: str,
        *,
        certificate: Path | None = None,
        listens: tuple[str, int] = ("127.0.0.1", 0),
    ) -> None:
        """``certificate`` is a PEM file, for TLS; its key is in it, or beside it."""
        self.target = target
        self.fails = 0
        """Requests that are answered with 503 yet; -1 for all."""
        self.hangs = False
        self.cuts = False
        self.lie: bytes | None = None
        """Stands in place of each answer to a POST."""
        self.token = ""
        self.asked: list[str] = []
        self.pool = urllib3.PoolManager(maxsize=8)
        self.released = threading.Event()
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer(listens, handler)
        self._server.daemon_threads = True
        scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            key = certificate.with_name("chroma-key.pem")
            context.load_cert_chain(certificate, key if key.exists() else None)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://localhost:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def proxy_to(target: str, *, certificate: Path | None = None) -> Iterator[Proxy]:
    proxy = Proxy(target, certificate=certificate)
    try:
        yield proxy
    finally:
        proxy.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def _pass_on(self) -> None:
        proxy = self.proxy
        proxy.asked.append(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if proxy.hangs:
            proxy.released.wait(60)
        if proxy.cuts or proxy.hangs:
            self.close_connection = True
            return
        if proxy.fails:
            proxy.fails -= proxy.fails > 0
            self._say(503, b'{"message": "busy"}')
        elif proxy.lie is not None and self.command == "POST":
            self._say(200, proxy.lie)
        elif proxy.token and self.headers.get("Authorization") != proxy.token:
            self._say(401, b"")
        else:
            headers = {"Content-Type": "application/json"}
            url = f"{proxy.target}{self.path}"
            try:
                answer = proxy.pool.request(
                    self.command, url, body=body, headers=headers, retries=False
                )
            except urllib3.exceptions.HTTPError:
                self._say(502, b"")
            else:
                self._say(answer.status, answer.data)

    do_GET = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def main(target: str, address: str, port: str, token: str, certificate: str) -> None:
    """Be a proxy with TLS that asks for a token, in a process of its own, until it is killed."""
    proxy = Proxy(target, certificate=Path(certificate), listens=(address, int(port)))
    proxy.token = token


if __name__ == "__main__":
    main(*sys.argv[1:])
