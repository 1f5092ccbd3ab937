"""Where sentences begin and end, as offsets into the text they were found in."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

# Words whose full stop does not end a sentence. Punkt's trained English list was tried on 80 news
# articles: it differed in five places and was wrong in most of them ("... because he's ill.”" did
# not end), so a short list of our own does better here, and needs no data files.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sen rep gov gen col lt sgt capt st jr sr rev hon inc ltd co corp plc bros "
    "no nos vs v etc e.g i.e cf al approx est dept univ assn ave blvd rd mt ft vol pp ed eds fig "
    "art para sec u.s u.k u.n e.u d.c a.m p.m jan feb mar apr jun jul aug sep sept oct nov "
    "dec".split()
)
# After an abbreviation, one of these with a capital begins a sentence ("... in the U.S. The").
_STARTERS = frozenset(
    "the a an in on at by for from with as after before when while if but and or so it its he his "
    "she her they their we our i this that these those there what who how why then".split()
)
_OPENS_LOWER = re.compile(r"[a-z]")


@functools.cache
def _punkt() -> Any:
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS)
    parameters.sent_starters = set(_STARTERS)
    return PunktSentenceTokenizer(parameters)


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the half-open offsets of the sentences of ``text[start:end]``, in ``text``'s own count.

    A piece that goes on in lower case belongs to the sentence before it ("is defined in. such a
    manner"): a quote that starts in the middle of a thought helps nobody.
    """
    block = text[start:end]
    open_start = open_end = -1
    for left, right in _punkt().span_tokenize(block):
        if open_start >= 0 and not _OPENS_LOWER.match(block[left:right]):
            yield start + open_start, start + open_end
            open_start = -1
        if open_start < 0:
            open_start = left
        open_end = right
    if open_start >= 0:
        yield start + open_start, start + open_end
