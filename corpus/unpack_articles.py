"""The articles in a JSON file, each written as a Markdown file with front matter."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from corpus.dates import parse_date
from corpus.documents import slug
from corpus.errors import CorpusError, UnreadableFile
from corpus.readers.decode import decode
from corpus.readers.json_article import is_article, parse_json, read_article, several
from corpus.readers.load import MAX_BYTES, load, opened_errors
from corpus.readers.raw import Stated
from corpus.readers.trees import reading_as
from corpus.unpacked import Writer
from corpus.web.as_markdown import as_markdown

MOST_LIST_BYTES = 100_000_000
"""A JSON array is parsed as a whole, so it has a limit; JSON lines have none."""

_LONGEST_NAME = 80


def holds_several(path: Path) -> bool:
    """Tell whether a ``.json`` file of a document's size holds more than one article."""
    try:
        value = parse_json(decode(load(path, max_bytes=MAX_BYTES), name=str(path)), name=str(path))
    except CorpusError:
        return False
    return several(value) is not None


def unpack_articles(path: Path, writer: Writer, *, by_line: bool) -> None:
    """Write each article of a JSON array, or of JSON lines when ``by_line``.

    Raises UnreadableFile where the array cannot be read; a bad line is named and passed over.
    """
    if by_line:
        _unpack_lines(path, writer)
        return
    try:
        data = load(path, max_bytes=MOST_LIST_BYTES)
    except UnreadableFile as error:
        if "MB is the most" in str(error):
            raise UnreadableFile(
                f"{path} is too large for one JSON array. Save it as .jsonl, an article a line."
            ) from error
        raise
    value = parse_json(decode(data, name=str(path)), name=str(path))
    for number, article in enumerate(several(value) or (), start=1):
        _take(article, f"article {number}", writer)


def _unpack_lines(path: Path, writer: Writer) -> None:
    with opened_errors(path):
        file = path.open("rb")
    with file:
        for number, line in _lines(file, writer):
            name = f"line {number}"
            try:
                value = parse_json(decode(line, name=name), name=name)
            except CorpusError as error:
                writer.fail(name, str(error))
            else:
                _take(value, name, writer)


def _lines(file: BinaryIO, writer: Writer) -> Iterator[tuple[int, bytes]]:
    """Yield the lines with their numbers, without ever holding more than the longest allowed."""
    most = writer.max_bytes
    number = 0
    while line := file.readline(most + 1):
        number += 1
        if len(line) > most:
            writer.fail(f"line {number}", f"it is longer than {most / 1e6:,.1f} MB")
            while not line.endswith(b"\n") and (line := file.readline(most)):
                pass
        elif line.strip(b"\xef\xbb\xbf \t\r\n"):
            yield number, line


def _take(value: Any, name: str, writer: Writer) -> None:
    if not is_article(value):
        writer.fail(name, "it holds no article: it needs a 'title' and a 'text'")
        return
    try:
        with reading_as("an article", name=name):
            raw = read_article(value)
        if not raw.text.strip():
            writer.fail(name, "it holds no text, only markup")
            return
        file = markdown_file(_with_day(raw.stated), raw.text)
        writer.write([f"{_stem(raw.stated, name)}.md"], file.encode("utf-8", "replace"))
    except CorpusError as error:
        writer.fail(name, str(error))


def markdown_file(stated: Stated, text: str) -> str:
    """Return a Markdown file: front matter of what is ``stated``, the title, and the text."""
    names = ("title", "date", "author", "source", "url", "language", "tags")
    values = {name: value for name in names if (value := getattr(stated, name))}
    # A JSON string is a quoted string of YAML too.
    fields = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    front = "\n".join(["---", *fields, "---", "", ""]) if fields else ""
    heading = f"# {stated.title}\n\n" if stated.title else ""
    opens = text.split("\n", 1)[0].lstrip("# ") == stated.title
    return front + as_markdown(text if opens else heading + text) + "\n"


def _with_day(stated: Stated) -> Stated:
    found = parse_date(stated.date) if stated.date else None
    return dataclasses.replace(stated, date=found.isoformat()) if found else stated


def _stem(stated: Stated, name: str) -> str:
    """Return a file's name made of the day and the title, so that a folder of them is in order."""
    day = _with_day(stated).date or ""
    words = slug((stated.title or name).replace("/", " ").replace(".", " "))
    short = words[:_LONGEST_NAME].rsplit("-", 1)[0] if len(words) > _LONGEST_NAME else words
    return f"{day}-{short}" if len(day) == len("2021-03-09") else short
