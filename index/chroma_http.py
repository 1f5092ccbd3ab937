"""Asking a Chroma server over HTTP: one request, or the same one again until it is answered.

Chroma's own client is not used: what a server says of a collection can make it load code, it waits
for ever, and it takes half a second to import. What is needed here are eight requests.

Headers may hold credentials, so they are in no message and no log.
"""

from __future__ import annotations

import contextlib
import json
import logging
import random
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import urllib3

from corpus.errors import VectorsAway, VectorsDamaged
from index.server import Server

LONG = 30.0
"""Seconds that a request for many vectors may take."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_MOST = 256_000_000
"""Bytes of an answer, at most: 20 times those of the largest that is asked for."""
_PASSES = frozenset({408, 425, 429, 500, 502, 503, 504})

_log = logging.getLogger(__name__)


class NotThere(VectorsAway):
    """The server has no such collection, or no such database."""


class _Passing(Exception):
    """What may be better in a moment; ``str`` says what it was in some words."""


class ChromaHttp:
    """Requests to one database of a server; safe to share between threads."""

    def __init__(self, server: Server) -> None:
        """Nothing is asked yet."""
        self.server = server
        self._stop = threading.Event()
        path = f"/tenants/{quote(server.tenant, '')}/databases/{quote(server.database, '')}"
        self._root = f"{server.url}/api/v2"
        self._database = f"{self._root}{path}"
        self._pool: urllib3.PoolManager | None = None
        self._lock = threading.Lock()

    def collections(
        self,
        method: str,
        path: str = "",
        body: object = None,
        *,
        wait: bool = False,
        long: float = 0,
    ) -> Any:
        """Ask something of the collections, and return the JSON of the answer.

        With ``wait`` the same is asked again, at growing distances and for ``patience`` seconds at
        most, until the server is there: so only ask what may be asked twice. It may take ``long``
        seconds, or else ``timeout``. Raises VectorsDamaged, VectorsAway, and NotThere of it.
        """
        url = f"{self._database}/collections{path}"
        return self._again(method, url, body, long or self.server.timeout, wait)

    def reach(self, *, wait: bool = False) -> None:
        """See whether there is a server that lets us in and has the database; with ``wait``, for
        ``patience`` seconds."""
        try:
            self._again("GET", self._database, None, self.server.timeout, wait)
        except NotThere:
            raise self._refused(
                f"it has no database {self.server.database!r} of a tenant {self.server.tenant!r}",
                "make it there, or correct vectors_database and vectors_tenant",
            ) from None

    def answers_anybody(self) -> bool:
        """Tell whether it answers those who send none of the headers. Raises VectorsAway."""
        url = f"{self._database}/collections_count"
        try:
            status, _ = self._send("GET", url, None, self.server.timeout, headers={})
        except _Passing as error:
            raise self._away(str(error)) from error
        return status == 200

    @contextlib.contextmanager
    def understood(self) -> Iterator[None]:
        """Read an answer inside: one that is not as it should be is no Chroma's."""
        try:
            yield
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            raise self._refused(*_NO_CHROMA) from error

    def interrupt(self) -> None:
        """Ask nothing twice from now on."""
        self._stop.set()

    def close(self) -> None:
        """Let go of the connections."""
        self._stop.set()
        with self._lock:
            if self._pool is not None:
                self._pool.clear()

    # ------------------------------------------------------------------ one request after another

    def _again(self, method: str, url: str, body: object, seconds: float, wait: bool) -> Any:
        data = None if body is None else json.dumps(body).encode()
        end = time.monotonic() + (self.server.patience if wait else 0)
        pause = _FIRST_PAUSE
        while True:
            try:
                return self._once(method, url, data, seconds)
            except _Passing as error:
                # Some earlier, some later: all that wait for a server would come at once else.
                now = random.uniform(pause / 2, pause)  # noqa: S311
                if time.monotonic() + now > end or self._stop.wait(now):
                    raise self._away(str(error)) from error
                _log.info("%s: %s; asked again", self.server.url, error)
                pause = min(2 * pause, _LONGEST_PAUSE)
                seconds = max(1.0, min(seconds, end - time.monotonic()))

    def _once(self, method: str, url: str, data: bytes | None, seconds: float) -> Any:
        status, answer = self._send(method, url, data, seconds, headers=self.server.headers)
        if status == 200:
            with self.understood():
                return json.loads(answer)
        said = _said(answer)
        if status in _PASSES:
            raise _Passing(f"it answers {status}{said}")
        if status in (401, 403, 407):
            raise self._refused(
                f"it does not let us in ({status})", "check ASSISTANT_VECTORS_HEADERS"
            )
        if status == 404 and "does not exist" in said:
            raise NotThere(
                f"the vector server {self.server.url} has lost the vectors of this index: they are "
                "put there again"
            )
        if status == 404 and url == self._database and "not found" in said:
            raise NotThere(f"{self.server.url} has no such database")
        if status in (404, 405, 410, 501) or 300 <= status < 400:
            raise self._refused(*_NO_CHROMA)
        raise VectorsDamaged(
            f"{self.server.url} does not take the vectors of this index ({status}{said}): run "
            "'assistant doctor --repair'"
        )

    def _send(
        self, method: str, url: str, data: bytes | None, seconds: float, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        sent = {**headers, "Content-Type": "application/json", "Accept": "application/json"}
        wait = urllib3.Timeout(connect=min(seconds, self.server.timeout), read=seconds)
        try:
            answer = self._connections().request(
                method,
                url,
                body=data,
                headers=sent,
                timeout=wait,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            try:
                said = answer.read(_MOST + 1)
            finally:
                answer.release_conn()
        except urllib3.exceptions.SSLError as error:
            raise self._refused(
                f"no safe connection ({_reason(error)})",
                "check its certificate, and that vectors_ca names the file of whoever issued it",
            ) from error
        except urllib3.exceptions.HTTPError as error:
            raise _Passing(_reason(error)) from error
        if len(said) > _MOST:
            raise self._refused(*_NO_CHROMA)
        return answer.status, said

    def _connections(self) -> urllib3.PoolManager:
        with self._lock:
            if self._pool is None:
                try:
                    self._pool = _pool(self.server.ca)
                except (OSError, ValueError) as error:
                    raise self._refused(
                        f"the certificates in {self.server.ca} cannot be read",
                        "correct vectors_ca",
                    ) from error
            return self._pool

    # ------------------------------------------------------------------ what went wrong

    def _away(self, reason: str) -> VectorsAway:
        return VectorsAway(
            f"the vector server {self.server.url} cannot be reached ({reason}): start it again or "
            "correct the setting vectors; until then every vector is compared here"
        )

    def _refused(self, reason: str, step: str) -> VectorsAway:
        return VectorsAway(f"the vector server {self.server.url} cannot be used: {reason}; {step}")


_NO_CHROMA = (
    "what answers there is no Chroma of version 1 or later",
    "correct the setting vectors, or put another version there",
)


def _pool(ca: str) -> urllib3.PoolManager:
    if ca:
        import ssl

        ssl.create_default_context(cafile=ca)  # raises now, where it could be a bad file only
    return urllib3.PoolManager(maxsize=8, block=False, ca_certs=ca or None, cert_reqs="REQUIRED")


def _said(answer: bytes) -> str:
    """Return what an answer says of an error, in some words, with a colon in front."""
    try:
        found = json.loads(answer)["message"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f": {str(found)[:200]}"


def _reason(error: BaseException) -> str:
    """Return why there was no answer in some words, without the address."""
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return "it does not answer in time"
    is_refused = isinstance(error, urllib3.exceptions.NewConnectionError)  # which is one of those
    if isinstance(error, urllib3.exceptions.ConnectTimeoutError) and not is_refused:
        return "no connection in time"
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror
        inner = inner.__cause__ or inner.__context__
    if isinstance(error, urllib3.exceptions.ProtocolError):
        return "the connection was cut"
    return type(error).__name__
