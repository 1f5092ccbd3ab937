"""Tabs of the browser chat that other packages bring along, found by their entry points.

The page must not import ``evals``, which builds on it. So a package that is installed beside it
names its tab in the group ``archive_assistant.tabs`` of its entry points, and the page draws it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.archive import Archive

GROUP = "archive_assistant.tabs"

Wish = Mapping[str, Any]
"""What a tab's script sends: a JSON object."""
Answering = Callable[[Wish, str], str]
"""Makes HTML of a wish and of the reader who has it (see ``web.visitor``), from any thread."""


@dataclass(frozen=True, slots=True)
class PageTab:
    """A tab: one element, its style sheet, and a script that asks the server for HTML.

    The script runs once when the tab is first shown, with ``element`` and ``server`` as names:
    ``await server.answer(JSON.stringify(wish))`` gives what ``opened(archive)`` made of the wish.
    It may hold marks of the page's texts: ``%%evals.away%%``.
    Where a wish's ``act`` is one of ``curate`` or of ``look_after``, its reader has to have that
    right.
    """

    id: str
    name: str
    style: str
    script: str
    opened: Callable[[Archive], Answering]
    curate: frozenset[str] = frozenset()
    look_after: frozenset[str] = frozenset()


def offered_tabs() -> tuple[PageTab, ...]:
    """Return the tabs that the installed packages offer; one that can't be had is left out."""
    tabs = []
    for entry in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            tab = entry.load()
        except Exception:
            # Whatever another package does wrong, the chat is still there.
            logging.getLogger(__name__).exception("The tab %s could not be loaded", entry.value)
            continue
        if isinstance(tab, PageTab):
            tabs.append(tab)
    return tuple(tabs)
