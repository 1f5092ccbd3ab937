"""A document's title, date, source and language: as stated, else found in its own first lines."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from corpus.dates import parse_date, refusal
from corpus.language import guess_language
from corpus.readers.raw import RawText, Stated

# Room for a long headline; a first paragraph, even a short one, mostly ends in a full stop.
_TITLE_LENGTH = 130
_TITLE_WORDS = 22
_SHORTENED = 80
# A title, a subtitle or author and two dates ("Published", "Updated") may stand before the text.
_HEAD_BLOCKS = 5
_LANGUAGE_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9-]+)?$", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6} ")
_ITEM = re.compile(r"(?:-|\d{1,3}\.) ")
_FIRST_SENTENCE = re.compile(r".{15,}?[.!?][\"'”’)]?(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Description:
    """What is known about a document, and its text without the lines that said so."""

    text: str
    title: str
    date: dt.date | None
    source: str | None
    url: str | None
    language: str | None
    tags: tuple[str, ...]
    guessed: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    """The title and the date that the first lines hold, and the text after them."""

    text: str
    title: str | None
    title_is_heading: bool
    date: dt.date | None
    problems: tuple[str, ...]


def describe(
    raw: RawText, text: str, *, curated: Stated, file_name: str, today: dt.date | None = None
) -> Description:
    """Describe the cleaned ``text`` of ``raw``.

    ``curated`` is the sidecar's word and outranks what the file states; that outranks what its
    first lines hold. A title line and a date line leave the text, whoever is believed, so that
    new facts about a document do not move its quotes. A date that cannot be (in the future,
    before print, no date at all) is not used and becomes a problem.
    """
    today = today or dt.date.today()
    head = _read_head(text, raw, today)
    own = raw.stated
    problems = [*curated.problems, *own.problems, *head.problems]
    date = _stated_date(curated, today, problems) or _stated_date(own, today, problems)
    title = curated.title or own.title
    url = curated.url or own.url
    source = curated.source or own.source
    stated_language = _language_code(curated.language or own.language)
    language = stated_language or guess_language(head.text)
    guesses = {
        "title": title is None and not head.title_is_heading,
        "date": date is None and head.date is not None,
        "source": source is None and url is not None,
        "language": stated_language is None and language is not None,
    }
    if date is None and head.date is None:
        problems.append("no date found")
    return Description(
        text=head.text,
        title=title or head.title or _made_title(head.text, file_name),
        date=date or head.date,
        source=source or _host(url),
        url=url,
        language=language,
        tags=curated.tags or own.tags,
        guessed=tuple(name for name, guessed in guesses.items() if guessed),
        problems=tuple(dict.fromkeys(problems)),
    )


def _read_head(text: str, raw: RawText, today: dt.date) -> _Head:
    blocks = text.split("\n\n")
    rest = blocks[_HEAD_BLOCKS:]
    title, is_heading, date = None, False, None
    kept: list[str] = []
    problems: list[str] = []
    for at, block in enumerate(blocks[:_HEAD_BLOCKS]):
        found = parse_date(block)
        if _is_prose(block):
            kept += blocks[at:_HEAD_BLOCKS]
            break
        if found and not (why := refusal(found, today)):
            date = date or found
        elif found:
            problems.append(why or "")
            kept.append(block)
        elif title is None and not kept and _is_title(block, raw):
            title, is_heading = _HEADING.sub("", block), bool(_HEADING.match(block))
        else:
            kept.append(block)
    if not kept and not rest:
        # All of it is head: a note of one line is its own text.
        return _Head(text, title, is_heading, date, tuple(problems))
    return _Head("\n\n".join(kept + rest), title, is_heading, date, tuple(problems))


def _is_prose(block: str) -> bool:
    # A date may end in a full stop ("3 p.m."), and a headline may be long.
    return len(block) > _TITLE_LENGTH or (block.endswith(".") and not parse_date(block))


def _is_title(block: str, raw: RawText) -> bool:
    words = _HEADING.sub("", block)
    if raw.stated.title:
        return _same(words, raw.stated.title)
    if raw.media_type != "text/plain":
        return block.startswith("# ")
    short = "\n" not in block and len(words.split()) <= _TITLE_WORDS
    return short and not words.endswith((".", ":", ";", ",")) and not _ITEM.match(block)


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _stated_date(stated: Stated, today: dt.date, problems: list[str]) -> dt.date | None:
    if stated.date is None:
        return None
    date = parse_date(stated.date)
    why = refusal(date, today) if date else f"'{stated.date}' is no date: write it as YYYY-MM-DD"
    if why:
        problems.append(why)
        return None
    return date


def _language_code(stated: str | None) -> str | None:
    found = _LANGUAGE_CODE.match(stated or "")
    return found.group(1).lower() if found else None


def _host(url: str | None) -> str | None:
    if not url:
        return None
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _made_title(text: str, file_name: str) -> str:
    """Make a title from the first sentence, or from the file's name where there is none."""
    opening = _HEADING.sub("", text.split("\n", 1)[0])
    sentence = _FIRST_SENTENCE.match(opening[:1000])
    words = sentence.group().rstrip(".") if sentence else opening
    if len(words.split()) < 2 or _ITEM.match(opening) or " | " in opening:
        stem = file_name.rsplit(".", 1)[0]
        return " ".join(re.split(r"[\s_-]+", stem)).strip() or file_name
    if len(words) <= _SHORTENED:
        return words
    return words[:_SHORTENED].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
