"""Requests that come over the wire, carried out by a client of this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant import wire
from assistant.client import Client
from assistant.client_chats import CALLS
from assistant.client_evals import EVALS_CALLS
from assistant.wire import Json
from corpus.errors import ArchiveError


def dispatch(client: Client, call: str, arguments: Mapping[str, Json]) -> Json:
    """Carry out a request that came over the wire. Raises ArchiveError for an unknown call."""
    decoders: dict[str, Callable[[Json], Json]] = {
        "filters": wire.decode_filters,
        "history": wire.decode_history,
        "overrides": wire.decode_overrides,
    }
    if call not in _CALLS:
        raise ArchiveError(f"the call {call!r} is unknown: are two versions installed?")
    values = {key: decoders.get(key, _same)(value) for key, value in arguments.items()}
    return getattr(client, call)(**values)


_OWN = "ask search list show add remove release doctor sync under_way backup settings"
_CALLS = CALLS | EVALS_CALLS | frozenset(_OWN.split())


def _same(value: Json) -> Json:
    return value
