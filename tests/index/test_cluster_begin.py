"""Clusters that are not there are told in words, and soon; Ray itself is not needed for that."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from corpus.errors import IndexFailure, UsageError
from index.cluster_begin import begin


@pytest.fixture
def address() -> Iterator[str]:
    """The address of something that takes connections."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield f"ray://127.0.0.1:{server.getsockname()[1]}"


def failing_with(error: Exception) -> Any:
    def init(**options: object) -> None:
        raise error

    return SimpleNamespace(init=init, __version__="2.60.0")


@pytest.mark.parametrize("address", ["ray://", "ray://:10001", "ray://host:x", "ray://host:1/x"])
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(UsageError, match="is no cluster: write ray, or ray://host:port"):
        begin(failing_with(AssertionError()), address, 1)


def test_nothing_at_an_address_is_told_at_once(address: str) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    begun = time.monotonic()
    with pytest.raises(IndexFailure, match=f"Connection refused.*--ray-client-server-port={port}"):
        begin(failing_with(AssertionError()), f"ray://127.0.0.1:{port}", 1)
    assert time.monotonic() - begun < 5


def test_another_ray_is_named(address: str) -> None:
    other = RuntimeError("Version mismatch: The cluster was started with:\n    Ray: 2.59.0")
    with pytest.raises(IndexFailure, match=r"another Ray or Python .*Ray 2\.60\.0, Python 3") as e:
        begin(failing_with(other), address, 1)
    assert "\n" not in str(e.value)


def test_what_is_no_ray_is_told(address: str) -> None:
    with pytest.raises(IndexFailure, match=r"is no Ray cluster.*ConnectionError"):
        begin(failing_with(ConnectionError("ray client connection timeout")), address, 1)
    with pytest.raises(IndexFailure, match="Ray could not start on this machine"):
        begin(failing_with(OSError()), "ray", 1)
