"""Requests made from the service's own schema, broken ones among them: none may break it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

from assistant.archive import Archive
from assistant.settings import Settings

from ..fakes import BagOfStems
from .program import fast_parts
from .serving import Served, served
from .small_corpus import write_home

schemathesis: Any = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "8"))
_tried: dict[str, dict[int, int]] = {}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = write_home(tmp_path_factory.mktemp("schema") / "home")
    real = socket.getaddrinfo

    def only_here(host: Any, *arguments: Any, **named: Any) -> Any:
        # Addresses to fetch are made up, and no test asks a real name server about them.
        if host not in ("127.0.0.1", b"127.0.0.1", "localhost"):
            raise socket.gaierror(f"no such host: {host}")
        return real(host, *arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        for name, part in fast_parts().items():
            patch.setattr(name, part)
        patch.setattr(socket, "getaddrinfo", only_here)
        with Archive(home, Settings(max_file_mb=1), embedder=BagOfStems()) as archive:
            archive.sync()
            with served(archive) as running:
                yield running


@pytest.mark.slow
def test_no_request_breaks_the_service(server: Served) -> None:
    schema = schemathesis.openapi.from_url(f"{server.address}/openapi.json")
    operations = [one.ok() for one in schema.get_all_operations()]
    assert len(operations) == 14
    for operation in operations:
        _try(operation)
    counts = {name: sum(found.values()) for name, found in _tried.items()}
    print("requests tried:", sum(counts.values()), counts)
    assert min(counts.values()) >= 1
    assert httpx.get(f"{server.address}/healthz").status_code == 200


def _try(operation: Any) -> None:
    broken = schemathesis.GenerationMode.NEGATIVE
    for mode in (schemathesis.GenerationMode.POSITIVE, broken):
        try:
            strategy = operation.as_strategy(generation_mode=mode)
            _run(operation, strategy)
        except Unsatisfiable:  # nothing can be wrong where anything is taken
            continue


def _run(operation: Any, strategy: Any) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def send(case: Any) -> None:
        answer = case.call(timeout=30)
        seen = _tried.setdefault(operation.label, {})
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, (answer.status_code, answer.text)
        case.validate_response(answer, checks=[schemathesis.checks.not_a_server_error])
        if answer.status_code >= 400:
            assert set(answer.json()["error"]) >= {"type", "message"}

    send()
