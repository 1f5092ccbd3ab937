"""Where the text of a web page is: the smallest part that holds what another judge found."""

from __future__ import annotations

import re
from typing import Any

from corpus.readers.markup import name_of

_GRAM = 4
_VOUCHED = 0.6
_MOST = 0.85
# A menu's entry or a footer's line may be known too; a sentence tells better where the text is.
_PROSE_WORDS = 8
_CONTAINERS = frozenset({"div", "section", "article", "main", "body", "form", "center"})
_PROSE = re.compile(r"[.!?…,;:]")
_SHORTEST = 12
_WORD = re.compile(r"\w+")


def grams_of(text: str) -> frozenset[int]:
    """Return the runs of four words of a text, as hashes."""
    words = _WORD.findall(text.casefold())
    return frozenset(hash(tuple(words[at : at + _GRAM])) for at in range(len(words) - _GRAM + 1))


def find_root(body: Any, known: frozenset[int]) -> tuple[Any, bool]:
    """Return the part of ``body`` that is the text, and whether the page itself says so.

    ``known`` are the runs of words that another judge took for the text.
    """
    vouched = _vouched(body, known, prose=True)
    if not vouched[body]:
        vouched = _vouched(body, known, prose=False)
    total = vouched[body]
    if not total:
        return _only_article(body)
    inner: Any = body
    while inner is not None:
        root = inner
        inner = next((one for one in root if vouched.get(one, 0) >= _MOST * total), None)
    while root is not body and not _holds_blocks(root):
        root = root.getparent()
    for one in (root, *root.iterancestors()):
        if one is body:
            break
        if name_of(one) in ("article", "main") or one.get("role") == "main":
            return one, True
    return root, False


def _vouched(body: Any, known: frozenset[int], *, prose: bool) -> dict[Any, int]:
    """Return how many known characters each element holds, ``prose`` counts sentences only."""
    elements = [element for element in body.iter() if isinstance(element.tag, str)]
    found: dict[Any, int] = dict.fromkeys(elements, 0)
    for element in reversed(elements):
        for piece in (element.text, *(child.tail for child in element)):
            if not piece or len(piece) <= _SHORTEST or (prose and not _PROSE.search(piece)):
                continue
            grams = grams_of(piece)
            if len(grams) > (_PROSE_WORDS - _GRAM if prose else 0) and len(
                grams & known
            ) >= _VOUCHED * len(grams):
                found[element] += len(piece)
        parent = element.getparent()
        if element is not body and parent in found:
            found[parent] += found[element]
    return found


def _holds_blocks(element: Any) -> bool:
    if name_of(element) not in _CONTAINERS:
        return False
    if name_of(element) in ("article", "main"):
        return True
    parts = [child for child in element if any(piece.strip() for piece in child.itertext())]
    return len(parts) > 1


def _only_article(body: Any) -> tuple[Any, bool]:
    """Return what the page calls its main part or its only article, else all of it."""
    for found in (
        [*body.iter("main")],
        [one for one in body.iter() if one.get("role") == "main"],
        [*body.iter("article")],
    ):
        if len(found) == 1:
            return found[0], True
    return body, False
