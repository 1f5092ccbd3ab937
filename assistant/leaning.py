"""Sentences that lean on the one before ("It was fined again"), and the text they lean on."""

from __future__ import annotations

import re

from index.passages import Sentence
from index.sentences import sentence_spans

_LEANS = re.compile(
    r"^[\"'“‘(\[]*(?:(?:but|and|so|then|however|instead|still|yet|also|later|meanwhile),?\s+)?"
    r"(?:it|its|he|him|his|she|her|they|them|their|this|that|these|those|such|"
    r"the (?:latter|former|same|two|pair)|both|neither)\b",
    re.IGNORECASE,
)
# "It is clear that ..." points at nothing before it, and "That the law ..." is a clause.
_EMPTY = re.compile(
    r"^[\"'“‘(\[]*(?:(?i:it (?:is|was|remains|became|seems|appears|takes|took) (?:\w+ ){1,3}"
    r"(?:that|to|for|whether|how)\b|that (?:the|a|an)\b)|(?:Both|Neither) [A-Z])"
)
_BACK = 1200
"""Characters of a document that are looked through for the sentence before."""
_MOST = 2
"""Sentences of context, at most: "He ... He ..." needs two to reach the name."""


def leans(sentence: str) -> bool:
    """Tell whether a sentence begins with a word that stands for something told before it."""
    return bool(_LEANS.match(sentence)) and not _EMPTY.match(sentence)


def context_of(text: str, start: int) -> Sentence | None:
    """Return the span before ``start`` in a document that a sentence there leans on.

    It is the sentence before, or the two before where that one leans as well. None where there is
    none, or only a heading.
    """
    end = start
    found: Sentence | None = None
    for _ in range(_MOST):
        before = _sentence_before(text, end)
        if before is None:
            break
        found = Sentence(before.start, found.end if found else before.end)
        if not leans(text[before.start : before.end]):
            break
        end = before.start
    return found


def _sentence_before(text: str, end: int) -> Sentence | None:
    """Return the last sentence of the last line before ``end`` that is not a heading's."""
    low = max(0, end - _BACK)
    line_end = low + len(text[low:end].rstrip())
    line_start = text.rfind("\n", low, line_end) + 1 or low
    if line_start == line_end or text[line_start:line_end].lstrip().startswith("#"):
        return None
    spans = list(sentence_spans(text, line_start, line_end))
    # Where the line was cut off, its first piece is none.
    if not spans or (line_start == low and low > 0 and len(spans) == 1):
        return None
    return Sentence(*spans[-1])
