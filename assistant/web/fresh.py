"""HTML that Gradio draws again although nothing in it is new."""

from __future__ import annotations

from itertools import count

_numbers = count(1)


def fresh(html: str) -> str:
    """Return the HTML with a comment that no other has.

    Gradio leaves a component alone whose value is what it was. The page's scripts have written
    "Saving…" on a button of it meanwhile, which would stay there.
    """
    return f"{html}<!--{next(_numbers)}-->"
