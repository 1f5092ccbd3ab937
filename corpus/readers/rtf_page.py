"""What the words of an RTF document build up: blocks, and the facts of its information group."""

from __future__ import annotations

import re
from collections import defaultdict

from corpus.documents import Removed
from corpus.readers.front_matter import one_line
from corpus.readers.hidden import EDGES, Hidden, with_edges
from corpus.readers.raw import HIDDEN, Stated

_HEADING = re.compile(r"\s*(?:heading|überschrift|titre|título|titolo|kop) ?(\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]")
_SPACES = re.compile(r"[^\S\n]+")


class RtfPage:
    """Text on its way into blocks, by the place it goes to ("text", "footnote", "title"...)."""

    def __init__(self) -> None:
        self.levels: dict[int, int] = {}
        self.style = 0
        self.day: dict[str, int] = {}
        self._runs: defaultdict[str, list[str]] = defaultdict(list)
        self._facts: dict[str, str] = {}
        self._unseen: list[str] = []
        self._hidden = Hidden()
        self._marker = ""
        self._blocks: list[str] = []
        self._list: list[str] = []
        self._rows: list[str] = []
        self._cells: list[str] = []
        self._notes: list[str] = []
        self._edges: dict[tuple[str, str], None] = {}

    def write(self, place: str, words: str, *, hidden: bool = False) -> None:
        """Add words to the run of a place."""
        if hidden and place == "text":
            self._unseen.append(words)
            return
        self._mark_unseen()
        self._runs[place].append(words)

    def close(self, place: str) -> None:
        """End a destination and keep what it said."""
        if place in ("text", ""):
            return
        words = self._take(place)
        if place == "footnote" and words:
            self._notes.append(words.replace("\n", " "))
            self._runs["text"].append(f"[{len(self._notes)}]")
        elif place == "marker":
            number = _NUMBER.match(words)
            self._marker = f"{number.group(1)}." if number else "-"
        elif place == "style":
            self._name_style(words)
        elif place in EDGES and words:
            self._edges.setdefault((place, one_line(words)))
        elif place in ("title", "author", "keywords") and words:
            self._facts.setdefault(place, one_line(words))

    def end_paragraph(self, level: int, in_table: bool, in_list: bool) -> None:
        """End the paragraph: a heading of ``level`` (0: none), part of a cell, or an item."""
        if in_table:
            self._runs["text"].append(" ")
            return
        words = self._take("text")
        marker, self._marker = self._marker or ("-" if in_list else ""), ""
        if not words:
            return
        self._end_table()
        if marker and not level:
            if self._list and (self._list[-1][0] == "-") != (marker == "-"):
                self._end_list()
            self._list.append(f"{marker} " + words.replace("\n", "\n  "))
            return
        self._end_list()
        one = words.replace("\n", " ")
        self._blocks.append(f"{'#' * min(level, 6)} {one}" if level else words)

    def end_cell(self) -> None:
        """End a cell of a table."""
        self._cells.append(self._take("text").replace("\n", " "))
        self._marker = ""

    def end_row(self) -> None:
        """End a row of a table."""
        self._end_list()
        if any(self._cells):
            self._rows.append(" | ".join(self._cells))
        self._cells = []

    def finish(self) -> tuple[str, tuple[Removed, ...]]:
        """Return all of the text, and its hidden parts."""
        if any(self._cells):
            self.end_row()
        self.end_paragraph(0, False, False)
        self._end_table()
        self._end_list()
        notes = [f"[{number}] {note}" for number, note in enumerate(self._notes, start=1)]
        text, dropped = self._hidden.lift([*self._blocks, *notes])
        return text, with_edges(text, dropped, self._edges)

    def stated(self) -> Stated:
        """Return what the information group states."""
        year, month, day = (self.day.get(part, 0) for part in ("yr", "mo", "dy"))
        words = re.split(r"[,;]", self._facts.get("keywords", ""))
        return Stated(
            title=self._facts.get("title"),
            author=self._facts.get("author"),
            made=f"{year:04}-{month:02}-{day:02}" if year and month and day else None,
            tags=tuple(dict.fromkeys(word.strip() for word in words if word.strip())),
        )

    def _take(self, place: str) -> str:
        self._mark_unseen()
        run = "".join(self._runs.pop(place, ()))
        # Letters outside the first plane come as two halves.
        whole = run.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        lines = (_SPACES.sub(" ", line).strip() for line in whole.split("\n"))
        return "\n".join(line for line in lines if line)

    def _mark_unseen(self) -> None:
        if self._unseen:
            words, self._unseen = "".join(self._unseen), []
            whole = words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            self._runs["text"].append(self._hidden.mark(whole, HIDDEN))

    def _name_style(self, words: str) -> None:
        if found := _HEADING.match(words):
            self.levels[self.style] = int(found.group(1)) or 1
        elif words.rstrip(";").strip().lower() == "title":
            self.levels[self.style] = 1
        self.style = 0

    def _end_list(self) -> None:
        if self._list:
            self._blocks.append("\n".join(self._list))
            self._list = []

    def _end_table(self) -> None:
        if self._rows:
            self._end_list()
            self._blocks.append("\n".join(self._rows))
            self._rows = []
