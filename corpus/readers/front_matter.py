"""The fields at the top of a text, between two lines of ``---``, or in a sidecar file.

Values are read as the text that stands there (YAML's base schema): a date stays as written and
``language: no`` stays Norwegian.
"""

from __future__ import annotations

import re
import unicodedata
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
    try:
        # The base loader builds only str, list and dict.
        fields = yaml.load(source[:MAX_CHARACTERS], Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        return Stated(problems=(_broken(name, error),))
    if not isinstance(fields, dict):
        return Stated(problems=(f"{name} has no fields: write lines like 'title: ...'",))
    return Stated(
        title=_value(fields, "title"),
        date=_value(fields, "date", "published"),
        source=_value(fields, "source", "publisher"),
        url=_value(fields, "url"),
        language=_value(fields, "language", "lang"),
        author=_value(fields, "author"),
        tags=_tags(fields.get("tags", ())),
    )


def _broken(name: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f" (line {mark.line + 1})" if mark else ""
    return f"{name} is not valid YAML{place}: its fields were not used"


def _value(fields: dict[Any, Any], *names: str) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and (line := one_line(value)):
            return line
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
