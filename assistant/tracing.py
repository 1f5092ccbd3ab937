"""Traces of requests and their steps for OpenTelemetry; the only file that knows its SDK.

A provider of our own, which is not made the global one: what other libraries would trace, texts
of documents among it, goes nowhere. Spans have the step's name and how long it took, and those of
requests the route, the status and the request's id: nothing that was asked, sent or read.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.serve.headers import App, Message, Receive, Scope, Send
from assistant.serve.observed import REQUEST_ID, route_of
from corpus import trace
from corpus.errors import UsageError
from corpus.extras import installing

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Tracer

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_NEEDED = (
    "tracing = true needs a part that is not installed: {}, or take the line out of assistant.toml"
)


def begin_tracing(exporter: SpanExporter | None = None) -> Callable[[], None]:
    """Trace from now on; the function that is returned sends what is left, and ends it.

    Without an exporter, spans go to the endpoint that OpenTelemetry's own variables name. Raises
    UsageError where they name none, or where the SDK is not installed.
    """
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
    except ImportError as error:
        raise UsageError(_NEEDED.format(installing("tracing"))) from error
    # Not the variables: they might name what a name must not be sent to.
    about = Resource({"service.name": os.environ.get("OTEL_SERVICE_NAME", "archive")})
    provider = TracerProvider(resource=about)
    if exporter is None:
        provider.add_span_processor(BatchSpanProcessor(_to_the_endpoint()))
    else:
        provider.add_span_processor(SimpleSpanProcessor(exporter))
    _Tracing.tracer = tracer = provider.get_tracer("archive")

    def tell(step: str, seconds: float) -> None:
        ended = time.time_ns()
        span = tracer.start_span(step, start_time=ended - int(seconds * 1e9))
        span.end(ended)

    trace.listen(tell)

    def end() -> None:
        trace.listen(None)
        _Tracing.tracer = None
        provider.shutdown()

    return end


class _Tracing:
    tracer: Tracer | None = None


class Traced:
    """An ASGI application around another one, with a span around each request."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        tracer = _Tracing.tracer
        if tracer is None or scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with tracer.start_as_current_span("request", record_exception=False) as span:

            async def send_and_see(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            try:
                await self._app(scope, receive, send_and_see)
            finally:
                route = route_of(scope)
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.route", route)
                span.set_attribute("archive.request_id", REQUEST_ID.get())


def _to_the_endpoint() -> SpanExporter:
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        raise UsageError(
            "tracing = true needs to know where traces go: set OTEL_EXPORTER_OTLP_ENDPOINT to a "
            "collector's address (gRPC), such as http://127.0.0.1:4317"
        )
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    except ImportError as error:
        raise UsageError(_NEEDED.format(installing("tracing"))) from error
    return OTLPSpanExporter()
