"""Bylines: "By Jane Roe", "Von Max Muster, 4. Juni 2021", "Posted by Jane Roe on June 4, 2021"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from corpus.dates import MONTHS, parse_date

_LONGEST = 140
_BY = re.compile(
    r"(?:(?:posted|written|published|reported|words|text|story|report|article)\s)?"
    r"(?:by|von|par|por|door)\s(?:the\s(?=associated\s))?(?=\S)",
    re.IGNORECASE,
)
_AUTHOR = re.compile(r"(?:author|autor|autorin|auteur|autrice|autore)s?\s?:\s(?=\S)", re.IGNORECASE)
_PARTICLES = frozenset(
    "de da di do del della der den des du dos das la le el al ap bin bint ibn ben van von zu zur "
    "ten ter y e i".split()
)
_JOINERS = frozenset({"and", "und", "et", "y", "en", "&", "with", "e"})
_AGENCIES = frozenset("reuters afp ap dpa anp ansa efe apa tass kyodo".split())
# A word of a name: "Roe", "O'Neill", "Jean-Luc", "J.", "McDonald", "ROE".
_NAME_WORD = re.compile(r"(?:[^\W\d_]['’])?[^\W\d_]+(?:[-'’.][^\W\d_]+)*\.?")
_CAPITAL = re.compile(r"(?:[dDlL]['’])?(?![a-zà-öø-ÿ])[^\W\d_]")
_ROLE = re.compile(
    r"\b(?:writer|reporter|correspondent|editor|staff|columnist|contributor|producer|redakteur"
    r"|redakteurin|journalist|journaliste|redactor|redactora|redattore|redacteur|press|news)\b",
    re.IGNORECASE,
)
_ROLE_WORDS = 7
_PLACE = re.compile(r"\s(?:in|à|aus)\s(?P<place>[^\W\d_]+(?:[ -][^\W\d_]+){0,2})$")
_BREAK = re.compile(
    r"\s*(?:[|·•–—]|,|\s-)\s*"
    r"|\s+(?=(?:on|am|le|el|il|op)\s.{0,20}\d|\d{1,2}[a-z.]{0,2}\s[^\W\d_]{3,12}\s\d{4}$)"
)
_ON = re.compile(r"(?:on|am|le|el|il|op)\s", re.IGNORECASE)
_DATE_FIRST = re.compile(r"(?P<date>.{6,60}?\d{2,4})\s*[,|·•–—-]?\s+(?P<by>by\s.+)$", re.IGNORECASE)
_TOWN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_MOST_NAME_WORDS = 6
# Words that open a sentence or a headline after "By", and no name.
_NO_NAMES = frozenset(
    "the a an any all its his her their our my this that these those no not one two popular "
    "default design land sea air rail far now then most some monday tuesday wednesday thursday "
    "friday saturday sunday".split()
) | ({*MONTHS} - {"april", "may"})  # which are names too


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote a text, and the date where the line gives it too."""

    author: str
    date: dt.date | None = None


def read_byline(line: str) -> Byline | None:
    """Return the byline that ``line`` is, or None where it is anything more or less than one."""
    line = " ".join(line.split()).lstrip("# ")
    if not line or len(line) > _LONGEST:
        return None
    if dated := _DATE_FIRST.match(line):
        date, byline = parse_date(dated["date"]), _after_by(dated["by"])
        return Byline(byline.author, date) if date and byline and not byline.date else None
    return _after_by(line)


def _after_by(line: str) -> Byline | None:
    opening = _BY.match(line) or _AUTHOR.match(line)
    if not opening:
        return None
    names: list[str] = []
    date: dt.date | None = None
    rest = line[opening.end() :]
    while rest:
        cut = _BREAK.search(rest)
        part, after = (rest[: cut.start()], rest[cut.end() :]) if cut else (rest, "")
        # A date may hold the comma at which the line was cut.
        if names and date is None and (found := parse_date(_ON.sub("", rest, count=1))):
            date, after = found, ""
        elif not names or not (_is_role(part) or (not after and _TOWN.fullmatch(part))):
            bare = _PLACE.sub("", part)
            if date or not _are_names(bare):
                return None
            names.append(bare)
        rest = after
    return Byline(", ".join(names), date) if names else None


def _are_names(part: str) -> bool:
    """Tell whether a part is one name or several: each of two to six capitalised words."""
    people: list[list[str]] = [[]]
    for word in part.split():
        if word in _JOINERS and people[-1]:
            people.append([])
        else:
            people[-1].append(word)
    return all(_is_name(person) for person in people)


def _is_name(words: list[str]) -> bool:
    if len(words) == 1:
        return words[0].lower() in _AGENCIES
    if not 2 <= len(words) <= _MOST_NAME_WORDS or words[0].lower() in _NO_NAMES:
        return False
    capitals = [word for word in words if word.lower() not in _PARTICLES]
    fits = all(_NAME_WORD.fullmatch(word) and _CAPITAL.match(word) for word in capitals)
    return fits and len(capitals) >= 2


def _is_role(part: str) -> bool:
    return len(part.split()) <= _ROLE_WORDS and _ROLE.search(part) is not None
