"""Questions after a person: who said it, who did it."""

from __future__ import annotations

import re

from assistant.expect import Kind
from assistant.question_clauses import Asked, leans, plain_clause
from assistant.question_verbs import HUMAN

_PERSON = r"(?:[A-Z]\.\s?)*[A-Z][\w’'-]+(?: [A-Z]\.)?(?: [A-Z][\w’'-]+){1,2}"
_ROLE = (
    r"(?:spokes(?:man|woman|person)|captain|mayor|judge|justice|commissioner|executive|director|"
    r"senator|minister|president|professor|lawyer|attorney|founder|chair(?:man|woman)?|chief|"
    r"officer|detective|representative|member|secretary|governor|researcher|engineer|treasurer|"
    r"editor|reporter|author|analyst|scientist)"
)
_WITH_ROLE = re.compile(
    rf"^(?:(?:[\w’'-]+ ){{0,4}}(?i:{_ROLE})) (?P<name>{_PERSON})(?: of [A-Z]\w+)?$"
)


def person_asked(sentence: str, text: str) -> Asked | None:
    """ "Governor J.B. Pritzker signed the bill." gives "Who signed the bill?"."""
    said = _SPEAKS.match(sentence)
    if said and not leans(said["rest"]) and not _OWN.search(said["rest"]):
        name = _named(said["who"], "said")
        return Asked(f"Who said {said['rest']}?", name, Kind.PERSON) if name else None
    clause = plain_clause(sentence, text)
    if clause is None or clause.helped or _OWN.search(clause.rest):
        return None
    # The clause may be what somebody said, and its subject is then no person that is named first.
    name = _named(clause.subject[:1].upper() + clause.subject[1:], clause.verb)
    if not name or len(clause.rest.split()) < _LEAST_REST:
        return None
    return Asked(f"Who {clause.verb} {clause.rest}?", name, Kind.PERSON)


def _named(who: str, verb: str) -> str:
    """Return the name of the person that a subject names; empty where it may be none."""
    role = _WITH_ROLE.match(who)
    name = role["name"] if role else who
    if not re.fullmatch(_PERSON, name) or _LIKE_A_FIRM.search(name):
        return ""
    return name if role or verb in HUMAN else ""


_SPEAKS = re.compile(
    r"(?P<who>(?:[\w’'.-]+ ){0,6}[\w’'-]+) said (?:that )?(?P<rest>[^“”\"():;?!—–,]+)\.$"
)
_OWN = re.compile(r"\b(?:its|their|his|her)\b")
_LEAST_REST = 3
_LIKE_A_FIRM = re.compile(
    r"\b(?:[A-Z]{2,}|The|Inc|Ltd|Corp|Corporation|Company|Group|Bank|University|City|Council|"
    r"County|State|States|Court|Street|Airport|Police|Office|Union|International|Technologies|"
    r"Technology|Association|Institute|Commission|Department|Authority|Times|Post|News|Aid|Bowl)\b"
)
