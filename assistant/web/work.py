"""Long work that a page's event waits for: its progress step by step, then its result."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context
from queue import SimpleQueue
from typing import Any, TypeVar

from assistant.durations import duration
from assistant.web.told import told, translated
from assistant.web.wording import number, say
from corpus.errors import ArchiveError
from index.entries import Progress, ProgressListener

Result = TypeVar("Result")
_log = logging.getLogger(__name__)


def broken() -> str:
    """Return what is said of what nobody foresaw."""
    return say("page.broken")


def watched(
    work: Callable[[ProgressListener], Result], on_error: Callable[[str], Result]
) -> Iterator[Progress | Result]:
    """Yield how far ``work`` is and at last its result, or what ``on_error`` makes of its failure.

    It runs in a thread of its own: when the person leaves the page, it still ends as it should.
    Steps that come faster than they are taken are left out.
    """
    news: SimpleQueue[Progress | Result] = SimpleQueue()

    def run() -> None:
        news.put(attempted(lambda: work(news.put), on_error))

    # What is said there is said in the language of whoever waits for it.
    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    step = news.get()
    while isinstance(step, Progress):
        later = None if news.empty() else news.get()
        if later is None or not isinstance(later, Progress):
            yield step
        step = news.get() if later is None else later
    yield step


def attempted(work: Callable[[], Result], on_error: Callable[[str], Result]) -> Result:
    """Return what ``work`` returns, or what ``on_error`` makes of the sentence that says why not.

    What nobody foresaw goes to the log, and the person is told so.
    """
    try:
        return work()
    except (ArchiveError, OSError) as error:
        return on_error(told(error))
    except Exception:
        _log.exception("Something on the page could not be done")
        return on_error(broken())


def progress_text(progress: Progress) -> str:
    """Return a step in words: ``embedding, 3 of 20, 2.4 a second, about 8 s left``."""
    parts = [translated(progress.stage)]
    if progress.total > 1:
        parts.append(say("progress.of", done=number(progress.done), total=number(progress.total)))
    if progress.total > 1 and progress.rate > 0:
        parts.append(say("progress.rate", rate=number(progress.rate, 1)))
    if progress.total > 1 and progress.seconds_left is not None and progress.seconds_left >= 1:
        parts.append(say("progress.left", time=duration(progress.seconds_left)))
    return ", ".join(parts)


def closable(events: Iterator[Result]) -> Any:
    """Give an iterator without ``close`` one, so that generators and lists are treated alike."""
    return events if hasattr(events, "close") else (event for event in events)
