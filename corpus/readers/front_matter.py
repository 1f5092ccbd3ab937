"""The fields at the top of a text, between two lines of ``---``, or in a sidecar file.

Values are read as the text that stands there (YAML's base schema): a date stays as written and
``language: no`` stays Norwegian.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import yaml

from corpus.readers.raw import Stated

MAX_CHARACTERS = 20_000
_MAX_VALUE = 500
_FENCE = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"^[A-Za-z][\w-]*[ \t]*:", re.MULTILINE)


def split_front_matter(text: str) -> tuple[Stated, str]:
    """Return what the front matter of ``text`` states, and the text after it.

    A text without front matter comes back as it is. Front matter that is no YAML is left out of
    the text, and ``problems`` says so.
    """
    opening = _FENCE.match(text)
    if opening is None:
        return Stated(), text
    closing = _CLOSING.search(text, opening.end(), opening.end() + MAX_CHARACTERS)
    # A rule of three dashes may also open a text that has no fields.
    if closing is None or not _FIELD.search(text, opening.end(), closing.start()):
        return Stated(), text
    stated = read_fields(text[opening.end() : closing.start()], name="front matter")
    return stated, text[closing.end() :].lstrip("\n")


def read_fields(source: str, *, name: str) -> Stated:
    """Read YAML fields into a Stated; what cannot be used becomes a problem that names ``name``."""
    fields = parse_fields(source[:MAX_CHARACTERS], name=name)
    if isinstance(fields, str):
        return Stated(problems=(fields,))
    return stated_by(fields)


def parse_fields(source: str, *, name: str) -> dict[Any, Any] | str:
    """Return the YAML fields of ``source``, or the problem for which they cannot be used."""
    try:
        # The base loader builds only str, list and dict.
        fields = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        return _broken(name, error)
    if not isinstance(fields, dict):
        return f"{name} has no fields: write lines like 'title: ...'"
    return fields


def stated_by(fields: Mapping[Any, Any]) -> Stated:
    """Return what fields state, under the names that are usual for each.

    ``keep`` and ``released`` are left out: those are a curator's word, for the sidecar alone.
    """
    return Stated(
        title=_value(fields, "title", "headline"),
        date=_value(fields, "date", "published", "date_published", "datePublished", "pubdate"),
        source=_value(fields, "source", "publisher", "site", "outlet", "publication"),
        url=_value(fields, "url", "link", "canonical", "original_url"),
        language=_value(fields, "language", "lang"),
        author=_value(fields, "author", "authors", "byline", "by"),
        tags=_tags(fields.get("tags") or fields.get("keywords") or ()),
        fetched=_value(fields, "fetched"),
    )


def _broken(name: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f" (line {mark.line + 1})" if mark else ""
    return f"{name} is not valid YAML{place}: its fields were not used"


def _value(fields: Mapping[Any, Any], *names: str) -> str | None:
    for name in names:
        value = fields.get(name)
        parts = value if isinstance(value, list) else [value]
        lines = [one_line(part) for part in parts if isinstance(part, str)]
        if whole := ", ".join(line for line in lines if line):
            return whole[:_MAX_VALUE]
    return None


def _tags(value: object) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        return ()
    tags = (one_line(part) for part in parts if isinstance(part, str))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def one_line(value: str) -> str:
    """Return ``value`` as one printable line of at most 500 characters."""
    plain = unicodedata.normalize("NFC", " ".join(value.split()))
    return "".join(c for c in plain if c.isprintable())[:_MAX_VALUE].strip()
