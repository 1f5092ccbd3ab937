"""Verbs in the past, and what they are after "did": those whose forms leave no doubt.

Words that are as often nouns or adjectives in front of a noun ("used", "based", "alleged") are
left out: a sentence that is not understood makes no question, and a wrong question is worse.
"""

from __future__ import annotations

import re

_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "began:begin became:become bought:buy brought:bring broke:break built:build came:come "
        "chose:choose drew:draw drove:drive fell:fall fought:fight flew:fly froze:freeze gave:give "
        "got:get grew:grow held:hold hid:hide kept:keep knew:know led:lead left:leave lost:lose "
        "made:make met:meet paid:pay ran:run rose:rise sank:sink sang:sing said:say saw:see "
        "sold:sell sent:send shook:shake shot:shoot showed:show slept:sleep spent:spend "
        "spoke:speak "
        "stole:steal stood:stand struck:strike sued:sue swam:swim taught:teach took:take told:tell "
        "thought:think threw:throw went:go withdrew:withdraw won:win wrote:write fed:feed "
        "sought:seek overturned:overturn forbade:forbid undertook:undertake upheld:uphold "
        "found:find heard:hear arose:arise bore:bear cost:cost split:split cut:cut put:put set:set"
    ).split()
)
_REGULAR = (
    "abandon abolish accept accuse acquire add adopt agree allow amend announce appeal appear "
    "appoint approve argue arrest arrive ask attack attend award back ban block burn call cancel "
    "capture carry cause celebrate chair change charge claim close collapse collect compare "
    "complain complete confirm conclude consider convict cover create cross damage decide declare "
    "decline defeat defend delay delete demand deny deploy describe destroy detain develop die "
    "disappear discover dismiss divide donate double drop earn elect employ end enter establish "
    "examine exempt expand expel expire explain extend fail file fill fine finish force "
    "found gather grant halt handle happen help hire identify impose improve include "
    "increase install introduce invent invest investigate invite issue join jail kill last "
    "launch limit list lower miss mount move name need note obtain occur offer open operate oppose "
    "order organize organise own pass pause permit pledge plead postpone praise predict present "
    "prevent produce prohibit promise propose prosecute protect protest provide publish purchase "
    "question raise reach receive recommend recover reduce refuse reject release remain "
    "remove rename renew reopen repair repeal replace reply report reprimand require rescue "
    "resign resume restore retire return reveal reverse review rule scan scrap search seize serve "
    "settle share sign start stop store strengthen submit suffer suggest supply support surrender "
    "suspend test threaten total track transfer travel treat try turn unveil urge visit vote wait "
    "want warn welcome work estimate believe hope fear plan expect enforce repeat use flag match "
    "rely learn post lift apologise apologize blame target train clear rank"
).split()
_DOUBLED = frozenset("ban drop permit plan scan scrap stop expel submit transfer flag".split())


def _past(base: str) -> str:
    if base in _DOUBLED:
        return f"{base}{base[-1]}ed"
    if base.endswith("e"):
        return f"{base}d"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ied"
    return f"{base}ed"


BASES = {_past(base): base for base in _REGULAR} | _IRREGULAR
"""By their past, verbs as they stand after "did"."""


def _present(base: str) -> str:
    if re.search(r"(?:s|sh|ch|x|z|o)$", base):
        return f"{base}es"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ies"
    return f"{base}s"


PRESENTS = {_present(base): past for past, base in BASES.items()}
"""By their present ("announces"), verbs in the past."""
SPEECH = frozenset("said told wrote argued claimed explained noted announced reported".split())
"""Verbs whose object may be a whole sentence, with dates and numbers of its own."""
PARTICIPLES = frozenset(BASES) | frozenset(
    "written taken given shown known held seen chosen driven broken stolen withdrawn drawn "
    "grown thrown hit shut born run come become begun".split()
)
"""What may stand after "was"."""
HUMAN = frozenset("led founded chaired wrote invented signed resigned died won".split())
"""What people do: their subject is a person where it looks like a name."""
PAYING = frozenset(
    "paid cost raised awarded spent received donated invested earned offered demanded sought "
    "charged pledged granted collected".split()
)
"""Verbs whose object may be an amount alone."""
TITLES = frozenset(
    "judge justice captain mayor president senator minister professor lord lady sir king queen "
    "prince princess chief commissioner governor attorney general doctor".split()
)
"""Words that keep their capital before a name."""
