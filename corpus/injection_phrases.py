"""What a phrase that gives an assistant orders weighs; see ``corpus.injection``.

A phrase alone rarely proves anything: people write "ignore the above" to people. So each weighs 1
to 3, one of each kind counts within a short stretch of text, and 3 is enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a phrase tries to do; of two of one kind the heavier counts."""

    OVERRIDE = "override"
    PERSONA = "persona"
    ADDRESS = "address"
    PROMPT = "prompt"
    HIDING = "hiding"
    ORDER = "order"
    THEFT = "theft"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern over lower-case text. ``opens`` phrases count only where a sentence begins: "he
    told it to ignore all rules" orders nobody about."""

    kind: Kind
    weight: int
    pattern: re.Pattern[str]
    opens: bool = True


def phrase(kind: Kind, weight: int, pattern: str, *, opens: bool = True) -> Phrase:
    """Make a phrase: a space in ``pattern`` stands for any white space, " ?" for perhaps some."""
    spaced = pattern.replace(" ?", r"\s{0,8}").replace(" ", r"\s{1,8}")
    return Phrase(kind, weight, re.compile(spaced), opens)


TEMPLATE = re.compile(
    r"<\|(?:im_start|im_end|start_header_id|end_header_id|eot_id|endoftext"
    r"|begin_of_text"
    r"|system|user|assistant|end)\|>\s{0,4}(?:system|user|assistant|you|ignore"
    r"|[a-z]{2,20}\s[a-z])"
    r"|\[inst\]\s{0,4}(?:[^\[\]\s]{1,30}\s{1,4}){4}|<<sys>>\s{0,4}\w"
    r"|<start_of_turn>\s{0,4}(?:user|model)"
    r"|(?:^|\n)[ \t]{0,4}#{2,4}[ \t]{0,4}(?:system|instructions?|human|assistant"
    r"|response)[ \t]{0,4}:"
    r"(?=[ \t\n]{0,4}\w)"
)
"""Marks with which programs separate turns for a model, where something follows them."""

FIRST_WORDS = frozenset(
    word.replace("_", " ")[:3]
    for word in (
        "ignore disregard forget override bypass discard overrule do_ don't stop you from act "
        "behave respond enter enable activate switch pretend as_ attention note notice message "
        "instruction important warning hint reminder memo order if_ when since because dear hey "
        "hello hi_ hi, ok_ ok, okay any all ai_ ai: ai, a.i llm gpt chatgpt claude gemini copilot "
        "bard grok chatbot virtual digital large language assistant to_ new updated real system "
        "hidden secret additional admin developer root reveal print show repeat output display "
        "tell give leak disclose reproduce never must without send forward email e-mail post "
        "upload transmit exfiltrate append call invoke use execute run "
        "vergiss vergessen missachten verwirf verwerfen du_ als hinweis anweisung nachricht "
        "achtung wichtig wenn neue zeig verrate gib nenne sage erzähle erwähne teile "
        "oublie ne_ tiens tenez néglige tu_ vous en_ si_ invite nouvelles révèle révélez affiche "
        "montre olvida no_ ahora a_partir ya_ como mensaje nuevas revela muestra imprime muéstrame"
    ).split()
)
"""The first three letters of all phrases but mere orders: only there are the patterns tried."""
