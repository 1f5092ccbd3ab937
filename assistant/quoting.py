"""Chosen quotes become what is said: citations with their context, the short answer in front, and
what sources tell otherwise."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answers import Citation, Context, Disagreement, Said, Short, StatedValue
from assistant.cite import cite, gate
from assistant.current import asks_what_is_so_now, told_over_time
from assistant.disagree import Claim, disagreeing
from assistant.expect import Expected
from assistant.extract import Quote, choose
from assistant.leaning import context_of, leans
from assistant.lift import lift_from
from assistant.stated import start_of
from corpus.documents import Document
from corpus.errors import UnknownDocument
from index.passages import Hit
from index.search import Query
from index.steering import Searchable

_log = logging.getLogger(__name__)
Groups = tuple[tuple[Claim, ...], ...]
FirstVersion = Callable[[str], str]
"""Returns the id of the document that another one is a version of, or its own."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What is said of chosen quotes; ``said`` is empty where none of them could be cited."""

    said: tuple[Said, ...]
    short: Short | None = None
    disagreement: Disagreement | None = None


def quote_answer(
    query: Query,
    wanted: Expected,
    ranked: Sequence[Quote],
    documents: Mapping[str, Document],
    most: int,
    first_version: FirstVersion,
    hits: Sequence[Hit] = (),
) -> Quoted:
    """Quote the sentences that answer best, at most ``most``; ``hits`` are their passages.

    The best comes first, or behind the one that it leans on. Where sources disagree, or a value
    changed over time, a quote of each value is among them, they come by their dates, and nothing is
    put in front.
    """
    over_time: Groups = ()
    groups: Groups = ()
    if most > 1:
        over_time = told_over_time(query, wanted, ranked, hits, documents)[:most]
        groups = over_time or disagreeing(query, wanted, ranked, documents)[:most]
    chosen = _with_parties(choose(ranked, most), groups, most)
    short_of = chosen
    if groups or asks_what_is_so_now(query.text):
        short_of = chosen = _by_date(chosen, documents, [group[0].quote for group in groups])
    else:
        chosen = _behind_what_they_lean_on(chosen, documents)
    said = cited(chosen, documents, first_version)
    if len(said) < len(chosen):
        return Quoted(said)  # the places of the others are not those of the chosen any more
    if len(groups) > 1:
        changed = bool(over_time)
        found = _disagreement(groups, chosen, documents, first_version, changed=changed)
        return Quoted(said, disagreement=found)
    found_short = _short(query, wanted, short_of)
    if found_short:
        found_short = replace(found_short, marker=1 + chosen.index(short_of[0]))
    return Quoted(said, found_short)


def cited(
    chosen: Sequence[Quote], documents: Mapping[str, Document], first_version: FirstVersion
) -> tuple[Said, ...]:
    """Return the quotes that stand in their documents, each with its citation."""
    citations = [
        _citation(marker, quote, chosen, documents[quote.document_id], first_version)
        for marker, quote in enumerate(chosen, start=1)
    ]
    good, bad = gate(citations, documents)
    for citation in bad:
        _log.error("a quote of %s at %d was not in its text", citation.document_id, citation.start)
    return tuple(
        Said(("\n\n" if place else "") + citation.quote, citation)
        for place, citation in enumerate(good)
    )


def independent(told: Sequence[Sequence[str]], first_version: FirstVersion) -> int:
    """Return how many sources tell something: ``told`` lists, for each wording, the documents that
    have it. Documents that share a wording, or are versions of one another, are one source."""
    sources: list[set[str]] = []
    for documents in told:
        own = {first_version(name) for name in documents}
        apart = [source for source in sources if not source & own]
        sources = [*apart, own.union(*(source for source in sources if source & own))]
    return len(sources)


def _citation(
    marker: int,
    quote: Quote,
    chosen: Sequence[Quote],
    document: Document,
    first_version: FirstVersion,
) -> Citation:
    made = cite(marker, document, quote.start, quote.end)
    sources = independent([(quote.document_id, *quote.also)], first_version)
    return replace(
        made, context=_context(quote, chosen, document), also=quote.also, independent=sources
    )


def _context(quote: Quote, chosen: Sequence[Quote], document: Document) -> Context | None:
    """Return what a quote leans on, unless that is quoted anyway."""
    if not leans(quote.text):
        return None
    found = context_of(document.text, quote.start)
    if found is None or any(
        one.document_id == quote.document_id and one.start <= found.start < one.end
        for one in chosen
    ):
        return None
    return Context(found.start, found.end, document.text[found.start : found.end])


def _short(query: Query, wanted: Expected, chosen: Sequence[Quote]) -> Short | None:
    found = lift_from(query.text, wanted, chosen)
    if found is None:
        return None
    start = chosen[0].start
    return Short(found.text, found.kind, 1, start + found.start, start + found.end)


def _with_parties(
    chosen: Sequence[Quote], groups: Sequence[Sequence[Claim]], most: int
) -> tuple[Quote, ...]:
    """Return the chosen quotes, and one for each value where there are several; the parties come
    before others that there is no room for."""
    if len(groups) < 2:
        return tuple(chosen)
    parties = [group[0].quote for group in groups]
    others = [one for one in chosen if one not in parties]
    kept = [*parties, *others[: most - len(parties)]]
    return tuple(sorted(kept, key=lambda one: -one.score))


def _behind_what_they_lean_on(
    chosen: Sequence[Quote], documents: Mapping[str, Document]
) -> tuple[Quote, ...]:
    """Return quotes with each that leans on another one right behind it: "That did not keep him out
    of jail" says nothing before the sentence that "that" and "him" stand for."""
    found: list[Quote] = []
    for one in chosen:
        if one not in found:
            text = documents[one.document_id].text
            context = context_of(text, one.start) if leans(one.text) else None
            before = [
                other
                for other in chosen
                if context and other not in found and other.document_id == one.document_id
                if context.start <= other.start < one.start
            ]
            found += sorted(before, key=lambda other: other.start)
            found.append(one)
    return tuple(found)


def _by_date(
    chosen: Sequence[Quote], documents: Mapping[str, Document], parties: Sequence[Quote]
) -> tuple[Quote, ...]:
    """Return quotes with the newest document's first; of one date come those whose values are told
    above, and then the others in their order."""

    def place(one: Quote) -> tuple[bool, int, bool]:
        return (*_newest_first(documents[one.document_id].date), one not in parties)

    return tuple(sorted(chosen, key=place))


def _disagreement(
    groups: Sequence[Sequence[Claim]],
    chosen: Sequence[Quote],
    documents: Mapping[str, Document],
    first_version: FirstVersion,
    *,
    changed: bool,
) -> Disagreement:
    values = [_stated(group, chosen, documents, first_version) for group in groups]
    values.sort(key=lambda one: _newest_first(one.date))
    return Disagreement(groups[0][0].value.kind.value, tuple(values), changed)


def _stated(
    group: Sequence[Claim],
    chosen: Sequence[Quote],
    documents: Mapping[str, Document],
    first_version: FirstVersion,
) -> StatedValue:
    lead, value = group[0].quote, group[0].value
    told = [(one.quote.document_id, *one.quote.also) for one in group]
    start = start_of(value, lead.text)
    return StatedValue(
        text=lead.text[start : value.end],
        marker=1 + chosen.index(lead),
        start=lead.start + start,
        end=lead.start + value.end,
        date=documents[lead.document_id].date,
        documents=tuple(dict.fromkeys(name for names in told for name in names)),
        independent=independent(told, first_version),
    )


def _newest_first(date: dt.date | None) -> tuple[bool, int]:
    return date is None, -date.toordinal() if date else 0


def first_versions(index: Searchable) -> FirstVersion:
    """Return what says of which document another is a version: that one, or itself."""

    def first_version(document_id: str) -> str:
        try:
            return index.catalogue.entry(document_id).version_of or document_id
        except UnknownDocument:
            return document_id

    return first_version
