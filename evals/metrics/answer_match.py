"""Does a text give an accepted answer? Exact match, token F1, and containment.

Texts are compared after the normalisation that the SQuAD 2.0 evaluation made usual: lower case,
ASCII punctuation deleted, the articles a, an, the dropped, white space collapsed.

- *Exact match*: 1 when the normalised texts are equal to one of the accepted answers.
- *F1*: harmonic mean of the precision and recall of tokens, counted with their multiplicity; the
  best over the accepted answers. If either side has no tokens, 1 when both have none, else 0.
- *Contains*: 1 when the tokens of an accepted answer stand next to each other in the text. Tokens
  are compared as SQuAD makes them ("U.S." is "us") and also as plain words ("Clearview's" holds
  "Clearview"; "cease-and-desist" is three words); whole tokens only, so "10" is not in "2010". An
  answer that normalises to nothing is contained nowhere.

Source: Rajpurkar, Jia, Liang, Know What You Don't Know (2018), and its evaluation script.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WORD = re.compile(r"\w+")


def normalise(text: str) -> str:
    """Return a text as the SQuAD evaluation compares it."""
    bare = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def exact_match(text: str, answers: Iterable[str]) -> float:
    """Return 1.0 when the text is one of the accepted answers, else 0.0."""
    return float(any(normalise(text) == normalise(answer) for answer in answers))


def token_f1(text: str, answers: Iterable[str]) -> float:
    """Return the best token F1, in 0..1, of the text against the accepted answers."""
    return max((_f1(normalise(text).split(), normalise(one).split()) for one in answers), default=0)


def contains(text: str, answers: Iterable[str]) -> float:
    """Return 1.0 when an accepted answer stands in the text, else 0.0."""
    return float(any(_stands_in(answer, text) for answer in answers))


def _f1(said: Sequence[str], gold: Sequence[str]) -> float:
    if not said or not gold:
        return float(said == gold)
    shared = sum((Counter(said) & Counter(gold)).values())
    # Equal to 2PR / (P + R) with P = shared / len(said) and R = shared / len(gold).
    return 2 * shared / (len(said) + len(gold))


def _stands_in(answer: str, text: str) -> bool:
    return any(_runs_in(cut(answer), cut(text)) for cut in (_squad_tokens, _words))


def _squad_tokens(text: str) -> list[str]:
    return normalise(text).split()


def _words(text: str) -> list[str]:
    return _WORD.findall(_ARTICLES.sub(" ", text.lower()))


def _runs_in(needle: Sequence[str], tokens: Sequence[str]) -> bool:
    """Tell whether ``needle``, if it is anything, is a run of ``tokens``."""
    return bool(needle) and _framed(needle) in _framed(tokens)


def _framed(tokens: Sequence[str]) -> str:
    # A token never holds a space, so the frame keeps one from matching inside a longer one.
    return f" {' '.join(tokens)} "
