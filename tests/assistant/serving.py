"""A real server over an open archive, in a thread of this process."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from assistant.archive import Archive
from assistant.serve.api import guarded
from assistant.serve.headers import App
from assistant.serve.running import address_of, listen
from assistant.serve.service import Service


@dataclass(frozen=True)
class Served:
    """A server that answers, and what it answers from."""

    address: str
    service: Service

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(self.address + path, timeout=30, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return httpx.post(self.address + path, timeout=30, **options)


@contextlib.contextmanager
def served(archive: Archive) -> Iterator[Served]:
    """Serve programs without the page."""
    service = Service(archive)
    with running(guarded(service, None, loopback_only=True)) as address:
        yield Served(address, service)


@contextlib.contextmanager
def running(app: App) -> Iterator[str]:
    """Serve an application, and give its address."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield address_of("127.0.0.1", listener)
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()
