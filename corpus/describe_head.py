"""The first lines of a text: its title, its byline and its date, and what is left without them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from corpus.dates import parse_date, parse_labelled, refusal
from corpus.describe_byline import Byline, read_byline
from corpus.readers.raw import RawText

# Room for a long headline; a first paragraph, even a short one, mostly ends in a full stop.
_TITLE_LENGTH = 130
_TITLE_WORDS = 22
# A title, a subtitle, an author and two dates ("Published", "Updated") may stand before the text.
_HEAD_BLOCKS = 6
# "First published on ..." also stands below a text.
_FOOT_BLOCKS = 3
SITE_MARKS = (" | ", " - ", " – ", " — ", " · ")
_HEADING = re.compile(r"#{1,6} ")
_ITEM = re.compile(r"(?:-|\d{1,3}\.) ")
# "WASHINGTON, Jan. 18, 2020 (Reuters) - The ...", "BERLIN, 3. Juni 2021 — ..."
_DATELINE = re.compile(
    r"[^\W\d_a-z](?:[^\W\d_a-zà-öø-ÿ]|[.' -]){2,40}(?:,\s[^\W\d_][\w. ]{1,20}?)?,\s"
    r"(?P<date>[^\W_][\w., ]{5,24}?\d{4})\s?(?:\([^()\n]{2,20}\)\s?)?(?:[-–—]{1,2}|:)\s"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What the first lines say, and the text after them.

    ``date`` is the day of publication; ``updated`` is a day of change, the next best.
    ``is_heading`` tells that the title is marked as a heading.
    """

    text: str
    title: str | None = None
    is_heading: bool = False
    author: str | None = None
    date: dt.date | None = None
    updated: dt.date | None = None
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """What has been found so far while the blocks are looked at in their order."""

    raw: RawText
    today: dt.date
    kept: list[str] = field(default_factory=list)
    title: str | None = None
    is_heading: bool = False
    author: str | None = None
    date: dt.date | None = None
    updated: dt.date | None = None
    problems: list[str] = field(default_factory=list)


def read_head(text: str, raw: RawText, today: dt.date) -> Head:
    """Read the lines before the first paragraph of the cleaned ``text`` of ``raw``.

    Lines that are only a title, a byline or a date leave the text; a date that cannot be is a
    problem, and its line stays. A dateline within the first paragraph, or a line "Published ..."
    at the foot, gives the date where no line of its own does, and stays.
    """
    blocks = text.split("\n\n")
    head, rest = blocks[:_HEAD_BLOCKS], blocks[_HEAD_BLOCKS:]
    found = _Found(raw, today)
    for at, block in enumerate(head):
        if _is_prose(block):
            found.kept += head[at:]
            break
        following = blocks[at + 1] if at + 1 < len(blocks) else ""
        if not _take(found, block, following):
            found.kept.append(block)
    remaining = "\n\n".join(found.kept + rest) if found.kept or rest else text
    return Head(
        text=remaining,
        title=found.title,
        is_heading=found.is_heading,
        author=found.author,
        date=found.date or _date_inside(remaining, today),
        updated=found.updated,
        problems=tuple(found.problems),
    )


def same_words(one: str, other: str) -> bool:
    """Tell whether two lines differ in case and spaces only."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _take(found: _Found, block: str, following: str) -> bool:
    """Take a block for the head; tell whether it leaves the text."""
    dated = parse_labelled(block)
    if dated:
        return _take_date(found, dated.date, is_update=dated.is_update)
    byline = read_byline(block)
    if byline and not _is_title_of(found, byline, following):
        return _take_byline(found, byline)
    if found.title is None and not found.kept and _is_title(block, found.raw):
        found.title, found.is_heading = _HEADING.sub("", block), bool(_HEADING.match(block))
        return True
    return False


def _take_date(found: _Found, date: dt.date, *, is_update: bool = False) -> bool:
    if why := refusal(date, found.today):
        found.problems.append(why)
        return False
    if is_update:
        found.updated = found.updated or date
    else:
        found.date = found.date or date
    return True


def _take_byline(found: _Found, byline: Byline) -> bool:
    if byline.date and not _take_date(found, byline.date):
        return False
    found.author = found.author or byline.author
    return True


def _is_title_of(found: _Found, byline: Byline, following: str) -> bool:
    """Tell whether a line that reads as a byline is a title: "By Any Other Name" comes first, and
    the real byline, or at once the text, comes after it."""
    if found.title is not None or found.kept or found.raw.stated.title or byline.date:
        return False
    return not following or _is_prose(following) or read_byline(following) is not None


def _is_prose(block: str) -> bool:
    # A date may end in a full stop ("3 p.m."), and a headline may be long.
    return len(block) > _TITLE_LENGTH or (block.endswith(".") and not parse_date(block))


def _is_title(block: str, raw: RawText) -> bool:
    words = _HEADING.sub("", block)
    if raw.stated.title:
        # A page's title may have its site's name at the end.
        return same_words(words, raw.stated.title) or _begins(raw.stated.title, words)
    if raw.media_type != "text/plain":
        return block.startswith("# ")
    short = "\n" not in block and len(words.split()) <= _TITLE_WORDS
    if not short or not any(map(str.isalnum, words)):
        return False
    return not words.endswith((".", ":", ";", ",")) and not _ITEM.match(block)


def _begins(title: str, words: str) -> bool:
    rest = " ".join(title.casefold().split()).removeprefix(" ".join(words.casefold().split()))
    return rest != " ".join(title.casefold().split()) and rest.startswith(SITE_MARKS)


def _date_inside(text: str, today: dt.date) -> dt.date | None:
    """Return the date of a dateline, or of a line "Published ..." at the foot of the text."""
    blocks = text.split("\n\n")
    for block in blocks[:2]:
        found = _DATELINE.match(block)
        date = parse_date(found["date"]) if found else None
        if date and not refusal(date, today):
            return date
    for block in blocks[-_FOOT_BLOCKS:]:
        dated = parse_labelled(block)
        if dated and dated.is_published and not refusal(dated.date, today):
            return dated.date
    return None
