"""``/api/ask`` and ``/api/search``: the same objects as the commands print with ``--json``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Body, FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse

from assistant.answers import (
    Answered,
    Event,
    InShort,
    Said,
    Searched,
    Waiting,
    Withdrawn,
)
from assistant.ask import checked_question
from assistant.client import LocalClient
from assistant.contract import AskJson, SearchJson, hits_json
from assistant.contract_answer import citation_json, disagreement_json, short_json
from assistant.contract_search import steered_json
from assistant.llm_settings import named_llm
from assistant.serve import examples
from assistant.serve.bodies import AskBody, SearchAddress, SearchBody
from assistant.serve.described import answers
from assistant.serve.errors import error_json
from assistant.serve.service import Service
from assistant.serve.streaming import EventStream, event_lines, while_connected
from assistant.telling import told
from assistant.users import allow


def add_asking(app: FastAPI, service: Service) -> None:
    """Let an application answer questions and searches."""
    _add_ask(app, service)
    _add_search(app, service)


def _add_ask(app: FastAPI, service: Service) -> None:
    async def ask(
        body: Annotated[AskBody, Body(openapi_examples=examples.ASK)], request: Request
    ) -> Response:
        """Answer a question from the documents, with citations.

        With ``stream``, or where ``Accept`` is ``text/event-stream``, the answer comes as events:
        ``searched``, ``short``, ``said`` (a piece of the text and its citation), ``waiting``,
        ``withdrawn`` (what was said is void), and at last ``answered`` with the whole object, or
        ``error``.
        """
        allow(service.archive.settings, request.scope, "read")
        checked_question(body.question)
        named_llm(body.llm, service.archive.settings.llms)
        if body.stream or request.headers.get("accept", "").startswith("text/event-stream"):
            return _streamed(service, body)
        answer = await while_connected(
            service.asking,
            request.receive,
            lambda listener: LocalClient(service.archive, listener).ask(
                body.question,
                history=body.turns(),
                filters=body.filters.filters(),
                explain=body.explain,
                why_not=body.why_not,
                llm=body.llm,
                places=body.places,
            ),
        )
        service.metrics.asked(abstained=answer["abstained"])
        return JSONResponse(answer)

    app.add_api_route(
        "/api/ask",
        ask,
        methods=["POST"],
        tags=["questions"],
        response_model=None,
        responses=answers(AskJson, examples.ANSWER, 400, 404, 413, 429, 502, 503, events=True),
    )


def _add_search(app: FastAPI, service: Service) -> None:
    async def search(
        body: Annotated[SearchBody, Body(openapi_examples=examples.SEARCH)], request: Request
    ) -> Response:
        """Find the passages nearest to a query."""
        allow(service.archive.settings, request.scope, "read")
        checked_question(body.query)
        found = await while_connected(
            service.asking,
            request.receive,
            lambda _: LocalClient(service.archive).search(
                body.query,
                k=body.k,
                filters=body.filters.filters(),
                explain=body.explain,
                why_not=body.why_not,
            ),
        )
        return JSONResponse(found)

    async def search_by_address(
        request: Request, asked: Annotated[SearchAddress, Query()]
    ) -> Response:
        """Find the passages nearest to a query, all of it in the address."""
        return await search(asked.body(), request)

    found = answers(SearchJson, examples.FOUND, 400, 404, 413, 429, 503)
    options: dict[str, Any] = {"tags": ["questions"], "response_model": None, "responses": found}
    app.add_api_route("/api/search", search, methods=["POST"], **options)
    app.add_api_route("/api/search", search_by_address, methods=["GET"], **options)


def _streamed(service: Service, body: AskBody) -> EventStream:
    filters = body.filters.filters()

    def lines(event: Event) -> Iterator[str]:
        if not isinstance(event, Answered):
            yield from _lines(event)
            return
        service.metrics.asked(abstained=event.answer.abstained)
        whole = told(
            service.archive,
            event.answer,
            filters,
            explain=body.explain,
            why_not=body.why_not,
            places=body.places,
        )
        yield event_lines(whole, "answered")

    return EventStream(
        service.asking,
        lambda: service.archive.stream(
            body.question, history=body.turns(), filters=filters, llm=body.llm
        ),
        lines,
        lambda _, kind, message: [event_lines(error_json(kind, message), "error")],
    )


def _lines(event: Event) -> Iterator[str]:
    """Put an event on the way to the answer into lines."""
    match event:
        case Searched():
            found = {
                "query": event.query,
                "hits": hits_json(event.hits, parts=False),
                "sides": list(event.sides),
                "steered": steered_json(event.steered),
                "remarks": list(event.remarks),
            }
            yield event_lines(found, "searched")
        case InShort():
            front = {
                "short": short_json(event.short),
                "disagreement": disagreement_json(event.disagreement),
            }
            yield event_lines(front, "short")
        case Said():
            citation = None if event.citation is None else citation_json(event.citation)
            yield event_lines({"text": event.text, "citation": citation}, "said")
        case Waiting():
            yield event_lines({"model": event.model}, "waiting")
        case Withdrawn():
            yield event_lines({}, "withdrawn")
