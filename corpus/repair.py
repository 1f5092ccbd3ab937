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
# Typesetters' joined letters (ﬁ, ﬂ, ﬃ); fractions, powers and full-width forms mean themselves.
_LIGATURES = re.compile("[\ufb00-\ufb06]")
# A PDF's text often has a space after one: "the ﬁ nding".
_LOOSE_LIGATURE = re.compile("(?<!\\w)([ﬀ-ﬆ]) (?=[a-z]{2})")
# Each round mends one layer of damage; text that needs more was not damaged by encoding alone.
_MOST_ROUNDS = 8
_HYPHENATED = re.compile(r"(?<![\w-])([^\W\d_]{2,20})-$")
_TAIL = re.compile(r"([^\W\d_]{2,20})(?![\w-])")
_BROKEN = re.compile(r"(?<![\w-])([^\W\d_]{2,20})- ([^\W\d_]{2,20})(?![\w-])")
_WORD = re.compile(r"\w+")
# After "pre-" these begin a new word ("pre- and post-war"), they do not end a broken one.
_OWN_WORDS = frozenset("and or to but nor the of in on as und oder bis et ou y o e ".split())
# Words that are mostly joined to the next by a hyphen of their own.
_COMPOUNDING = frozenset(
    "all anti co cross ever ex far first full half hard high ill left long low mid multi near new "
    "non old one open part post pre pro quasi right second self semi short so third three two "
    "four five six seven eight nine ten twenty thirty well year".split()
)


def repair(text: str) -> str:
    """Return ``text`` in NFC with ``\\n`` line ends, without invisible characters and mojibake.

    Lines keep their number; they lose spaces at their end. Ligatures become letters, and a word
    that was broken at a line end and stands elsewhere in the text unbroken is joined.
    """
    whole = "\n".join(_repair_line(line) for line in _BREAKS.sub("\n", text).split("\n"))
    return _join_broken(whole) if "- " in whole else whole


def joint(line: str, following: str) -> tuple[str, str]:
    """Return ``line`` and what stands between it and the next line of its paragraph.

    That is a space, or nothing where a hyphen broke a word in two; then the hyphen goes, but for
    those after a number word, "self", "well" and the like ("three-year"). Where another word
    follows ("pre- and post-war"), nothing was broken.
    """
    found = _HYPHENATED.search(line[-40:])
    tail = _TAIL.match(following)
    if not found or not tail or not tail.group(1).islower() or tail.group(1) in _OWN_WORDS:
        return line, " "
    return (line if found.group(1).lower() in _COMPOUNDING else line[:-1]), ""


def _join_broken(text: str) -> str:
    """Join "exam- ple" where "example" stands somewhere in the text too."""
    known = frozenset(_WORD.findall(text.casefold()))

    def joined(found: re.Match[str]) -> str:
        head, tail = found.groups()
        if tail in _OWN_WORDS or not tail.islower() or (head + tail).casefold() not in known:
            return found.group()
        return head + tail

    for _ in range(_MOST_ROUNDS):
        before, text = text, _BROKEN.sub(joined, text)
        if text == before:
            break
    return text


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
    line = _LOOSE_LIGATURE.sub(r"\1", line)
    line = _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found.group()), line)
    return unicodedata.normalize("NFC", line).rstrip()
