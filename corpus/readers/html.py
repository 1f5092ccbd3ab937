"""Web pages: the text apart from the page around it, and the facts; nothing is ever fetched."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from corpus.documents import Removed
from corpus.errors import UnreadableFile
from corpus.readers.html_facts import read_facts
from corpus.readers.html_judge import article_text, can_judge
from corpus.readers.html_prune import Pruned, prune, prune_hidden, prune_parts
from corpus.readers.html_tree import parse
from corpus.readers.markup import blocks_and_marks
from corpus.readers.raw import RawText


def read_html(text: str, *, name: str) -> RawText:
    """Read a web page; ``name`` is the file's, for messages.

    What is around the text (menus, notices, lists of other pages, hidden text) is in ``dropped``,
    line by line. Raises UnreadableFile where the page cannot be parsed at all.
    """
    with _foreign_errors(name):
        tree = parse(text)
        judged = can_judge(text, tree)
        facts = read_facts(tree, search=judged)
        article = article_text(tree, most=True) if judged else ""
        written, dropped = _written(prune(tree.find("body"), article, facts.source or ""))
        if not written:
            # A page of menus and forms alone: better those than nothing.
            written, dropped = _written(prune_hidden(parse(text).find("body")))
        return RawText(written, "text/html", facts, dropped)


def read_fragment(source: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Read some HTML that stands in a text of another kind.

    Returns its blocks, and the lines left out (hidden text, forms, menus), each with the reason.
    """
    if "<" not in source:
        return [source.strip()], []
    pruned = prune_parts(parse(f"<html><body>{source}").find("body"))
    blocks, _ = blocks_and_marks(pruned.body, everything=True)
    return blocks, [(line, reason) for lines, reason in pruned.parts for line in lines]


def read_mail_page(page: str) -> tuple[str, tuple[Removed, ...]]:
    """Read the HTML of a mail, whose tables lay it out; no judge of whole pages knows mails.

    Returns its text, and the lines left out (hidden text, menus, footers) with their places.
    """
    if not page.strip():
        return "", ()
    written, dropped = _written(prune_parts(parse(page, is_mail=True).find("body")))
    if not written:
        written, dropped = _written(prune_hidden(parse(page, is_mail=True).find("body")))
    return written, dropped


def read_chapter(body: Any, *, line: int) -> tuple[list[str], tuple[Removed, ...]]:
    """Read the body of a book's chapter, which begins in ``line`` of the book's text.

    A book has no menus, and its notes stand in asides and footers: only what does not show is left
    out. Returns the blocks and the hidden lines with their places.
    """
    written, dropped = _written(prune_hidden(body), line=line)
    return ([written] if written else []), dropped


def _written(pruned: Pruned, *, line: int = 1) -> tuple[str, tuple[Removed, ...]]:
    """Return the text, and each line left out with the number of the line it stood before."""
    blocks, marks = blocks_and_marks(pruned.body, everything=True)
    starts = [line]
    for block in blocks:
        starts.append(starts[-1] + block.count("\n") + 2)
    dropped = [
        Removed(starts[marks.get(number, len(blocks))], line, reason)
        for number, (lines, reason) in sorted(
            enumerate(pruned.parts), key=lambda part: marks.get(part[0], len(blocks))
        )
        for line in lines
    ]
    return "\n\n".join(blocks), tuple(dropped)


@contextmanager
def _foreign_errors(name: str) -> Iterator[None]:
    # The parsers raise many kinds on broken pages; logging is theirs and says nothing to people.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    try:
        yield
    except (
        LxmlError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
        LookupError,
    ) as error:
        raise UnreadableFile(
            f"{name} could not be read as a web page. Save its text as .txt or .md."
        ) from error
