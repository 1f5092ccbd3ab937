"""What a language model writes, as it comes: plain sentences and the passages they name."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.prompts import REFUSAL
from assistant.support_text import parse
from index.sentences import sentence_spans

_MARKER = re.compile(
    r"[\[【]\s*\^?(?:(?:passage|source|document|doc)s?\s*)?(\d{1,4}(?:\s*(?:,|;|-|–|and)\s*\d{1,4})*)"
    r"\s*(?:†[^\]】]*)?[\]】]",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\((?:passages?|sources?|documents?|docs?)\s+(\d{1,4}(?:\s*,\s*\d{1,4})*)\)", re.I
)
# "Court documents say" is the document's own: only what can be nothing but the prompt's passages.
_LED_BY = (
    r"(?:the )?(?:(?:provided |given )?(?:passages?|context|excerpts?)"
    r"|(?:provided|given) (?:documents?|sources?|texts?)|(?:documents?|sources?|texts?)(?= ?\[\d))"
    r"(?: provided| given| above)?(?:,? ?(?:and )?\[[\d, ]+\])*"
)
_LEAD = re.compile(
    rf"(?:(?:according to|based on|as (?:stated|mentioned) in|from) {_LED_BY} ?[,:] ?"
    rf"|{_LED_BY} (?:says?|states?|tells?|reports?|mentions?)(?: us)? that "
    r"|(?:(?:final|short) )?(?:answer|response) ?: ?"
    r"|(?:sure|certainly|of course|okay|great question) ?[!,.:] (?=\S))",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"(?:sure|certainly|of course|okay)[!.,]?"
    r"|(?:sure[!,.]? )?here(?: is|['’]s) (?:the|my|an) answer[^.]{0,60}:"
    r"|(?:please )?let me know if .{0,80}|(?:i )?hope (?:this|that) helps[!.]?"
    r"|(?:final |short )?answer:?",
    re.IGNORECASE,
)
"""What models say around an answer; it tells nothing, so it is neither shown nor compared."""
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
_FENCE = re.compile(r"^[^\S\n]*@@[^\n]*", re.MULTILINE)
_OPEN_MARKUP = re.compile(
    r"(?:!|!?\[[^\]\n]{0,200}(?:\](?:\([^)\n]{0,400})?)?|</?[a-zA-Z!][^>\n]{0,400}|&\w{0,8})$"
)
_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|$)", re.DOTALL | re.IGNORECASE)
_STARTS_THINKING = re.compile(r"\s*<(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g)?)?)?)?)?)?)?)?$", re.I)
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)?")
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)?")
_TAG = re.compile(r"</?[a-zA-Z!][^>\n]{0,400}>?")
_ADDRESS = re.compile(r"(?:https?|ftp|data|javascript|file|mailto):\S+|\bwww\.\S+", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|__|`+|(?<!\w)[*_](?=\w)|(?<=[\w.])[*_](?!\w)")
_LINE_OPENING = re.compile(r"^\s*(?:#{1,6}\s+|[-*•>]\s+|\d{1,2}[.)]\s+(?=\D))+")
_REFUSALS = re.compile(
    r"\b(?:passages?|documents?|context|sources?|texts?|information)\b[^.]{0,40}?"
    r"\b(?:do(?:es)? not|don['’]t|doesn['’]t|did not|no)\b[^.]{0,20}?"
    r"\b(?:contain|mention|answer|provide|say|include|give|information|specify|state)\b"
    r"|\b(?:cannot|can not|can['’]t|unable to) (?:be )?(?:answer|find|determine)",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"^(?:yes|no|correct|right)[.,:;!]\s+(?=\w)", re.IGNORECASE)
_LEAST_KEYS = 2
"""A sentence with fewer content words ("Yes.") is told together with the next one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence to be shown, the numbers of the passages that it names, and what is compared
    (without a "Yes." before it). ``opens_line`` tells that it begins a line."""

    text: str
    markers: tuple[int, ...]
    claim: str
    opens_line: bool = False


class Pieces:
    """Cuts a text that arrives bit by bit into sentences."""

    def __init__(self) -> None:
        self._raw = ""
        self._done = 0
        self._line = ""
        self._short: Piece | None = None
        self._opens_line = False

    def feed(self, text: str) -> list[Piece]:
        """Take in some more text, and return the sentences that it made whole."""
        self._raw += text
        return self._joined(list(self._whole())) if text else []

    def end(self, *, ran_out: bool = False) -> list[Piece]:
        """Return what is left when no more text comes; without a sentence that was cut off."""
        plain = self._plain()
        rest, self._done = plain[self._done :], len(plain)
        left: list[Piece] = []
        for line in rest.split("\n"):
            left += self._of_line(line)
            self._opens_line = True
        if ran_out and left and not _ENDS.search(left[-1].text):
            left.pop()
        found = self._joined(left)
        short, self._short = self._short, None
        return [*found, short] if short else found

    def _plain(self) -> str:
        return _without_markup(_FENCE.sub("", _THINKING.sub("", self._raw)))

    def _whole(self) -> Iterator[Piece]:
        plain = self._plain()
        if _STARTS_THINKING.match(plain) or _OPEN_MARKUP.search(plain):
            return  # what comes next may change what this is
        while True:
            rest = plain[self._done :]
            line, newline, _ = rest.partition("\n")
            if newline:
                self._done += len(line) + 1
                yield from self._of_line(line)
                self._opens_line = True
                continue
            cut = _first_sentence(rest)
            if cut is None:
                return
            self._done += cut
            yield from self._of_line(rest[:cut])

    def _of_line(self, line: str) -> Iterator[Piece]:
        at = 0
        while (cut := _first_sentence(line[at:])) is not None:
            yield from self._piece(line[at : at + cut])
            at += cut
        yield from self._piece(line[at:])

    def _piece(self, raw: str) -> Iterator[Piece]:
        raw = _NAMED.sub(r"[\1]", raw)
        markers = tuple(number for found in _MARKER.finditer(raw) for number in _numbers(found[1]))
        text = _without_lead(plain_sentence(raw), plain_sentence(_MARKER.sub(" ", raw)))
        if any(char.isalnum() for char in text) and not _TALK.fullmatch(text):
            yield Piece(text, markers, _YES_OR_NO.sub("", text), self._opens_line)
            self._opens_line = False

    def _joined(self, pieces: list[Piece]) -> list[Piece]:
        found = []
        for one in pieces:
            piece = one
            if self._short is not None:
                before, self._short = self._short, None
                text = f"{before.text} {piece.text}"
                both = (*before.markers, *piece.markers)
                piece = Piece(text, both, piece.claim, before.opens_line)
            if len(parse(piece.claim).keys) < _LEAST_KEYS and not is_refusal(piece.text):
                self._short = piece
            else:
                found.append(piece)
        return found


def plain_sentence(text: str) -> str:
    """Return a sentence without anything that could become a link, an image or HTML."""
    text = _without_markup(html.unescape(text))
    text = _EMPHASIS.sub("", _LINE_OPENING.sub("", text))
    text = "".join(char if char.isprintable() else " " for char in text)
    text = " ".join(text.split())
    return re.sub(r" ([.,;:!?])", r"\1", text)


def _without_lead(marked: str, text: str) -> str:
    """Return a sentence without an "According to passage [1]," before it, of which readers know
    nothing."""
    rest = _MARKER.sub(" ", _LEAD.sub("", marked))
    if not _LEAD.match(marked) or not any(char.isalnum() for char in rest):
        return text
    rest = plain_sentence(rest)
    return rest[0].upper() + rest[1:]


def _without_markup(text: str) -> str:
    for pattern, new in ((_IMAGE, " "), (_LINK, r"\1"), (_TAG, " "), (_ADDRESS, " ")):
        text = pattern.sub(new, text)
    return text


def is_refusal(text: str) -> bool:
    """Tell whether an answer is what the model was told to write where there is none."""
    opening = re.sub(r"[^A-Z ]", " ", text.upper()).split()
    return opening[:2] == REFUSAL.split() or opening[:1] == ["NOANSWER"]


def sounds_like_refusal(text: str) -> bool:
    """Tell whether a sentence says in other words that the passages do not answer."""
    return bool(_REFUSALS.search(text)) and len(text) < 240


def _first_sentence(text: str) -> int | None:
    """Return where the text's first sentence ends, with the markers that follow it, once the next
    one has begun."""
    # A marker is no part of the words: "... euros [1]. The" and "... euros. [1] The" are alike.
    blank = _MARKER.sub(lambda found: " " * len(found[0]), text)
    spans = list(sentence_spans(blank, 0, len(blank)))
    if len(spans) < 2:
        return None
    start = spans[1][0]
    if sum(char.isalnum() for char in blank[start:]) < 2:
        return None
    return start


def _numbers(text: str) -> Iterator[int]:
    found = re.findall(r"\d+", text)
    if re.fullmatch(r"\s*\d+\s*[-–]\s*\d+\s*", text):
        low, high = int(found[0]), int(found[1])
        yield from range(low, min(high, low + 20) + 1)
        return
    yield from map(int, found)
