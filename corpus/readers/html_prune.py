"""The parts of a web page that are not its text, taken out of the tree and remembered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus.readers.html_hidden import is_hidden
from corpus.readers.html_parts import Page, Sizes, measure, text_of
from corpus.readers.html_root import find_root, grams_of
from corpus.readers.html_tree import LAID_OUT
from corpus.readers.markup import BLOCKS, HEADINGS, MARKER, NEVER_TEXT, blocks_of, name_of

_OUTSIDE = "outside the article"
_LIST_OPENING = re.compile(
    r"(?:related|recommended|popular|trending|latest|most (?:read|popular|viewed)"
    r"|read (?:more|next)|up next|see also|you (?:may|might) also|more (?:from|on|stories|like)"
    r"|similar|mehr zum thema|mehr aus|lesen sie auch|meistgelesen|auch interessant|weitere artikel"
    r"|articles similaires|lire aussi|à lire aussi|les plus lus|sur le même thème"
    r"|noticias relacionadas|lee también|te puede interesar|lo más leído|más noticias)\b.{0,60}$",
    re.IGNORECASE,
)
_BOXES = frozenset({"div", "section", "aside", "p", "ul"})
_LISTS = ("ul", "ol", "table", "p", "dl")
_LONGEST_BOX = 1500
_LONGEST_FACT = 300
_PULL = frozenset({"pullquote", "pull", "pull-quote"})
_MOST_PULLS = 40


@dataclass(slots=True)
class Pruned:
    """A body without what is not its text; ``parts`` are the lines and the reason of each MARKER.

    A part's number is its place in ``parts``.
    """

    body: Any
    parts: list[tuple[list[str], str]] = field(default_factory=list)

    def take_out(self, element: Any, reason: str) -> None:
        """Put a marker where ``element`` stands, if it shows any text."""
        lines = [
            line
            for block in blocks_of(_spaced(element), everything=True)
            for line in block.split("\n")
        ]
        marker = element.makeelement(MARKER)
        if lines:
            marker.set("n", str(len(self.parts)))
            self.parts.append((lines, reason))
            if name_of(element) in BLOCKS | HEADINGS | {"ul", "ol", "table", "pre"}:
                marker.set("block", "1")
        # Not by its index, which would be looked for from the first of many siblings.
        element.addprevious(marker)
        marker.tail, element.tail = element.tail, None
        element.getparent().remove(element)


def prune(body: Any, article: str, site: str) -> Pruned:
    """Take out of ``body`` what is not its text.

    ``article`` is what a judge of whole pages took for the text, and ``site`` the site's name.
    """
    page = measure(body, site)
    pruned = Pruned(body)
    _drop_parts(body, page, pruned)
    _drop_pull_quotes(body, pruned)
    known = grams_of(article)
    root, sure = find_root(body, known)
    if root is body:
        return pruned
    page = measure(body, site)
    for element, before, below in list(_beside(body, root, page)):
        if below and _is_fact(page.sizes.get(element, Sizes())):
            continue
        if not _belongs(element, page, known, before=before, sure=sure):
            pruned.take_out(element, _OUTSIDE)
    return pruned


def prune_parts(body: Any) -> Pruned:
    """Take out of ``body`` only what tags, roles and names tell; no judge is asked."""
    pruned = Pruned(body)
    _drop_parts(body, measure(body, ""), pruned)
    return pruned


def prune_hidden(body: Any) -> Pruned:
    """Take out of ``body`` only what does not show."""
    pruned = Pruned(body)
    page = measure(body, "")
    waiting = list(reversed(body))
    while waiting:
        element = waiting.pop()
        size = page.sizes.get(element, Sizes())
        if size.text and is_hidden(element, page.share(size)):
            pruned.take_out(element, "hidden text")
        elif name_of(element) not in NEVER_TEXT:
            waiting += reversed(element)
    return pruned


def _drop_parts(body: Any, page: Page, pruned: Pruned) -> None:
    """Walk the tree from the top and take out what tags, roles and names tell."""
    waiting = [(child, False) for child in reversed(body)]
    while waiting:
        element, inside = waiting.pop()
        name = name_of(element)
        if not name or name in NEVER_TEXT:
            continue
        reason = page.reason(element, inside) or _links_only(element, page)
        if reason:
            pruned.take_out(element, reason)
            continue
        inside = inside or name in ("main", "article") or element.get("role") == "main"
        waiting += [(child, inside) for child in reversed(element)]


def _links_only(element: Any, page: Page) -> str | None:
    """Tell a box of links to other pages: by its opening words, or by holding nothing else."""
    size = page.sizes.get(element, Sizes())
    name = name_of(element)
    if name not in _BOXES or 2 * size.links < size.text or not size.text:
        return None
    if size.headline or size.holds_main or size.text > _LONGEST_BOX:
        return None
    first = next((piece.strip() for piece in element.itertext() if piece.strip()), "")
    # "See also <links>." is a sentence of the text, "See also: <link>" is not.
    is_sentence = name == "p" and text_of(element, _LONGEST_BOX).endswith(".")
    if _LIST_OPENING.match(first[:120]) and not is_sentence:
        return "list of other pages"
    # Lists and tables of links may be the article's own; a bare box of them is not.
    is_box = name == "div" and size.links == size.text and size.text * 3 < page.prose
    if (
        is_box
        and sum(1 for one in element.iter("a")) > 1
        and next(element.iter(*_LISTS), None) is None
    ):
        return "list of other pages"
    return None


def _drop_pull_quotes(body: Any, pruned: Pruned) -> None:
    """Take out quotes set large that only repeat a sentence of the text."""
    found = [one for one in body.iter("aside", "blockquote", "div", "figure", "p") if _is_pull(one)]
    if not 0 < len(found) <= _MOST_PULLS:
        return
    whole = _letters(" ".join(body.itertext()))
    for element in found:
        words = _letters(text_of(element, 600))
        if words and whole.count(words) > 1 and element.getparent() is not None:
            pruned.take_out(element, "repeated quote")


def _is_pull(element: Any) -> bool:
    names = (element.get("class") or "").lower()[:400].split()
    return any(name in _PULL or "pullquote" in name or "pull-quote" in name for name in names)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _beside(body: Any, root: Any, page: Page) -> Iterator[tuple[Any, bool, bool]]:
    """Yield what stands beside ``root`` and the parts that it is in, whether before it, and
    whether between it and the headline."""
    path = [root, *root.iterancestors()]
    for ancestor in path[1 : path.index(body) + 1] if root is not body else ():
        before, headline = True, False
        for child in ancestor:
            if child in path:
                before = False
            elif name_of(child) not in ("", MARKER):
                yield child, before, before and headline
                headline = headline or page.sizes.get(child, Sizes()).headline


def _is_fact(size: Sizes) -> bool:
    """Tell what a page says below its headline: a price, a place, who wrote it; no link is one."""
    return 0 < size.text <= _LONGEST_FACT and not size.links


def _belongs(element: Any, page: Page, known: frozenset[int], *, before: bool, sure: bool) -> bool:
    name = name_of(element)
    size = page.sizes.get(element, Sizes())
    if name in NEVER_TEXT or not size.text or name == "br" or size.headline:
        return True
    if 2 * size.links > size.text:
        return False
    if (
        before
        and not sure
        and (name in HEADINGS or any(one in HEADINGS for one in _names(element)))
    ):
        return True
    vouched = len(grams_of(text_of(element, 20_000)) & known)
    if sure:
        return before and vouched > 0 and size.prose > 0
    # Beside the cell that holds the text, old pages have cells of menus and small print.
    return size.prose > 0 or (vouched > 0 and LAID_OUT not in element.attrib)


def _names(element: Any) -> Iterator[str]:
    return (name_of(one) for one in element.iterdescendants())


def _spaced(element: Any) -> Any:
    """Part the links of a menu that a page sets apart by its looks alone."""
    for link in element.iter("a"):
        after = link.getnext()
        if not link.tail and after is not None and after.tag == "a":
            link.tail = " "
    return element
