"""Who did it to whom, and which number belongs to what, as far as the order of words tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.support_order import in_order
from assistant.support_text import Parsed

_WINDOW = 6
_NARROW = 4
"""Content words on each side that tell a thing's place in its sentence."""
_LEAD = 1.2
_MARGIN = 0.12
_LEAST = 0.5
_PREPOSITIONS = frozenset(
    "of in on at to from by for with against into over under between through after before about "
    "since until than as".split()
)
_COMPARED = frozenset(
    "before after since until more less fewer higher lower above below over under at_least "
    "at_most first last".split()
)


@dataclass(frozen=True, slots=True)
class _Thing:
    """A name, number, date or comparing word with its places in the sentence."""

    kind: str
    label: tuple[object, ...]
    places: tuple[int, ...]


def misplaced(claim: Parsed, evidence: Parsed) -> bool:
    """Tell whether something of the claim stands where the evidence has another of its kind.

    Each name, number, date and comparing word has surroundings: the words on its left and right,
    once the passive is turned round, and its preposition. Where those of the claim's thing are
    clearly nearer to another thing's in the evidence than to its own, the two were exchanged.
    """
    order, theirs_order = in_order(claim), in_order(evidence)
    theirs = [one for one in _things(evidence) if one.places[0] in theirs_order]
    for thing in _things(claim):
        own = [other for other in theirs if _same(thing, other)]
        others = [one for one in theirs if one.kind == thing.kind and one not in own]
        if thing.places[0] not in order or not own or not others:
            continue
        hidden = frozenset(key for one in (thing, *own, *others) for key in _keys(one))
        ours = _surroundings(claim, order, thing, hidden)
        home = max(_alike(ours, _surroundings(evidence, theirs_order, one, hidden)) for one in own)
        away = max(
            _alike(ours, _surroundings(evidence, theirs_order, one, hidden)) for one in others
        )
        if away >= _LEAST and away > _LEAD * home + _MARGIN:
            return True
    return False


def _things(parsed: Parsed) -> Iterator[_Thing]:
    run: list[tuple[str, int]] = []
    for key, place in parsed.names:
        if run and place > run[-1][1] + 1:
            yield _Thing("name", tuple(k for k, _ in run), tuple(p for _, p in run))
            run = []
        run.append((key, place))
    if run:
        yield _Thing("name", tuple(k for k, _ in run), tuple(p for _, p in run))
    for value in parsed.values:
        yield _Thing("value", (value.value, value.unit), (value.place,))
    for day in parsed.days:
        yield _Thing("day", (day.year, day.month, day.day), (day.place,))
    for word in parsed.words:
        if word.low in _COMPARED:
            yield _Thing("compared", (word.low,), (word.place,))


def _same(one: _Thing, other: _Thing) -> bool:
    if one.kind != other.kind:
        return False
    if one.kind == "name":
        return bool(set(one.label) & set(other.label))
    if one.kind == "day":
        return all(
            a is None or b is None or a == b for a, b in zip(one.label, other.label, strict=True)
        )
    return one.label[0] == other.label[0]


def _keys(thing: _Thing) -> set[str]:
    return {str(part) for part in thing.label} if thing.kind == "name" else set()


def _surroundings(
    parsed: Parsed, order: tuple[int, ...], thing: _Thing, hidden: frozenset[str]
) -> dict[str, float]:
    found: dict[str, float] = {}
    first = order.index(thing.places[0])
    last = max(order.index(place) for place in thing.places if place in order)
    window = _WINDOW if thing.kind == "name" else _NARROW
    for side, places in (("left", order[:first][::-1]), ("right", order[last + 1 :])):
        words = [parsed.words[place] for place in places]
        near = [w for w in words if w.is_content and w.key not in hidden and not w.is_number]
        for distance, word in enumerate(near[:window]):
            name = f"{side} {word.key}"
            found[name] = max(found.get(name, 0.0), 1.0 / (1 + distance / 2))
    before = [parsed.words[place].low for place in order[max(0, first - 3) : first]]
    preposition = next((low for low in reversed(before) if low in _PREPOSITIONS), "")
    if preposition and preposition != "by":
        found[f"after {preposition}"] = 0.5
    return found


def _alike(one: dict[str, float], other: dict[str, float]) -> float:
    shared = sum(min(one[name], other[name]) for name in one.keys() & other.keys())
    most = min(sum(one.values()), sum(other.values()))
    return shared / most if most else 0.0
