"""Traces: which steps there are, below which request, and that nothing of a text is in them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.archive import Archive
from assistant.settings import Settings, load_settings
from assistant.tracing import begin_tracing
from corpus import trace
from corpus.errors import UsageError

from ..fakes import BagOfStems
from .conftest import Command
from .llm_server import serving
from .program import fast_parts
from .serving import Served, served
from .small_corpus import WORTH, write_home

SECRET = "zyxwvut"
LLM = """
llm = "scripted"
[llms.scripted]
kind = "openai-like"
model = "scripted"
url = "{url}"
"""


@pytest.fixture
def traced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Served, Any]]:
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    for name, part in fast_parts().items():
        monkeypatch.setattr(name, part)
    home, exporter = write_home(tmp_path / "home"), memory.InMemorySpanExporter()
    with serving("Blue Wave Lines has the ferry contract, worth 18 million euros [1].") as model:
        home.settings_file.write_text(LLM.format(url=model.url), "utf-8")
        end = begin_tracing(exporter)
        try:
            settings = load_settings(home.settings_file, {})
            with Archive(home, settings, embedder=BagOfStems()) as archive:
                archive.sync()
                with served(archive) as running:
                    yield running, exporter
        finally:
            end()
    assert not trace.is_heard()


def test_each_step_of_a_request_is_a_span_below_it(traced: tuple[Served, Any]) -> None:
    server, exporter = traced
    exporter.clear()
    asked = server.post("/api/ask", json={"question": f"{WORTH}"})
    streamed = server.post("/api/ask", json={"question": f"{WORTH} {SECRET}", "stream": True})
    text = f"{SECRET} is a word that stands in this paper alone."
    added = server.post("/api/documents", files={"files": (f"{SECRET}.txt", text.encode())})
    assert (asked.status_code, streamed.status_code, added.status_code) == (200, 200, 200)
    spans = exporter.get_finished_spans()
    roots = {one.context.span_id: one for one in spans if one.name.startswith("POST /api/")}
    below = [
        (roots[one.parent.span_id].name, one.name)
        for one in spans
        if one.parent and one.parent.span_id in roots
    ]
    ask, add = "POST /api/ask", "POST /api/documents"
    for step in ("embed", "search", "answer", "llm"):
        assert (ask, step) in below
    assert below.count((ask, "search")) == 2
    assert (add, "reading") in below
    assert "embedding" in {one.name for one in spans}
    (first,) = [
        one
        for one in roots.values()
        if one.attributes["archive.request_id"] == asked.headers["x-request-id"]
    ]
    assert dict(first.attributes) == {
        "http.response.status_code": 200,
        "http.route": "/api/ask",
        "archive.request_id": asked.headers["x-request-id"],
    }
    inside = [one for one in spans if one.parent and one.parent.span_id == first.context.span_id]
    assert all(first.start_time <= one.start_time <= one.end_time for one in inside)
    assert all(one.end_time <= first.end_time for one in inside)


def test_nothing_of_a_question_or_a_document_is_in_a_span(traced: tuple[Served, Any]) -> None:
    server, exporter = traced
    server.post("/api/ask", json={"question": f"{WORTH} {SECRET}"})
    server.post("/api/ask", json={"question": [SECRET]})
    server.post("/api/documents", files={"files": (f"{SECRET}.pdf", SECRET.encode())})
    server.get(f"/api/documents/{SECRET}")
    server.get(f"/{SECRET}")
    told = " ".join(one.to_json() for one in exporter.get_finished_spans())
    assert "GET /api/documents/{document_id" in told
    for text in (SECRET, "ferry", "harbour", "127.0.0.1"):
        assert text not in told.lower()


def test_without_tracing_nothing_of_it_is_loaded() -> None:
    script = (
        "import sys, assistant.serve.api, assistant.chat; from index.clock import Clock; "
        "Clock().mark('search'); "
        "sys.exit(bool({'opentelemetry.sdk', 'assistant.tracing'} & {*sys.modules}))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_where_traces_go_has_to_be_said(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = write_home(tmp_path / "home")
    home.settings_file.write_text("tracing = true\n", "utf-8")
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    refused = command("serve", "--home", str(home.root))
    assert refused.code == 2
    assert "set OTEL_EXPORTER_OTLP_ENDPOINT to a collector's address" in refused.err
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(UsageError, match=r"not installed: .*\[tracing\]"):
        begin_tracing()
    assert not Settings().tracing
