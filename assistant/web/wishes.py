"""What a reader chose on the Settings tab: who writes the answers, and how many sentences.

It is kept in the browser and comes along with every question, in the JSON of its filters. It is
checked here like anything that comes from a browser: only what the home's settings name can be
chosen, never an address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from assistant.llm_settings import NONE
from assistant.settings import Settings
from assistant.web.wording import say
from corpus.errors import BadFilter

MOST_QUOTES = 10


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a reader chose; None is what the home's settings say."""

    llm: str | None = None
    quotes: int | None = None


def writers(settings: Settings) -> tuple[str, ...]:
    """Return the names of all that may write answers; ``none`` only quotes."""
    return tuple(dict.fromkeys((settings.llm, NONE, *settings.llms)))


def wishes_from(sent: object, settings: Settings) -> Wishes:
    """Read what came along with a question. Raises BadFilter."""
    try:
        raw = json.loads(str(sent)) if sent else {}
    except (ValueError, RecursionError):
        raw = {}
    if not isinstance(raw, dict):
        return Wishes()
    llm, quotes = raw.get("llm") or None, raw.get("quotes") or None
    if llm is not None and llm not in writers(settings):
        raise BadFilter(say("settings.no_such_model", name=str(llm)[:60]))
    if quotes is not None and not (type(quotes) is int and 1 <= quotes <= MOST_QUOTES):
        raise BadFilter(say("settings.bad_quotes", most=MOST_QUOTES))
    return Wishes(llm, quotes)
