"""Words that name the same country: Italy and Italian, the Netherlands and Dutch.

A stemmer takes Italians for Italian, but not for Italy. So where a question has the one, a passage
that has the other is taken to have nearly the same word (``SHARE``). Only the question is looked at
in this way: nothing of it is stored.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from index.terms import terms

SHARE = 0.8
"""What the other word counts, where the question's own counts 1."""

_FILE = Path(__file__).with_name("peoples.txt")

Form = tuple[str, ...]
"""The stems of a name, side by side: one, or two as in United Kingdom."""
Kin = Mapping[str, tuple[Form, ...]]
"""For stems of a question, the other names of what they name."""


@functools.lru_cache(maxsize=1024)
def kin_of(question: str) -> Kin:
    """Return the other names of the countries that a question names."""
    found: dict[str, tuple[Form, ...]] = {}
    stems, names = terms(question), _names()
    for place, stem in enumerate(stems):
        for form, others in names.get(stem, {}).items():
            if tuple(stems[place : place + len(form)]) == form:
                for one in form:
                    found[one] = tuple(dict.fromkeys((*found.get(one, ()), *others)))
    return found


def times(form: Form, stems: Sequence[str]) -> int:
    """Return how often a name stands in a text, given by its terms in order."""
    if len(form) == 1:
        return stems.count(form[0])
    starts = [place for place, stem in enumerate(stems) if stem == form[0]]
    return sum(tuple(stems[place : place + len(form)]) == form for place in starts)


def held(wanted: Collection[str], kin: Kin, stems: Sequence[str]) -> dict[str, float]:
    """Return which of a question's stems a text has, with what each counts: 1, or ``SHARE`` where
    it only has another name."""
    found = dict.fromkeys(set(stems).intersection(wanted), 1.0)
    for one, others in kin.items():
        if one in wanted and one not in found and any(times(form, stems) for form in others):
            found[one] = SHARE
    return found


def one_name(stem: str) -> str:
    """Return the stem by which all names of a country are compared; any other stem as it is."""
    return _first_names().get(stem, stem)


@functools.cache
def _first_names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for forms in _lines():
        single = [form[0] for form in forms if len(form) == 1]
        for name in single:
            found.setdefault(name, single[0])
    return found


@functools.cache
def _names() -> Mapping[str, Mapping[Form, tuple[Form, ...]]]:
    """Return for each name's first stem the names that begin with it, each with the others."""
    found: defaultdict[str, dict[Form, tuple[Form, ...]]] = defaultdict(dict)
    for forms in _lines():
        for form in forms:
            others = tuple(one for one in forms if one != form)
            known = found[form[0]].get(form, ())
            found[form[0]][form] = tuple(dict.fromkeys((*known, *others)))
    return found


@functools.cache
def _lines() -> tuple[tuple[Form, ...], ...]:
    """Return the lines of the file, each as the names of one country."""
    lines = _FILE.read_text("utf-8").splitlines()
    named = [line.split(",") for line in lines if not line.startswith("#")]
    return tuple(tuple(dict.fromkeys(tuple(terms(name)) for name in one)) for one in named)
