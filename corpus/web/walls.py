"""Pages that are no documents: a login, a consent notice, a missing page, one made by a script."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from corpus.web.address import parse

# What stands before an article is short; a long text that mentions a login is an article.
_SHORT = 700
_FEWEST_WORDS = 5
_FEW_WORDS = 40
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|signup|register|auth|sso|account/login|subscribe)\b", re.IGNORECASE
)
_WALLS: tuple[tuple[str, str], ...] = (
    (
        r"\b(?:enable|turn on|activate|requires?|without)\s+javascript\b|javascript is (?:disabled|"
        r"required)",
        "shows its text only to a browser that runs JavaScript",
    ),
    (
        r"\b(?:verify|verifying|confirm)\b.{0,40}\b(?:you are|you're|not a)\b.{0,20}"
        r"\b(?:human|robot)"
        r"|checking your browser|unusual traffic|\bcaptcha\b|access denied|are you a robot",
        "asks whether a human is reading",
    ),
    (
        r"\b(?:page|article|document|file)\b.{0,40}\b(?:not found|no longer (?:exists|available)"
        r"|does(?:n't| not) exist|could ?(?:n't| not) be found)\b|\berror 404\b|^404\b"
        r"|\b404 not found\b|^(?:page )?not found\b|seite nicht gefunden"
        r"|page introuvable|página no encontrada",
        "says that there is no such page, although it does not answer so",
    ),
    (
        r"\b(?:log|sign) ?in\b.{0,60}\b(?:to (?:continue|read|view|access)|required|your account|"
        r"password)\b|\bsubscribe to (?:continue|read)|\bsubscribers? only\b|^(?:log|sign) ?in\b",
        "shows a login or a subscription in place of its text",
    ),
    (
        r"\b(?:accept|consent|agree)\b.{0,60}\b(?:cookies?|tracking|privacy)\b"
        r"|\b(?:we|and our partners) (?:use|value|store).{0,60}\b(?:cookies|privacy)\b"
        r"|before you continue",
        "shows a consent notice in place of its text",
    ),
)
_PATTERNS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), why) for pattern, why in _WALLS
)


def wall(*, title: str, text: str, shown: str, html: str) -> str | None:
    """Say why a page holds no document; None where it may hold one.

    ``text`` is what its reader took for the content, ``shown`` all that the page shows.
    """
    words = len(re.findall(r"\w+", text))
    if len(text) <= _SHORT:
        # A menu offers a login beside many a short text; where there is no text, it is the page.
        said = f"{title}\n{text if words >= _FEWEST_WORDS else shown[:_SHORT]}"
        for pattern, why in _PATTERNS:
            if pattern.search(said):
                return why
    if words >= _FEWEST_WORDS:
        return None
    if re.search(r"<(?:no)?script\b", html, re.IGNORECASE):
        return "holds no text: a browser has to run its JavaScript first"
    return "holds no text"


def remarks(*, url: str, final_url: str, text: str, html: str) -> tuple[str, ...]:
    """Return what a curator should look at in a page that was kept, one line each."""
    found = []
    path, final_path = (urlsplit(parse(one).url).path for one in (url, final_url))
    if final_path == "/" and path != "/":
        found.append("the address led to the site's front page: the article may be gone")
    if _LOGIN_PATH.search(final_path) and not _LOGIN_PATH.search(path):
        found.append("the address led to a login: the text may not be the article's")
    if re.search(r'"isAccessibleForFree"\s*:\s*"?false', html, re.IGNORECASE):
        found.append("the page is not free: the text may be an excerpt")
    words = len(re.findall(r"\w+", text))
    if words < _FEW_WORDS:
        found.append(f"the page holds only {words} words")
    return tuple(found)
