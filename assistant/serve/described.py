"""How routes describe their answers in the OpenAPI schema."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict


class ErrorOfJson(TypedDict):
    """What went wrong: ``type`` is for programs, ``message`` names the thing and the next step."""

    type: str
    message: str


class ErrorJson(TypedDict):
    """The body of every answer that tells of an error."""

    error: ErrorOfJson


_ERRORS = {
    400: "Something in the request makes no sense.",
    403: "The request comes from another site's page.",
    404: "There is no such document.",
    409: "The corpus has it already.",
    413: "The request is larger than the service takes.",
    422: "The request does not have the form it should have, or a document cannot be used.",
    429: "Too many others are being answered: try again in a moment.",
    502: "A language model could not be used.",
    503: "The service cannot answer now.",
}


def answers(
    model: Any, example: Any, *statuses: int, events: bool = False, error: Any = ErrorJson
) -> dict[int | str, dict[str, Any]]:
    """Return what a route may answer, for FastAPI's ``responses``."""
    content: dict[str, Any] = {"application/json": {"example": example}}
    if events:
        content["text/event-stream"] = {"schema": {"type": "string"}}
    described: dict[int | str, dict[str, Any]] = {
        200: {"model": model, "content": content, "description": "Done."}
    }
    for status in sorted({403, 422, *statuses}):
        described[status] = {"model": error, "description": _ERRORS[status]}
    return described
