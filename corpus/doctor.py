"""What is wrong with a corpus, document by document, and what to do about it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from corpus.findings import UNDATED, Examined, Finding

SHORT_WORDS = 30
"""Fewer words hardly answer a question; it is about two sentences."""
MOSTLY_REMOVED = 0.5
"""A page of which cleaning took more than this share was hardly an article, or was cut wrongly."""
FEW_REMOVED = 500
"""Characters below which a large share means a small page, not a bad one."""
STALE_AFTER = dt.timedelta(days=365)
CLEAR_MAJORITY = 0.8
"""Share of the documents that are in one language, from which another one is worth a word."""
FEW_DOCUMENTS = 5
_BY_OCR = "read by OCR"
_UNUSED = ("not used", "no date:", "not valid YAML", "no fields")


def examine(documents: Iterable[Examined], *, today: dt.date | None = None) -> tuple[Finding, ...]:
    """Return what there is to say about a corpus: errors first, then in the order of the paths."""
    every = sorted(documents, key=lambda one: one.path)
    language = _majority(every)
    checks: tuple[Callable[[Examined], Iterator[Finding]], ...] = (
        _quarantined,
        _length,
        _copies,
        _description,
        _unused,
        lambda one: _language(one, language),
        _boilerplate,
        lambda one: _stale(one, today or dt.date.today()),
    )
    findings = [
        finding
        for one in every
        for finding in (_unreadable(one) if one.error else _checked(one, checks))
    ]
    order = ("error", "warning", "note")
    return tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))


def _checked(
    one: Examined, checks: Iterable[Callable[[Examined], Iterator[Finding]]]
) -> Iterator[Finding]:
    for check in checks:
        yield from check(one)


def _unreadable(one: Examined) -> Iterator[Finding]:
    yield Finding(
        one.id,
        one.path,
        "empty" if one.blank else "unreadable",
        "error",
        one.error or "",
        "until then its documents stay as they were"
        if one.path.endswith("/")
        else "mend the file, or take it out of the documents folder",
    )


def _quarantined(one: Examined) -> Iterator[Finding]:
    if one.quarantine:
        more = f" (and {len(one.quarantine) - 1} more)" if len(one.quarantine) > 1 else ""
        yield Finding(
            one.id,
            one.path,
            "quarantined",
            "error",
            f"it is kept and not searched: {one.quarantine[0]}{more}",
            "read the document: release it if it is harmless, else remove it",
        )


def _length(one: Examined) -> Iterator[Finding]:
    if one.words == 0:
        yield Finding(
            one.id, one.path, "empty", "error", "it has no words", "remove it, or mend its file"
        )
    elif one.words < SHORT_WORDS:
        count = "1 word" if one.words == 1 else f"{one.words} words"
        yield Finding(
            one.id,
            one.path,
            "too short",
            "warning",
            f"it has only {count}",
            "look whether the whole text was saved, or put back what cleaning removed",
        )


def _copies(one: Examined) -> Iterator[Finding]:
    if one.duplicate_of:
        yield Finding(
            one.id,
            one.path,
            "duplicate",
            "warning",
            f"it has the same text as {one.duplicate_of}",
            "remove one of the two",
            repair="remove this copy",
        )
    elif one.version_of:
        yield Finding(
            one.id,
            one.path,
            "another version",
            "note",
            f"it is another version of {one.version_of}",
            "nothing, if you want both: results show them as one; else remove one of the two",
        )


def _description(one: Examined) -> Iterator[Finding]:
    if "title" in one.guessed or not one.title:
        shown = f"its title was guessed: {one.title!r}" if one.title else "it has no title"
        yield Finding(one.id, one.path, "untitled", "note", shown, "give it a title")
    if one.date is None:
        refused = next((problem for problem in one.problems if "date" in problem), "")
        detail = refused if refused and refused != UNDATED else "no date was found in it"
        yield Finding(
            one.id,
            one.path,
            "undated",
            "warning",
            detail,
            "give it the date of publication: searches by date pass it over",
        )


def _unused(one: Examined) -> Iterator[Finding]:
    for problem in one.problems:
        of_the_date = problem == UNDATED or (
            one.date is None and "date" in problem and _is_unused(problem)
        )
        if of_the_date:  # being undated says so already
            continue
        if _is_unused(problem):
            yield Finding(
                one.id,
                one.path,
                "facts not used",
                "warning",
                problem,
                "correct the fields in the file, or in its sidecar",
            )
        else:
            yield Finding(
                one.id,
                one.path,
                "to check",
                "note" if _BY_OCR in problem else "warning",
                problem,
                "look whether the document holds the whole text",
            )


def _is_unused(problem: str) -> bool:
    return any(words in problem for words in _UNUSED)


def _language(one: Examined, majority: str | None) -> Iterator[Finding]:
    if majority and one.language and one.language != majority:
        yield Finding(
            one.id,
            one.path,
            "wrong language",
            "note" if "language" not in one.guessed else "warning",
            f"it is in {one.language!r}, while most documents are in {majority!r}",
            "correct its language if that is wrong: questions rarely find texts in another one",
        )


def _boilerplate(one: Examined) -> Iterator[Finding]:
    whole = one.removed_characters + one.characters
    if one.removed_characters > max(FEW_REMOVED, MOSTLY_REMOVED * whole):
        yield Finding(
            one.id,
            one.path,
            "boilerplate-heavy",
            "warning",
            f"cleaning took out {one.removed_characters / whole:.0%} of it",
            "look through the removed parts and put back what belongs to the text",
        )


def _stale(one: Examined, today: dt.date) -> Iterator[Finding]:
    if one.fetched and today - one.fetched > STALE_AFTER:
        yield Finding(
            one.id,
            one.path,
            "stale",
            "note",
            f"its page was fetched on {one.fetched}, over a year ago",
            "add its address again, to see whether the page has changed",
        )


def _majority(documents: Iterable[Examined]) -> str | None:
    counts = Counter(one.language for one in documents if one.language and not one.error)
    if counts.total() < FEW_DOCUMENTS:
        return None
    language, most = counts.most_common(1)[0]
    return language if most >= CLEAR_MAJORITY * counts.total() else None
