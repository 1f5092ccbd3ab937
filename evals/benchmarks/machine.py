"""What a measurement was taken on, so that two of them can be compared at all."""

from __future__ import annotations

import os
import platform


def describe_machine() -> dict[str, str | float]:
    """Return the processor, the cores that this process may use, the system and Python.

    ``load`` is how many processes wanted a core over the last minute: above the number of cores,
    times say more about the others than about us. It is left out where the system doesn't tell.
    """
    load = {"load": round(os.getloadavg()[0], 1)} if hasattr(os, "getloadavg") else {}
    return {
        "processor": _processor(),
        "cores": _usable_cores(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **load,
    }


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor() -> str:
    """Return the processor's name; platform.processor() is empty on most Linux systems."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            named = (line.partition(":")[2].strip() for line in file if "model name" in line)
            return next(named, platform.machine())
    except OSError:
        return platform.processor() or platform.machine()
