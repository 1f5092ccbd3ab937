"""Which parts of a web page are not its text, told by tag, role, names and what they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from corpus.readers.html_hidden import is_hidden
from corpus.readers.html_names import DISCUSSION, RULES, NameRule, words_of
from corpus.readers.markup import HEADINGS, NEVER_TEXT, name_of

_TAGS = {
    "nav": "menu",
    "amp-sidebar": "menu",
    "amp-ad": "advertisement",
    "ins-ad": "advertisement",
    "amp-consent": "cookie notice",
    "amp-user-notification": "cookie notice",
    "amp-social-share": "share bar",
    "dialog": "pop-up",
    "menu": "menu",
    "label": "form",
}
_ROLES = {
    "navigation": "menu",
    "search": "form",
    "dialog": "pop-up",
    "alertdialog": "pop-up",
    "contentinfo": "page footer",
    "menubar": "menu",
    "toolbar": "page control",
}
_NEVER_BY_NAME = HEADINGS | {"html", "body", "main", "article", "pre", "code", "td", "th", "tr"}
_MOST_OF_PAGE = 0.4
_SENTENCE = re.compile(r"[.!?…][\"'”’)\]»]{0,2}\s*$")
_PROSE_WORDS = 8


@dataclass(slots=True)
class Sizes:
    """How much text an element holds, white space aside, in characters: all, and in links."""

    text: int = 0
    links: int = 0
    prose: int = 0
    headline: bool = False
    holds_main: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page's elements with their sizes, and whether people discuss something on it."""

    sizes: dict[Any, Sizes]
    total: int
    prose: int
    discussion: bool
    site: str

    def reason(self, element: Any, inside: bool) -> str | None:
        """Say why ``element`` is not part of the text; ``inside`` tells it is in the article."""
        size = self.sizes.get(element)
        if size is None or not size.text:
            return None
        if is_hidden(element, self.share(size)):
            return "hidden text"
        return (
            self._by_tag(element, size, inside)
            or self._by_role(element, size, inside)
            or self._by_name(element, size)
        )

    def share(self, size: Sizes) -> float:
        """Return which part of the page's text this is."""
        return size.text / max(self.total, 1)

    def is_large(self, size: Sizes) -> bool:
        """Tell whether a part holds what a page is there for: a headline, or most of its text."""
        return size.headline or size.holds_main or self.share(size) >= _MOST_OF_PAGE

    def _by_tag(self, element: Any, size: Sizes, inside: bool) -> str | None:
        name = name_of(element)
        if name in _TAGS:
            return _TAGS[name] if not (size.headline or size.holds_main) else None
        if name == "button":
            return None if self._is_heading(element, size) else "page control"
        if name == "form":
            return None if self.is_large(size) or size.prose > 400 else "form"
        if name == "aside":
            return None if self.is_large(size) else _aside(size, inside)
        if name == "header" and not inside:
            return None if self.is_large(size) or size.prose else "page header"
        if name == "footer":
            return None if _in_quote(element) else self._footer(size, inside)
        return None

    def _is_heading(self, button: Any, size: Sizes) -> bool:
        """Tell a heading that opens when pressed; a button beside a heading's words is none."""
        if any(name_of(one) in HEADINGS for one in button.iterdescendants()):
            return True
        above = (one for one in _above(button) if name_of(one) in HEADINGS | {"summary"})
        heading = next(above, None)
        return heading is not None and self.sizes[heading].text == size.text

    def _footer(self, size: Sizes, inside: bool) -> str | None:
        if size.headline or size.holds_main or (inside and 2 * size.links < size.text):
            return None
        return "page footer"

    def _by_role(self, element: Any, size: Sizes, inside: bool) -> str | None:
        role = (element.get("role") or "").lower()
        if element.get("aria-modal") == "true":
            role = "dialog"
        if role == "complementary" and not inside and not self.is_large(size):
            return "sidebar"
        if role in _ROLES and not (size.headline or size.holds_main):
            return _ROLES[role]
        return None

    def _by_name(self, element: Any, size: Sizes) -> str | None:
        if name_of(element) in _NEVER_BY_NAME or size.headline or size.holds_main:
            return None
        words = words_of(element)
        if not words:
            return None
        found = next(
            (rule.reason for rule in RULES if self._holds(rule, words, element, size)), None
        )
        # Documentation names each section after its heading, whatever that is about.
        return None if found != "comments" and _named_after_heading(element) else found

    def _holds(self, rule: NameRule, words: frozenset[str], element: Any, size: Sizes) -> bool:
        if not any(pair <= words for pair in rule.words):
            return False
        if rule.reason == "comments":
            return not self.discussion
        if size.text > rule.most or self.share(size) > rule.share:
            return False
        if size.links < rule.links * size.text or (size.prose and not rule.sentences):
            return False
        return rule.saying is None or bool(rule.saying.search(text_of(element, 1000)))


def measure(body: Any, site: str) -> Page:
    """Measure every element of a page once, from the inside out."""
    sizes: dict[Any, Sizes] = {}
    elements = [element for element in body.iter() if isinstance(element.tag, str)]
    for element in elements:
        sizes[element] = Sizes()
    skipped: set[Any] = set()
    for element in elements:
        if name_of(element) in NEVER_TEXT or element.getparent() in skipped:
            skipped.add(element)
    for element in reversed(elements):
        size, parent = sizes[element], sizes.get(element.getparent())
        if element not in skipped:
            _add_pieces(element, size)
            _own_kind(element, size, site)
        if parent is not None and element not in skipped:
            parent.text += size.text
            parent.links += size.links
            parent.prose += size.prose
            parent.headline |= size.headline
            parent.holds_main |= size.holds_main
    return Page(sizes, sizes[body].text, sizes[body].prose, _is_discussion(elements), site)


def _add_pieces(element: Any, size: Sizes) -> None:
    own = [element.text or "", *(child.tail or "" for child in element)]
    size.text += sum(len("".join(piece.split())) for piece in own)
    if name_of(element) in ("p", "div", "li", "td", "dd", "blockquote", "section", "article"):
        sentence = text_of(element, 2000) if name_of(element) == "p" else " ".join(own)
        if len(sentence.split()) >= _PROSE_WORDS and _SENTENCE.search(sentence):
            size.prose += len(sentence)


def _own_kind(element: Any, size: Sizes, site: str) -> None:
    name = name_of(element)
    if name == "a" and element.get("href"):
        size.links = size.text
    if name == "h1" and size.text and not _same(text_of(element, 300), site):
        size.headline = True
    if name in ("main", "article") or element.get("role") == "main":
        size.holds_main = size.holds_main or name != "article"


def _is_discussion(elements: list[Any]) -> bool:
    found = 0
    for element in elements:
        kind = element.get("itemtype") or ""
        if kind.endswith(("QAPage", "DiscussionForumPosting")):
            return True
        found += bool(DISCUSSION & set((element.get("class") or "").lower().split()))
    return found >= 2


def _aside(size: Sizes, inside: bool) -> str | None:
    if not inside:
        return "sidebar"
    return "list of other pages" if 2 * size.links >= size.text else None


def _named_after_heading(element: Any) -> bool:
    name = element.get("id")
    if not name or element.get("class") not in (None, "section", "sect1", "sect2", "sect3"):
        return False
    heading = next((one for one in element if name_of(one) in HEADINGS), None)
    if heading is None:
        return False
    words = re.findall(r"\w+", text_of(heading, 200).casefold())
    return words == re.findall(r"[^\W_]+", name.casefold())


def _in_quote(element: Any) -> bool:
    return any(name_of(one) in ("blockquote", "figure") for one in _above(element))


def _above(element: Any) -> Any:
    return element.iterancestors()


def text_of(element: Any, most: int) -> str:
    """Return the text of an element with single spaces, at most about ``most`` characters."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length > most:
            break
    return " ".join("".join(pieces)[: 2 * most].split())


def _same(one: str, other: str) -> bool:
    return bool(other) and one.casefold().strip() == other.casefold().strip()
