"""A document's panel in the Corpus tab: what is known about it, what was taken out, its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.web.copies import other_versions
from assistant.web.edits import FIELDS, Edit, stated
from assistant.web.evidence import byline, close_html
from assistant.web.markup import html_text, web_address
from assistant.web.parts import removed_html, restored_html
from assistant.web.rows import type_name
from assistant.web.told import translated
from assistant.web.wording import counted, day, say
from corpus.documents import Removed
from index.entries import Entry

if TYPE_CHECKING:
    from assistant.archive import Archive

_HINTS = {"date": "2024-03-31", "language": "en", "url": "https://"}


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
        f'<h2 id="details-heading" tabindex="-1">{say("evidence.gone")}</h2></div>'
        f'{close_html()}</header><div class="body">'
        f"<p>{say('details.not_there', id=html_text(document_id))}</p></div></section>"
    )


def _header(entry: Entry) -> str:
    facts = (
        byline(entry.source, entry.date),
        type_name(entry.media_type),
        counted("details.characters", entry.characters),
        counted("corpus.passages", entry.passages),
        say("details.added", day=day(entry.added.date())),
    )
    line = html_text(" · ".join(fact for fact in facts if fact))
    return (
        f'<header><div class="about"><h2 id="details-heading" tabindex="-1">'
        f"{html_text(entry.title)}</h2><small>{line}</small></div>{close_html()}</header>"
    )


def _quarantine(entry: Entry) -> str:
    if not entry.quarantine:
        return ""
    reasons = "".join(f"<li>{html_text(translated(reason))}</li>" for reason in entry.quarantine)
    return (
        f'<section class="quarantine"><h3>{say("details.quarantine")}</h3>'
        f"<p>{say('details.quarantine_about')}</p><ul>{reasons}</ul>"
        '<button type="button" class="main" data-act="release" '
        f'data-confirm="{say("details.really_release")}" data-busy="{say("details.releasing")}">'
        f"{say('details.release')}</button></section>"
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
    problems = "".join(
        f'<li class="problem">{html_text(translated(one))}</li>' for one in entry.problems
    )
    noted = f'<ul class="problems">{problems}</ul>' if problems else ""
    return (
        '<form class="facts" novalidate autocomplete="off">'
        f'<h3 class="vh">{say("details.about")}</h3>'
        f'{fields}{noted}<div class="does"><button type="submit" class="main" '
        f'data-busy="{say("details.saving")}">{say("details.save")}</button>'
        f'<button type="button" data-act="read">{say("details.read")}</button></div></form>'
    )


def _field(name: str, value: str, was: str, *, error: str, guessed: bool, focused: bool) -> str:
    key, label = f"details-{name}", say(f"fields.{name}")
    hint = say("details.tags_hint") if name == "tags" else _HINTS.get(name, "")
    tags = (
        f'<small class="guessed" id="{key}-guessed">{say("corpus.guessed")}</small>'
        if guessed
        else ""
    )
    describers = [f"{key}-guessed"] * guessed + [f"{key}-error"] * bool(error)
    more = f' aria-describedby="{" ".join(describers)}"' if describers else ""
    more += ' aria-invalid="true"' * bool(error) + " data-focus" * focused
    confirm = (
        f'<label class="confirm"><input type="checkbox" name="confirm" value="{name}"> '
        f'{say("details.is_right")}<span class="vh">: {label}</span></label>'
        if guessed and value
        else ""
    )
    said = f'<p class="error" id="{key}-error">{html_text(error)}</p>' if error else ""
    return (
        f'<div class="field {name}"><label for="{key}">{label}</label>{tags}'
        f'<input id="{key}" name="{name}" type="text" value="{html_text(value)}" '
        f'data-was="{html_text(was)}" placeholder="{hint}"{more}>'
        f"{confirm}{said}</div>"
    )


def _links(known: Particulars) -> str:
    address = web_address(known.entry.url)
    items = [
        f'<li>{say("details.original")} <a href="{html_text(address)}" target="_blank" '
        'rel="noreferrer noopener">'
        f'{html_text(address)}<span class="vh">{say("details.new_tab")}</span></a></li>'
        if address
        else ""
    ]
    items += [
        f'<li>{say("details.version")} <button type="button" class="link" '
        f'data-open="{html_text(one.id)}">'
        f"{html_text(one.title)}</button> {html_text(byline(one.source, one.date))}</li>"
        for one in known.versions
    ]
    inside = "".join(items)
    file = f"<li>{say('details.file')} <code>{html_text(known.entry.path)}</code></li>"
    return f'<section class="links"><h3>{say("details.from")}</h3><ul>{inside}{file}</ul></section>'
