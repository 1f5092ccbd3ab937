"""A scripted server like OpenAI's or Anthropic's, over real sockets: it answers, or fails.

A script is a list of steps: a text is streamed as one piece, a number waits that many seconds, and
a word of ``Step`` does what it says.
"""

from __future__ import annotations

import enum
import json
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Step(enum.Enum):
    """What a server may do besides writing."""

    BREAK = "break the connection off"
    NO_END = "end without saying why"
    GARBAGE = "send bytes that are no event"
    PAGE = "answer with a page, as a server of something else does"
    THINK = "send a thought, which is no part of the answer"
    ERROR = "report an error in the midst of the answer"


class Server(ThreadingHTTPServer):
    """Answers every request by its script; ``requests`` holds what it was asked.

    Where there are ``scripts``, each serves one request, in turn, before ``script`` does.

    ``end`` is the reason that it gives for an answer's end, where it is no usual one. ``gone`` is
    set when the client closes its side while the script is under way, and ``written`` counts the
    pieces that were sent.
    """

    daemon_threads = True

    def __init__(self, script: Sequence[str | float | Step], status: int, error: str) -> None:
        self.script, self.status, self.error = list(script), status, error
        self.scripts: list[list[str | float | Step]] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.gone = threading.Event()
        self.written = 0
        self.end, self.scheme = "", "http"
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def prompt(self) -> str:
        """The last request's user message."""
        return str(self.requests[-1]["messages"][-1]["content"])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of connections that a client broke off."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        self.server.headers.append(dict(self.headers))
        if self.server.status != 200:
            self._refuse()
            return
        if self.server.script == [Step.PAGE]:
            self._answer(200, b"<h1>Welcome</h1>", "text/html")
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.anthropic = self.path == "/v1/messages"
        if self.anthropic:
            self._named("message_start", message=_ANTHROPIC)
            block = {"type": "text", "text": ""}
            self._named("content_block_start", index=0, content_block=block)
        scripts = self.server.scripts
        for step in scripts.pop(0) if scripts else self.server.script:
            if not self._do(step):
                return
        if self.anthropic:
            self._named("content_block_stop", index=0)
            end = {"stop_reason": self.server.end or "end_turn", "stop_sequence": None}
            self._named("message_delta", delta=end, usage={"output_tokens": 9})
            self._named("message_stop")
        else:
            self._event(_chunk("", self.server.end or "stop"))
            self._send(b"data: [DONE]\n\n")
        self._send(b"")

    def _refuse(self) -> None:
        text = json.dumps({"error": {"message": self.server.error, "type": "scripted"}}).encode()
        self._answer(self.server.status, text, "application/json")

    def _answer(self, status: int, text: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _do(self, step: str | float | Step) -> bool:
        if isinstance(step, str) and self.anthropic:
            piece = {"type": "text_delta", "text": step}
            return self._named("content_block_delta", index=0, delta=piece)
        if isinstance(step, str):
            return self._event(_chunk(step, None))
        if isinstance(step, int | float):
            return self._wait(step)
        if step is Step.THINK:
            return self._event(_chunk("", None, reasoning_content="Hm. "))
        if step is Step.ERROR:
            return self._event({"error": {"message": "out of memory", "code": 500}})
        if step is Step.GARBAGE:
            return self._send(b"data: {not json\n\n")
        if step is Step.NO_END:
            self._send(b"data: [DONE]\n\n")
            self._send(b"")
        if step is Step.BREAK:
            self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True
        return False

    def _named(self, kind: str, **values: Any) -> bool:
        self.server.written += 1
        data = json.dumps({"type": kind, **values})
        return self._send(f"event: {kind}\ndata: {data}\n\n".encode())

    def _event(self, value: dict[str, Any]) -> bool:
        self.server.written += 1
        return self._send(f"data: {json.dumps(value)}\n\n".encode())

    def _send(self, data: bytes) -> bool:
        try:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()
        except OSError:
            self.server.gone.set()
            return False
        return True

    def _wait(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            readable, _, _ = select.select([self.connection], [], [], min(left, 0.05))
            try:
                if readable and not self.connection.recv(1, socket.MSG_PEEK):
                    raise OSError
            except OSError:
                self.server.gone.set()
                self.close_connection = True
                return False
        return True


_ANTHROPIC = {
    "id": "scripted",
    "type": "message",
    "role": "assistant",
    "content": [],
    "model": "scripted",
    "stop_reason": None,
    "stop_sequence": None,
    "usage": {"input_tokens": 9, "output_tokens": 0},
}


def _chunk(text: str, finish: str | None, **more: str) -> dict[str, Any]:
    return {
        "id": "scripted",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "scripted",
        "choices": [{"index": 0, "delta": {"content": text, **more}, "finish_reason": finish}],
    }


@contextmanager
def serving(
    *script: str | float | Step,
    status: int = 200,
    error: str = "scripted",
    certificate: Path | None = None,
    key: Path | None = None,
) -> Iterator[Server]:
    """Give a server that answers every request by a script, over TLS with a ``certificate``."""
    server = Server(script, status, error)
    if certificate:
        server.scheme, context = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
