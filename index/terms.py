"""Text as terms: the one analysis that the lexical index, the quotes and the confidence share."""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from collections.abc import Sequence
from typing import Any

VERSION = 1
"""Part of the index recipe: raise it when the same text would give other terms."""

STOP_WORDS = frozenset(
    "a about after again all also am an and any are as at be because been before being between "
    "both but by can could did do does doing done during each few for from further get had has "
    "have having he her here hers him his how i if in into is it its itself just many me more "
    "most much my no nor not of off on once only or other our out over own per please same she "
    "should so some such tell than that the their them then there these they this those through "
    "to too under until up upon us very was we were what when where which while who whom whose "
    "why will with would you your".split()
)

# "US" in lower case is a stop word, so the country gets a spelling of its own.
_COUNTRY = re.compile(r"\b(?:U\.S\.A?\.?|USA?\b)")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_AMID_INITIALS = re.compile(r"\.[A-Za-z]\.")
"""Stands in all initials, and is looked for far faster than these."""
_BETWEEN = "\x1e"
"""Stands between texts that are looked at together; no token goes across."""
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\W_]+")
_DIGITS_OR_APOSTROPHES = re.compile(r"[\d']")
_NO_LETTERS = {code: " " for code in range(128) if not chr(code).isalpha()}
# Marks that stand in no token, and one that stands for the plain apostrophe.
_MARKS = str.maketrans(dict.fromkeys("‘“”–—…\u00a0", " ") | {"’": "'"})
_THREAD = threading.local()  # a PyStemmer stemmer must not be shared between threads


def _stemmer() -> Any:
    if not hasattr(_THREAD, "stemmer"):
        import Stemmer

        # Without the memory of its own, which would be one for each thread: ``stem`` has one.
        _THREAD.stemmer = Stemmer.Stemmer("english", 0)
    return _THREAD.stemmer


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text, lower case, without accents or possessive endings.

    ``"Clearview's $224,000"`` gives ``["clearview", "224000"]``.
    """
    return _cut(_spelled(text))


def tokens_of(texts: Sequence[str]) -> list[list[str]]:
    """Return the tokens of each text: the same, some times as fast for many short ones."""
    joined = _BETWEEN.join(texts)
    if joined.count(_BETWEEN) != len(texts) - 1:  # one of them holds what stands between them
        return [tokens(text) for text in texts]
    return [_cut(text) for text in _spelled(joined).split(_BETWEEN)]


def _spelled(text: str) -> str:
    """Return a text as its tokens are spelled."""
    if "US" in text or "U.S." in text:
        text = _COUNTRY.sub(" usa ", text)
    if _AMID_INITIALS.search(text):
        text = _INITIALS.sub(lambda match: match.group().replace(".", "") + " ", text)
    return _plain(text)


def _cut(text: str) -> list[str]:
    if text.isascii() and not _DIGITS_OR_APOSTROPHES.search(text):
        return text.translate(_NO_LETTERS).split()  # the same, in a fifth of the time
    return [word if word.isalpha() else _normal(word) for word in _TOKEN.findall(text)]


def _plain(text: str) -> str:
    """Return a text in lower case and without accents."""
    text = text.translate(_MARKS)
    if text.isascii():  # as most are then, and several times as fast
        return text.lower()
    # Lower case comes last: taking a sign such as ™ apart gives capitals.
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart.lower() if not unicodedata.combining(char))


def _normal(token: str) -> str:
    if token[0].isdigit():
        return token.replace(",", "")
    for mark in ("'", "’"):
        head, found, tail = token.partition(mark)
        if found:
            return head if tail == "s" else head + tail
    return token


def terms(text: str) -> list[str]:
    """Return the stems of a text's content words, in order, repeats kept.

    Stop words are left out. Stems are Snowball's (Porter2) for English, which leave other
    languages' words nearly as they are.
    """
    kept = [token for token in tokens(text) if token not in STOP_WORDS]
    return [stem(token) for token in kept]


@functools.lru_cache(maxsize=16_384)
def stem(token: str) -> str:
    """Return the stem of one of ``tokens``."""
    found: str = _stemmer().stemWord(token)
    return found
