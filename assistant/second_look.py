"""A second look at what was found, where the best sentence only repeats the question.

A sentence that has a question's words and not the date, amount or name that is asked for comes
first where nothing else has all the words, and it makes whatever does answer look far behind. That
may be chance, or a document that was written to be found. So the rest is ranked once more without
its document, and what tells more is quoted as well.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.examining import Examination
from assistant.expect import Kind
from assistant.extract import Quote, rank_sentences
from assistant.sentence_features import VALUES
from index.terms import terms

_LOOKS = 2
"""Documents that are set aside, one after the other, before what there is is taken for all."""
_LIKELY = 0.2
"""How likely a sentence must answer, in the second look, to be quoted."""
_NEWS = 2
"""Content words that the question lacks, in a sentence that tells something."""
_NAME = re.compile(r"(?<=\s)[A-Z][\w’'-]+")


def looked_again(found: Examination, most: int) -> tuple[Quote, ...]:
    """Return ranked sentences: those found, or the best of them with what tells more behind it.

    ``most`` is how many may be quoted.
    """
    ranked = found.ranked
    if not ranked or most < 2 or _tells(ranked[0], found):
        return ranked
    hits, last = found.hits, ranked[0]
    for _ in range(_LOOKS):
        hits = tuple(hit for hit in hits if hit.passage.document_id != last.document_id)
        again = rank_sentences(found.query, found.wanted, hits, found.titles)
        if not again:
            return ranked
        likely = [one for one in again if one.score >= _LIKELY and _tells(one, found)]
        if likely:
            more = [replace(one, score=ranked[0].score) for one in likely[: most - 1]]
            return (ranked[0], *more, *ranked[1:])
        last = again[0]
    return ranked


def _tells(quote: Quote, found: Examination) -> bool:
    """Tell whether a sentence holds the kind of thing that is asked for, and says anything new."""
    asked = set(terms(found.query.text))
    if not quote.fits:
        return False
    if found.wanted.kind is Kind.PERSON:
        return any(not {*terms(name)} <= asked for name in _NAME.findall(quote.text))
    least = 1 if found.wanted.kind in VALUES else _NEWS
    return len(set(terms(quote.text)) - asked) >= least
