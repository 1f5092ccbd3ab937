"""A language model that does what documents tell it: a server like OpenAI's that writes, word for
word, what it is given to write, whatever it is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PIECE = 24
"""Characters of each piece that is streamed."""


class ObeyingServer(ThreadingHTTPServer):
    """Streams ``reply`` to whoever asks; ``asked`` is the last prompt that it got."""

    daemon_threads = True
    reply = ""
    asked = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        """Its address, with the ``/v1`` of such servers."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def obeying() -> Iterator[ObeyingServer]:
    """Give such a server, which ends with the block."""
    server = ObeyingServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: ObeyingServer

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked = str(body["messages"][-1]["content"])
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        reply = self.server.reply
        for at in range(0, len(reply), _PIECE):
            self._send(_chunk(reply[at : at + _PIECE], None))
        self._send(_chunk("", "stop"))
        self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, value: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(value)}\n\n".encode())


def _chunk(text: str, finish: str | None) -> dict[str, Any]:
    return {
        "id": "obeying",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "obeying",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
    }
