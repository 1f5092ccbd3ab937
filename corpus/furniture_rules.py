"""The lines that saved pages, captures and mails carry around their text, as patterns.

Each pattern is for a whole line, without regard to case, and has no nested repetition, so that
matching takes time linear in a line of bounded length. English first, then the most common forms
in German, French and Spanish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason to take a line out, and the whole lines that it is true of."""

    reason: str
    pattern: re.Pattern[str]


def _rules(table: tuple[tuple[str, str], ...]) -> tuple[Rule, ...]:
    return tuple(Rule(why, re.compile(rf"(?:{what})$", re.IGNORECASE)) for why, what in table)


def reason(line: str, rules: tuple[Rule, ...]) -> str | None:
    """Return the reason of the first rule that is true of ``line``."""
    if not line or len(line) > LONGEST:
        return None
    return next((rule.reason for rule in rules if rule.pattern.match(line)), None)


_NETWORKS = r"(?:facebook|twitter|x|linkedin|whatsapp|instagram|mastodon|bluesky|telegram|e-?mail)"

ANYWHERE = _rules(
    (
        (
            "advertisement",
            r"(?:[-–— ]{0,3}(?:advertisements?|advertising|ad|anzeige|werbung|publicité|publicidad)"
            r"[-–— ]{0,3}:?"
            r"|(?:advertisement[ .–—-]{0,3})?(?:story|article) continues (?:below|after)"
            r"(?: advertisement)?\.?"
            r"|(?:scroll|continue reading|skip past)[a-z ]{0,20} advertisement)"
            r"|(?:we|this (?:post|page|article)) may (?:earn|receive|contain|include)"
            r"(?: an?)?(?: small)? (?:affiliate )?(?:commissions?|links)\b[^.]{0,80}\.?",
        ),
        (
            "newsletter call",
            r"(?:please )?(?:sign up|subscribe|register)(?: here| now| today)?(?: to| for)"
            r"(?: our| the)?(?: free| daily| weekly| monthly| email){0,3}"
            r" (?:newsletters?|mailing list|email updates)(?: here| now| today)?[.!]?"
            r"|(?:jetzt )?(?:unseren |den )?(?:kostenlosen )?newsletter (?:jetzt )?"
            r"(?:abonnieren|bestellen)[.!]?"
            r"|abonnieren sie (?:jetzt )?(?:unseren|den) (?:kostenlosen )?newsletter[.!]?"
            r"|(?:inscrivez|abonnez)-vous (?:gratuitement )?à (?:notre|la) "
            r"(?:newsletter|infolettre|lettre d[’']information) ?[.!]?"
            r"|suscríbe(?:te|se) (?:gratis )?a (?:nuestr[oa]|l[oa]) (?:boletín|newsletter)[.!]?",
        ),
        (
            "embedded feed",
            r"tweets (?:from|by) @\w{1,30}"
            r"|nothing to see here\s?[-–—]\s?yet"
            r"|when they tweet, their tweets will show up here\.?",
        ),
        (
            "share bar",
            r"share (?:this|on) (?:article|story|page|post|facebook|twitter|x|linkedin)"
            rf"|(?:auf|per|via) {_NETWORKS} teilen|(?:diesen )?artikel teilen"
            rf"|partager (?:cet article|sur {_NETWORKS})"
            rf"|compartir (?:est[ea] (?:artículo|noticia)|en {_NETWORKS})",
        ),
        (
            "list of other pages",
            r"read more:? ?(?:»|›|→|>|\.\.\.|…)?"
            r"|(?:also read|read also|lesen sie auch|lies auch|à lire aussi|lire aussi|à voir aussi"
            r"|le[ea] también|(?:también )?te puede interesar) ?: ?[^.]{1,150}",
        ),
        (
            "subscription wall",
            r"already (?:a (?:subscriber|member)|have an account|subscribed)\?"
            r" ?(?:log|sign) ?in(?: here| now)?\.?"
            r"|subscribe to (?:continue|keep) reading\.?"
            r"|this (?:article|content|story) is (?:only )?for (?:paying )?subscribers(?: only)?\.?"
            r"|(?:dieser artikel ist )?nur für abonnenten\.?"
            r"|(?:cet )?article réservé aux abonnés\.?"
            r"|(?:contenido )?exclusivo para suscriptores\.?",
        ),
        (
            "reading time",
            r"(?:reading time|read time|lesezeit|(?:durée|temps) de lecture|tiempo de lectura)"
            r" ?:? ?(?:ca\. |about )?\d{1,3} ?(?:min|mins|minutes?|minuten|minutos?)\.?"
            r"|\d{1,3}[- ]min(?:ute)?s? read"
            r"|\d{1,3} min(?:\.|utes?|uten|utos)? (?:lesezeit|de lecture|de lectura)",
        ),
        (
            "page control",
            r"skip to (?:main )?(?:content|navigation)|back to top|jump to content"
            r"|listen to this (?:article|story)(?: ?[·(|-]? ?\d{1,3} ?min(?:utes)?\)?)?"
            r"|zum inhalt springen|aller au contenu(?: principal)?|saltar al contenido",
        ),
    )
)

AT_EDGES = _rules(
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
            r"|(?:accept|reject|manage)(?: all)? cookies|cookie (?:settings|preferences|policy)"
            r"|(?:wir|diese (?:web)?seite|diese website)"
            r" (?:verwenden|verwendet|nutzen|nutzt) cookies\b.{0,200}"
            r"|nous utilisons des cookies\b.{0,200}"
            r"|en poursuivant votre navigation\b.{0,200}"
            r"|(?:usamos|utilizamos) cookies\b.{0,200}"
            r"|alle(?: cookies)? akzeptieren|tout (?:accepter|refuser)|aceptar(?: todo| todas)?",
        ),
        (
            "page control",
            r"log ?in|sign in|my account|print this (?:page|article)"
            r"|(?:about|contact) us|privacy policy|terms (?:of|and) (?:use|service|conditions)"
            r"|impressum|datenschutz(?:erklärung)?|nutzungsbedingungen|mentions légales"
            r"|plan du site|politique de confidentialité|aviso legal"
            r"|política de (?:privacidad|cookies)"
            r"|(?:viewed|read) \d[\d.,]{0,8}[km]? times|\d[\d.,]{0,8}[km]? views",
        ),
        (
            "comments",
            r"comments? ?\(\d{1,5}\)|\d{1,5} comments?|(?:leave|post|add) a (?:comment|reply)"
            r"|no comments(?: yet)?|comments are closed\.?|be the first to comment[.!]?"
            r"|\d{1,5} (?:kommentare?|commentaires?|comentarios?)",
        ),
        (
            "share bar",
            r"follow us(?: on [a-z ,&]{1,60})?:?|share (?:this|via|with)\b[^.]{0,40}"
            rf"|follow @\w{{1,30}}(?: on {_NETWORKS})?|tweet this|teilen|partager|compartir"
            rf"|(?:folgen sie uns|suivez-nous|síguenos)(?: (?:auf|sur|en) {_NETWORKS})?",
        ),
        (
            "photo credit",
            r"(?:photo|image|picture|photograph)s?(?: credit| by| courtesy of)? ?: ?[^.:]{1,80}"
            r"|(?:foto|bild|crédit photo|fotografía) ?: ?[^.:]{1,80}",
        ),
        (
            "mailing footer",
            r"having trouble (?:viewing|reading) this (?:e-?mail|message|newsletter)\b.{0,100}"
            r"|(?:view|read|open|see) (?:this (?:e-?mail|message|newsletter)|it)"
            r" (?:in|on) (?:your|a|the) (?:web )?browser\.?"
            r"|(?:click here to )?unsubscribe(?: from [^.]{1,60}| here)?\.?"
            r"|(?:manage|update|change)(?: your)?(?: e-?mail| subscription)?"
            r" (?:preferences|settings)\.?"
            r"|you(?: are|[’']re)? receiv(?:ed|ing) this (?:e-?mail|message|newsletter) because\b"
            r".{0,150}"
            r"|forward this (?:e-?mail|message) to a friend|sent (?:with|via|from my) \w{1,30}",
        ),
    )
)
# A headline may open with these words too, so they count only after the text.
AT_END = _rules(
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
LIST_HEADING = re.compile(
    r"(?:related|recommended|popular|trending|more|latest|most read|most popular)"
    r" (?:articles?|stories|posts|news|reading|content|coverage|topics)"
    r"(?: (?:from|on|in) [^.]{1,40})?:?"
    r"|you (?:may|might) also (?:like|be interested in)[:.…]?|more from [^.]{1,40}"
    r"|most read|most popular|read next|up next|recommended for you|related"
    r"|mehr zum thema|meistgelesen|weitere artikel|das könnte sie auch interessieren"
    r"|articles (?:similaires|liés)|à lire aussi|les plus lus|sur le même thème"
    r"|(?:noticias|artículos) relacionad[oa]s|lo más leído|también te puede interesar",
    re.IGNORECASE,
)
SHARE_SURE = re.compile(r"share|tweet|copy link|pin it|share this|share:|print|e-?mail this", re.I)
SHARE_WORD = re.compile(
    r"facebook|twitter|x|linkedin|whatsapp|reddit|pinterest|telegram|instagram|youtube"
    r"|e-?mail|link|save|comments?",
    re.IGNORECASE,
)
