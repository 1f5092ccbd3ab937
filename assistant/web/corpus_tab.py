"""The Corpus tab's words and tables: what the corpus holds, and what became of uploads."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.web.markup import html_text
from assistant.web.uploads import Outcome, State
from corpus.readers import SUFFIXES
from index.entries import Entry

# A browser draws this many rows at once without a pause; the filter reaches the others.
ROWS = 200

_TYPES = {
    "text/plain": "Text",
    "text/markdown": "Markdown",
    "text/html": "HTML",
    "application/xhtml+xml": "HTML",
    "application/pdf": "PDF",
}
_SAID: dict[State, str] = {
    "waiting": "waiting",
    "working": "working",
    "added": "added",
    "updated": "updated",
    "unchanged": "unchanged",
    "failed": "failed",
}
_COLUMNS = ("Document", "Outlet", "Date", "Type", "Passages", "Characters")
_NUMBERS = ("Passages", "Characters")


def matching(entries: Sequence[Entry], wanted: str) -> tuple[Entry, ...]:
    """Return the entries that hold every wanted word in title, id, outlet, date or tags."""
    words = wanted.casefold().split()
    return tuple(entry for entry in entries if all(word in _haystack(entry) for word in words))


def corpus_html(entries: Sequence[Entry], wanted: str = "", notice: str = "") -> str:
    """Return the counts, a notice for a screen reader too, and the table of documents."""
    shown = matching(entries, wanted)
    said = f'<p class="notice" role="status">{html_text(notice)}</p>' if notice else ""
    if not entries:
        table = '<p class="none">The corpus is empty. Add a document to begin.</p>'
    elif not shown:
        table = f'<p class="none">No document matches “{html_text(wanted)}”.</p>'
    else:
        table = _table(shown[:ROWS])
    return f'<div class="corpus">{_counts(entries, shown, wanted)}{said}{table}</div>'


def outcomes_html(outcomes: Sequence[Outcome]) -> str:
    """Return one line for each uploaded file with what became of it."""
    items = "".join(_outcome(outcome) for outcome in outcomes)
    return f'<ul class="log" aria-live="polite" aria-label="Uploads">{items}</ul>'


def hint_html(max_file_mb: int) -> str:
    """Return what may be uploaded, in one line."""
    kinds = ", ".join(suffix for suffix in SUFFIXES if suffix in (".txt", ".md", ".html"))
    return f'<p class="hint">{kinds}, up to {max_file_mb} MB each. Files stay on this machine.</p>'


def type_name(media_type: str) -> str:
    """Return a media type as people call it."""
    return _TYPES.get(media_type, media_type.rsplit("/", 1)[-1])


def _counts(entries: Sequence[Entry], shown: Sequence[Entry], wanted: str) -> str:
    passages = sum(entry.passages for entry in entries)
    text = (
        f"<b>{len(entries):,}</b> document{_s(len(entries))} · "
        f"<b>{passages:,}</b> passage{_s(passages)}"
    )
    if wanted.strip():
        text += f" · <b>{len(shown):,}</b> found"
    if len(shown) > ROWS:
        text += f" · the first {ROWS} are shown, filter to see others"
    return f'<p class="sum">{text}</p>'


def _table(entries: Sequence[Entry]) -> str:
    head = (
        "".join(f'<th scope="col"{_right(name)}>{name}</th>' for name in _COLUMNS)
        + '<th scope="col"><span class="vh">Remove</span></th>'
    )
    rows = "".join(_row(entry) for entry in entries)
    return (
        '<div class="scroll"><table><caption class="vh">Documents in the corpus</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(entry: Entry) -> str:
    problems = "".join(f'<small class="problem">{html_text(one)}</small>' for one in entry.problems)
    cells = (
        entry.source or "",
        entry.date.isoformat() if entry.date else "",
        type_name(entry.media_type),
        f"{entry.passages:,}",
        f"{entry.characters:,}",
    )
    data = "".join(
        f'<td data-label="{name}"{_right(name)}>{html_text(cell) or "–"}</td>'
        for name, cell in zip(_COLUMNS[1:], cells, strict=True)
    )
    key, title = html_text(entry.id), html_text(entry.title)
    return (
        f'<tr data-document="{key}"><th scope="row"><b>{title}</b><small class="id">{key}</small>'
        f'{problems}</th>{data}<td class="act"><button type="button" data-remove="{key}" '
        f'aria-label="Remove {title}">Remove</button></td></tr>'
    )


def _outcome(outcome: Outcome) -> str:
    said = outcome.detail if outcome.state == "working" else _SAID[outcome.state]
    detail = "" if outcome.state == "working" else html_text(outcome.detail)
    return (
        f'<li class="{outcome.state}"><b>{html_text(outcome.name)}</b>'
        f'<span class="state">{html_text(said)}</span><span class="detail">{detail}</span></li>'
    )


def _haystack(entry: Entry) -> str:
    date = entry.date.isoformat() if entry.date else ""
    return " ".join((entry.title, entry.id, entry.source or "", date, *entry.tags)).casefold()


def _right(name: str) -> str:
    return ' class="r"' if name in _NUMBERS else ""


def _s(number: int) -> str:
    return "" if number == 1 else "s"
