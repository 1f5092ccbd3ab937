"""trafilatura's judgement of a whole web page: which words are its article."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

# Beyond these it takes more time than its word is worth: pages as long as books, or of nothing
# but tags. Its time grows with the square of some of them.
_LONGEST = 2_000_000
_MOST_ELEMENTS = 10_000


def can_judge(text: str, tree: Any) -> bool:
    """Tell whether a page, its source and its tree, is small enough to be judged in time."""
    return len(text) <= _LONGEST and sum(1 for _ in tree.iter()) <= _MOST_ELEMENTS


def article_text(page: Any, *, most: bool = False) -> str:
    """Return what trafilatura takes for the text of a page, given as source or as a tree.

    ``most`` makes it keep what it doubts. "" where it finds nothing.
    """
    from trafilatura import extract

    tree = page if isinstance(page, str) else deepcopy(page)
    return extract(tree, include_comments=False, include_tables=True, favor_recall=most) or ""
