"""Why a language model gave no answer, in words for people that hold nothing of the request."""

from __future__ import annotations

from urllib.parse import urlsplit

from assistant.llm_settings import LlmSettings


def reason(settings: LlmSettings, error: Exception) -> str:
    """Return what went wrong and what to do, from an error's kind and its HTTP status.

    The error's own text is never repeated: it may quote the request, and so the key.
    """
    status = getattr(error, "status_code", None)
    if status is None:
        where = urlsplit(settings.url).netloc or settings.kind
        if "Timeout" in type(error).__name__:
            return f"it did not answer within {settings.seconds} seconds"
        if "Connect" in type(error).__name__:
            return f"it could not be reached at {where}"
        return "its answer broke off"
    if status in (401, 403):
        variable = settings.key_variable
        remedy = f"check {variable}" if variable else "name the key's variable as key_variable"
        return f"it refused the key (HTTP {status}): {remedy}"
    if status == 404:
        return f"its server knows no model {settings.model!r} at this address (HTTP 404)"
    if status == 429:
        return "it is busy, or its quota is used up (HTTP 429)"
    if status in (400, 413, 422):
        if "context" in str(error).lower() or "too long" in str(error).lower() or status == 413:
            return f"the passages did not fit its window (HTTP {status}): lower context_tokens"
        return f"it did not accept the request (HTTP {status})"
    return f"its server failed (HTTP {status})"
