"""What Gradio would do by itself for whoever sends a request, and does not do here."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any, NoReturn

import safehttpx

from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.wording import say

import gradio as gr  # isort: skip
from gradio import queueing, routes  # isort: skip

_log = logging.getLogger(__name__)


def restrain() -> None:
    """Let Gradio fetch nothing, and tell the log of its failures without what was sent.

    A file of a request may be an address, which Gradio fetches for any function and anybody before
    the function can say no: whole, of any size, and by way of a foreign name server where the name
    is of this network.
    """
    module: Any
    for module, name, ours in (
        (safehttpx, "get", _fetch_nothing),
        (safehttpx, "async_validate_url", _fetch_nothing),
        (queueing, "traceback", _Unsaid),
        (routes, "traceback", _Unsaid),
    ):
        getattr(module, name)  # another release may have it elsewhere
        setattr(module, name, ours)


async def _fetch_nothing(*_: Any, **__: Any) -> NoReturn:
    raise gr.Error(say("adding.not_fetched"), print_exception=False)


class _Unsaid:
    """In the place of Python's module: what a failure says may repeat a question."""

    @staticmethod
    def print_exc() -> None:
        """Tell the log what failed, and where."""
        kind, _, at = sys.exc_info()
        name = kind.__name__ if kind else "nothing"
        _log.error("a function of the page failed: %s\n%s", name, _places(at))


def _places(at: Any) -> str:
    return "".join(traceback.format_tb(at))
