"""The Corpus tab's table: what the corpus holds, sorted and filtered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from assistant.web.listed import Listing
from assistant.web.markup import html_text
from assistant.web.rows import HEADS, Column, class_of, head_of, row_html
from assistant.web.shape import shape_html
from assistant.web.wording import counted, number, say
from index.entries import Entry

# A browser draws this many rows at once without a pause; "show more" adds as many.
ROWS = 200

_KEYS: dict[Column, Callable[[Entry], Any]] = {
    "title": lambda entry: entry.title.casefold(),
    "source": lambda entry: (entry.source or "").casefold(),
    "date": lambda entry: entry.date,
    "size": lambda entry: entry.characters,
    "added": lambda entry: entry.added,
}
# Numbers and days are looked at from the top down first, names from A on.
_DOWN_FIRST = ("date", "size", "added")


@dataclass(frozen=True, slots=True)
class View:
    """How one person looks at the table: sorted by which column, and how many rows of it."""

    column: Column = "date"
    descending: bool = True
    rows: int = ROWS

    def sorted_by(self, column: str) -> View:
        """Return the view after a click on a column's head: a second one turns the order round."""
        known = next((one for one in get_args(Column) if one == column), None)
        if known is None:
            return self
        if known == self.column:
            return View(known, not self.descending, self.rows)
        return View(known, known in _DOWN_FIRST, self.rows)

    def more(self) -> View:
        """Return the view with more rows."""
        return View(self.column, self.descending, self.rows + ROWS)


def ordered(entries: Sequence[Entry], view: View) -> tuple[Entry, ...]:
    """Return the entries in the view's order; those that have no such fact come last."""
    key = _KEYS[view.column]
    known = [entry for entry in entries if key(entry) not in (None, "")]
    unknown = [entry for entry in entries if key(entry) in (None, "")]
    return (*sorted(known, key=key, reverse=view.descending), *unknown)


def corpus_html(
    listing: Listing,
    wanted: str = "",
    said: str = "",
    *,
    view: View = View(),
    taken_out: Callable[[Sequence[Entry]], Mapping[str, int]] = lambda entries: {},
) -> str:
    """Return the counts, what is ``said`` of the last thing done (HTML; see ``told_html``), a small
    picture, and the table of documents.

    ``taken_out`` gives the number of parts taken out of each document that has a row.
    """
    entries, found = listing.entries, listing.matching(wanted)
    if not entries:
        table = f'<p class="none">{say("corpus.empty")}</p>'
    elif not found:
        table = f'<p class="none">{say("corpus.no_match", words=html_text(wanted))}</p>'
    else:
        shown = ordered(found, view)[: view.rows]
        parts = taken_out(shown)
        rows = "".join(row_html(one, listing.titles, parts.get(one.id, 0)) for one in shown)
        table = _sorting(view) + _table(rows, view) + _more(len(found), view)
    above = _counts(entries, found, wanted) + said + shape_html(found)
    empty = "" if entries else " data-empty"
    return f'<div class="corpus"{empty}>{above}{table}</div>'


def told_html(notice: str, undo: str = "") -> str:
    """Return a notice, for a screen reader too; ``undo`` is the token that takes back what it
    tells."""
    if not notice:
        return ""
    button = f'<button type="button" data-bring-back="{undo}">{say("history.undo")}</button>'
    said = f'<p class="notice" role="status">{html_text(notice)}</p>'
    return f'<div class="told">{said}{button if undo else ""}</div>'


def _counts(entries: Sequence[Entry], found: Sequence[Entry], wanted: str) -> str:
    passages = sum(entry.passages for entry in entries)
    quarantined = sum(1 for entry in entries if entry.quarantine)
    parts = [_bold("corpus.documents", len(entries)), _bold("corpus.passages", passages)]
    if quarantined:
        parts.append(_bold("corpus.quarantined_ones", quarantined))
    if wanted.strip():
        parts.append(_bold("corpus.found", len(found)))
    return f'<p class="sum">{" · ".join(parts)}</p>'


def _bold(key: str, count: int) -> str:
    return counted(key, count).replace(number(count), f"<b>{number(count)}</b>", 1)


def _table(rows: str, view: View) -> str:
    head = "".join(_head(name, column, view) for name, column in HEADS)
    return (
        f'<div class="scroll"><table><caption class="vh">{say("corpus.caption")}</caption>'
        f'<thead><tr>{head}<th scope="col" class="act">'
        f'<span class="vh">{say("corpus.remove")}</span></th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _sorting(view: View) -> str:
    """Return what sorts the table where a narrow page leaves its head out."""
    options = "".join(
        f'<option value="{column}"{" selected" if column == view.column else ""}>'
        f"{head_of(name)}</option>"
        for name, column in HEADS
        if column
    )
    arrow = "↓" if view.descending else "↑"
    return (
        f'<p class="sorting"><label for="sort-by">{say("corpus.sort_by")}</label> '
        f'<select id="sort-by">{options}</select> <button type="button" '
        f'data-turn="{view.column}" aria-label="{say("corpus.turn")}">{arrow}</button></p>'
    )


def _head(name: str, column: Column | None, view: View) -> str:
    if column is None:
        return f'<th scope="col"{class_of(name)}>{head_of(name)}</th>'
    order = ""
    if column == view.column:
        order = f' aria-sort="{"descending" if view.descending else "ascending"}"'
    button = f'<button type="button" data-sort="{column}">{head_of(name)}</button>'
    return f'<th scope="col"{class_of(name)}{order}>{button}</th>'


def _more(found: int, view: View) -> str:
    left = found - view.rows
    if left <= 0:
        return ""
    shown = say("corpus.first_shown", shown=number(view.rows), found=number(found))
    more = say("corpus.show_more", n=number(min(ROWS, left)))
    return f'<p class="more">{shown} <button type="button" data-more>{more}</button></p>'
