"""``/v1/chat/completions`` and ``/v1/models``, so that OpenAI's clients work unchanged."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Annotated, Any, NotRequired

from fastapi import Body, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from typing_extensions import TypedDict

from assistant.answers import Answered, Event, Waiting
from assistant.ask import checked_question
from assistant.composed import EXTRACTIVE
from assistant.contract import AskJson
from assistant.serve import examples
from assistant.serve.bodies import CompletionBody
from assistant.serve.completions import Chunks, completion, conversation, model, models
from assistant.serve.described import answers
from assistant.serve.errors import openai_error
from assistant.serve.service import Service
from assistant.serve.streaming import EventStream, event_lines, while_connected
from assistant.users import allow
from corpus.errors import UnknownModel, UsageError
from index.entries import Progress, ProgressListener

ARCHIVE = "archive"
"""The model that answers as the settings say."""
_AT_WORK = ": an LLM is at work\n\n"
"""A comment, which clients leave out; it keeps the connection open."""


class OpenAiErrorOfJson(TypedDict):
    """What went wrong, as OpenAI's clients read it; ``code`` is what /api calls ``type``."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAiErrorJson(TypedDict):
    """The body of every answer under /v1 that tells of an error."""

    error: OpenAiErrorOfJson


class ModelJson(TypedDict):
    """Something that answers."""

    id: str
    object: str
    created: int
    owned_by: str


class ModelsJson(TypedDict):
    """What answers there are."""

    object: str
    data: list[ModelJson]


class CompletionJson(TypedDict):
    """A chat completion of OpenAI's; ``archive`` is what ``/api/ask`` answers."""

    id: str
    object: str
    created: int
    model: str
    choices: list[dict[str, Any]]
    archive: NotRequired[AskJson]


def add_openai(app: FastAPI, service: Service) -> None:
    """Let an application answer OpenAI's clients."""
    _add_completions(app, service)
    _add_models(app, service)


def _add_completions(app: FastAPI, service: Service) -> None:
    async def complete(
        body: Annotated[CompletionBody, Body(openapi_examples=examples.COMPLETE)],
        request: Request,
    ) -> Response:
        """Answer the last message of a chat, with citations in it, and as data in ``archive``."""
        allow(service.archive.settings, request.scope, "read")
        llm = _llm(service, body.model)
        kind = (body.response_format or {}).get("type", "text")
        if kind != "text":
            raise UsageError(f"response_format {kind!r} is not to be had: leave it out, or 'text'")
        question, turns = conversation([(one.role, one.text()) for one in body.messages])
        checked_question(question)

        def begin() -> Any:
            return service.archive.stream(question, history=turns, llm=llm)

        if body.stream:
            return _streamed(service, body.model, begin)

        def work(listener: ProgressListener) -> dict[str, Any]:
            def heard(event: Event) -> None:
                _count(service, event)
                if isinstance(event, Waiting):
                    listener(Progress("asking", 0, 0, event.model))

            with closing(begin()) as events:
                return completion(events, body.model, heard)

        return JSONResponse(await while_connected(service.asking, request.receive, work))

    statuses = (400, 404, 413, 429, 502, 503)
    app.add_api_route(
        "/v1/chat/completions",
        complete,
        methods=["POST"],
        responses=answers(
            CompletionJson, examples.COMPLETION, *statuses, events=True, error=OpenAiErrorJson
        ),
        tags=["openai"],
        response_model=None,
    )


def _add_models(app: FastAPI, service: Service) -> None:
    begun = int(time.time())

    def list_models(request: Request) -> JSONResponse:
        """List what answers: as the settings say, quotes only, and each LLM of the settings."""
        allow(service.archive.settings, request.scope, "read")
        return JSONResponse(models(_names(service), begun))

    def show_model(request: Request, name: str) -> JSONResponse:
        """Show one of them."""
        allow(service.archive.settings, request.scope, "read")
        _llm(service, name)
        return JSONResponse(model(name, begun))

    options: dict[str, Any] = {"methods": ["GET"], "tags": ["openai"], "response_model": None}
    app.add_api_route(
        "/v1/models",
        list_models,
        responses=answers(ModelsJson, examples.MODELS, error=OpenAiErrorJson),
        **options,
    )
    app.add_api_route(
        "/v1/models/{name}",
        show_model,
        responses=answers(ModelJson, examples.MODEL, 400, 404, error=OpenAiErrorJson),
        **options,
    )


def _streamed(service: Service, name: str, begin: Any) -> EventStream:
    chunks = Chunks(name)

    def lines(event: Event) -> Iterator[str]:
        _count(service, event)
        if isinstance(event, Waiting):
            yield _AT_WORK
        for chunk in chunks.of(event):
            yield event_lines(chunk)
        if isinstance(event, Answered):
            yield event_lines("[DONE]")

    def failed(status: int, kind: str, message: str) -> Iterator[str]:
        yield event_lines(openai_error(status, kind, message))

    return EventStream(service.asking, begin, lines, failed)


def _names(service: Service) -> list[str]:
    return [ARCHIVE, EXTRACTIVE, *service.archive.settings.llms]


def _llm(service: Service, name: str) -> str | None:
    """Return which LLM a model's name stands for; None for the one of the settings."""
    if name not in _names(service):
        raise UnknownModel(f"there is no model {name!r}: there are {', '.join(_names(service))}")
    return {ARCHIVE: None, EXTRACTIVE: "none"}.get(name, name)


def _count(service: Service, event: Event) -> None:
    if isinstance(event, Answered):
        service.metrics.asked(abstained=event.answer.abstained)
