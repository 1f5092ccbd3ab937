"""Waiting for what another thread or process is about to do."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 20.0
BUSY = 300.0
"""Seconds for whole programs, which use the processor before they say anything: at a load of 25 on
two cores that takes ten times as long. Where all is well nobody waits so long."""


def wait_until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Return as soon as something holds; fail where it does not within ``seconds``."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not so after {seconds:.0f} seconds"
        time.sleep(0.02)
