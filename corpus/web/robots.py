"""What a site's robots.txt lets this program fetch, and how often (RFC 9309)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from corpus.web.address import Address

AGENT = "archive-assistant"
MOST_BYTES = 512_000  # the RFC asks for at least 500 KiB
MOST_SECONDS = 15.0
_LONGEST_DELAY = 10.0
_AGENT_LINE = re.compile(r"\s*user[- ]?agent\b\s*:?\s*([^#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one site."""

    parsed: Any = None

    def allow(self, address: Address) -> bool:
        """Tell whether the site lets this program fetch ``address``."""
        return self.parsed is None or bool(self.parsed.can_fetch(address.url, AGENT))

    def delay(self) -> float:
        """Return the pause that the site asks for between two requests: seconds, at most 10."""
        asked = self.parsed.crawl_delay(AGENT) if self.parsed is not None else None
        return min(max(asked or 0.0, 0.0), _LONGEST_DELAY)


ANYTHING = Rules()
"""The rules of a site that has no robots.txt."""


def read_rules(body: bytes) -> Rules:
    """Read a robots.txt; lines that make no sense are passed over, and a last half line too."""
    from protego import Protego

    whole = body if len(body) < MOST_BYTES else body[: body.rfind(b"\n") + 1]
    lines = whole.decode("utf-8-sig", "replace").splitlines()
    return Rules(Protego.parse("\n".join(map(_without_others, lines))))


def _without_others(line: str) -> str:
    """Give all other programs one name: rules are kept for each name, which multiplies them."""
    found = _AGENT_LINE.match(line)
    if found is None:
        return line
    name = found[1].partition("/")[0].strip().lower()
    if name == "*":
        return line
    return f"User-agent: {AGENT if name.strip('*') == AGENT else 'another-program'}"
