"""A document's title, author, date, source and language: as stated, else found in its own text."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from corpus.dates import date_in_path, parse_date, refusal
from corpus.describe_head import SITE_MARKS, Head, read_head, same_words
from corpus.findings import UNDATED
from corpus.language import guess_language
from corpus.readers.raw import RawText, Stated

_SHORTENED = 80
_TABLES = frozenset(
    {
        "text/csv",
        "text/tab-separated-values",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
_LANGUAGE_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9-]+)?$", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6} ")
_ITEM = re.compile(r"(?:-|\d{1,3}\.) ")
_FIRST_SENTENCE = re.compile(r".{15,}?[.!?][\"'”’)]?(?=\s|$)")
# What programs write into a file's properties when nobody says anything.
_NO_TITLE = re.compile(
    r"(?:microsoft \w+ - .*|untitled.*|document ?\d*|presentation ?\d*|powerpoint presentation"
    r"|slide 1|book ?\d*|title|.{1,200}\.(?:docx?|pptx?|xlsx?|pdf|indd|qxd|tex|dvi|rtf|odt))",
    re.IGNORECASE,
)
_NO_AUTHOR = frozenset(
    "admin|administrator|author|owner|root|unknown|user|anonymous|editor|webmaster|www-data"
    "|python-docx|openpyxl|microsoft office user|default user|windows user".split("|")
)
_BY = re.compile(r"(?:by|von|par|por)\s+(?=\S)", re.IGNORECASE)


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
    author: str | None = None


def describe(
    raw: RawText, text: str, *, curated: Stated, file_name: str, today: dt.date | None = None
) -> Description:
    """Describe the cleaned ``text`` of ``raw``.

    ``curated`` is the sidecar's word and outranks what the file states; that outranks what its
    text, its address and at last its name say. A title line, a byline and a date line at the top
    leave the text, whoever is believed, so that new facts about a document do not move its quotes.
    A date that cannot be (in the future, before print, no date at all) is not used and becomes a
    problem. ``guessed`` names what was inferred: ``source`` from the address, ``date`` from that or
    from the day on which the file was made, too.
    """
    today = today or dt.date.today()
    head = read_head(text, raw, today)
    own = raw.stated
    problems = [*curated.problems, *own.problems, *head.problems]
    date = _stated_date(curated, today, problems) or _stated_date(own, today, problems)
    url = curated.url or own.url
    found_date = _made_date(own, today) or _found_date(head, url, file_name, today)
    source = curated.source or own.source
    title = curated.title or _own_title(own, raw.media_type)
    author = curated.author or _own_author(own)
    stated_language = _language_code(curated.language or own.language)
    language = stated_language or guess_language(head.text)
    guesses = {
        "title": title is None and not head.is_heading,
        "author": author is None and head.author is not None,
        "date": date is None and found_date is not None,
        "source": source is None and _host(url) is not None,
        "language": stated_language is None and language is not None,
    }
    if date is None and found_date is None:
        problems.append(UNDATED)
    return Description(
        text=head.text,
        title=title or head.title or _made_title(head.text, file_name, raw.media_type),
        date=date or found_date,
        source=source or _host(url),
        url=url,
        language=language,
        tags=curated.tags or own.tags,
        guessed=tuple(
            name
            for name, guessed in guesses.items()
            if guessed or (name in own.inferred and not getattr(curated, name))
        ),
        problems=tuple(dict.fromkeys(problems)),
        author=author or head.author,
    )


def _found_date(head: Head, url: str | None, file_name: str, today: dt.date) -> dt.date | None:
    """Return the likeliest date of publication that nobody states: a file's name may be the day
    on which it was saved, so it comes last."""
    in_url = date_in_path(unquote(_path(url))) if url else None
    candidates = (head.date, in_url, head.updated, date_in_path(file_name))
    return next((date for date in candidates if date and not refusal(date, today)), None)


def _made_date(own: Stated, today: dt.date) -> dt.date | None:
    """Return the day on which a file was made: the best that many files say about the day of
    publication, which may be another one."""
    made = parse_date(own.made) if own.made else None
    return made if made and not refusal(made, today) else None


def _own_title(own: Stated, media_type: str) -> str | None:
    """Return the title that a file states, without what only its program or its site put there."""
    title = own.title
    if title is None or (not media_type.startswith("text/") and _NO_TITLE.fullmatch(title)):
        return None
    if own.source:
        for separator in SITE_MARKS:
            name, found, site = title.rpartition(separator)
            if found and name.strip() and same_words(site, own.source):
                return name.strip()
    return title


def _own_author(own: Stated) -> str | None:
    author = _BY.sub("", own.author or "", count=1).strip()
    return None if author.casefold() in _NO_AUTHOR else author or None


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


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _host(url: str | None) -> str | None:
    if not url:
        return None
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _made_title(text: str, file_name: str, media_type: str) -> str:
    """Make a title from the first sentence, or from the file's name where there is none."""
    opening = _HEADING.sub("", text.split("\n", 1)[0])
    sentence = _FIRST_SENTENCE.match(opening[:1000])
    words = sentence.group().rstrip(".") if sentence else opening
    is_row = media_type in _TABLES or _ITEM.match(opening) or " | " in opening
    if is_row or len(words.split()) < 2:
        stem = file_name.rsplit(".", 1)[0]
        return " ".join(re.split(r"[\s_-]+", stem)).strip() or file_name
    if len(words) <= _SHORTENED:
        return words
    return words[:_SHORTENED].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
