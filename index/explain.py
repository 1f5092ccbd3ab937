"""Why this passage stands where it stands, and why that document is not there.

Everything is read from ``Hit.parts``, so that an explanation shows what the ranking used, whatever
that is: a part that this file has no words for is shown under its own name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from corpus.errors import UnknownDocument
from index import finding, steering
from index.entries import Entry
from index.explain_parts import (
    Neighbour,
    differences,
    label,
    left_out_by,
    listed,
    ranks_by_part,
    values_of,
    weighted,
    words_of,
)
from index.explained import Explained, Explanation, Place, WhyNot
from index.finding import Found
from index.known_names import did_you_mean, told_name
from index.passages import Filters, Hit
from index.steering import Searchable

DEEP = 200
"""Passages that a rank in a list counts among: the lists are that long where the corpus is."""

_LOOKED = 10
"""Passages among which a document is looked for that a filter leaves out, at least."""


class Explainer:
    """Explains one result. ``deep`` are the passages that its ranks count among."""

    def __init__(self, index: Searchable, found: Found, filters: Filters = Filters()) -> None:
        self._index = index
        self._found = found
        self._filters = filters
        self._deep = index.search(found.query, k=DEEP, filters=filters)
        known = {hit.passage.id: hit for hit in (*self._deep, *found.hits)}
        self._ranks = ranks_by_part(list(known.values()))
        self._compared = len(known)
        self._titles: dict[str, str] = {}

    def explanation(self, why_not: str | None = None) -> Explanation:
        """Explain all passages shown and, where one is named, why a document is not there."""
        hits = self._found.hits
        passages = tuple(self.explained(hit, place) for place, hit in enumerate(hits, start=1))
        return Explanation(
            self._compared, passages, self.why_not(why_not) if why_not is not None else None
        )

    def explained(self, hit: Hit, rank: int | None) -> Explained:
        """Explain one passage; ``rank`` is its place in the result."""
        title = self._title(hit.passage.document_id)
        matched, missing = words_of(self._found.query, hit, title)
        shares = weighted(hit)
        places = tuple(
            Place(
                part,
                label(part),
                value,
                self._ranks.get(part, {}).get(hit.passage.id),
                shares.get(part),
            )
            for part, value in values_of(hit).items()
        )
        steered = self._found.steered if steering.PART in hit.parts else None
        return Explained(
            hit,
            title,
            rank,
            places,
            matched,
            missing,
            side=self._side(hit),
            preferred=steered.preference if steered else None,
            raised=hit.parts.get(steering.PART, 0.0),
            neighbours=tuple(self._neighbours(hit, rank)),
        )

    def why_not(self, document: str) -> WhyNot:
        """Say why a document, named by its id or its file's name, is not among the results."""
        entry = self._entry(document)
        if entry is None:
            return self._not_indexed(document)
        if entry.quarantine:
            reason = f"It is quarantined: {entry.quarantine[0]}. 'assistant release {entry.id}' "
            return WhyNot(entry.id, "quarantined", f"{reason}lets it be found.")
        filtered = left_out_by(entry, self._filters)
        if filtered:
            reason = f"The filters leave it out: {filtered}. {self._without_filters(entry)}"
            return WhyNot(entry.id, "filtered out", reason)
        return self._ranked_lower(entry)

    def _not_indexed(self, document: str) -> WhyNot:
        entries = self._index.catalogue.entries()
        titles = {entry.title.casefold(): entry.id for entry in entries}
        if same := titles.get(document.strip().casefold()):
            near = f" Did you mean “{same}”, which has this title?"
        else:
            near = did_you_mean(document, [entry.id for entry in entries])
        shown = told_name(document)
        return WhyNot(
            shown,
            "not indexed",
            f"No document “{shown}” is indexed.{near} 'assistant list' shows those that are, and "
            "'assistant doctor' those that could not be read.",
        )

    def _without_filters(self, entry: Entry) -> str:
        """Say what would be if nothing were filtered, so that a person knows whether the filters
        are all that is in the way."""
        many = max(len(self._found.hits), _LOOKED)
        hits = self._index.search(self._found.query, k=many)
        for place, hit in enumerate(hits, start=1):
            if entry.id in (hit.passage.document_id, *(copy.document_id for copy in hit.copies)):
                return f"Without filters it would be number {place}."
        return f"Without filters it would not be among the first {many} either."

    def _ranked_lower(self, entry: Entry) -> WhyNot:
        hits = self._found.hits
        for place, hit in enumerate(hits, start=1):
            if hit.passage.document_id == entry.id:
                shown = self.explained(hit, place)
                return WhyNot(entry.id, "shown", f"It is shown: number {place}.", shown)
        for place, hit in enumerate(hits, start=1):
            if any(copy.document_id == entry.id for copy in hit.copies):
                reason = f"Number {place} says the same, and lists it as a copy."
                return WhyNot(entry.id, "copy", reason, self.explained(hit, place))
        only = dataclasses.replace(self._filters, documents=(entry.id,))
        found = self._index.search(self._found.query, k=1, filters=only)
        if not found:
            return WhyNot(entry.id, "empty", "It has no passage that could be found.")
        best = self.explained(found[0], None)
        last = self.explained(hits[-1], len(hits)) if hits else None
        among, apart = self._place(best.hit), differences(best.hit, hits[-1]) if hits else ()
        behind = self._behind(best, among, apart)
        kind, reason = "ranked lower", behind
        if not best.matched:
            asked = ", ".join(word.text for word in best.missing)
            kind = "no word in common"
            reason = f"It has no word in common with the question ({asked})." if asked else ""
            reason = f"{reason or 'The question has no word that could be looked for.'} {behind}"
        return WhyNot(entry.id, kind, reason, best, last, among, self._compared, apart)

    def _behind(
        self, best: Explained, place: int | None, apart: tuple[tuple[str, float], ...]
    ) -> str:
        where = f"number {place} of {self._compared}" if place else f"not among {self._compared}"
        said = f"Its best passage is {where} by the question alone, with {best.hit.score:.2f}"
        if not self._found.hits:
            return f"{said}."
        because = f": {listed(apart)}" if apart else ""
        return f"{said}; the last one shown has {self._found.hits[-1].score:.2f}{because}."

    def _place(self, hit: Hit) -> int | None:
        ids = [one.passage.id for one in self._deep]
        return ids.index(hit.passage.id) + 1 if hit.passage.id in ids else None

    def _side(self, hit: Hit) -> str:
        side = int(hit.parts.get(finding.PART, 0))
        names = [one.name for one in self._found.sides]
        return names[side - 1] if 0 < side <= len(names) else ""

    def _neighbours(self, hit: Hit, rank: int | None) -> Iterator[Neighbour]:
        if rank is None:
            return
        hits = self._found.hits
        for word, place in (("above", rank - 2), ("below", rank)):
            if 0 <= place < len(hits):
                other = hits[place]
                yield Neighbour(word, hit.score - other.score, differences(hit, other))

    def _title(self, document_id: str) -> str:
        if document_id not in self._titles:
            about = self._index.catalogue.about({document_id})
            self._titles[document_id] = about.get(document_id, ("", None))[0]
        return self._titles[document_id]

    def _entry(self, document: str) -> Entry | None:
        try:
            return self._index.catalogue.entry(document)
        except UnknownDocument:
            pass
        for entry in self._index.catalogue.entries():
            if document in (entry.path, entry.path.rsplit("/", 1)[-1]):
                return entry
        return None
