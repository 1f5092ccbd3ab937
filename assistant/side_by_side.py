"""The answer to a question that looks across documents: one quote for each of its sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.abstain import confidence, fitted_model
from assistant.answers import Said, Short, ShortValue
from assistant.declined import no_value
from assistant.elsewhere import names_others
from assistant.examining import Examination, examine
from assistant.expect import Expected, has_expected
from assistant.extract import PASSAGES, Quote
from assistant.sentence_features import VALUES
from assistant.weighed import SideTold, Weighed, weighed
from corpus.documents import Document
from index.finding import OfSide
from index.kin import held, kin_of
from index.sides import Side
from index.steering import Searchable
from index.terms import terms

COMPARISON = "comparison"
"""The kind of a short answer that two values come to."""
_LIKELY = 0.5
"""How likely a sentence must be, as a share of the best one's chance, to be quoted instead of it as
it names its side."""
_ALONE = 0.3
"""The same, where it tells of its side alone."""
_SURE_ENOUGH = 0.75
"""The share of the threshold that is enough for a value that stands beside its side's own name."""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Quotes in the order of the sides, their documents by id, and how sure the least sure is.

    ``weighed`` is what the values of two sides come to, where that is sure. ``lacking`` says of
    which sides of a comparison nothing gives the value; where it is of all, there is no quote.
    """

    quotes: tuple[Quote, ...]
    documents: dict[str, Document]
    sure: float
    weighed: Weighed | None = None
    lacking: str = ""


def side_by_side(
    index: Searchable, of_sides: Sequence[OfSide], whole: Examination
) -> SideBySide | None:
    """Quote one sentence for each side; None where any side, asked alone, would be declined.

    Of a comparison each side has to be named where its value stands: another one's is worse than
    none. Sides without a value are told, unless the best sentence for the ``whole`` question names
    them all, as one does that compares them itself.
    """
    quotes: dict[tuple[str, int], Quote] = {}
    documents: dict[str, Document] = {}
    lacking: list[str] = []
    sides: list[SideTold] = []
    sure = 1.0
    wanted = whole.wanted
    for one in of_sides:
        examined = examine(index, one.query, one.hits[:PASSAGES])
        wanted, seen = examined.wanted, examined.features
        answer = _answer(examined, one.side, confidence(seen)) if seen else None
        if seen is None or answer is None:
            if not _is_value(one.side, wanted) or _names_all(whole, of_sides):
                return None
            lacking.append(one.side.name)
            continue
        sure = min(sure, confidence(seen))
        quotes.setdefault((answer.document_id, answer.start), answer)
        documents |= examined.documents
        if one.side.compared:
            title = examined.documents[answer.document_id].title
            side = one.side
            sides.append(SideTold(side.name, side.text, side.own, wanted, answer, title))
    if not of_sides:
        return None
    told = no_value(wanted, lacking) if lacking else ""
    apart = len(quotes) == len(of_sides)
    found = weighed(whole.query.text, sides) if apart and not lacking else None
    return SideBySide(tuple(quotes.values()), documents, sure if quotes else 0.0, found, told)


def compared_in_short(found: SideBySide, said: Sequence[Said]) -> Short | None:
    """Return the direct answer to a comparison, where it is sure and both quotes are ``said``."""
    if found.weighed is None or len(said) < len(found.quotes):
        return None
    values = tuple(
        ShortValue(quote.text[start:end], marker, quote.start + start, quote.start + end)
        for marker, (quote, (start, end)) in enumerate(
            zip(found.quotes, found.weighed.values, strict=True), start=1
        )
    )
    first = values[0]
    return Short(found.weighed.text, COMPARISON, first.marker, first.start, first.end, values)


def _answer(found: Examination, side: Side, sure: float) -> Quote | None:
    threshold = fitted_model().threshold
    best, is_named = _best(found, side)
    if not _is_value(side, found.wanted):
        return best if sure >= (_SURE_ENOUGH if is_named else 1.0) * threshold else None
    is_told = has_expected(found.wanted, best.text)
    return best if is_told and is_named and sure >= _SURE_ENOUGH * threshold else None


def _is_value(side: Side, wanted: Expected) -> bool:
    """Tell whether a side's value is asked for, to be set beside the other's."""
    return side.compared and wanted.kind in VALUES


def _names_all(whole: Examination, of_sides: Sequence[OfSide]) -> bool:
    return bool(whole.ranked) and all(_names(whole.ranked[0].text, one.side) for one in of_sides)


def _best(found: Examination, side: Side) -> tuple[Quote, bool]:
    """Return the sentence to quote for a side, and whether it or its title names that side: the
    best one, unless another that does is nearly as likely. One that names no other country comes
    before one that tells of several together."""
    first = found.ranked[0]
    named = [
        one
        for one in found.ranked
        if (one.fits or not first.fits) and _names(one.text, side)
        if one.score >= _ALONE * first.score
    ]
    for one in named:
        if side.compared and not names_others(one.text, side.name):
            return one, True
    for one in named:
        if one.score >= _LIKELY * first.score:
            return one, True
    return first, _names(found.documents[first.document_id].title, side)


def _names(text: str, side: Side) -> bool:
    """Tell whether a text has half of what only this side is called by, and its country."""
    there = held(side.own, kin_of(side.text), terms(text)).keys()
    countries = side.own & kin_of(side.name).keys()
    return 2 * len(there) >= len(side.own) and countries <= there
