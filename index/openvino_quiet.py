"""Keeps OpenVINO from reporting its use; imported before it."""

from __future__ import annotations

import sys

# Its converter would import this to send statistics; where that fails, it has a stand-in that
# sends nothing. None in this table is how Python is told that a module cannot be imported.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
