"""Errors as HTTP answers: the status of each of the one tree, and two forms of saying it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.serve.observed import REQUEST_ID
from corpus import errors
from corpus.errors import ArchiveError

_log = logging.getLogger(__name__)

_STATUS: dict[type[ArchiveError], int] = {
    errors.QuestionTooLong: 413,
    errors.UnknownModel: 404,
    errors.UsageError: 400,
    errors.UnknownDocument: 404,
    errors.UnknownChat: 404,
    errors.AlreadyOnShelf: 409,
    errors.ShelfError: 503,
    errors.CorpusError: 422,
    errors.IndexFailure: 503,
    errors.ChatsFailure: 503,
    errors.HomeBusy: 503,
    errors.DatabaseAway: 503,
    errors.DocumentsElsewhere: 409,
    errors.LlmFailed: 502,
    errors.AccountsFailure: 503,
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.BodyTooLarge: 413,
    errors.TooBusy: 429,
    errors.TooMuch: 429,
}
"""The nearest class in an error's ancestry counts."""
_BUSY_SECONDS = 1
_BROKEN = "that could not be done: the log of the service has the details"
_NO_ACCOUNTS = "nobody can be signed in now, as the database is away: try again in a while"
_OF_OPENAI = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "invalid_request_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
}


def status_of(error: ArchiveError) -> int:
    """Return the HTTP status that an error is answered with."""
    return next((_STATUS[one] for one in type(error).__mro__ if one in _STATUS), 500)


def error_json(kind: str, message: str) -> dict[str, Any]:
    """Return the body of an answer that tells of an error."""
    return {"error": {"type": kind, "message": message}}


def openai_error(status: int, kind: str, message: str) -> dict[str, Any]:
    """Return the body in the form that OpenAI's clients read."""
    of_openai = _OF_OPENAI.get(status, "server_error")
    return {"error": {"message": message, "type": of_openai, "param": None, "code": kind}}


def said_of(error: Exception) -> tuple[int, str, str]:
    """Return status, kind and message of any error; what nobody foresaw goes to the log only."""
    if isinstance(error, errors.AccountsFailure) and isinstance(
        error.__cause__, errors.DatabaseAway
    ):
        _log.warning("%s", error)  # whoever is not signed in may not know where it is
        return status_of(error), type(error).__name__, _NO_ACCOUNTS
    if isinstance(error, ArchiveError):
        return status_of(error), type(error).__name__, str(error)
    _log.error("request %s failed", REQUEST_ID.get(), exc_info=error)
    return 500, "InternalError", _BROKEN


def refusal(path: str, error: ArchiveError) -> JSONResponse:
    """Return the answer to a request that is refused before any route sees it."""
    return answered(path, *said_of(error), seconds=getattr(error, "seconds", _BUSY_SECONDS))


def answered(
    path: str, status: int, kind: str, message: str, *, seconds: int = _BUSY_SECONDS
) -> JSONResponse:
    """Return an answer that tells of an error, in the form of the address that was asked for."""
    is_openai = path.startswith("/v1/")
    form = openai_error(status, kind, message) if is_openai else error_json(kind, message)
    headers = {"retry-after": str(seconds)} if status == 429 else {}
    return JSONResponse(form, status, headers)


def add_error_handlers(app: FastAPI) -> None:
    """Let an application answer every error as JSON, and none with a traceback."""

    async def failed(request: Request, error: Exception) -> JSONResponse:
        return _answer(request, *said_of(error))

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        status = 400 if _is_openai(request) else 422
        return _answer(request, status, "BadRequest", _wrong_fields(error))

    async def plain(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        if isinstance(error.__cause__, ArchiveError):  # while FastAPI read the body
            return _answer(request, *said_of(error.__cause__))
        said = (
            f"{request.method} {request.url.path[:200]}: {error.detail}. /openapi.json has the list"
        )
        answer = _answer(request, error.status_code, "BadRequest", said)
        answer.headers.update(error.headers or {})
        return answer

    app.add_exception_handler(ArchiveError, failed)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(Exception, failed)


def _answer(request: Request, status: int, kind: str, message: str) -> JSONResponse:
    return answered(request.url.path, status, kind, message)


def _is_openai(request: Request) -> bool:
    return request.url.path.startswith("/v1/")


def _wrong_fields(error: RequestValidationError) -> str:
    return f"{wrong_fields(error.errors())}. /openapi.json says what is taken"


def wrong_fields(errors: Sequence[Mapping[str, Any]]) -> str:
    """Name each field that is wrong, and why; never what was sent, which may be private.

    Takes what pydantic tells of an error, and leaves out what it puts before words of ours.
    """
    wrong = [
        f"{'.'.join(str(part) for part in one['loc'] if part != 'body') or 'body'}: "
        f"{one['msg'].removeprefix('Value error, ')}"
        for one in errors[:5]
    ]
    return "; ".join(wrong)
