"""Characters that hide text from people: tags, variation selectors, zero widths, overrides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# A black flag, a region's letters and an end mark are a flag (England, Scotland, Wales).
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{1,6}\U000e007f")
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
# One selector follows one ideograph, or one emoji; several in a row can hold bytes.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}")
# Programs that save pages leave two or three of a kind.
_ZERO_WIDTHS = re.compile("[\u180e\u200b-\u200f\u2060-\u2064\ufeff]{8,}")
_SHORTEST_RUN = 8
# An override turns the letters of any script round, so Latin ones can be read that are not there.
_OVERRIDES = re.compile("[\u202d\u202e]([^\u202c\n]{3,200})")
_LATIN = re.compile("[A-Za-z]{3}")
_SNIPPET = 60


def odd_characters(text: str) -> Iterator[str]:
    """Yield a reason for each kind of character that hides text in ``text``."""
    if text.isascii():
        return
    tags = "".join(_TAGS.findall(_FLAG.sub("", text)))
    if tags:
        yield f"Unicode tag characters, which nobody sees, spell “{_untagged(tags)}”"
    selectors = _SELECTORS.search(text)
    if selectors:
        yield f"{len(selectors.group())} variation selectors in a row, which nobody sees"
    zero_widths = _ZERO_WIDTHS.search(text)
    if zero_widths and _holds_bits(zero_widths.group()):
        yield f"{len(zero_widths.group())} characters without width in a row, which nobody sees"
    for override in _OVERRIDES.finditer(text):
        if _LATIN.search(override.group(1)):
            shown = visible(override.group()[:_SNIPPET])
            yield f"text turned round by an override character: “{shown}”"
            return


def visible(text: str) -> str:
    """Return ``text`` as one line in which every character that shows nothing has its number."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\n" or (character.isspace() and character.isprintable()):
        return " "
    if character.isprintable() and unicodedata.category(character) != "Mn":
        return character
    # Accents show on their letter; selectors and other marks without a sign of their own do not.
    if unicodedata.combining(character):
        return character
    return f"<U+{ord(character):04X}>"


def _holds_bits(run: str) -> bool:
    return len(set(run)) > 1 or len(run) >= 2 * _SHORTEST_RUN


def _untagged(tags: str) -> str:
    letters = "".join(chr(ord(tag) - 0xE0000) for tag in tags[:_SNIPPET])
    return "".join(letter if letter.isprintable() else "·" for letter in letters)
