"""``/healthz``, ``/readyz`` and ``/metrics``, for whoever looks after the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from assistant.serve.metrics import MEDIA_TYPE
from assistant.serve.service import Service
from assistant.users import allow
from corpus.errors import ArchiveError


def add_health(app: FastAPI, service: Service) -> None:
    """Let an application say how it is."""

    async def healthz() -> JSONResponse:
        """Say that the process answers at all."""
        return JSONResponse({"status": "ok"})

    def readyz() -> JSONResponse:
        """Say whether questions are answered at once: the documents are there, the model loaded."""
        missing = _missing(service)
        status = f"not ready: {missing}" if missing else "ready"
        return JSONResponse({"status": status}, 503 if missing else 200)

    def metrics(request: Request) -> PlainTextResponse:
        """Say how many requests were answered, how, and how long they took (Prometheus)."""
        allow(service.archive.settings, request.scope, "look after")
        return PlainTextResponse(service.metrics.text(_gauges(service)), media_type=MEDIA_TYPE)

    options: dict[str, Any] = {"methods": ["GET"], "tags": ["operations"], "response_model": None}
    said = {"content": {"application/json": {"example": {"status": "ok"}}}, "description": "Yes."}
    app.add_api_route("/healthz", healthz, responses={200: said}, **options)
    not_yet = {"description": "Not yet."}
    app.add_api_route("/readyz", readyz, responses={200: said, 503: not_yet}, **options)
    text = {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Counts."}
    app.add_api_route("/metrics", metrics, responses={200: text}, **options)


def _missing(service: Service) -> str:
    try:
        service.archive.entries()
    except ArchiveError as error:
        return str(error)
    return "" if service.archive.ready() else "the model is being loaded"


def _gauges(service: Service) -> Iterator[tuple[str, str, float]]:
    missing = _missing(service)
    yield "ready", "Whether questions are answered at once.", 0.0 if missing else 1.0
    yield "questions_in_progress", "Questions answered or waiting now.", service.asking.taken
    yield "changes_in_progress", "Changes of documents made or waiting now.", service.adding.taken
    try:
        yield "documents", "Documents in the index.", len(service.archive.index.catalogue.stamps())
    except ArchiveError:
        return
