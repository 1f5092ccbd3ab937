"""Where sentences may end, by the rules of Kiss and Strunk (2006), "Unsupervised multilingual
sentence boundary detection", for given abbreviations and words that begin sentences.

NLTK has the same, and importing it takes 1.1 s of the processor and 120 MB of memory, as it brings
all that it finds installed. ``tests/index/test_punkt.py`` compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

_BESIDE = r"""[)";}\]*:@'({\[‘’“”«»?!]"""
_POINTS = r"(?:-{2,}|\.{2,}|(?:\.\s){2,}\.)"
_WORD_ENDS = rf"\s|$|{_BESIDE}|{_POINTS}"
_TOKEN = re.compile(
    rf"""{_POINTS}|(?=[^("`{{\[:;&#*@)}}\]\-,])\S+?(?={_WORD_ENDS}|,(?={_WORD_ENDS}))|\S"""
)
_MAY_END = re.compile(rf"[.?!](?=(?P<after>{_BESIDE}|\s+(?P<next>\S+)))")
_CLOSES = re.compile(r"""["')\]}‘’“”«»]+?(?:\s+|(?=--)|$)""", re.MULTILINE)
_NUMBER = re.compile(r"-?[.,]?\d[\d,.-]*\.?")
_INITIAL = re.compile(r"[^\W\d]\.")
_SPACES = " \t\n\r\x0b\x0c"


class Punkt:
    """Splits texts into sentences; safe to share between threads."""

    def __init__(self, abbreviations: Collection[str], starters: Collection[str]) -> None:
        """Words in lower case: those whose full stop does not end a sentence, and those which
        begin one nevertheless where they come after such a full stop with a capital."""
        self._abbreviations = frozenset(abbreviations)
        self._starters = frozenset(starters)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the half-open offsets of the sentences of a text."""
        moved = 0
        for (start, end), following in pairwise([*self._pieces(text), None]):  # type: ignore[misc]
            start += moved
            moved = 0
            if following is not None:
                # A quote or a bracket that closes after the full stop belongs to its sentence.
                closing = _CLOSES.match(text[slice(*following)])
                if closing:
                    moved = closing.end()
                    end = following[0] + len(closing.group().rstrip())
                    yield start, end
                    continue
            if start < end:
                yield start, end

    def _pieces(self, text: str) -> Iterator[tuple[int, int]]:
        begun = 0
        for end, context in _candidates(text):
            if self._holds_end(context):
                yield begun, end.end()
                begun = end.start("next") if end["next"] else end.end()
        yield begun, len(text.rstrip())

    def _holds_end(self, context: str) -> bool:
        """Tell whether any token but the last ends a sentence."""
        lines = (line for line in context.split("\n") if line.strip())
        tokens = [token for line in lines for token in _TOKEN.findall(line)]
        return any(self._ends(token, following) for token, following in pairwise(tokens))

    def _ends(self, token: str, following: str) -> bool:
        ends = self._seems_to_end(token)
        if not token.endswith("."):
            return ends
        is_initial = bool(_INITIAL.fullmatch(token))
        next_is_upper = following[0].isupper()
        if not ends and not is_initial:  # an abbreviation, or dots
            return next_is_upper and self._bare(following) in self._starters
        if is_initial or _NUMBER.fullmatch(token):
            goes_on = following in tuple(";:,.!?") or following[0].islower()
            return ends and not (goes_on or (is_initial and next_is_upper))
        return ends

    def _seems_to_end(self, token: str) -> bool:
        """Tell whether a token, by itself, ends a sentence."""
        if token in tuple(".?!"):
            return True
        if not token.endswith(".") or token.endswith(".."):
            return False
        word = token[:-1].lower()
        return self._abbreviations.isdisjoint((word, word.rsplit("-", 1)[-1]))

    def _bare(self, token: str) -> str:
        """Return a token in lower case, without the full stop if that ends a sentence."""
        lower = token.lower()
        stops = len(lower) > 1 and lower.endswith(".") and self._seems_to_end(token)
        return lower[:-1] if stops else lower


def _candidates(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield each place where a sentence may end, with the word before it and what comes after; of
    several in one word, the last."""
    start = end = 0
    last: re.Match[str] | None = None
    for match in _MAY_END.finditer(text):
        before = text[end : match.start()]
        space = max(before.rfind(one) for one in _SPACES)
        word = end + space + 1 if space > 0 else start
        if last is not None and end <= word:
            yield last, text[start:end] + last.group() + last["after"]
        last, start, end = match, word, match.start()
    if last is not None:
        yield last, text[start:end] + last.group() + last["after"]
