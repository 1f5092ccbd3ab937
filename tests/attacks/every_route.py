"""Every route of the service and of the page, as the applications themselves list them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import assistant.web.app as web
from assistant.archive import Archive
from assistant.serve.api import api
from assistant.serve.service import Service

Route = tuple[str, str]
"""A method and a path, with names in braces for its parts."""
FILLED = {"name": "archive", "document_id": "ferry", "token": "x", "chat": "5" * 32, "form": "html"}


def service_routes(archive: Archive) -> set[Route]:
    """Return the routes for programs, and the one that has an application of its own."""
    return {*_walk(api(Service(archive)).routes)} | {("POST", "/mcp")}


def page_routes(archive: Archive) -> set[Route]:
    """Return the routes of the page: ours, and what Gradio brings."""
    kept: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(web, "guarded", lambda service, page, **_: kept.append(page))
        web.application(archive, loopback_only=True)
    app = kept[0]
    while hasattr(app, "_app"):
        app = app._app
    return {*_walk(app.routes)}


def filled(path: str) -> str:
    """Return an address of a route."""
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: FILLED.get(found[1], "x"), path)


def _walk(routes: Any, before: str = "") -> Iterator[Route]:
    for one in routes:
        if within := getattr(one, "original_router", None):
            yield from _walk(within.routes, before)
        elif hasattr(one, "methods"):
            for method in one.methods or ():
                yield method, before + one.path
        elif hasattr(one, "routes"):
            yield from _walk(one.routes, before + one.path)
        else:
            yield "GET", before + one.path
