"""The Model Context Protocol over HTTP, at ``/mcp``."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, TypeVar

from fastapi import Response
from fastapi.concurrency import run_in_threadpool

from assistant.client import Client, LocalClient
from assistant.serve.headers import App, Receive, Scope, Send
from assistant.serve.service import Service

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

Result = TypeVar("Result")


class McpOverHttp:
    """An ASGI application that loads the SDK when it is first asked: that takes half a second.

    It answers while ``running`` is entered. Each request stands alone, so that nothing is kept of
    clients that went away.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._wanted, self._stopped = asyncio.Event(), asyncio.Event()
        self._ready: asyncio.Future[StreamableHTTPSessionManager] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["method"] != "POST":
            # Nothing is ever pushed, and a client that listens for that would stay for good.
            await Response(status_code=405, headers={"allow": "POST"})(scope, receive, send)
            return
        assert self._ready is not None, "requests come while it is running"
        self._wanted.set()
        manager = await asyncio.shield(self._ready)
        await manager.handle_request(scope, receive, send)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer inside."""
        self._ready = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._run(self._ready))
        try:
            yield
        finally:
            self._stopped.set()
            self._wanted.set()
            await task

    async def _run(self, ready: asyncio.Future[StreamableHTTPSessionManager]) -> None:
        # A task of its own, as what the manager opens must be closed where it was opened.
        await self._wanted.wait()
        if self._stopped.is_set():
            return
        try:
            manager = await run_in_threadpool(self._manager)
        except Exception as error:
            ready.set_exception(error)
            return
        async with manager.run():
            ready.set_result(manager)
            await self._stopped.wait()

    def _manager(self) -> StreamableHTTPSessionManager:
        from mcp.server.transport_security import TransportSecuritySettings

        from assistant.serve.mcp_tools import mcp_server

        server = mcp_server(self._call)
        # Who may ask is seen to before (``headers.py``), for every route alike.
        let_by = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        server.streamable_http_app(
            stateless_http=True, json_response=True, transport_security=let_by
        )
        return server.session_manager

    async def _call(self, work: Callable[[Client], Result]) -> Result:
        async with self._service.asking.turn():
            return await run_in_threadpool(work, LocalClient(self._service.archive))


def with_running(app: App, mcp: McpOverHttp) -> App:
    """Return an application during whose life ``mcp`` answers."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            async with mcp.running():
                await app(scope, receive, send)
        else:
            await app(scope, receive, send)

    return served
