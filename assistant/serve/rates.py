"""How much one person may ask in a while, so that nobody keeps the others waiting."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from assistant.serve.errors import refusal
from assistant.serve.headers import App, Receive, Scope, Send
from assistant.users import user_of
from corpus.errors import TooMuch

if TYPE_CHECKING:
    from assistant.settings import Settings

_SPEND = "archive.spend"
"""Where a request's scope has what counts a question of whoever sent it."""
_COUNTED = ("api", "v1", "mcp")
_STEP = 0.1
"""What a step of the page costs: a citation that is opened, a list that is drawn anew."""
_MOST_KNOWN = 10_000

Clock = Callable[[], float]


class Buckets:
    """A bucket of tokens for each person, which fills evenly; safe to share between threads.

    A full one holds what may be spent in a minute, so that somebody who was quiet may be quick.
    """

    def __init__(self, per_minute: int, clock: Clock = time.monotonic) -> None:
        self._most, self._clock = float(per_minute), clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, who: str, cost: float = 1.0) -> float:
        """Take so much out of somebody's bucket; where it is not there, nothing is taken.

        Returns the seconds until it will be there: 0 where it was.
        """
        cost = min(cost, self._most)
        with self._lock:
            now = self._clock()
            left = self._now(who, now)
            if left + 1e-9 < cost:
                return (cost - left) * 60 / self._most
            if len(self._left) >= _MOST_KNOWN:
                self._forget(now)
            self._left[who] = (left - cost, now)
            return 0.0

    def _now(self, who: str, now: float) -> float:
        left, when = self._left.get(who, (self._most, now))
        return min(self._most, left + (now - when) * self._most / 60)

    def _forget(self, now: float) -> None:
        """Leave out who is as good as new, and where that is nobody, who came first."""
        self._left = {
            who: kept for who, kept in self._left.items() if self._now(who, now) < self._most
        }
        for who in [*self._left][: max(0, len(self._left) - _MOST_KNOWN + 1)]:
            del self._left[who]


class RateLimit:
    """An ASGI application around another one, which gets no more of a person than is let through.

    Questions on the page are counted by the page itself (``spend``), which says so in a sentence.
    """

    def __init__(self, app: App, settings: Settings, clock: Clock = time.monotonic) -> None:
        self._app, self._settings = app, settings
        self._buckets = Buckets(settings.requests_per_minute, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        who = self._who(scope) if scope["type"] == "http" else None
        if who is not None:
            scope[_SPEND] = lambda: self._spend(who, 1.0)
            try:
                if cost := _cost(scope):
                    self._spend(who, cost)
            except TooMuch as error:
                await refusal(scope["path"], error)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _who(self, scope: Scope) -> str | None:
        """Return whose bucket it is: an account's, whatever token it sends, or an address's.

        Programs of this machine itself, where nobody has to sign in, have none.
        """
        if user := user_of(scope):
            return f"account {user.name} {user.key}"
        host = (scope.get("client") or ("",))[0]
        return None if self._settings.users != "off" else network_of(host)

    def _spend(self, who: str, cost: float) -> None:
        if seconds := self._buckets.take(who, cost):
            whole = math.ceil(seconds)
            raise TooMuch(
                f"{self._settings.requests_per_minute} requests a minute are answered to one "
                f"person: try again in {whole} {'second' if whole == 1 else 'seconds'}",
                whole,
            )


def spend(scope: Mapping[str, Any]) -> None:
    """Count a question of whoever sent a request. Raises TooMuch."""
    if counted := scope.get(_SPEND):
        counted()


def _cost(scope: Scope) -> float:
    """Return what a request costs by itself."""
    first, _, rest = scope["path"].lstrip("/").partition("/")
    if first in _COUNTED:
        return 1.0
    return _STEP if first == "gradio_api" and rest and scope["method"] == "POST" else 0.0


def network_of(host: str) -> str | None:
    """Return whom an address stands for, as IPv6 gives a whole network to each; None for this
    machine itself."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return f"address {host}" if host else None
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_loopback:
        return None
    wide = 64 if address.version == 6 else 32
    return f"address {ipaddress.ip_network((address, wide), strict=False)}"
