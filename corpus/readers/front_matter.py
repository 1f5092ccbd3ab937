"""The fields at the top of a text, between two lines of ``---`` or ``+++``, or in a sidecar file.

Values are read as the text that stands there (YAML's base schema): a date stays as written and
``language: no`` stays Norwegian.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import yaml

from corpus.readers.raw import Stated

MAX_CHARACTERS = 20_000
REMARKS = "to_check"
"""The field in which a fetched page has what a curator should look at, one line each."""
GUESSED = "guessed"
"""The field in which a fetched page names the fields that the page only seems to say."""
_MAX_VALUE = 500
_FENCE = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"^[A-Za-z][\w-]*[ \t]*:", re.MULTILINE)
_TOML = re.compile(r"\+\+\+[ \t]*\n(?P<fields>.*?)^\+\+\+[ \t]*$\n*", re.DOTALL | re.MULTILINE)
# Only names that front matter has: where nothing closes it, any other line may be of the text.
_USUAL = (
    r"(?:title|headline|date|published|datePublished|pubdate|source|publisher|site|outlet|url|link"
    r"|canonical|language|lang|authors?|byline|tags|keywords|layout|categor(?:y|ies)|slug|permalink"
    r"|draft|description|summary|subtitle|image|id|type|status|weight|updated|modified|fetched)"
    r"[ \t]*:(?=\s|$)"
)
_OPENS_FIELDS = re.compile(rf"\s*{_USUAL}", re.IGNORECASE)
_ONLY_FIELDS = re.compile(rf"(?:{_USUAL}.*|[ \t]+\S.*|-[ \t].*)", re.IGNORECASE)
_NOT_CLOSED = "front matter is not closed with a line '---'"


def split_front_matter(text: str) -> tuple[Stated, str]:
    """Return what the front matter of ``text`` states, and the text after it.

    A text without front matter comes back as it is. Front matter that is no YAML (between ``+++``,
    no TOML) is left out of the text, and ``problems`` says so; they also say where it is not
    closed: then it ends at the first blank line, if it is clear up to there.
    """
    opening = _FENCE.match(text)
    if opening is None:
        toml = _TOML.match(text[:MAX_CHARACTERS])
        return (_read_toml(toml["fields"]), text[toml.end() :]) if toml else (Stated(), text)
    closing = _CLOSING.search(text, opening.end(), opening.end() + MAX_CHARACTERS)
    if closing is None:
        return _unclosed(text, opening.end())
    # A rule of three dashes may also open a text that has no fields.
    if not _FIELD.search(text, opening.end(), closing.start()):
        return Stated(), text
    stated = read_fields(text[opening.end() : closing.start()], name="front matter")
    return stated, text[closing.end() :].lstrip("\n")


def _unclosed(text: str, begin: int) -> tuple[Stated, str]:
    if not _OPENS_FIELDS.match(text, begin):
        return Stated(), text
    fields, blank, rest = text[begin:].lstrip("\n").partition("\n\n")
    clear = len(fields) <= MAX_CHARACTERS and all(map(_ONLY_FIELDS.fullmatch, fields.split("\n")))
    if not clear or not blank or not rest.strip():
        return Stated(problems=(f"{_NOT_CLOSED}: its fields were not used",)), text
    stated = read_fields(fields, name="front matter")
    remark = f"{_NOT_CLOSED}: it was taken to end at the first blank line"
    return dataclasses.replace(stated, problems=(*stated.problems, remark)), rest.lstrip("\n")


def _read_toml(source: str) -> Stated:
    import tomllib

    try:
        fields = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError):
        return Stated(problems=("front matter is not valid TOML: its fields were not used",))
    dates = (dt.date, dt.time)  # a moment is a date too
    return stated_by(
        {name: str(one) if isinstance(one, dates) else one for name, one in fields.items()}
    )


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
        problems=_tags(fields.get(REMARKS)),
        inferred=_tags(fields.get(GUESSED)),
    )


def _broken(name: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f" (line {mark.line + 1})" if mark else ""
    return f"{name} is not valid YAML{place}: its fields were not used"


def _value(fields: Mapping[Any, Any], *names: str) -> str | None:
    for name in names:
        value = fields.get(name)
        named = [_name(part) for part in (value if isinstance(value, list) else [value])]
        lines = [one_line(part) for part in named if isinstance(part, str)]
        if whole := ", ".join(line for line in lines if line):
            return whole[:_MAX_VALUE]
    return None


def _name(value: object) -> object:
    """Return the name of a person or an outlet that has fields of its own, else the value."""
    return value.get("name") if isinstance(value, dict) else value


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
