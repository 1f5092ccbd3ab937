"""Reading the quotes of a file that this program wrote: HTML, Markdown, or JSON of an answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.export_html import Reading
from assistant.export_markdown import FIRST_LINE, quotes_in, title_in
from assistant.export_parts import FORMAT_VERSION, Source
from corpus.errors import UnreadableFile

_LARGEST = 50_000_000
_ABOUT = re.compile(r"conversation (\d+); quotes (\d+); exported (\S+)")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotes of a file; ``missing`` counts those that it names and that are not readable."""

    form: str
    title: str
    exported: str
    quotes: tuple[Source, ...]
    missing: int


def read_quotes(path: Path) -> Quotes:
    """Return the quotes of a file. Raises UnreadableFile where this program did not write it."""
    text = _text_of(path)
    if text.lstrip().startswith(("{", "[")):
        return _from_json(path, text)
    if found := FIRST_LINE.match(text):
        _check_version(path, found["version"])
        quotes = tuple(quotes_in(text))
        return _quotes("markdown", title_in(text), found["exported"], quotes, found["quotes"])
    reading = Reading(text)
    if about := _ABOUT.fullmatch(reading.about):
        _check_version(path, about[1])
        return _quotes("html", reading.title, about[3], tuple(reading.quotes), about[2])
    raise UnreadableFile(
        f"{path} is no conversation that this program exported: give it the HTML or Markdown file "
        "of 'assistant chats export' or of the chat, or the JSON of 'assistant ask --json'"
    )


def _quotes(form: str, title: str, exported: str, quotes: tuple[Source, ...], named: str) -> Quotes:
    whole = tuple(one for one in quotes if _SHA256.fullmatch(one.sha256))
    return Quotes(form, title, exported, whole, max(0, int(named) - len(whole)))


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableFile(
                f"{path} is larger than {_LARGEST // 1_000_000} MB: name an export"
            )
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UnreadableFile(
            f"{path} could not be read ({error.strerror}): check its name and its rights"
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path} is not UTF-8 text: name a file that this program exported"
        ) from error


def _check_version(path: Path, version: str) -> None:
    if int(version) > FORMAT_VERSION:
        raise UnreadableFile(
            f"{path} was exported by a newer release of this program: check it with that release"
        )


def _from_json(path: Path, text: str) -> Quotes:
    try:
        said = json.loads(text)
        turns = said.get("turns", [{"answer": said}])
        quotes = tuple(
            _source(number, one)
            for number, turn in enumerate(turns, start=1)
            for one in turn["answer"].get("citations", ())
        )
        title = str(said.get("title") or said.get("question") or "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnreadableFile(
            f"{path} is JSON of something else: name the output of 'assistant ask --json' or of "
            "'assistant chats show --json'"
        ) from None
    return _quotes("json", title, "", quotes, str(len(quotes)))


def _source(turn: int, one: dict[str, Any]) -> Source:
    return Source(
        turn,
        int(one["marker"]),
        str(one["quote"]),
        str(one["document_id"]),
        str(one["sha256"]),
        int(one["start"]),
        int(one["end"]),
        "",
        "",
        None,
    )
