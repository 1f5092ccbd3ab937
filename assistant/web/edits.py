"""What a curator types about a document: read, checked, and turned into an order to the archive."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.web.markup import web_address
from assistant.web.told import sentence, translated
from assistant.web.wording import say
from corpus.dates import refusal
from corpus.documents import Overrides
from index.entries import Entry

FIELDS = ("title", "author", "date", "source", "language", "url", "tags")
_LONGEST = 2000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Edit:
    """A form as it was sent.

    ``values`` are what stands in its fields, ``was`` what stood there when it was drawn, and
    ``confirmed`` the guessed fields that the curator says are right. ``errors`` has a sentence for
    each field that can't be taken.
    """

    values: Mapping[str, str]
    was: Mapping[str, str]
    confirmed: frozenset[str] = frozenset()
    errors: Mapping[str, str] = field(default_factory=dict)

    def changed(self) -> tuple[str, ...]:
        """Return the fields that are to be written."""
        return tuple(
            name
            for name in FIELDS
            if self.values[name] != self.was[name] or (name in self.confirmed and self.values[name])
        )

    def overrides(self) -> Overrides:
        """Return what is to be written, once there are no errors."""
        new = {name: self.values[name] for name in self.changed()}
        return Overrides(
            title=new.get("title"),
            date=dt.date.fromisoformat(new["date"]) if "date" in new else None,
            source=new.get("source"),
            tags=tags_of(new.get("tags", "")),
            author=new.get("author"),
            url=new.get("url"),
            language=new.get("language"),
        )


def stated(entry: Entry) -> dict[str, str]:
    """Return a document's facts as the form's fields show them."""
    return {
        "title": entry.title,
        "author": entry.author or "",
        "date": entry.date.isoformat() if entry.date else "",
        "source": entry.source or "",
        "url": entry.url or "",
        "language": entry.language or "",
        "tags": ", ".join(entry.tags),
    }


def edit_from(sent: Mapping[str, Any], entry: Entry, today: dt.date | None = None) -> Edit:
    """Read what the browser sent about ``entry`` and check every field that was changed."""
    now = stated(entry)
    values = _fields(sent.get("values"), now)
    was = _fields(sent.get("was"), now)
    confirmed = frozenset(
        name for name in FIELDS if name in (sent.get("confirmed") or []) and name in entry.guessed
    )
    edit = Edit(values, was, confirmed)
    errors = {
        name: error
        for name in edit.changed()
        if (error := _wrong(name, edit, now, today or dt.date.today()))
    }
    # After a clash the form has to be judged by what is true now.
    return Edit(values, now if errors else was, confirmed, errors)


def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags of a text with commas between, each once."""
    tags = (" ".join(tag.split()) for tag in text.split(","))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _fields(sent: object, now: Mapping[str, str]) -> dict[str, str]:
    given = sent if isinstance(sent, Mapping) else {}
    return {name: " ".join(str(given.get(name, now[name])).split())[:_LONGEST] for name in FIELDS}


def _wrong(name: str, edit: Edit, now: Mapping[str, str], today: dt.date) -> str:
    value = edit.values[name]
    if now[name] not in (edit.was[name], value):
        if not now[name]:
            return say("edits.emptied_meanwhile")
        return say("edits.changed_meanwhile", value=now[name])
    if not value:
        if name == "title":
            return say("edits.no_title")
        return say("edits.emptied", value=edit.was[name])
    if name == "date":
        return _wrong_date(value, today)
    if name == "url" and web_address(value) is None:
        return say("adding.bad_address")
    if name == "language" and not _LANGUAGE.fullmatch(value):
        return say("edits.bad_language")
    if name == "tags" and not tags_of(value):
        return say("edits.bad_tags")
    return ""


def _wrong_date(value: str, today: dt.date) -> str:
    try:
        date = dt.date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        date = None
    if date is None:
        return say("edits.bad_date", value=value)
    why = refusal(date, today)
    return sentence(translated(why.removesuffix(": not used"))) if why else ""
