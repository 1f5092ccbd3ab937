"""Whether a part of a web page shows: what its own attributes and inline style say."""

from __future__ import annotations

import re
from typing import Any

_LONGEST_STYLE = 2000
_HIDING = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)"
    r"|font-size:(?:0(?:\.0{1,9})?(?:px|pt|em|rem|%)?|0?\.\d{1,9}px|1(?:\.\d{1,9})?px)"
    r"|(?:max-)?(?:height|width):0(?:px)?|clip(?:-path)?:rect\(0[^)]{0,40}\)"
    r"|text-indent:-\d{3,9}[a-z%]{0,5}"
    r"|(?:left|top|right|bottom|margin-left|margin-top):-\d{4,9}[a-z%]{0,5}"
    r"|transform:scale\(0\))(?:!important)?(?=;|$)"
)
_CLEAR = re.compile(r"(?:^|;)opacity:0?(?:\.0\d*)?(?:!important)?(?=;|$)")
_COLOUR = re.compile(r"(?:^|;)color:([^;]{1,40})")
_GROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;]{1,40})")
_FADES = re.compile(r"(?:^|;)(?:transform|transition|will-change|animation)[:-]")
_WHITE = {"white": "#ffffff", "#fff": "#ffffff", "rgb(255,255,255)": "#ffffff"}
_BLACK = {"black": "#000000", "#000": "#000000", "rgb(0,0,0)": "#000000"}
_SAME = _WHITE | _BLACK
# An open window over a page marks all the rest as hidden from screen readers.
_MOST_OF_PAGE = 0.4


def is_hidden(element: Any, share: float) -> bool:
    """Tell whether an element is hidden; ``share`` is the part of the page's text it holds."""
    if "hidden" in element.attrib and element.get("hidden") != "until-found":
        return True
    if (element.get("aria-hidden") or "").lower() == "true" and share < _MOST_OF_PAGE:
        return True
    style = element.get("style")
    return bool(style) and hides("".join(style[:_LONGEST_STYLE].lower().split()))


def hides(style: str) -> bool:
    """Tell whether an inline style, in lower case and without spaces, hides what it is set on."""
    if _HIDING.search(style):
        return True
    # What fades in has no opacity until a script gives it one.
    if _CLEAR.search(style) and not _FADES.search(style):
        return True
    colour, ground = _COLOUR.search(style), _GROUND.search(style)
    if colour is None or ground is None:
        return False
    one, other = (found.group(1).removesuffix("!important") for found in (colour, ground))
    return _SAME.get(one, one) == _SAME.get(other, other)
