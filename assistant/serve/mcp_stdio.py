"""``assistant mcp``: the Model Context Protocol for one program, over stdin and stdout."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

from assistant.client import Client
from assistant.connect import connect
from assistant.home import Home
from assistant.owner import read_owner

COMMAND = "assistant mcp"
IDLE_SECONDS = 10.0
"""A desktop program keeps this process for hours: the home is left to others in between."""
Result = TypeVar("Result")


def run_mcp(home: Home) -> None:
    """Answer over stdin and stdout until stdin ends."""
    from assistant.serve.mcp_tools import mcp_server

    home_at_times = HomeAtTimes(home)

    async def call(work: Callable[[Client], Result]) -> Result:
        return await anyio.to_thread.run_sync(home_at_times.use, work)

    try:
        anyio.run(mcp_server(call).run_stdio_async)
    finally:
        home_at_times.close()


class HomeAtTimes:
    """A home that is open while it is asked, and some seconds longer.

    The process that has it open is asked, where there is one; else it is opened here.
    """

    def __init__(self, home: Home, idle_seconds: float = IDLE_SECONDS) -> None:
        self._home, self._idle_seconds = home, idle_seconds
        self._lock = threading.Lock()
        self._opened = contextlib.ExitStack()
        self._client: Client | None = None
        self._users = 0
        self._timer: threading.Timer | None = None

    def use(self, work: Callable[[Client], Result]) -> Result:
        """Return what ``work`` makes of a client. Raises what opening the home raises."""
        with self._lock:
            self._stop_timer()
            if self._client is None:
                opening = connect(self._home, command=COMMAND, reads=True)
                self._client = self._opened.enter_context(opening)
            client = self._client
            self._users += 1
        try:
            return work(client)
        finally:
            with self._lock:
                self._users -= 1
                self._start_timer()

    def close(self) -> None:
        """Let go of the home."""
        with self._lock:
            self._stop_timer()
            self._close()

    def _leave(self) -> None:
        with self._lock:
            if not self._users and self._is_ours():
                self._close()

    def _is_ours(self) -> bool:
        """Tell whether it is this process that keeps the home from others.

        It does not where another answers, nor where a copy of a read-only home is open here.
        """
        owner = read_owner(self._home)
        return owner is not None and owner.pid == os.getpid()

    def _close(self) -> None:
        self._client = None
        self._opened.close()

    def _start_timer(self) -> None:
        self._stop_timer()
        self._timer = threading.Timer(self._idle_seconds, self._leave)
        self._timer.daemon = True
        self._timer.start()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
