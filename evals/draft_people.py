"""Questions after a person: who said it, who did it."""

from __future__ import annotations

import re

from assistant.expect import Kind
from evals.draft_clauses import Asked, leans
from evals.draft_verbs import HUMAN

_PERSON = r"(?:[A-Z]\.\s?)*[A-Z][\w’'-]+(?: [A-Z]\.)?(?: [A-Z][\w’'-]+){1,2}"
_ROLE = (
    r"(?:spokes(?:man|woman|person)|captain|mayor|judge|justice|commissioner|executive|director|"
    r"senator|minister|president|professor|lawyer|attorney|founder|chair(?:man|woman)?|chief|"
    r"officer|detective|representative|member|secretary|governor|researcher|engineer|treasurer|"
    r"editor|reporter|author|analyst|scientist)"
)
_WITH_ROLE = re.compile(rf"^(?:(?:[\w’'-]+ ){{0,4}}{_ROLE}) (?P<name>{_PERSON})$", re.I)


def person_asked(sentence: str, text: str) -> Asked | None:
    """ "Captain Bob Guidara said X." gives "Who said X?"."""
    found = re.match(
        rf"(?P<who>(?:[\w’'-]+ ){{0,6}}[\w’'-]+) (?P<verb>said|{'|'.join(sorted(HUMAN))}) "
        r"(?P<rest>[^“”\"():;?!—–]+)\.$",
        sentence,
    )
    if not found or "," in found["rest"]:
        return None
    role = _WITH_ROLE.match(found["who"])
    name = role["name"] if role else found["who"]
    is_named = re.fullmatch(_PERSON, name) and not _LIKE_A_FIRM.search(name)
    if not is_named or (role is None and found["verb"] not in HUMAN):
        return None
    rest = found["rest"].removeprefix("that ")
    if leans(rest) or re.search(r"\b(?:its|their|his|her)\b", rest):
        return None
    return Asked(f"Who {found['verb']} {rest}?", name, Kind.PERSON)


_LIKE_A_FIRM = re.compile(
    r"\b(?:[A-Z]{2,}|The|Inc|Ltd|Corp|Corporation|Company|Group|Bank|University|City|Council|"
    r"County|State|States|Court|Street|Airport|Police|Office|Union|International|Technologies|"
    r"Technology|Association|Institute|Commission|Department|Authority|Times|Post|News|Aid|Bowl)\b"
)
