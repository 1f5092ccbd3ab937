"""Answers under way, by the pages that wait for them, so that a page can end one.

What an answer's moments show travels in order, and what the page's stop brings back does not: a
moment that was sent before may come after it. So the answer itself ends where it is told to, and
its last moment shows what the page is to show from then on.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

_PAGES = 2000
"""Pages that are remembered; the one not heard of for longest is forgotten first."""
_TOKEN = re.compile(r"([0-9a-f]{8,64})\.([0-9]{1,9})")


@dataclass(slots=True)
class _Page:
    begun: int = 0
    ended: int = 0
    shown: tuple[Any, ...] | None = None


@dataclass(slots=True)
class Runs:
    """Numbered runs of many pages; safe to share between threads.

    A token names a page and one of its runs: ``3f…9a.4``. Anything else is a run that nobody ends.
    """

    _pages: OrderedDict[str, _Page] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, token: object) -> Run:
        """Take note of an answer that begins."""
        page, number = _parsed(token)
        with self._lock:
            found = self._page(page)
            found.begun = max(found.begun, number)
        return Run(found, number) if page else Run(_Page(), 1)

    def end(self, token: object, shown: tuple[Any, ...] | None = None) -> None:
        """End all of a page's answers up to this one; ``shown`` is what it shows from then on."""
        page, number = _parsed(token)
        if page:
            with self._lock:
                found = self._page(page)
                found.ended, found.shown = max(found.ended, number), shown

    def _page(self, page: str) -> _Page:
        found = self._pages.setdefault(page, _Page())
        self._pages.move_to_end(page)
        while len(self._pages) > _PAGES:
            self._pages.popitem(last=False)
        return found


@dataclass(frozen=True, slots=True)
class Run:
    """One answer of a page."""

    _page: _Page
    number: int

    @property
    def ended(self) -> bool:
        """Tell whether the page wants no more of it."""
        return self._page.ended >= self.number

    @property
    def newest(self) -> bool:
        """Tell whether no other answer of the page began since."""
        return self._page.begun <= self.number

    @property
    def shown(self) -> tuple[Any, ...] | None:
        """What the page shows now in place of the conversation; None where it is the same one."""
        return self._page.shown


def _parsed(token: object) -> tuple[str, int]:
    found = _TOKEN.fullmatch(str(token or ""))
    return (found[1], int(found[2])) if found else ("", 0)
