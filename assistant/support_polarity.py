"""What turns a sentence into its opposite, or into more than was said: negators, opposite words,
words of quantity."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator

from assistant.support_text import Parsed
from assistant.support_values import Word
from assistant.support_words import (
    IRREGULAR,
    NEGATORS,
    QUANTIFIER_GROUPS,
    SOFT_NEGATORS,
    opposites,
)
from index.terms import terms

_SCOPE = 4
"""Content words after a negator that it may turn round."""
_BOUNDS = frozenset("but , ; : ( ) — –".split())
_STRONG = frozenset({"all", "most", "only", "always", "both", "half", "few", "many"})
"""Groups of quantity words that a claim must not bring in by itself."""


def negations_differ(claim: Parsed, evidence: Parsed) -> bool:
    """Tell whether one denies what the other says."""
    if denies_more(claim, evidence):
        return True
    denied, theirs = _union(_scopes(claim)), list(_scopes(evidence))
    gentle = _softly(claim, evidence)
    for scope in theirs:
        first = _first_of(evidence, scope)
        shared = scope & claim.keys
        if first in claim.keys and len(shared) * 2 >= len(scope) and not shared & (denied | gentle):
            return True
    return False


def denies_more(claim: Parsed, evidence: Parsed) -> bool:
    """Tell whether a claim denies something that its evidence does not deny."""
    # A word such as "declined" answers for a negator only where the other side has it not.
    denied = _union(_scopes(evidence)) | _softly(evidence, claim)
    return any(scope and not scope & denied for scope in _scopes(claim))


def _union(scopes: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset(key for scope in scopes for key in scope)


def _softly(parsed: Parsed, other: Parsed) -> frozenset[str]:
    """Return what a text denies with another word than a negator, one that the other lacks."""
    soft = [w for w in parsed.words if _is_soft(w) and w.key not in other.keys]
    return frozenset(key for w in soft for key in (w.key, *following(parsed, w.place)))


def _first_of(parsed: Parsed, scope: frozenset[str]) -> str:
    return next((word.key for word in parsed.words if word.key in scope), "")


def _scopes(parsed: Parsed) -> Iterator[frozenset[str]]:
    for word in parsed.words:
        if word.low in NEGATORS and not _is_only(parsed, word):
            yield frozenset(following(parsed, word.place))


def _is_only(parsed: Parsed, word: Word) -> bool:
    """Tell whether a "not" opens "not only", which turns nothing round."""
    after = parsed.words[word.place + 1].low if word.place + 1 < len(parsed.words) else ""
    return after in ("only", "just")


def following(parsed: Parsed, place: int) -> list[str]:
    """Return the content words after a place that a negator or a hedge there is about."""
    keys: list[str] = []
    for word in parsed.words[place + 1 :]:
        if (word.low in _BOUNDS and keys) or len(keys) == _SCOPE or word.low in NEGATORS:
            break
        if word.is_content:
            keys.append(word.key)
    return keys


def _is_soft(word: Word) -> bool:
    return word.text[0].isalpha() and stem_of(word.low) in SOFT_NEGATORS


def opposites_differ(claim: Parsed, evidence: Parsed) -> bool:
    """Tell whether the claim has a word more, and its opposite less, than the evidence."""
    table = _stemmed_opposites()
    ours, theirs = _stems(claim), _stems(evidence)
    denied, turned = _union(_scopes(claim)), _union(_scopes(evidence))
    return any(
        ours[stem] > theirs[stem]
        and ours[other] < theirs[other]
        and (stem in denied) == (other in turned)
        for stem in ours.keys() & table.keys()
        for other in table[stem]
    )


def _stems(parsed: Parsed) -> Counter[str]:
    return Counter(stem_of(word.low) for word in parsed.words if word.text[0].isalpha())


@functools.cache
def _stemmed_opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word, others in opposites().items():
        found.setdefault(stem_of(word), set()).update(stem_of(other) for other in others)
    return {stem: frozenset(others - {stem}) for stem, others in found.items()}


@functools.lru_cache(maxsize=8192)
def stem_of(low: str) -> str:
    """Return the stem of a word in lower case, of its infinitive where it is irregular."""
    low = IRREGULAR.get(low, low)
    found = terms(low) if "_" not in low else []
    return found[0] if found else low


def quantities_differ(claim: Parsed, evidence: Parsed) -> bool:
    """Tell whether a claim says "all", "most" or "only" where the evidence does not."""
    ours = {QUANTIFIER_GROUPS[low] for low in claim.lows if low in QUANTIFIER_GROUPS}
    theirs = {QUANTIFIER_GROUPS[low] for low in evidence.lows if low in QUANTIFIER_GROUPS}
    new = (ours - theirs) & _STRONG
    if len(claim.names) > 1 or any(value.value == 2 for value in evidence.values):
        new -= {"both"}
    if "all" in new and evidence.lows & {"any", "nobody", "none", "no"}:
        new -= {"all"}
    if "half" in new and any(value.value == 50 and value.unit == "%" for value in evidence.values):
        new -= {"half"}
    changed = bool(ours - theirs) and bool(theirs - ours) and bool((ours | theirs) & _STRONG)
    if _not_only(claim) != _not_only(evidence) and "only" in claim.lows and "only" in evidence.lows:
        return True
    return bool(new) or (changed and "some" in ours ^ theirs)


def _not_only(parsed: Parsed) -> bool:
    return any(word.low == "not" and _is_only(parsed, word) for word in parsed.words)
