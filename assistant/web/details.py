"""A document's panel in the Corpus tab: what is known about it, what was taken out, its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.web.copies import other_versions
from assistant.web.edits import FIELDS, Edit, stated
from assistant.web.evidence import CLOSE, byline
from assistant.web.markup import html_text, web_address
from assistant.web.parts import removed_html, restored_html
from assistant.web.rows import type_name
from corpus.documents import Removed
from index.entries import Entry

if TYPE_CHECKING:
    from assistant.archive import Archive

_LABELS = {
    "title": "Title",
    "author": "Author",
    "date": "Date",
    "source": "Outlet",
    "url": "Address",
    "language": "Language",
    "tags": "Tags",
}
_HINTS = {"date": "2024-03-31", "language": "en", "url": "https://", "tags": "with, commas"}


@dataclass(frozen=True, slots=True)
class Particulars:
    """Everything that the panel shows of a document but its text."""

    entry: Entry
    removed: tuple[Removed, ...] = ()
    restored: tuple[str, ...] = ()
    versions: tuple[Entry, ...] = ()


def particulars(archive: Archive, document_id: str) -> Particulars:
    """Gather what the panel shows. Raises UnknownDocument."""
    entry = archive.entry(document_id)
    return Particulars(
        entry,
        archive.removed_parts(document_id),
        archive.restored_parts(document_id),
        other_versions(entry, archive.entries()),
    )


def details_html(
    known: Particulars, *, edit: Edit | None = None, notice: str = "", all_parts: bool = False
) -> str:
    """Return the panel; ``edit`` is a form that could not be saved, with what was typed."""
    entry = known.entry
    said = f'<p class="notice" role="status">{html_text(notice)}</p>' if notice else ""
    return (
        f'<section class="details" data-document="{html_text(entry.id)}" '
        f'aria-labelledby="details-heading">{_header(entry)}<div class="body">{said}'
        f"{_quarantine(entry)}{_form(entry, edit)}{_links(known)}"
        f"{removed_html(known.removed, all_parts=all_parts)}{restored_html(known.restored)}"
        "</div></section>"
    )


def gone_html(document_id: str) -> str:
    """Return the panel of a document that is not there (any more)."""
    return (
        '<section class="details gone" role="alert"><header><div class="about">'
        f'<h2 id="details-heading" tabindex="-1">Document not available</h2></div>{CLOSE}</header>'
        f'<div class="body"><p>“{html_text(document_id)}” is not in the corpus. Somebody removed '
        "or renamed it.</p></div></section>"
    )


def _header(entry: Entry) -> str:
    facts = (
        byline(entry.source, entry.date),
        type_name(entry.media_type),
        f"{entry.characters:,} characters",
        f"{entry.passages:,} passage{'' if entry.passages == 1 else 's'}",
        f"added {entry.added.date()}",
    )
    line = html_text(" · ".join(fact for fact in facts if fact))
    return (
        f'<header><div class="about"><h2 id="details-heading" tabindex="-1">'
        f"{html_text(entry.title)}</h2><small>{line}</small></div>{CLOSE}</header>"
    )


def _quarantine(entry: Entry) -> str:
    if not entry.quarantine:
        return ""
    reasons = "".join(f"<li>{html_text(reason)}</li>" for reason in entry.quarantine)
    return (
        '<section class="quarantine"><h3>In quarantine</h3><p>The text holds something that looks '
        "aimed at an assistant and not at a reader. The document is kept, and no answer uses it."
        f"</p><ul>{reasons}</ul>"
        '<button type="button" class="main" data-act="release" data-confirm="Really release?" '
        'data-busy="Releasing…">Release: I have read it and trust it</button></section>'
    )


def _form(entry: Entry, edit: Edit | None) -> str:
    values = edit.values if edit else stated(entry)
    was = edit.was if edit else values
    errors = edit.errors if edit else {}
    first_bad = next((name for name in FIELDS if name in errors), None)
    fields = "".join(
        _field(
            name,
            values[name],
            was[name],
            error=errors.get(name, ""),
            guessed=name in entry.guessed,
            focused=name == first_bad,
        )
        for name in FIELDS
    )
    problems = "".join(f'<li class="problem">{html_text(one)}</li>' for one in entry.problems)
    noted = f'<ul class="problems">{problems}</ul>' if problems else ""
    return (
        '<form class="facts" novalidate autocomplete="off"><h3 class="vh">About the document</h3>'
        f'{fields}{noted}<div class="does"><button type="submit" class="main" '
        'data-busy="Saving…">Save</button><button type="button" data-act="read">Read the text as '
        "it is retrieved</button></div></form>"
    )


def _field(name: str, value: str, was: str, *, error: str, guessed: bool, focused: bool) -> str:
    key = f"details-{name}"
    tags = f'<small class="guessed" id="{key}-guessed">guessed</small>' if guessed else ""
    describers = [f"{key}-guessed"] * guessed + [f"{key}-error"] * bool(error)
    more = f' aria-describedby="{" ".join(describers)}"' if describers else ""
    more += ' aria-invalid="true"' * bool(error) + " data-focus" * focused
    confirm = (
        f'<label class="confirm"><input type="checkbox" name="confirm" value="{name}"> '
        f'This is right<span class="vh">: {_LABELS[name]}</span></label>'
        if guessed and value
        else ""
    )
    said = f'<p class="error" id="{key}-error">{html_text(error)}</p>' if error else ""
    return (
        f'<div class="field {name}"><label for="{key}">{_LABELS[name]}</label>{tags}'
        f'<input id="{key}" name="{name}" type="text" value="{html_text(value)}" '
        f'data-was="{html_text(was)}" placeholder="{_HINTS.get(name, "")}"{more}>'
        f"{confirm}{said}</div>"
    )


def _links(known: Particulars) -> str:
    address = web_address(known.entry.url)
    items = [
        f'<li>Original: <a href="{html_text(address)}" target="_blank" rel="noreferrer noopener">'
        f'{html_text(address)}<span class="vh">, opens in a new tab</span></a></li>'
        if address
        else ""
    ]
    items += [
        f'<li>Another version: <button type="button" class="link" data-open="{html_text(one.id)}">'
        f"{html_text(one.title)}</button> {html_text(byline(one.source, one.date))}</li>"
        for one in known.versions
    ]
    inside = "".join(items)
    file = f"<li>File: <code>{html_text(known.entry.path)}</code></li>"
    return f'<section class="links"><h3>Where it is from</h3><ul>{inside}{file}</ul></section>'
