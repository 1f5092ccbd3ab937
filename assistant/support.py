"""Which verbatim sentence supports a sentence of an answer, if any does.

Nearness alone cannot tell: a sentence with a changed number lies closer to the original than most
paraphrases do. So a sentence is supported where the embedder finds the two near, enough of its
words are there, and nothing in it disagrees: no number, unit, date, name, negation, opposite,
word of quantity, and no exchange of who did it to whom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.support_agree import disagreement, same_value
from assistant.support_text import Parsed, parse

LEAST_SIMILARITY = 0.5
LEAST_COVERAGE = 0.5
TOLD = 0.75
"""A sentence with this share of a claim's words tells the very thing that is claimed."""
_SINGLES = 4
_PARTNERS = 3
_SPARE_WORDS = 4
"""Content words of a claim that its evidence may lack, at most: more is a tale of its own."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may support: its text, and its cosine with the claim.

    ``group`` is the number of its passage; ``place`` its place there. ``context`` is what its
    passage's title, date and other sentences say.
    """

    text: str
    similarity: float
    group: int = 0
    place: int = 0
    context: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``chosen`` are the places, in the list of candidates, of the sentences that support the
    claim, one or two; where it is empty, ``reason`` says what disagrees with the nearest one."""

    chosen: tuple[int, ...]
    reason: str = ""

    @property
    def supported(self) -> bool:
        """Tell whether anything supports the claim."""
        return bool(self.chosen)


def support(claim: str, candidates: Sequence[Candidate]) -> Verdict:
    """Return which of the candidates supports a claim, a single sentence where one does.

    Two sentences of one passage may support a claim that joins what they say.
    """
    said = parse(claim)
    if not said.keys:
        return Verdict((), "nothing said")
    ranked = sorted(
        range(len(candidates)),
        key=lambda one: (-_nearness(said, candidates[one]), one),
    )
    best = ranked[:1]
    reasons = {one: _objection(said, [candidates[one]]) for one in ranked[:_SINGLES]}
    for one in ranked[:_SINGLES]:
        if not reasons[one]:
            return Verdict((one,))
        if _is_told(said, candidates[one]) and not _may_be_completed(
            reasons[one], said, candidates[one]
        ):
            # This very thing is told there, and otherwise: another sentence heals nothing.
            return Verdict((), reasons[one])
    for chosen in _pairs(said, candidates, ranked):
        if not _objection(said, [candidates[one] for one in chosen]):
            return Verdict(tuple(sorted(chosen)))
    return Verdict((), reasons[best[0]] if best else "nothing near")


def _is_told(said: Parsed, candidate: Candidate) -> bool:
    return _coverage(said, parse(candidate.text)) >= TOLD


def _may_be_completed(reason: str, said: Parsed, candidate: Candidate) -> bool:
    """Tell whether a sentence lacks what another may add, and has nothing else in its place."""
    evidence = parse(candidate.text)
    if reason == "number":
        return not any(
            not any(same_value(one, other) for other in said.values) for one in evidence.values
        )
    if reason == "date":
        return not evidence.days
    if reason == "name":
        return {key for key, _ in evidence.names} <= said.keys
    return reason == "nothing near"


def _pairs(
    said: Parsed, candidates: Sequence[Candidate], ranked: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    for best in ranked[:2]:
        missing = said.keys - parse(candidates[best].text).keys
        partners = [
            other
            for other in ranked
            if other != best
            and candidates[other].group == candidates[best].group
            and parse(candidates[other].text).keys & missing
        ]
        partners.sort(key=lambda one: -len(parse(candidates[one].text).keys & missing))
        yield from ((best, other) for other in partners[:_PARTNERS])


def _nearness(said: Parsed, candidate: Candidate) -> float:
    return candidate.similarity + _coverage(said, parse(candidate.text))


def _coverage(said: Parsed, evidence: Parsed) -> float:
    return len(said.keys & evidence.keys) / len(said.keys)


def _objection(said: Parsed, chosen: Sequence[Candidate]) -> str:
    ordered = sorted(chosen, key=lambda one: one.place)
    evidence = parse(" ".join(one.text for one in ordered))
    context = parse(chosen[0].context)
    similarity = max(one.similarity for one in chosen)
    known = evidence.keys | _lent(said, context)
    lacking = len(said.keys - known)
    coverage = 1 - lacking / len(said.keys)
    if similarity < LEAST_SIMILARITY or coverage < LEAST_COVERAGE:
        return "nothing near"
    if lacking > _SPARE_WORDS and coverage < 0.65:
        return "nothing near"
    return disagreement(said, evidence, context)


def _lent(said: Parsed, context: Parsed) -> frozenset[str]:
    """Return the claim's names and dates that the context has."""
    names = {key for key, _ in said.names} & context.keys
    years = {str(day.year) for day in said.days if day.year}
    return frozenset(names) | (frozenset(years) & context.keys)
