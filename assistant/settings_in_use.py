"""Settings that were changed since the process that has a home open read them.

Model and limits are read when a home is opened, so a command that is answered by a running chat
goes by the chat's settings.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

from assistant.owner import Owner, named
from assistant.settings import Settings
from assistant.wire import Json
from index.addresses import shown

_OF_A_CHAT = ("host", "port")
"""Flags may have set these, and they matter to nobody else."""


def settings_json(settings: Settings) -> dict[str, Json]:
    """Return the settings that answers depend on, as JSON. There are no keys in them."""
    values = dataclasses.asdict(settings)
    if settings.database:  # which may have a password in it
        values["database"] = shown(settings.database)
    known: dict[str, Json] = json.loads(json.dumps(values))
    return {key: value for key, value in known.items() if key not in _OF_A_CHAT}


def stale_settings(owner: Owner, theirs: Mapping[str, Json], ours: Settings) -> str:
    """Say which settings of a process differ from those of now; empty where none does."""
    now = settings_json(ours)
    changed = [
        _difference(key, theirs[key], value)
        for key, value in now.items()
        if key in theirs and theirs[key] != value
    ]
    if not changed:
        return ""
    return (
        f"{named(owner)} has this home open and goes by the settings that it started with: "
        f"{'; '.join(changed)}. Stop it and start it again to change that"
    )


def _difference(key: str, theirs: Json, ours: Json) -> str:
    if isinstance(ours, Mapping):
        return f"{key} is another there than now"
    theirs, ours = (json.dumps(one, ensure_ascii=False) for one in (theirs, ours))
    return f"{key} is {theirs} there, and {ours} now"
