"""Characters put right, line by line: what a screen would show is what the text holds."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Tabs and line ends stay; everything else of ASCII's and Latin-1's controls shows nothing.
_CONTROLS = r"\x00-\x08\x0e-\x1f\x7f-\x9f"
# Soft hyphen, zero-width space, direction marks, word joiner, byte order mark.
_INVISIBLE = r"\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_REMOVED = re.compile(f"[{_CONTROLS}{_INVISIBLE}\\ud800-\\udfff]")
# Joiners shape Persian, Indic scripts and emoji; beside plain letters they are leftovers.
_STRAY_JOINERS = re.compile(r"(?:(?<=[\x00-\x7f])|^)[\u200c\u200d]+(?=[\x00-\x7f]|$)")
_WIDE_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Each round mends one layer of damage; text that needs more was not damaged by encoding alone.
_MOST_ROUNDS = 8


def repair(text: str) -> str:
    """Return ``text`` in NFC with ``\\n`` line ends, without invisible characters and mojibake.

    Lines keep their number; they lose spaces at their end.
    """
    return "\n".join(_repair_line(line) for line in _BREAKS.sub("\n", text).split("\n"))


def _repair_line(line: str) -> str:
    if line.isascii():
        return _REMOVED.sub("", line).rstrip()
    for _ in range(_MOST_ROUNDS):
        before, line = line, _one_round(line)
        if line == before:
            break
    return line


def _one_round(line: str) -> str:
    import ftfy

    # Mended first, because damaged text holds control characters that the mending needs.
    # Its guesses at bytes that are lost are off.
    sure = ftfy.TextFixerConfig(replace_lossy_sequences=False, restore_byte_a0=False)
    line = _BREAKS.sub(" ", ftfy.fix_encoding(line, sure)).replace("\n", " ")
    line = _REMOVED.sub("", line)
    line = _WIDE_SPACES.sub(" ", _STRAY_JOINERS.sub("", line))
    return unicodedata.normalize("NFC", line).rstrip()
