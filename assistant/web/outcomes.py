"""What became of what people added: a line for each file and page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.adding import ALREADY
from assistant.web.markup import html_text
from assistant.web.told import told, translated
from assistant.web.wording import counted, number, say
from corpus.documents import Removed
from corpus.errors import UnknownDocument
from index.entries import Changes, Entry
from index.taking import SAME_TEXT

if TYPE_CHECKING:
    from assistant.archive import Archive

State = Literal["waiting", "working", "added", "updated", "unchanged", "left_out", "failed"]

# Of a ZIP of thousands, the failures and this many others are listed; the rest is counted.
LINES = 100
_REASONS = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file or page so far.

    ``detail`` is a stage, a title or a reason; ``notes`` are things to look at (problems, another
    version, quarantine); ``cleaned`` says what was taken out; ``document_id`` is what it became.
    """

    name: str
    state: State
    detail: str = ""
    document_id: str | None = None
    cleaned: str = ""
    notes: tuple[str, ...] = ()


def outcomes_of(
    archive: Archive, changes: Changes, call_it: Callable[[Entry], str]
) -> tuple[Outcome, ...]:
    """Return an outcome for each thing that a report of changes tells of, the failures first."""
    bad = [Outcome(one.path, "failed", told(one.error)) for one in changes.failed]
    same = [Outcome(one.path, _passed(one.reason), told(one.reason)) for one in changes.skipped]
    good = [*_taken_in(archive, changes, call_it)]
    count = changes.unchanged
    if count and not (bad or same or good):
        same.append(Outcome("", "unchanged", say("adding.is_there")))
    elif count:
        said = counted("corpus.documents", count)
        same.append(Outcome(said, "unchanged", say("adding.are_there")))
    return (*bad, *good, *same)


def _passed(reason: str) -> State:
    """Tell what is there already from what is no document."""
    there = reason == ALREADY or reason.startswith(SAME_TEXT)
    return "unchanged" if there else "left_out"


def outcomes_html(outcomes: Sequence[Outcome], label: str = "") -> str:
    """Return one line for each file or page with what became of it."""
    items = "".join(_item(one) for one in _shown(outcomes))
    name = label or say("adding.uploads")
    return f'<ul class="log" aria-live="polite" aria-label="{name}">{items}</ul>'


def cleaned_summary(removed: Iterable[Removed]) -> str:
    """Return what was taken out in one line: ``12 parts taken out: 8 menu, 3 share bar, 1 other``;
    nothing where nothing was."""
    reasons = Counter(translated(part.reason) for part in removed)
    if not reasons:
        return ""
    kinds = [f"{number(count)} {reason}" for reason, count in reasons.most_common(_REASONS)]
    others = reasons.total() - sum(count for _, count in reasons.most_common(_REASONS))
    if others:
        kinds.append(counted("parts.others", others))
    return f"{counted('parts.taken_out', reasons.total())}: {', '.join(kinds)}"


def quarantine_note(reasons: Sequence[str]) -> str:
    """Return the line that says a document is in quarantine; nothing where it isn't."""
    if not reasons:
        return ""
    return say("corpus.quarantine_note")


def _taken_in(
    archive: Archive, changes: Changes, call_it: Callable[[Entry], str]
) -> Iterator[Outcome]:
    cleaned = {one.document_id: cleaned_summary(one.removed) for one in changes.cleaned}
    states: tuple[tuple[State, tuple[str, ...]], ...] = (
        ("added", changes.added),
        ("updated", changes.updated),
    )
    for state, ids in states:
        for document_id in ids:
            try:
                entry = archive.entry(document_id)
            except UnknownDocument:
                continue  # somebody removed it in the same moment
            yield Outcome(
                call_it(entry),
                state,
                say(
                    "adding.taken_in",
                    title=entry.title,
                    passages=counted("corpus.passages", entry.passages),
                ),
                document_id,
                cleaned.get(document_id, ""),
                (*_notes(archive, entry),),
            )


def _notes(archive: Archive, entry: Entry) -> Iterator[str]:
    if note := quarantine_note(entry.quarantine):
        yield note
    if entry.version_of:
        yield say("adding.version_of", title=title_of(archive, entry.version_of))
    yield from map(translated, entry.problems)


def title_of(archive: Archive, document_id: str) -> str:
    """Return a document's title, or its id where it has gone meanwhile."""
    try:
        return archive.entry(document_id).title
    except UnknownDocument:
        return document_id


def _shown(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    if len(outcomes) <= LINES:
        yield from outcomes
        return
    telling = [one for one in outcomes if one.state in ("waiting", "working", "failed")]
    others = [one for one in outcomes if one not in telling]
    yield from telling
    yield from others[:LINES]
    for state, count in Counter(one.state for one in others[LINES:]).items():
        yield Outcome(say("adding.more", n=number(count)), state)


def _item(outcome: Outcome) -> str:
    said = outcome.detail if outcome.state == "working" else say(f"states.{outcome.state}")
    detail = "" if outcome.state == "working" else html_text(outcome.detail)
    notes = "".join(f'<span class="note">{html_text(one)}</span>' for one in outcome.notes)
    return (
        f'<li class="{outcome.state}"><b>{html_text(outcome.name)}</b>'
        f'<span class="state">{html_text(said)}</span><span class="detail">{detail}</span>'
        f"{notes}{_link(outcome)}</li>"
    )


def _link(outcome: Outcome) -> str:
    if outcome.document_id is None:
        return ""
    said = outcome.cleaned or say("details.show")
    return (
        f'<button type="button" class="link" data-open="{html_text(outcome.document_id)}">'
        f'{html_text(said)}<span class="vh">: {html_text(outcome.name)}</span></button>'
    )
