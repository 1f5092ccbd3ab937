"""What whoever is at the page may do, looked at in each of its functions.

Gradio calls a page's functions for anybody who knows their numbers, also those that it calls
private, so that what is not on somebody's screen is still to be refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gradio.context import LocalContext

from assistant.serve.errors import answered, refusal
from assistant.serve.headers import App, Receive, Scope, Send
from assistant.serve.limits import LARGEST_OF_PAGE, WholeBody
from assistant.serve.rates import spend
from assistant.users import Right, allow
from assistant.web import quiet  # noqa: F401  (sets Gradio's environment before its import)
from assistant.web.told import sentence, told
from corpus.errors import RequestRefused

if TYPE_CHECKING:
    from assistant.archive import Archive


def allow_here(archive: Archive, right: Right) -> None:
    """Do nothing where the request that an event belongs to may do it.

    Raises NotSignedIn or NotAllowed.
    """
    request = LocalContext.request.get(None)
    allow(archive.settings, getattr(scoped(request), "scope", None) or {}, right)


def spend_here() -> None:
    """Count a question of whoever is at the page. Raises TooMuch."""
    request = LocalContext.request.get(None)
    spend(getattr(scoped(request), "scope", None) or {})


def refusal_here(archive: Archive, right: Right) -> str:
    """Return why the request may not do it; empty where it may."""
    try:
        allow_here(archive, right)
    except RequestRefused as error:
        return sentence(told(error))
    return ""


class PageGuard:
    """An ASGI application around Gradio's, which answers at the addresses that are used.

    Gradio has more of them, among which are some that take files, run programs or look elsewhere.
    Files are taken of those only who may add them, of whom Gradio sees to the size of each; all
    else that comes is small.
    """

    def __init__(self, app: App, archive: Archive) -> None:
        self._app, self._settings = app, archive.settings
        self._small = WholeBody(app, largest=LARGEST_OF_PAGE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            path = scope["path"]
            if not _USED.match(path):
                said = f"{path[:200]}: there is nothing at this address"
                await answered(path, 404, "BadRequest", said)(scope, receive, send)
                return
            if path.startswith("/gradio_api/upload"):
                try:
                    allow(self._settings, scope, "curate")
                except RequestRefused as error:
                    await refusal(path, error)(scope, receive, send)
                    return
                await self._app(scope, receive, send)
                return
        await self._small(scope, receive, send)


_USED = re.compile(
    r"/(?:$|config/?$|favicon\.ico$|theme\.css$|robots\.txt$|manifest\.json$"
    r"|(?:static|assets|svelte|chats|backups)/"
    r"|gradio_api/(?:(?:info|app_id|reset|startup-events|component_server|cancel|upload)/?$"
    r"|(?:upload_progress|theme\.css|openapi\.json)$"
    r"|queue/|heartbeat/|call/|run/))"
)


def scoped(request: Any) -> Any:
    """Return the request itself, of which Gradio's has a copy in part."""
    return getattr(request, "request", None) or request
