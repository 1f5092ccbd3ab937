"""How to install the parts that not everybody needs, for whoever reads the message."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[1]


def installing(extra: str, source: Path = _SOURCE) -> str:
    """Return the command that adds an extra to the Python that runs this, from any folder.

    The program is installed from a checkout, ``source``, and in no index of packages; where it
    runs without one, whoever made its package knows where that lies, and the name has to do.
    """
    pip = [sys.executable or "python3", "-m", "pip", "install"]
    if not (source / "pyproject.toml").is_file():
        return shlex.join([*pip, f"archive-assistant[{extra}]"])
    pinned = ["--constraint", str(source / "constraints.txt")]
    return shlex.join([*pip, *pinned, "--editable", f"{source}[{extra}]"])
