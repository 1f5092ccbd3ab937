"""The words of a sentence in the order of the active voice, with asides and speakers put away."""

from __future__ import annotations

from itertools import pairwise

from assistant.support_text import Parsed
from assistant.support_values import Word
from assistant.support_words import IRREGULAR

_BE = frozenset("was were is are been be being".split())
_ARTICLES = frozenset("a an the his her its their then now formerly".split())
_ENDS = frozenset(", ; : ( ) . — –".split())
_AFTER_DOER = _ENDS | frozenset(
    "in on at to from for with against over under after before since until because when while "
    "that and".split()
)
_TOLD = frozenset(
    "said says wrote told warned announced reported ruled found stated explained added "
    "argued".split()
)
_LONGEST_ASIDE = 16


def in_order(parsed: Parsed) -> tuple[int, ...]:
    """Return the places of a sentence's words in the order in which they are compared.

    "X was fined by Y" comes as "Y was fined X", "..., Y said" as "Y said ...", and an aside
    between commas ("Guo Bing, a professor of law, paid") is left out.
    """
    places = _without_asides(parsed)
    places = _speaker_first(parsed, places)
    return tuple(_active(parsed, places))


def _without_asides(parsed: Parsed) -> list[int]:
    words = parsed.words
    commas = [w.place for w in words if w.low in (",", "(", ")")]
    aside: set[int] = set()
    for start, end in pairwise(commas):
        inner = words[start + 1 : end]
        if not aside & {start} and 0 < len(inner) <= _LONGEST_ASIDE and _is_aside(words, inner):
            aside |= set(range(start, end + 1))
    return [w.place for w in words if w.place not in aside]


def _is_aside(words: tuple[Word, ...], inner: tuple[Word, ...]) -> bool:
    before = words[inner[0].place - 2] if inner[0].place >= 2 else None
    if before is None:
        return False
    if words[inner[0].place - 1].low == "(":
        return True
    if before.text[0].isupper() and inner[0].low in _ARTICLES:
        return not any(w.low in _BE or w.low in ("has", "had", "have") for w in inner)
    all_names = all(w.text[0].isupper() for w in inner)
    after = words[inner[-1].place + 2] if inner[-1].place + 2 < len(words) else None
    listed = after is not None and after.low in ("and", "or")
    return all_names and before.text[0].islower() and not listed


def _speaker_first(parsed: Parsed, places: list[int]) -> list[int]:
    words = parsed.words
    commas = [n for n, place in enumerate(places) if words[place].low == ","]
    if places and words[places[0]].low == "according" and commas:
        return places[commas[0] + 1 :]
    if commas and any(words[place].low in _TOLD for place in places[commas[-1] + 1 :]):
        tail = places[commas[-1] + 1 :]
        if len(tail) <= 12:
            return [*tail, *places[: commas[-1]]]
    return places


def _active(parsed: Parsed, places: list[int]) -> list[int]:
    words = parsed.words
    for n, place in enumerate(places):
        if words[place].low != "by" or n + 1 >= len(places):
            continue
        verb = next(
            (m for m in range(n - 1, max(-1, n - 10), -1) if _is_participle(words, places, m)), None
        )
        if verb is None:
            continue
        start = _clause_start(words, places, verb)
        end = next(
            (m for m in range(n + 2, len(places)) if words[places[m]].low in _AFTER_DOER),
            len(places),
        )
        doer, done = places[n + 1 : end], places[start:verb]
        return [*places[:start], *doer, *places[verb:n], *done, *places[end:]]
    return places


def _is_participle(words: tuple[Word, ...], places: list[int], at: int) -> bool:
    word = words[places[at]]
    passive = word.low.endswith("ed") or word.low in IRREGULAR
    before = [words[place].low for place in places[max(0, at - 3) : at]]
    return passive and word.text[0].islower() and (bool(_BE & set(before)) or "," in before[-1:])


def _clause_start(words: tuple[Word, ...], places: list[int], verb: int) -> int:
    for m in range(verb - 2, -1, -1):
        if words[places[m]].low in (";", ":", "that", "which", "who", "—", "–") or (
            words[places[m]].low == "," and m < verb - 2
        ):
            return m + 1
    return 0
