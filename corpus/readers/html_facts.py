"""What a web page states about itself: JSON-LD first, then meta tags, then what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from corpus.readers.front_matter import one_line
from corpus.readers.html_linked import article_object, name_in, text_in
from corpus.readers.raw import Stated

# Only what a page states counts as its date; searching its text over-reads.
_DATES = {"extensive_search": False, "original_date": True, "max_date": "2999-12-31"}
_SEPARATOR = r"\s*[|–—·•»:-]\s*"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class _Meta:
    """The meta tags of a page by their name in lower case, each with all its values."""

    values: dict[str, list[str]]

    def first(self, *names: str) -> str | None:
        return next((value for name in names for value in self.values.get(name, ())), None)

    def every(self, *names: str) -> list[str]:
        return next((self.values[name] for name in names if self.values.get(name)), [])


def read_facts(tree: Any, *, search: bool) -> Stated:
    """Read the facts in the tree of a page; ``search`` also where it only shows them."""
    meta, linked = _Meta(dict(_metas(tree))), article_object(tree)
    shown = _shown_by_trafilatura(tree) if search else _Shown()
    stated_source = _line(
        name_in(linked.get("publisher"))
        or meta.first("og:site_name", "dc.publisher", "citation_journal_title", "application-name")
    )
    source = stated_source or _line(shown.sitename)
    date, author = _line(_date(tree, linked, meta)), _author(linked, meta)
    seen = {
        "author": author or _line(shown.author),
        "date": date or _unless_modified(shown.date, linked, meta),
        "source": source,
    }
    stated = {"author": author, "date": date, "source": stated_source}
    return Stated(
        title=_title(tree, linked, meta, source) or _line(shown.title),
        date=seen["date"],
        source=source,
        url=_url(tree, linked, meta) or _web_address(shown.url),
        language=_line(
            tree.get("lang")
            or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
            or tree.get("xml:lang")
            or text_in(linked.get("inLanguage"))
            or meta.first("content-language", "dc.language", "og:locale")
        ),
        author=seen["author"],
        tags=_tags(linked, meta) or _split_tags(shown.tags or ()),
        inferred=tuple(name for name, value in seen.items() if value and not stated[name]),
    )


def _metas(tree: Any) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        content = one_line(tag.get("content") or "")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := (tag.get(attribute) or "").strip().lower()):
                name = name.replace("dcterms.", "dc.").replace("dc:", "dc.")
                found.setdefault(name, []).append(content)
    yield from found.items()


def _title(tree: Any, linked: dict[str, Any], meta: _Meta, source: str | None) -> str | None:
    heading = _only_heading(tree)
    title = next((_line("".join(one.itertext())) for one in tree.iter("title")), None)
    stated = [
        _line(text_in(linked.get("headline"))),
        _line(meta.first("og:title", "citation_title", "dc.title", "twitter:title")),
    ]
    bare = [_without_site(one, source, heading) for one in (*stated, heading, title) if one]
    if heading and any(_same(one, heading) for one in bare):
        return heading
    return bare[0] if bare else None


def _only_heading(tree: Any) -> str | None:
    found = [line for one in tree.iter("h1") if (line := _heading_line(one))]
    return found[0] if len(found) == 1 else None


def _heading_line(heading: Any) -> str | None:
    """Return a heading's words without those of buttons in it, unless it is a button itself."""
    pressed = {piece for button in heading.iter("button") for piece in button.itertext()}
    words = "".join(piece for piece in heading.itertext() if piece not in pressed)
    return _line(words.rstrip("¶# \n")) or _line("".join(heading.itertext()))


def _without_site(title: str, source: str | None, heading: str | None) -> str:
    """Return a title without the site's name, where the site or the headline tells which it is."""
    if heading and re.match(re.escape(heading) + _SEPARATOR + r"\S", title, re.IGNORECASE):
        return heading
    if source:
        name = re.escape(source)
        title = re.sub(rf"(?<=\S){_SEPARATOR}{name}$", "", title, flags=re.IGNORECASE)
        title = re.sub(rf"^{name}\s*[|–—·•»:-]\s+(?=\S)", "", title, flags=re.IGNORECASE)
    return title


def _date(tree: Any, linked: dict[str, Any], meta: _Meta) -> str | None:
    stated = text_in(linked.get("datePublished")) or meta.first(
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "citation_publication_date",
        "citation_date",
        "dc.date.issued",
        "dc.issued",
        "dc.date",
        "publishdate",
        "publish-date",
        "pubdate",
        "parsely-pub-date",
        "sailthru.date",
        "article.published",
        "date",
        "dc.created",
    )
    return _day(stated) or next((day for day in map(_day, _marked_dates(tree)) if day), None)


def _marked_dates(tree: Any) -> Iterator[str | None]:
    for one in tree.iter("time", "span", "p", "abbr", "div"):
        published = (one.get("itemprop") or "").lower() == "datepublished"
        if published or (one.tag == "time" and "pubdate" in one.attrib):
            yield one.get("datetime") or one.get("content") or "".join(one.itertext())[:80]


def _day(value: str | None) -> str | None:
    """Return the day of a moment; other spellings of a date stay as they are."""
    line = _line(value)
    found = _DAY.match(line or "")
    return found.group() if found else line


def _unless_modified(date: str | None, linked: dict[str, Any], meta: _Meta) -> str | None:
    modified = [
        _day(text_in(linked.get("dateModified"))),
        *map(_day, meta.every("article:modified_time", "og:updated_time", "last-modified")),
        *map(_day, meta.every("dc.modified", "dc.date.modified", "revised")),
    ]
    return None if date in modified else _line(date)


def _url(tree: Any, linked: dict[str, Any], meta: _Meta) -> str | None:
    canonical = (
        link.get("href")
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    )
    entity = linked.get("mainEntityOfPage")
    named = entity.get("@id") if isinstance(entity, dict) else entity
    stated = (*canonical, meta.first("og:url"), text_in(linked.get("url")), text_in(named))
    return next((address for one in stated if (address := _web_address(one))), None)


def _author(linked: dict[str, Any], meta: _Meta) -> str | None:
    people = linked.get("author") or linked.get("creator")
    names = [name_in(one) for one in (people if isinstance(people, list) else [people])]
    stated = [name for name in names if name] or [
        name
        for name in meta.every("author", "article:author", "dc.creator", "citation_author", "byl")
        if name_in(name)
    ]
    lines = [line for name in stated if (line := _line(name))]
    return ", ".join(dict.fromkeys(lines)) or None


def _tags(linked: dict[str, Any], meta: _Meta) -> tuple[str, ...]:
    words = linked.get("keywords")
    values = words if isinstance(words, list) else [words]
    return _split_tags([v for v in values if isinstance(v, str)]) or _split_tags(
        meta.every("article:tag", "keywords", "news_keywords", "dc.subject", "citation_keywords")
    )


def _split_tags(values: Any) -> tuple[str, ...]:
    parts = (one_line(part) for value in values for part in re.split("[,;]", value))
    return tuple(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class _Shown:
    title: str | None = None
    date: str | None = None
    sitename: str | None = None
    url: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()


def _shown_by_trafilatura(tree: Any) -> _Shown:
    from trafilatura import extract_metadata

    found = extract_metadata(deepcopy(tree), date_config=_DATES)
    return _Shown(
        found.title, found.date, found.sitename, found.url, found.author, tuple(found.tags or ())
    )


def _line(value: str | None) -> str | None:
    return (one_line(value) or None) if value else None


def _web_address(value: str | None) -> str | None:
    line = _line(value)
    return line if line and line.startswith(("http://", "https://")) else None


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
