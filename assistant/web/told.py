"""What the program says, in the language of whoever looks at the page.

Errors, the doctor's findings and notes are made far from any page, go to the terminal, to logs and
to other programs as well, and stand in catalogues and conversations. So they are English sentences
wherever they are made and kept, and are put into another language where the page shows them: a file
in ``texts/program`` has for each sentence that the program says the one of the language, both with
the same ``{names}`` for what differs. What has none is shown as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from string import Formatter

from assistant.spoken import with_home
from assistant.web.wording import FIRST, TEXTS, language

PROGRAM = TEXTS / "program"
_END = re.compile(r"(?<=[.?!]) |; ")
# A sentence may hold another one, as an error does that names its cause; and a note a few of them.
_DEPTH = 3
_MOST = 12
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence of the program with names for what differs, and how the language says it."""

    fixed: tuple[str, ...]
    names: tuple[str, ...]
    says: str

    @property
    def weight(self) -> int:
        """How many characters have to be there."""
        return sum(map(len, self.fixed))

    def values(self, message: str) -> dict[str, str] | None:
        """Return what stands in a message in place of each name; None where it is another one."""
        first, *others = self.fixed
        if not others:
            return {} if message == first else None
        last = others.pop()
        end = len(message) - len(last)
        if not (message.startswith(first) and message.endswith(last) and len(first) < end):
            return None
        found, begin = [], len(first)
        for text in others:
            # Something stands in every place, so the next text begins one character on.
            at = message.find(text, begin + 1, end - 1)
            if at < 0:
                return None
            found.append(message[begin:at])
            begin = at + len(text)
        return dict(zip(self.names, (*found, message[begin:end]), strict=True))


def told(error: object) -> str:
    """Return what an error says, with the home in each command that has to name it."""
    return with_home(translated(str(error)))


def sentence(text: str) -> str:
    """Return what stands within a line elsewhere as a sentence of its own."""
    stop = "" if text.endswith((".", "!", "?", "”", "…")) else "."
    return text[:1].upper() + text[1:] + stop


def translated(message: str) -> str:
    """Return a sentence of the program in the language of the request that is answered."""
    return translated_to(language(), message)


@lru_cache(maxsize=4096)
def translated_to(code: str, message: str) -> str:
    """Return a sentence of the program in a language; of several, each that it has."""
    if code == FIRST or len(message) > _LONGEST:
        return message
    return _whole(code, message, _DEPTH) or _in_parts(code, message)


@cache
def phrases(code: str) -> tuple[Phrase, ...]:
    """Return what a language says, the fullest sentences first."""
    file = PROGRAM / f"{code}.toml"
    if not file.exists():
        return ()
    known = tomllib.loads(file.read_text("utf-8"))
    made = (Phrase(*cut(said), says) for said, says in known.items())
    return tuple(sorted(made, key=lambda one: -one.weight))


def cut(said: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fixed parts of a sentence with names, one more than there are names; the names."""
    fixed, names = [""], []
    for text, name, _, _ in Formatter().parse(said):
        fixed[-1] += text
        if name is not None:
            names.append(name)
            fixed.append("")
    return tuple(fixed), tuple(names)


def _whole(code: str, message: str, depth: int) -> str:
    for phrase in phrases(code):
        values = phrase.values(message)
        if values is not None:
            inside = {name: _inside(code, name, said, depth) for name, said in values.items()}
            return phrase.says.format_map(inside)
    return ""


def _inside(code: str, name: str, said: str, depth: int) -> str:
    """Return what stands for a name: a sentence or a word of ours only where it is named so, as a
    document may be called like one."""
    ours = depth > 1 and name.startswith(("why", "what"))
    return (_whole(code, said, depth - 1) if ours else "") or said


def _in_parts(code: str, message: str) -> str:
    ends = [found.span() for found in _END.finditer(message)][:_MOST]
    return "".join(_parts(code, message, [*ends, (len(message), len(message))]))


def _parts(code: str, message: str, ends: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield a message's sentences, from each place on the longest run that the language has."""
    begin, at = 0, 0
    while at < len(ends):
        said, after = "", at
        for after in range(len(ends) - 1, at - 1, -1):
            said = _whole(code, message[begin : ends[after][0]], _DEPTH)
            if said:
                break
        stop, go_on = ends[after]
        yield (said or message[begin:stop]) + message[stop:go_on]
        begin, at = go_on, after + 1
