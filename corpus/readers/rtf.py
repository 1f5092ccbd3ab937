"""RTF documents, read by one pass over their control words: paragraphs, headings, lists, tables.

The shape follows the Rich Text Format Specification 1.9.1; what only tells how things look is
passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from corpus.readers.raw import RawText
from corpus.readers.rtf_page import RtfPage
from corpus.readers.trees import reading_as

MEDIA_TYPE = "application/rtf"
_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})"
    r"|\\(?P<sign>[^a-zA-Z'])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\"
)
_CHARACTERS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "tab": " ", "emspace": " ", "enspace": " ", "qmspace": " ",
    "line": "\n", "softline": "\n", "lbr": "\n",
}  # fmt: skip
_SIGNS = {"~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\"}
_ENDS = frozenset({"par", "sect", "page", "column"})
_READ = {
    "footnote": "footnote", "listtext": "marker", "pntext": "marker", "title": "title",
    "author": "author", "keywords": "keywords", "stylesheet": "style", "fonttbl": "font",
    "creatim": "created",
    **{f"{edge}{pages}": f"page {edge}" for edge in ("header", "footer") for pages in ("", *"lrf")},
}  # fmt: skip
_PASSED_OVER = frozenset(
    """colortbl pict object info xe tc annotation fldinst bkmkstart bkmkend nonesttables filetbl
    revtbl listtable listoverridetable rsidtbl generator private subject doccomm comment company
    manager category operator hlinkbase
    revtim printim buptim ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn shpinst datafield themedata
    pntxta pntxtb pnseclvl template""".split()
)
# The character sets that a font may have, as Windows code pages.
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits: where its text goes, and what its paragraph is.

    ``place`` is "text", a destination that is read, or "" for one that is not.
    """

    place: str = "text"
    encoding: str = "cp1252"
    fallback: int = 1
    hidden: bool = False
    deleted: bool = False
    style: int = 0
    level: int = 0
    in_table: bool = False
    in_list: bool = False


def read_rtf(data: bytes, *, name: str) -> RawText:
    """Read an RTF document; ``name`` is the file's, for messages.

    Hidden text, page headers and footers go to ``dropped``; notes follow at the end. Raises
    UnreadableFile.
    """
    with reading_as("an RTF document", name=name):
        reader = _Reader(data.decode("latin-1"))
        reader.run()
        text, dropped = reader.page.finish()
        return RawText(text, MEDIA_TYPE, reader.page.stated(), dropped)


class _Reader:
    """One pass over the source; ``page`` receives what the words stand for."""

    def __init__(self, source: str) -> None:
        self.page = RtfPage()
        self._source = source
        self._at = 0
        self._state = _State()
        self._stack: list[_State] = []
        self._default = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._bytes = bytearray()
        self._skip = 0
        self._words: dict[str, Callable[[int | None], None]] = {
            "bin": self._binary, "ansicpg": self._code_page, "f": self._font_is,
            "fcharset": self._charset, "u": self._unicode, "s": self._style_is,
            "pard": self._plain_paragraph, "cell": lambda _: self.page.end_cell(),
            "nestcell": lambda _: self.page.end_cell(), "row": lambda _: self.page.end_row(),
            "nestrow": lambda _: self.page.end_row(),
        }  # fmt: skip

    def run(self) -> None:
        """Read all of the source."""
        while self._at < len(self._source) and (found := _TOKEN.match(self._source, self._at)):
            self._at = found.end()
            if found["hex"] is None:
                self._flush()
            self._token(found)
            if found["brace"] == "}" and not self._stack:
                break  # what follows the document's own group is not part of it
        self._flush()

    def _token(self, found: re.Match[str]) -> None:
        if found["hex"] is not None:
            if self._skip:
                self._skip -= 1
            else:
                self._bytes.append(int(found["hex"], 16))
        elif found["text"] is not None:
            shown = found["text"][self._skip :]
            self._skip = max(0, self._skip - len(found["text"]))
            self._write(shown.encode("latin-1").decode(self._state.encoding, "replace"))
        elif found["brace"]:
            self._skip = 0
            self._open() if found["brace"] == "{" else self._close()
        elif found["sign"]:
            self._sign(found["sign"])
        elif found["word"]:
            self._word(found["word"], int(found["number"]) if found["number"] else None)

    def _open(self) -> None:
        self._stack.append(self._state)

    def _close(self) -> None:
        left = self._state.place
        if self._stack:
            self._state = self._stack.pop()
        if left != self._state.place or left == "style":
            self.page.close(left)

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._go("")
        elif sign in "\r\n":
            self._word("par", None)
        else:
            self._write(_SIGNS.get(sign, ""))

    def _word(self, word: str, number: int | None) -> None:
        if word in _PASSED_OVER or word in _READ:
            self._go(_READ.get(word, ""), named=True)
        elif word in _CHARACTERS:
            self._write(_CHARACTERS[word])
        elif word in self._words:
            self._words[word](number)
        elif word in _ENDS and self._state.place == "text":
            self.page.end_paragraph(self._heading(), self._state.in_table, self._state.in_list)
        elif word in _ENDS:
            self._write(" ")
        elif word in ("yr", "mo", "dy") and self._state.place == "created":
            self.page.day[word] = number or 0
        else:
            self._format(word, number)

    def _format(self, word: str, number: int | None) -> None:
        on = number != 0
        state = self._state
        match word:
            case "plain":
                self._state = replace(state, hidden=False, deleted=False)
            case "v":
                self._state = replace(state, hidden=on)
            case "deleted":
                self._state = replace(state, deleted=on)
            case "uc":
                self._state = replace(state, fallback=max(0, min(number or 0, 10)))
            case "outlinelevel" if number is not None and number < 9:
                self._state = replace(state, level=number + 1)
            case "intbl":
                self._state = replace(state, in_table=on)
            case "ls" | "pnlvlblt" | "pnlvlbody":
                self._state = replace(state, in_list=True)

    def _go(self, place: str, *, named: bool = False) -> None:
        """Send the group's text elsewhere; what a group within an unread one says stays unread."""
        # "info" itself shows nothing, and yet its title is read.
        if self._state.place != "" or (
            named and place in ("title", "author", "keywords", "created")
        ):
            self._state = replace(self._state, place=place)

    def _write(self, words: str) -> None:
        state = self._state
        if state.place and not state.deleted:
            self.page.write(state.place, words, hidden=state.hidden)

    def _flush(self) -> None:
        if self._bytes:
            self._write(self._bytes.decode(self._state.encoding, "replace"))
            self._bytes.clear()

    def _binary(self, number: int | None) -> None:
        self._at += max(0, number or 0)

    def _code_page(self, number: int | None) -> None:
        self._default = _codec(f"cp{number}") if number != 65001 else "utf-8"
        self._state = replace(self._state, encoding=self._default)

    def _font_is(self, number: int | None) -> None:
        self._font = number or 0
        encoding = self._fonts.get(self._font, self._default)
        if encoding != self._state.encoding:
            self._state = replace(self._state, encoding=encoding)

    def _charset(self, number: int | None) -> None:
        if self._state.place == "font" and number in _CHARSETS:
            # Charset 0 is "the usual one", which the document names.
            self._fonts[self._font] = _CHARSETS[number] if number else self._default

    def _unicode(self, number: int | None) -> None:
        self._write(chr((number or 0) % 0x10000))
        self._skip = self._state.fallback

    def _style_is(self, number: int | None) -> None:
        self._state = replace(self._state, style=number or 0)
        if self._state.place == "style":
            self.page.style = number or 0

    def _plain_paragraph(self, number: int | None) -> None:
        self._state = replace(self._state, style=0, level=0, in_table=False, in_list=False)

    def _heading(self) -> int:
        return self._state.level or self.page.levels.get(self._state.style, 0)


def _codec(label: str) -> str:
    try:
        "".encode(label)
    except LookupError:
        return "cp1252"
    return label
