"""Lines joined into one: words parted at the end of a line become whole again.

Whether a hyphen at a line's end belongs to the word is decided in this order. A soft hyphen never
does. Beside a digit, before a capital letter (``Anglo-`` / ``Saxon``) and in a chain
(``state-of-`` / ``the-art``) it does. Otherwise the document's own words decide: the spelling that
it uses elsewhere, with the hyphen or without. Where it uses neither, the hyphen stays after a few
words that are mostly written with one (``well-``, ``self-``), and goes in all other cases.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

Vocabulary = Counter[str]

_HYPHENS = "-\u2010\u2011\u00ad"
_SOFT = "\u00ad"
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*")
_TAIL = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*[-\u2010\u2011\u00ad]$")
_HEAD = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_LIGATURES = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\u0132\u0133]")
_LEADERS = re.compile(r"(?: ?[.…]){5,} ?(?=\w{1,5}$)")
_SPACES = re.compile(r"[\s\u00a0]+")
_KEPT_AFTER = frozenset(
    "well self ill ex half cross quasi all high low long short non anti pre post mid semi "
    "so-called full part first second third two three four five".split()
)
# "pre-" at a line's end before one of these is a hyphen that waits for its word.
_WAITING = frozenset("and or nor to und oder bis et ou y o e og eller och".split())
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*[/?&=._-]$")


def plain(text: str) -> str:
    """Return text with single spaces, ligatures spelled out and a contents' dots shortened."""
    if not text.isascii():
        text = _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _LEADERS.sub(" … ", text)
    return _SPACES.sub(" ", text).strip()


def vocabulary(lines: Iterable[str]) -> Vocabulary:
    """Count the words of a document's lines, but those at the ends, which may be halves."""
    words: Vocabulary = Counter()
    for line in lines:
        found = _WORD.findall(line.casefold())
        words.update(found[1:-1])
        if found and line[-1:] not in _HYPHENS:
            words[found[-1]] += 1
    return words


def join_lines(lines: Sequence[str], words: Vocabulary) -> str:
    """Return the lines of a paragraph as one."""
    parts: list[str] = []
    for line in filter(None, map(plain, lines)):
        if parts:
            cut, glue = _seam(parts[-1], line, words)
            parts[-1] = parts[-1][: len(parts[-1]) - cut] + glue
        parts.append(line)
    return "".join(parts)


def _seam(text: str, line: str, words: Vocabulary) -> tuple[int, str]:
    """Return how many characters go from the end of ``text``, and what stands before ``line``."""
    if text[-1] in _HYPHENS and len(text) > 1 and text[-2].isalnum():
        return _hyphen_seam(text, line, words)
    between_digits = text[-2:-1].isdigit() and line[0].isdigit()
    together = (
        (text[-1] == "—" and text[-2:-1] != " ")
        or (text[-1] == "–" and between_digits)
        or (_is_wide(text[-1]) and _is_wide(line[0]))
        or (_ADDRESS.search(text[-200:]) and not line[0].isupper())
    )
    return 0, "" if together else " "


def _hyphen_seam(text: str, line: str, words: Vocabulary) -> tuple[int, str]:
    if text[-1] == _SOFT:
        return 1, ""
    tail, head = _TAIL.search(text[-80:]), _HEAD.match(line)
    if tail is None or head is None:
        return 0, " " if head is None else ""
    left, right = tail[0][:-1], head[0]
    if right.casefold() in _WAITING:
        return 0, " "
    return (0, "") if _keeps_hyphen(left, right, words) else (1, "")


def _keeps_hyphen(left: str, right: str, words: Vocabulary) -> bool:
    if left[-1].isdigit() or right[0].isdigit():
        return True
    if right[0].isupper() and not left.isupper():
        return True
    if any(hyphen in part for part in (left, right) for hyphen in _HYPHENS):
        return True
    whole, parted = words[(left + right).casefold()], words[f"{left}-{right}".casefold()]
    if whole or parted:
        return parted > whole
    return left.casefold() in _KEPT_AFTER


def _is_wide(char: str) -> bool:
    """Tell whether a character is of a script that is written without spaces; Korean is not."""
    if char.isascii() or "\uac00" <= char <= "\ud7a3":
        return False
    return unicodedata.east_asian_width(char) in "WF"
