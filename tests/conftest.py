"""What tests of all rooms may ask for: a database."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from .postgres import Cluster, binaries

# A busy machine is no fault of the code: what is slow is measured elsewhere.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server; skips where none is installed, but not in CI."""
    programs = binaries()
    if programs is None:
        assert os.environ.get("CI") != "true", "PostgreSQL is not installed: see .ci/run"
        pytest.skip("PostgreSQL's server is not installed")
    made = Cluster.make(programs)
    yield made
    made.remove()


@pytest.fixture
def database(cluster: Cluster) -> str:
    """The address of a new, empty database."""
    return cluster.database()
