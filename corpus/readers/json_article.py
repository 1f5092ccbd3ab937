"""JSON as news archives and web exports write it: one article, or a list of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from corpus.errors import UnreadableFile, UnsupportedFormat
from corpus.readers.front_matter import one_line
from corpus.readers.kinds import BODY_KEYS, LIST_KEYS, several_message
from corpus.readers.plain import lay_out
from corpus.readers.raw import RawText, Stated
from corpus.readers.trees import html_blocks, reading_as

MEDIA_TYPE = "application/json"
_TITLE = ("title", "headline", "name")
_DATE = (
    "date", "datePublished", "date_published", "published", "published_at", "publishedAt",
    "pubDate", "publication_date", "webPublicationDate", "created_at", "dateCreated",
)  # fmt: skip
_SOURCE = ("source", "publisher", "sitename", "site_name", "publication", "newspaper")
_URL = ("url", "link", "canonical_url", "webUrl", "permalink", "mainEntityOfPage")
_AUTHOR = ("author", "authors", "byline", "creator", "by")
_TAGS = ("tags", "keywords", "topics", "categories")
_LANGUAGE = ("language", "lang", "inLanguage")
_HTML_TAG = re.compile(r"</(?:p|div|h[1-6]|li|a|b|i|em|strong|span|blockquote|td)>|<br\s*/?>", re.I)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=T)")
# An article may stand in an envelope ({"response": {"content": {...}}}), hardly deeper.
_DEEPEST = 6
_MOST_NODES = 10_000


def read_json(text: str, *, name: str) -> RawText:
    """Read the one article that a JSON file holds; ``name`` is the file's, for messages.

    Raises UnreadableFile where it is no JSON, and UnsupportedFormat where it holds no article, or
    several.
    """
    value = parse_json(text, name=name)
    if several(value):
        raise UnsupportedFormat(several_message(name))
    article = _find(value)
    if article is None:
        raise UnsupportedFormat(
            f"No reader takes {name}: its JSON holds no article. It needs a 'title' and a 'text'."
        )
    with reading_as("an article", name=name):
        return read_article(article)


def parse_json(text: str, *, name: str) -> Any:
    """Return the value of a JSON text. Raises UnreadableFile naming the bad line."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise UnreadableFile(
            f"{name} is nested too deeply to be read. Save its text as .txt."
        ) from error
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and text[error.pos : error.pos + 1] == "{":
            raise UnsupportedFormat(f"{name} holds a value a line. Rename it to .jsonl.") from error
        raise UnreadableFile(
            f"{name} is not valid JSON: {error.msg.lower()} (line {error.lineno}). Correct it."
        ) from error
    except ValueError as error:  # a number of more digits than Python reads
        raise UnreadableFile(f"{name} is not valid JSON: a number is too long.") from error


def several(value: object) -> list[Any] | None:
    """Return the articles of a value that holds more than one, or an array of one; else None."""
    if isinstance(value, list):
        return value if any(is_article(one) for one in islice(value, 100)) else None
    if not isinstance(value, dict) or is_article(value):
        return None
    for key in LIST_KEYS:
        found = value.get(key)
        if isinstance(found, list) and sum(is_article(one) for one in islice(found, 100)) > 1:
            return found
    return None


def is_article(value: object) -> bool:
    """Tell whether a value is an object with a text."""
    return isinstance(value, dict) and bool(_body(value))


def read_article(article: Mapping[str, Any]) -> RawText:
    """Return the text of one article and what its fields state. HTML in it is read as such."""
    body = _body(article)
    blocks = html_blocks(body) if _HTML_TAG.search(body) else [lay_out(body)]
    return RawText("\n\n".join(block for block in blocks if block), MEDIA_TYPE, _stated(article))


def _stated(article: Mapping[str, Any]) -> Stated:
    date = _first(article, _DATE)
    day = _DAY.match(date or "")
    url = _first(article, _URL)
    return Stated(
        title=_plain(_first(article, _TITLE)),
        date=day.group() if day else date,
        source=_first(article, _SOURCE),
        url=url if url and url.startswith(("http://", "https://")) else None,
        language=_first(article, _LANGUAGE),
        author=_first(article, _AUTHOR),
        tags=_tags(article),
    )


def _body(article: Mapping[str, Any]) -> str:
    for key in BODY_KEYS:
        value = article.get(key)
        if isinstance(value, dict):  # Atom's {"content": {"value": ...}}
            value = value.get("value") or value.get("text") or value.get("html")
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            value = "\n\n".join(value)
        if isinstance(value, str) and value.strip():
            return value.replace("\r\n", "\n").replace("\r", "\n")
    return ""


def _find(value: object) -> Mapping[str, Any] | None:
    """Return the nearest object that is an article with a title, else the nearest with a text."""
    articles = [one for one in islice(_objects(value), _MOST_NODES) if is_article(one)]
    titled = (one for one in articles if _first(one, _TITLE) and _kind(one) != "organization")
    return next(titled, None) or next(iter(articles), None)


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a value, the outer ones first."""
    level: list[object] = [value]
    for _ in range(_DEEPEST):
        below: list[object] = []
        for one in level:
            if isinstance(one, dict):
                yield one
                below += one.values()
            elif isinstance(one, list):
                below += one
        level = below


def _kind(article: Mapping[str, Any]) -> str:
    return str(article.get("@type", "")).lower()


def _first(article: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((line for key in keys if (line := _line(article.get(key)))), None)


def _line(value: object) -> str:
    """Return a fact as one line: a text, a number, the name of an object, or some of these."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@id") or value.get("title")
    if isinstance(value, list):
        parts = (_line(part) for part in value[:10] if not isinstance(part, list))
        return ", ".join(part for part in parts if part)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return one_line(value) if isinstance(value, str) else ""


def _plain(title: str | None) -> str | None:
    if title and _HTML_TAG.search(title):
        return one_line(" ".join(html_blocks(title))) or None
    return title


def _tags(article: Mapping[str, Any]) -> tuple[str, ...]:
    for key in _TAGS:
        value = article.get(key)
        parts = value.split(",") if isinstance(value, str) else value
        if isinstance(parts, list) and parts:
            tags = (_line(part) for part in parts[:30] if not isinstance(part, list))
            return tuple(dict.fromkeys(tag for tag in tags if tag))
    return ()
