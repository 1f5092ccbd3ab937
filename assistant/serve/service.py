"""What the routes of the service share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.serve.limits import Gate
from assistant.serve.metrics import Metrics

if TYPE_CHECKING:
    from assistant.archive import Archive


def _asking() -> Gate:
    # As many as on the page. They share the processor, but those with an LLM mostly wait for it.
    return Gate("questions", at_once=8, waiting=64)


def _adding() -> Gate:
    return Gate("requests to change documents", at_once=1, waiting=8)


@dataclass(frozen=True, slots=True)
class Service:
    """The open home, who may come in, and what is counted."""

    archive: Archive
    asking: Gate = field(default_factory=_asking)
    adding: Gate = field(default_factory=_adding)
    metrics: Metrics = field(default_factory=Metrics)
