"""What a PDF's information says about it: title, author, date of making, language."""

from __future__ import annotations

import datetime as dt
import re

from corpus.readers.raw import Stated

_FILE_TYPE = (
    r"\.(?:pdf|docx?|odt|rtf|txt|pptx?|xlsx?|html?|indd|qxd|qxp|tex|dvi|ps|eps|wpd|pages|md)"
)
_PROGRAM = re.compile(
    r"(?:Microsoft (?:Office )?(?:Word|PowerPoint|Excel)|Print|OmniPage)\s*[-:]\s*"
)
_FILE_NAME = re.compile(rf".*{_FILE_TYPE}$|^(?:file|https?)://\S*$|^about:\w+$", re.IGNORECASE)
_EMPTY_WORDS = re.compile(
    r"(?:untitled|title|titel|no title|unbenannt|sans titre|sin título|document|dokument|documento"
    r"|\(?anonymous\)?|\(?unspecified\)?|presentation|powerpoint[ -]presentation|slides?|scan"
    r"|scanned document|img|image|output|layout|print|null|none|unknown|doc|microsoft word"
    r"|new document)?[\W_\d]*",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    "user author admin administrator root owner unknown anonymous none default guest pc".split()
)
_DATE = re.compile(r"(?:D:)?\s*(\d{4})(\d{2})?(\d{2})?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_BROWSER = re.compile(
    r"skia/pdf|mozilla|chrom(?:e|ium)|safari|webkit|wkhtmlto|weasyprint|puppeteer|prince \d",
    re.IGNORECASE,
)
_OLDEST_YEAR = 1980


def stated_of(
    *,
    title: str,
    author: str,
    made: str,
    language: str,
    made_by: str = "",
    problems: tuple[str, ...] = (),
) -> Stated:
    """Return the statements that say something, from the fields of the document information.

    ``made_by`` are the programs that made the file. Where one is a browser, the day is that on
    which somebody saved a page, which says nothing about the page. A title that is a file's name or
    a program's word for nothing is no title.
    """
    language = language.strip()
    return Stated(
        title=_title(title),
        author=_author(author),
        made=None if _BROWSER.search(made_by) else _date(made),
        language=language.replace("_", "-") if _LANGUAGE.fullmatch(language) else None,
        problems=problems,
    )


def _title(text: str) -> str | None:
    text = _one_line(text)
    if program := _PROGRAM.match(text):
        text = re.sub(rf"{_FILE_TYPE}$", "", text[program.end() :], flags=re.IGNORECASE).strip()
    elif _FILE_NAME.match(text):
        return None
    return None if _EMPTY_WORDS.fullmatch(text) else text


def _author(text: str) -> str | None:
    text = _one_line(text)
    known = any(map(str.isalpha, text)) and text.casefold().strip("()") not in _NOBODY
    return text if known else None


def _date(text: str) -> str | None:
    found = _DATE.match(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return None
    return date.isoformat() if year >= _OLDEST_YEAR else None


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
