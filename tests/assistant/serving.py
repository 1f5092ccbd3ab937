"""A real server over an open archive, in a thread of this process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from assistant.archive import Archive
from assistant.serve.api import guarded
from assistant.serve.headers import App
from assistant.serve.places import address_of
from assistant.serve.running import listen, server_of
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
def running(app: App, *, proxies: Sequence[str] = ("127.0.0.1",)) -> Iterator[str]:
    """Serve an application, and give its address."""
    listener, ready = listen("127.0.0.1", 0), threading.Event()
    server = server_of(app, goodbye_seconds=1, ready=ready.set, proxies=proxies)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield address_of("127.0.0.1", listener)
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()
