"""A row of the Corpus tab's table: what is known of one document, at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from assistant.web.markup import html_text
from assistant.web.outcomes import quarantine_note
from assistant.web.told import translated
from assistant.web.wording import number, say
from index.entries import Entry

Column = Literal["title", "source", "date", "size", "added"]

_TYPES = {
    "text/plain": "Text",
    "text/markdown": "Markdown",
    "text/html": "HTML",
    "application/xhtml+xml": "HTML",
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/epub+zip": "EPUB",
    "application/rtf": "RTF",
    "text/rtf": "RTF",
    "text/csv": "CSV",
    "message/rfc822": "E-mail",
    "application/json": "JSON",
}
HEADS: tuple[tuple[str, Column | None], ...] = (
    ("document", "title"),
    ("outlet", "source"),
    ("date", "date"),
    ("characters", "size"),
    ("taken", None),
    ("added", "added"),
)
_NUMBERS = ("characters", "taken")


def type_name(media_type: str) -> str:
    """Return a media type as people call it."""
    return _TYPES.get(media_type, media_type.rsplit("/", 1)[-1])


def guessed_tag(entry: Entry, name: str) -> str:
    """Return the small tag that marks a guessed field; nothing for one that is stated."""
    if name not in entry.guessed:
        return ""
    about, said = say("corpus.guessed_about"), say("corpus.guessed")
    return f' <small class="guessed" title="{about}">{said}</small>'


def row_html(entry: Entry, titles: Mapping[str, str], taken_out: int) -> str:
    """Return a row; ``titles`` are those of all documents, by id."""
    cells = (
        html_text(entry.source or "") + guessed_tag(entry, "source"),
        (entry.date.isoformat() if entry.date else "") + guessed_tag(entry, "date"),
        number(entry.characters),
        number(taken_out) if taken_out else "",
        f"{entry.added.date()}",
    )
    names = [name for name, _ in HEADS[1:]]
    data = "".join(
        f'<td data-label="{head_of(name)}"{class_of(name)}>{cell or "–"}</td>'
        for name, cell in zip(names, cells, strict=True)
    )
    key, title = html_text(entry.id), html_text(entry.title)
    kind = html_text(type_name(entry.media_type))
    return (
        f'<tr data-document="{key}"><th scope="row"><button type="button" class="title" '
        f'data-open="{key}">{title}<span class="vh">: {say("details.details")}</span></button>'
        f'{guessed_tag(entry, "title")}<small class="id">{kind} · <code>{key}</code></small>'
        f"{_badges(entry, titles)}</th>{data}"
        f'<td class="act"><button type="button" data-remove="{key}" '
        f'aria-label="{say("corpus.remove_it", title=title)}">{say("corpus.remove")}</button>'
        "</td></tr>"
    )


def _badges(entry: Entry, titles: Mapping[str, str]) -> str:
    badges = "".join(
        f'<small class="problem">{html_text(translated(one))}</small>' for one in entry.problems
    )
    if entry.version_of:
        other = html_text(titles.get(entry.version_of, entry.version_of))
        badges = f'<small class="version">{say("corpus.version_of", title=other)}</small>{badges}'
    if note := quarantine_note(entry.quarantine):
        badges = (
            f'<small class="quarantined" title="{note}">{say("corpus.quarantined")}</small>{badges}'
        )
    return badges


def class_of(name: str) -> str:
    """Return the class attribute of a column's cells, by which a narrow page leaves it out."""
    return f' class="{"r " if name in _NUMBERS else ""}{name}"'


def head_of(name: str) -> str:
    """Return what stands above a column."""
    return say(f"columns.{name}")
