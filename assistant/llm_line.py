"""The connection of one request to a language model, which any thread may cut."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any


class Line:
    """The sockets of one request. ``ran_out`` tells that the answer was as long as it may be."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: list[Any] = []
        self.is_cut = False
        self.ran_out = False

    def follow(self, request: Any) -> None:
        """Take note of the connection that a request is about to open."""
        request.extensions["trace"] = self._trace

    def cut(self) -> None:
        """End the request now; whatever reads from it fails at once."""
        with self._lock:
            self.is_cut = True
            for stream in self._streams:
                _shut(stream)

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._streams.append(info["return_value"])
                if self.is_cut:
                    _shut(info["return_value"])


def _shut(stream: Any) -> None:
    with contextlib.suppress(Exception):
        stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
