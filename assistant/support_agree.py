"""Where a claim and the text that should support it disagree: one check for each kind of thing."""

from __future__ import annotations

from itertools import pairwise

from assistant.support_polarity import (
    following,
    negations_differ,
    opposites_differ,
    quantities_differ,
    stem_of,
)
from assistant.support_roles import misplaced
from assistant.support_text import Parsed, key_of
from assistant.support_values import Day, Value
from assistant.support_words import HEDGES, UNITS, WEEKDAYS

_PRONOUNS = frozenset("it he him she they them".split())
_THE_NOUNS = frozenset(
    key_of(noun)
    for noun in "company agency group force department city court police council panel judge "
    "chain newspaper state government union organization bank school airport park".split()
)
"""What stands, after "the", for a name told before: "the company", "the agency"."""


def disagreement(claim: Parsed, evidence: Parsed, context: Parsed) -> str:
    """Return what a claim says otherwise than its evidence: ``number``, ``date``, ``name``,
    ``negation``, ``opposite``, ``quantity``, ``certainty`` or ``role``; empty where nothing.

    ``context`` is the rest of the passage with its title and date, which lends names and years
    to an evidence that leans on it ("It was fined in May").
    """
    for kind, check in _CHECKS:
        if check(claim, evidence, context):
            return kind
    return ""


def same_value(one: Value, other: Value) -> bool:
    """Tell whether two numbers are the same, in units that do not contradict."""
    if abs(one.value - other.value) > 1e-9 * max(abs(one.value), 1):
        return False
    if one.unit == other.unit:
        return True
    if "%" in (one.unit, other.unit) or "nth" in (one.unit, other.unit):
        return False
    return not one.unit or not other.unit


def same_day(one: Day, other: Day, years: frozenset[int]) -> bool:
    """Tell whether a claim's date says no more and nothing else than the evidence's; a year may
    come from the context."""
    if one.month is not None and one.month != other.month:
        return False
    if one.day is not None and one.day != other.day:
        return False
    if one.year is None or one.year == other.year:
        return True
    return other.year is None and one.year in years


def _numbers(claim: Parsed, evidence: Parsed, context: Parsed) -> bool:
    return _rates_differ(claim, evidence) or any(
        not any(same_value(one, other) for other in evidence.values)
        for one in claim.values
        if not (one.value <= 2 and one.unit == "nth" and _has(evidence, one))
    )


def _has(evidence: Parsed, value: Value) -> bool:
    return value.value == 1 and "first" in evidence.lows


def _rates_differ(claim: Parsed, evidence: Parsed) -> bool:
    """Tell whether one says "a month" where the other says "a year"."""
    ours, theirs = _rates(claim), _rates(evidence)
    return bool(theirs and ours - theirs - evidence.keys)


def _rates(parsed: Parsed) -> frozenset[str]:
    return frozenset(
        word.key or word.low
        for before, word in pairwise(parsed.words)
        if before.low in ("a", "an", "per", "each", "every") and stem_of(word.low) in UNITS
    )


def _dates(claim: Parsed, evidence: Parsed, context: Parsed) -> bool:
    years = frozenset(day.year for day in context.days if day.year)
    lent = evidence.days or (context.days if _leans(evidence) else ())
    return any(
        not any(same_day(one, other, years) for other in evidence.days)
        and not (one.month is None and any(one.year == other.year for other in lent))
        and not (not evidence.days and any(same_day(one, other, years) for other in lent))
        for one in claim.days
    ) or _weekdays(claim, evidence)


def _leans(parsed: Parsed) -> bool:
    """Tell whether a sentence has a word that stands for something told before it."""
    return bool(parsed.lows & _PRONOUNS) or any(
        one.low == "the" and other.key in _THE_NOUNS for one, other in pairwise(parsed.words)
    )


def _weekdays(claim: Parsed, evidence: Parsed) -> bool:
    said, known = claim.lows & WEEKDAYS, evidence.lows & WEEKDAYS
    return bool(said and known and not said <= known)


def _names(claim: Parsed, evidence: Parsed, context: Parsed) -> bool:
    said = {key for key, _ in claim.names}
    known = {key for key, _ in evidence.names}
    missing = {key for key in said if key not in evidence.keys and not _spelled(key, evidence)}
    missing -= _expanded(claim, evidence) | _expanded(claim, context)
    if not missing:
        return False
    leans = _leans(evidence)
    lent = {key for key, _ in context.names} | {key for key in missing if _spelled(key, context)}
    if not (leans and missing <= lent):
        return True
    # Names of the evidence that the claim has not: one of them may have been exchanged.
    return bool(known - said) and _stands_for(claim, evidence, missing, known - said)


def _stands_for(claim: Parsed, evidence: Parsed, new: set[str], lost: set[str]) -> bool:
    """Tell whether a name of the claim stands just where the evidence has another one."""
    ours = {_neighbours(claim, place) for key, place in claim.names if key in new}
    theirs = {_neighbours(evidence, place) for key, place in evidence.names if key in lost}
    return any(
        (one[0] and one[0] == other[0]) or (one[1] and one[1] == other[1])
        for one in ours
        for other in theirs
    )


def _neighbours(parsed: Parsed, place: int) -> tuple[str, str]:
    named = {at for _, at in parsed.names}
    before = [w for w in parsed.words[:place] if w.is_content and w.place not in named]
    after = [w for w in parsed.words[place + 1 :] if w.is_content and w.place not in named]
    return (before[-1].key if before else "", after[0].key if after else "")


def _spelled(key: str, text: Parsed) -> bool:
    """Tell whether an acronym's letters are the initials of a run of the text's words."""
    if not 2 <= len(key) <= 6:
        return False
    initials = "".join(
        word.text[0].lower() if word.text[0].isupper() else " "
        for word in text.words
        if word.low not in ("of", "the", "and", "for")
    )
    return key in initials


def _expanded(claim: Parsed, text: Parsed) -> set[str]:
    """Return the claim's names that spell out an acronym of the text."""
    found: set[str] = set()
    names = list(claim.names)
    for length in range(2, 7):
        for start in range(len(names) - length + 1):
            run = [key for key, _ in names[start : start + length]]
            if "".join(key[0] for key in run) in text.keys:
                found |= set(run)
    return found


def _negations(claim: Parsed, evidence: Parsed, context: Parsed) -> bool:
    return negations_differ(claim, evidence)


def _opposed(claim: Parsed, evidence: Parsed, context: Parsed) -> bool:
    return opposites_differ(claim, evidence)


def _quantities(claim: Parsed, evidence: Parsed, context: Parsed) -> bool:
    return quantities_differ(claim, evidence)


def _certainty(claim: Parsed, evidence: Parsed, context: Parsed) -> bool:
    """Tell whether the evidence hedges the very word before which the claim has no hedge."""
    for word in evidence.words:
        if word.low in ("may", "might", "could", "would") or stem_of(word.low) == "alleg":
            hedged = following(evidence, word.place)[:1]
            if hedged and hedged[0] in claim.keys and not _hedges(claim):
                return True
    return False


def _hedges(claim: Parsed) -> bool:
    return any(word.low in HEDGES or stem_of(word.low) in HEDGES for word in claim.words)


def _roles(claim: Parsed, evidence: Parsed, context: Parsed) -> bool:
    return misplaced(claim, evidence)


_CHECKS = (
    ("number", _numbers),
    ("date", _dates),
    ("name", _names),
    ("negation", _negations),
    ("opposite", _opposed),
    ("quantity", _quantities),
    ("certainty", _certainty),
    ("role", _roles),
)
