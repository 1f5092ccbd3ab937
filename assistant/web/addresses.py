"""Adding by web address: what the form says, and what came of each page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.adding import Adding
from assistant.web.markup import html_text, web_address
from assistant.web.outcomes import Outcome, outcomes_of
from assistant.web.wording import number, say
from assistant.web.work import progress_text, watched
from corpus.documents import Overrides
from index.entries import Entry, Progress, ProgressListener

if TYPE_CHECKING:
    from assistant.archive import Archive

LIMIT = 20
MOST = 1000
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form asks for, as it was typed, and what is wrong with it: a sentence a field."""

    address: str = ""
    limit: str = str(LIMIT)
    match: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def wanted_from(values: Mapping[str, Any]) -> Wanted:
    """Read the form. Only web addresses pass: a path would add any file of the server."""
    address, limit, match = (
        str(values.get(name) or "").strip()[:_LONGEST] for name in ("address", "limit", "match")
    )
    if address and "://" not in address and "." in address.split("/")[0]:
        address = f"https://{address}"
    errors = {}
    if web_address(address) is None:
        errors["address"] = say("adding.bad_address")
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit) <= MOST):
        errors["limit"] = say("adding.bad_limit", most=number(MOST))
    return Wanted(address, limit, match, errors)


def fetch(archive: Archive, wanted: Wanted) -> Iterator[tuple[Outcome, ...]]:
    """Add what the address leads to; yield what came of it so far after every step."""

    def add(progress: ProgressListener) -> tuple[Outcome, ...]:
        adding = Adding(
            archive,
            Overrides(),
            limit=int(wanted.limit),
            match=wanted.match or None,
            progress=progress,
        )
        return outcomes_of(archive, adding.add([wanted.address]), _address_of)

    def failed(why: str) -> tuple[Outcome, ...]:
        return (Outcome(wanted.address, "failed", why),)

    yield (Outcome(wanted.address, "working", say("adding.fetching")),)
    for step in watched(add, failed):
        if isinstance(step, Progress):
            name = step.name if step.stage == "fetching" else wanted.address
            yield (Outcome(name or wanted.address, "working", progress_text(step)),)
        else:
            yield step


def form_html(wanted: Wanted | None = None) -> str:
    """Return the form, with what was typed and what is wrong with it."""
    said = wanted or Wanted()
    opened = " open" if said.limit != str(LIMIT) or said.match else ""
    return (
        '<form class="fetch" novalidate autocomplete="off">'
        + _field(said, "address", say("adding.address"), 'inputmode="url"')
        + f'<button type="submit" class="main">{say("adding.add")}</button>'
        + f"<details{opened}><summary>{say('adding.feeds')}</summary>"
        + _field(said, "limit", say("adding.limit"), 'inputmode="numeric"')
        + _field(said, "match", say("adding.match"), 'placeholder="/news/"')
        + "</details></form>"
    )


def _field(said: Wanted, name: str, label: str, more: str) -> str:
    error = said.errors.get(name, "")
    value = html_text(getattr(said, name))
    bad = f' aria-invalid="true" aria-describedby="fetch-{name}-error" data-focus' if error else ""
    note = f'<p class="error" id="fetch-{name}-error">{html_text(error)}</p>' if error else ""
    return (
        f'<div class="field {name}"><label for="fetch-{name}">{label}</label>'
        f'<input id="fetch-{name}" name="{name}" type="text" value="{value}" {more}{bad}>'
        f"{note}</div>"
    )


def _address_of(entry: Entry) -> str:
    return entry.url or entry.path
