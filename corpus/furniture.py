"""Which lines of a saved web page are furniture: calls, bars, notices, lists of other pages.

Precision first. A rule matches a whole short line. Some lines are furniture wherever they stand;
most rules hold only at the edges of a text, before its first and after its last line of prose.
Patterns have no nested repetition, so matching takes time linear in a line of bounded length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST = 300
_PROSE_WORDS = 8
_PROSE_LENGTH = 200
_SENTENCE_END = re.compile(r"[.!…][\"'”’)\]]{0,2}$")
_MARKS = re.compile(r"^(?:#{1,6}|[-*•>|]|\d{1,2}\.)\s+")


@dataclass(frozen=True, slots=True)
class _Rule:
    reason: str
    pattern: re.Pattern[str]


def _rules(table: tuple[tuple[str, str], ...]) -> tuple[_Rule, ...]:
    return tuple(_Rule(why, re.compile(rf"(?:{what})$", re.IGNORECASE)) for why, what in table)


_ANYWHERE = _rules(
    (
        (
            "advertisement",
            r"(?:[-–— ]{0,3}(?:advertisements?|advertising|ad|anzeige|werbung|publicité|publicidad)"
            r"[-–— ]{0,3}:?"
            r"|(?:advertisement[ .–—-]{0,3})?(?:story|article) continues below"
            r"(?: advertisement)?\.?"
            r"|(?:scroll|continue reading|skip past)[a-z ]{0,20} advertisement)",
        ),
        (
            "newsletter call",
            r"(?:please )?(?:sign up|subscribe|register)(?: here| now| today)?(?: to| for)"
            r"(?: our| the)?(?: free| daily| weekly| monthly| email){0,3}"
            r" (?:newsletters?|mailing list|email updates)(?: here| now| today)?[.!]?",
        ),
        (
            "embedded feed",
            r"tweets (?:from|by) @\w{1,30}"
            r"|nothing to see here\s?[-–—]\s?yet"
            r"|when they tweet, their tweets will show up here\.?",
        ),
        ("share bar", r"share (?:this|on) (?:article|story|page|post|facebook|twitter|x|linkedin)"),
        ("list of other pages", r"read more:? ?(?:»|›|→|>|\.\.\.|…)?"),
        ("page control", r"skip to (?:main )?(?:content|navigation)|back to top|jump to content"),
    )
)
_AT_EDGES = _rules(
    (
        (
            "newsletter call",
            r"subscribe(?: now| today| here)?!?|sign up(?: now| today| here)?!?|newsletters?"
            r"|enter your e-?mail(?: address)?\.?|your e-?mail address\*?",
        ),
        (
            "copyright footer",
            r"(?:©|\(c\)|copyright ?(?:©|\(c\)))[^|]{0,150}"
            r"|copyright \d{4}(?: ?[-–] ?\d{4})?,?[^.]{0,80}\.?(?: all rights reserved\.?)?"
            r"|(?:[^.]{0,80}[.,|] ?)?all rights reserved\.?"
            r"|alle rechte vorbehalten\.?|tous droits réservés\.?"
            r"|todos los derechos reservados\.?|tutti i diritti riservati\.?",
        ),
        (
            "cookie notice",
            r"(?:we|(?:this|our) (?:web)?site)(?: and our partners)? uses? cookies\b.{0,150}"
            r"\b(?:experience|continuing|you agree|you consent|you accept|cookie policy"
            r"|privacy policy|(?:this|our) (?:web)?site)\b.{0,100}"
            r"|by (?:continuing to (?:use|browse)|using) (?:this|our) (?:web)?site,? you "
            r"(?:agree|accept|consent).{0,150}"
            r"|(?:accept|reject|manage)(?: all)? cookies|cookie (?:settings|preferences|policy)",
        ),
        (
            "page control",
            r"log ?in|sign in|my account|print this (?:page|article)|comments? ?\(\d{1,5}\)"
            r"|(?:leave|post|add) a (?:comment|reply)|no comments(?: yet)?|privacy policy"
            r"|terms (?:of|and) (?:use|service|conditions)|(?:about|contact) us",
        ),
        (
            "share bar",
            r"follow us(?: on [a-z ,&]{1,60})?:?|share (?:this|via|with)\b[^.]{0,40}",
        ),
    )
)
# A headline may open with these words too, so they count only after the text.
_AT_END = _rules(
    (
        (
            "newsletter call",
            r"(?:see|get|join|read|try|receive|discover|don[’']t miss|stay|sign up|subscribe)\b"
            r"[^.]{0,100}\b(?:newsletters?|inbox|mailing list|email updates)[.!]?",
        ),
        (
            "list of other pages",
            r"(?:read more|related|also read|more on this|see also): ?[^.]{1,150}",
        ),
    )
)
_LIST_HEADINGS = re.compile(
    r"(?:related|recommended|popular|trending|more|latest|most read|most popular)"
    r" (?:articles?|stories|posts|news|reading|content|coverage|topics)"
    r"(?: (?:from|on|in) [^.]{1,40})?:?"
    r"|you (?:may|might) also (?:like|be interested in)[:.…]?|more from [^.]{1,40}"
    r"|most read|most popular|read next|up next|recommended for you|related",
    re.IGNORECASE,
)
_SHARE_SURE = re.compile(r"share|tweet|copy link|pin it|share this|share:|print|e-?mail this", re.I)
_SHARE_WORD = re.compile(
    r"facebook|twitter|x|linkedin|whatsapp|reddit|pinterest|telegram|instagram|youtube"
    r"|e-?mail|link|save|comments?",
    re.IGNORECASE,
)


def find_furniture(lines: list[str]) -> dict[int, str]:
    """Return the places of furniture in ``lines``, counted from 0, each with the reason."""
    bare = [_MARKS.sub("", line.strip()) for line in lines]
    found = {at: why for at, line in enumerate(bare) if (why := _reason(line, _ANYWHERE))}
    before, after = _edges(bare)
    for at in (*before, *after):
        rules = _AT_EDGES if at in before else _AT_EDGES + _AT_END
        if at not in found and (why := _reason(bare[at], rules)):
            found[at] = why
    for at in _share_bars(bare, before) + _share_bars(bare, after):
        found.setdefault(at, "share bar")
    for at in _lists_at_the_end(bare, after):
        found.setdefault(at, "list of other pages")
    return found


def _reason(line: str, rules: tuple[_Rule, ...]) -> str | None:
    if not line or len(line) > _LONGEST:
        return None
    return next((rule.reason for rule in rules if rule.pattern.match(line)), None)


def _edges(lines: list[str]) -> tuple[range, range]:
    """Return the places before the first and after the last line of prose."""
    prose = [at for at, line in enumerate(lines) if _is_prose(line)]
    # With no prose at all nothing tells the text from its furniture: then only the sure rules hold.
    if not prose:
        return range(0), range(0)
    return range(prose[0]), range(prose[-1] + 1, len(lines))


def _is_prose(line: str) -> bool:
    if _reason(line, _ANYWHERE + _AT_EDGES + _AT_END):
        return False
    if len(line) > _PROSE_LENGTH:
        return True
    return len(line.split()) >= _PROSE_WORDS and bool(_SENTENCE_END.search(line))


def _share_bars(lines: list[str], edge: range) -> list[int]:
    """Return runs of share words; "Facebook" alone may be the article's own list."""
    found: list[int] = []
    run: list[int] = []
    for at in (at for at in edge if lines[at]):
        if not (_SHARE_WORD.fullmatch(lines[at]) or _SHARE_SURE.fullmatch(lines[at])):
            found += _if_sure(run, lines)
            run = []
        else:
            run.append(at)
    return found + _if_sure(run, lines)


def _if_sure(run: list[int], lines: list[str]) -> list[int]:
    return run if any(_SHARE_SURE.fullmatch(lines[at]) for at in run) else []


def _lists_at_the_end(lines: list[str], after: range) -> list[int]:
    """Return the first heading such as "Related articles" after the text, and all below it."""
    below = [at for at in after if lines[at]]
    start = next((at for at in below if _LIST_HEADINGS.fullmatch(lines[at])), None)
    return [] if start is None else [at for at in below if at >= start]
