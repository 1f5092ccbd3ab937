"""Why a language model gave no answer, in words for people that hold nothing of the request."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from assistant.llm_settings import LlmSettings


def reason(settings: LlmSettings, error: Exception) -> str:
    """Return what went wrong and what to do, from an error's kind and its HTTP status.

    The error's own text is never repeated: it may quote the request, and so the key.
    """
    status = getattr(error, "status_code", None)
    if status is None:
        return _without_status(settings, error)
    if status in (401, 403):
        variable = settings.key_variable
        remedy = f"check {variable}" if variable else "name the key's variable as key_variable"
        return f"it refused the key (HTTP {status}): {remedy}"
    if status == 404:
        return (
            f"its server knows no model {settings.model!r} at this address (HTTP 404): check model"
            f"{_and_url(settings)}"
        )
    if status == 429:
        return "it is busy, or its quota is used up (HTTP 429): ask again later"
    if status in (400, 413, 422):
        if "context" in str(error).lower() or "too long" in str(error).lower() or status == 413:
            return f"the passages did not fit its window (HTTP {status}): lower context_tokens"
        return f"it did not accept the request (HTTP {status}): check model and kind"
    if status < 400:
        return f"its server points to another address (HTTP {status}): check url"
    return f"its server failed (HTTP {status}): its log may say why"


def no_such_server(settings: LlmSettings) -> str:
    """Return what is said of a server that answered with something else than a stream."""
    return f"what answers at {_where(settings)} is no server of the kind {settings.kind}: check url"


def _without_status(settings: LlmSettings, error: Exception) -> str:
    name = type(error).__name__
    if "Timeout" in name:
        return f"it did not answer within {settings.seconds} seconds"
    if "Connect" in name:
        return _unreached(_where(settings), tuple(_causes(error)))
    if name == "APIError":
        return "its server failed while it wrote: its log may say why"
    return "its answer broke off"


def _unreached(where: str, causes: Sequence[BaseException]) -> str:
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in causes):
        return (
            f"the certificate of {where} is not trusted here: name the file of the authority that "
            "signed it in SSL_CERT_FILE"
        )
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return f"{where} does not speak https: check whether url should begin with http://"
    if any(isinstance(one, socket.gaierror) for one in causes):
        return f"there is no host of the name in {where}: check url"
    return f"it could not be reached at {where}: check url, and that it is running"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _where(settings: LlmSettings) -> str:
    return urlsplit(settings.url).netloc or settings.kind


def _and_url(settings: LlmSettings) -> str:
    """Return what more to check where an address does not end as most do."""
    if settings.kind == "anthropic" or urlsplit(settings.url).path.rstrip("/").endswith("/v1"):
        return ""
    return ", and url, which ends in /v1 with most servers"
