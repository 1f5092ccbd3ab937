"""The style sheets, as the page's server gives them out."""

from __future__ import annotations

import re

import pytest

from assistant.web.app import STYLES
from assistant.web.theme import asset
from evals.tab import TAB

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_KIND = r"border|outline|text-decoration|background|font"
# A longhand that the shorthand of the same rule would set.
_PART = re.compile(rf"(?:{_KIND})-(?:top|right|bottom|left|width|style|color|thickness|line)")


def lost(style: str) -> list[str]:
    """Return the rules that lose a shorthand on the way to the browser: Gradio writes every rule
    anew, and one with a variable in it cannot be written once a part of it was set otherwise."""
    found = []
    for selector, body in _RULE.findall(style):
        pairs = [part.split(":", 1) for part in body.split(";") if ":" in part]
        for place, (name, _) in enumerate(pairs):
            short = name.strip().split("-")[0] if _PART.match(name.strip()) else ""
            short = "text-decoration" if short == "text" else short
            before = [one for one in pairs[:place] if one[0].strip() == short and "var(" in one[1]]
            found += [f"{selector.strip()[-40:]}: {name.strip()}"] if before and short else []
    return found


@pytest.mark.parametrize("name", [*STYLES, "evals"])
def test_no_rule_of_a_sheet_is_lost_on_the_way(name: str) -> None:
    assert lost(TAB.style if name == "evals" else asset(name)) == []


def test_a_rule_that_would_be_lost_is_found() -> None:
    assert lost("a { border: 1px solid var(--line); border-left: 3px solid red; }")
    assert lost("u { text-decoration: underline var(--ink); text-decoration-thickness: 1px; }")
    assert not lost("a { border-left: 0; border: 1px solid var(--line); border-radius: 3px; }")
