"""What the interface says, in the language of whoever looks: one file a language in ``texts``.

English is the first language, and what another one lacks is said in English. A text holds no
character that HTML, JSON or a script would read as its own, so that it may stand in any of them;
``tests/assistant/test_web_wording.py`` holds the files to that.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote_plus

TEXTS = Path(__file__).with_name("texts")
FIRST = "en"
COOKIE = "archive-language"
# Where the page is put together, once for all readers, a text is a mark: %%chat.stopped%%. What is
# to stand in it follows, with no character that JSON in a script would write otherwise:
# %%adding.hint?kinds=Text%2C+PDF~mb=25%%.
_MARKS = "marks"
_MARK = re.compile(r"%%([a-z][a-z0-9_.]*)(?:\?([\w.~+=%-]*?))?%%")
_PLAIN = re.compile(r"[\w ,.-]*")
_chosen: ContextVar[str] = ContextVar("language", default="")


@cache
def languages() -> dict[str, str]:
    """Return the languages that there are, each with its own name for itself; English first."""
    codes = sorted((one.stem for one in TEXTS.glob("*.toml")), key=lambda one: (one != FIRST, one))
    return {code: texts(code)["language.name"] for code in codes}


@cache
def texts(language: str) -> Mapping[str, str]:
    """Return all texts of a language by their keys: ``chat.stopped``."""
    with (TEXTS / f"{language}.toml").open("rb") as file:
        return dict(_flat(tomllib.load(file), ""))


def spoken(cookies: Mapping[str, str]) -> str:
    """Return the language that a browser's cookies ask for."""
    wanted = cookies.get(COOKIE, "")
    return wanted if wanted in languages() else FIRST


def language() -> str:
    """Return the language of the request that is answered."""
    return _of_event() or _chosen.get() or FIRST


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Let everything within be said in a language."""
    before = _chosen.set(wanted)
    try:
        yield
    finally:
        _chosen.reset(before)


@contextmanager
def marking() -> Iterator[None]:
    """Let every text within be a mark, for ``with_texts`` to put the text there."""
    with speaking(_MARKS):
        yield


def with_texts(page: str, wanted: str) -> str:
    """Return a page with the texts of a language in place of its marks."""

    def put(mark: re.Match[str]) -> str:
        values = dict(parse_qsl(mark[2] or "", separator="~"))
        # A document may be called like a mark; nothing of it may end what the mark stands in.
        return say(mark[1], **values) if all(map(_PLAIN.fullmatch, values.values())) else mark[0]

    with speaking(wanted):
        return _MARK.sub(put, page)


def say(key: str, **values: object) -> str:
    """Return a text, with the values in their places."""
    wanted = _chosen.get() if _chosen.get() == _MARKS else language()
    if wanted == _MARKS:
        told = "~".join(f"{name}={quote_plus(str(value))}" for name, value in values.items())
        return f"%%{key}?{told}%%" if values else f"%%{key}%%"
    text = texts(wanted).get(key) or texts(FIRST).get(key, key)
    return text.format_map(values) if values else text


def counted(key: str, count: int, **values: object) -> str:
    """Return the text for so many: ``key`` has one for 1 and one for other numbers, both may hold
    ``{n}``."""
    form = "one" if count == 1 else "other"
    return say(f"{key}.{form}", n=number(count), **values)


def number(value: float, digits: int = 0) -> str:
    """Return a number as the language writes it: ``12,345.6``."""
    text = f"{value:,.{digits}f}"
    return text.translate({ord(","): say("format.thousands"), ord("."): say("format.decimal")})


def day(date: dt.date) -> str:
    """Return a date as the language writes it: ``27 February 2020``."""
    month = say(f"months.m{date.month}")
    return say("format.day", day=date.day, month=month, year=date.year)


def everywhere(key: str) -> tuple[str, ...]:
    """Return a text in all languages."""
    return tuple(texts(code).get(key) or texts(FIRST)[key] for code in languages())


def _of_event() -> str:
    """Return the language of the request that a queued event belongs to: it is not answered where
    its request came in."""
    context: Any = sys.modules.get("gradio.context")  # nothing is an event where that isn't loaded
    request = context.LocalContext.request.get(None) if context else None
    return spoken(dict(request.cookies)) if request is not None else ""


def _flat(table: Mapping[str, object], before: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", str(value)
