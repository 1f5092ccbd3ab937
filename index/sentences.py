"""Where sentences begin and end, as offsets into the text they were found in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.punkt import Punkt

VERSION = 2
"""Part of the index recipe: raise it when the same text would have other sentences."""

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
# A word or two with a full stop that open a block are its label ("Data protection. The court ...")
# or a short reply ("No. The law ..."), which alone tells nothing, if a longer sentence follows.
_LABEL = re.compile(r"[^\W\d_][\w’'-]*(?: [\w’'-]+)?\.")
_LONGER = 5
# The full stops, question and exclamation marks of other scripts, with the quotes and brackets that
# close after them: nothing but a sentence ends so, and in Chinese and Japanese no space follows.
# Punkt knows none of them. A full-width point may also stand in a number, and an ASCII mark counts
# where such letters stand around it.
_LETTER = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
_OTHER_STOP = re.compile(
    rf"(?:[。！？｡।॥؟۔።፧፨‽‼⁇⁈⁉]|．(?!\d)|(?<={_LETTER})[!?](?={_LETTER}|[「『“]))+"
    r"[」』》〉】〕）］＂”’»\"')\]]*"
)
# "「はい。」と言った": a quote that the sentence around it goes on from.
_QUOTED = re.compile(r"[」』][とっ]")
_LONGEST_STOP = 4
_OPENS_LOWER = re.compile(r"[a-z]")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2}$")
_DATELINE = re.compile(r"[A-Z][A-Z .,-]{1,40}\.")

_PUNKT = Punkt(_ABBREVIATIONS, _STARTERS)


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the half-open offsets of the sentences of ``text[start:end]``, in ``text``'s own count.

    Pieces that Punkt tears apart are joined again where a reader would not stop: a quote that
    starts or ends in the middle of a thought helps nobody.
    """
    block = text[start:end]
    open_start = open_end = -1
    for left, right in _pieces(block):
        before, after = block[max(open_start, 0) : open_end], block[left:right]
        label = open_start == 0 and _LABEL.fullmatch(before) and len(after.split()) >= _LONGER
        if open_start >= 0 and not (label or _goes_on(before, after)):
            yield start + open_start, start + open_end
            open_start = -1
        if open_start < 0:
            open_start = left
        open_end = right
    if open_start >= 0:
        yield start + open_start, start + open_end


def _pieces(block: str) -> Iterator[tuple[int, int]]:
    """Yield what Punkt and the stops of other scripts cut a block into, without spaces around."""
    for left, right in _between_other_stops(block):
        for start, end in _PUNKT.spans(block[left:right]):
            yield left + start, left + end


def _between_other_stops(block: str) -> Iterator[tuple[int, int]]:
    left = 0
    for stop in _OTHER_STOP.finditer(block):
        if not _QUOTED.match(block, stop.end() - 1):
            yield left, stop.end()
            left = stop.end()
            while left < len(block) and block[left].isspace():
                left += 1
    yield left, len(block)


def _goes_on(before: str, after: str) -> bool:
    """Tell whether two pieces are one sentence: the second goes on in lower case ("is defined in.
    such a manner") or is a stop alone, the first ends in initials ("Governor J.B. Pritzker"), or is
    a dateline ("CARDIFF.")."""
    if _OTHER_STOP.fullmatch(after) or _DATELINE.fullmatch(before):
        return True
    if _OPENS_LOWER.match(after):
        return not _OTHER_STOP.search(before, max(len(before) - _LONGEST_STOP, 0))
    return bool(_INITIALS.search(before)) and _first_word(after) not in _STARTERS


def _first_word(text: str) -> str:
    return re.split(r"\W", text, maxsplit=1)[0].lower()
