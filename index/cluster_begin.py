"""A Ray cluster is started here, or reached elsewhere; why it is not is said in words.

Ray sends nothing to anybody: its usage statistics and its dashboard are off.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import sys
import warnings
from typing import Any
from urllib.parse import urlsplit

from corpus.errors import ArchiveError, IndexFailure, UsageError

HERE = "ray"
"""In place of an address: a cluster of this machine's cores, for one command."""
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_USAGE_STATS_PROMPT_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    # Its handler of signals crashed in itself, on and on, when a program was told to end.
    "RAY_DISABLE_FAILURE_SIGNAL_HANDLER": "1",
    # Under 'uv run' it sends the folder that one works in to the cluster.
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    # Three tries of five seconds: a port that takes connections and is none of Ray's is told soon.
    "RAY_CLIENT_MAX_CONNECTION_TIMEOUT_S": "5",
}
_OWN = {
    # Meant for other systems, where it keeps all ports on the loopback address; it does here too.
    # Without it they are open on every address of the machine.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
    # With its 15 they get next to nothing of a machine with other work; the readers here have 0.
    "RAY_worker_niceness": "0",
}
_CLIENT_PORT = 10001
_REACH_SECONDS = 5.0
_STORE_BYTES = 512_000_000


def prepare(address: str) -> None:
    """Say, before Ray is imported, that it tells nobody of itself, and let only this program and
    its workers into a cluster of its own, by the loopback address and a word that no file holds:
    Ray's own would lie in the user's folder."""
    os.environ.update(_QUIET)
    if address == HERE:
        for name, value in (_OWN | {"RAY_AUTH_TOKEN": secrets.token_hex(32)}).items():
            os.environ.setdefault(name, value)


def begin(ray: Any, address: str, workers: int) -> None:
    """Start a cluster of this machine's with so many workers, or reach another.

    Raises UsageError for an address that is none, and IndexFailure.
    """
    quiet = {"log_to_driver": False, "configure_logging": False, "logging_level": logging.ERROR}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what they say is said below
            if address == HERE:
                ray.init(
                    address="local",
                    num_cpus=workers,
                    include_dashboard=False,
                    object_store_memory=_STORE_BYTES,
                    **quiet,
                )
            else:
                _reach(address)
                ray.init(address=address, **quiet)
    except ArchiveError:
        raise
    except Exception as error:
        raise IndexFailure(_not_begun(ray, address, error)) from error


def _reach(address: str) -> None:
    """See in seconds, and not in half a minute, that there is nothing at an address."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or _CLIENT_PORT
    except ValueError:
        host, port = None, 0
    if not host or parts.path.strip("/"):
        raise UsageError(f"{address} is no cluster: write ray, or ray://host:port")
    try:
        socket.create_connection((host, port), timeout=_REACH_SECONDS).close()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise IndexFailure(
            f"the cluster at {address} could not be reached ({reason}): check the address and that "
            f"it was started with --ray-client-server-port={port}, or leave --on out"
        ) from error


def _not_begun(ray: Any, address: str, error: Exception) -> str:
    if address == HERE:
        return (
            f"Ray could not start on this machine ({type(error).__name__}): it needs some seconds "
            "of its cores and 1 GB of memory free; try again, or leave --on out"
        )
    if isinstance(error, RuntimeError) and "mismatch" in str(error):
        version = ".".join(map(str, sys.version_info[:3]))
        return (
            f"the cluster at {address} has another Ray or Python than this program (Ray "
            f"{ray.__version__}, Python {version}): install the same ones on all of its machines"
        )
    return (
        f"what answers at {address} is no Ray cluster, or one that takes nobody now "
        f"({type(error).__name__}): check the port (Ray Client's, {_CLIENT_PORT} by default) and "
        "that 'ray status' works there"
    )
