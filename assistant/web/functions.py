"""What Gradio's own clients may call by name: questions and searches, as the commands answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.client import LocalClient
from assistant.llm_settings import named_llm
from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.rights import allow_here, spend_here
from assistant.web.work import broken
from corpus.errors import ArchiveError

import gradio as gr  # isort: skip
from gradio.events import api  # isort: skip

if TYPE_CHECKING:
    from assistant.archive import Archive

_MOST = 1000
Result = TypeVar("Result")
_log = logging.getLogger(__name__)


def add_functions(archive: Archive, *, concurrency_limit: int) -> None:
    """Offer ``/ask`` and ``/search`` to ``gradio_client``."""

    def ask(question: str, llm: str | None = None) -> dict[str, Any]:
        """Answer a question with quotes; ``llm`` names a language model, none only quotes."""

        def work() -> dict[str, Any]:
            allow_here(archive, "read")
            spend_here()
            named = named_llm(llm or None, archive.settings.llms)
            return dict(LocalClient(archive).ask(question, llm=named))

        return _told(work)

    def search(query: str, k: float = 10) -> dict[str, Any]:
        """Find the ``k`` passages nearest to a query."""

        def work() -> dict[str, Any]:
            allow_here(archive, "read")
            spend_here()
            most = min(max(int(k), 1), _MOST)
            return dict(LocalClient(archive).search(query, k=most))

        return _told(work)

    options: dict[str, Any] = {
        "concurrency_limit": concurrency_limit,
        "concurrency_id": "asking",
    }
    api(ask, api_name="ask", **options)
    api(search, api_name="search", **options)


def _told(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except ArchiveError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except Exception as error:
        _log.exception("A call by name could not be answered")
        raise gr.Error(broken(), print_exception=False) from error
