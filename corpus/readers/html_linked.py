"""JSON-LD in a web page: the object that is about its article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_ARTICLE = re.compile(
    r"(?:.*(?:Article|Posting)|Report|Recipe|QAPage|WebPage|CreativeWork|Dataset|Review)$"
)
_LONGEST_JSON = 1_000_000
_MOST_OBJECTS = 2000


def article_object(tree: Any) -> dict[str, Any]:
    """Return the JSON-LD object that is about the page's article, {} where there is none."""
    best: dict[str, Any] = {}
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().strip() != "application/ld+json":
            continue
        for one in _objects((script.text or "")[:_LONGEST_JSON]):
            kinds = one.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and _ARTICLE.match(name) for name in names):
                if one.get("headline") or one.get("datePublished"):
                    return one
                best = best or one
    return best


def _objects(source: str) -> Iterator[dict[str, Any]]:
    try:
        waiting = [json.loads(source.strip(), strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            yield one
            waiting += [one[key] for key in ("@graph", "mainEntity") if key in one]


def text_in(value: object) -> str | None:
    """Return the text of a JSON-LD value: itself, the name of a thing, the first of a list."""
    if isinstance(value, list):
        return text_in(value[0]) if value else None
    if isinstance(value, dict):
        return text_in(value.get("@value") or value.get("name") or value.get("alternateName"))
    return value if isinstance(value, str) else None


def name_in(value: object) -> str | None:
    """Return the name of a person or an organization; None for a mere address."""
    name = text_in(value)
    return None if name and name.startswith(("http://", "https://", "#")) else name
