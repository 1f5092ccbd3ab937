"""What the names that page authors give to parts (class, id) say about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# Names that tell a state of the page ("has-sidebar", "comments-off") or notes of the text.
_NO_PART = re.compile(
    r"(?:no|has|have|with|without|is|not|hide|show|enable|disable|foot-?notes?)(?:[-_]|$)"
    r"|comments-(?:off|closed|open|disabled)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")
_LONGEST_NAMES = 400


@dataclass(frozen=True, slots=True)
class NameRule:
    """A reason to leave a part out, told by its names.

    The part must have a word of ``words`` (a pair joined by ``+`` needs both), hold at most
    ``most`` characters and at most ``share`` of the page's text, at least ``links`` of it in
    links, and, where ``saying`` is given, match that.
    Without ``sentences`` a part with a whole sentence stays.
    """

    reason: str
    words: frozenset[frozenset[str]]
    most: int
    share: float = 0.4
    links: float = 0.0
    sentences: bool = True
    saying: re.Pattern[str] | None = None


def _rule(reason: str, words: str, most: int, **more: Any) -> NameRule:
    return NameRule(reason, frozenset(frozenset(w.split("+")) for w in words.split()), most, **more)


_COOKIE = re.compile(
    r"consent|privacy|personal data|your data|your device|agree|accept|uses? cookies|sets? cookies"
    r"|additional cookies|cookie (?:policy|settings)|cookies on this|datenschutz|verwende"
    r"|nutzen cookies|donnée|utilis|navigation|datos|usamos|aceptar",
    re.IGNORECASE,
)
_PAY = re.compile(
    r"subscri|sign in|log ?in|trial|register|cancel|abonn|abonnez|connecte|suscr|anmelden", re.I
)
_LEGAL = re.compile(r"©|copyright|rights|terms|privacy|disclaim|imp|rechte|droits|derechos", re.I)
_LIST = re.compile(
    r"\A\s*(?:related|recommended|popular|trending|more|latest|most|you|read|also|see|similar|mehr|lesen"
    r"|meist|weitere|auch|articles|lire|à lire|les plus|voir|noticias|lee|te puede|más|lo más"
    r"|relacionad|promoted|sponsored|hot|other|suggested|up next|next)\b",
    re.IGNORECASE,
)

RULES = (
    # Whoever calls a part so means nothing else, so its words need not say it too.
    _rule(
        "cookie notice",
        "cookie+notice cookie+banner cookie+bar cookie+consent cookie+popup cookie+message "
        "cookie+modal cookie+overlay cookie+alert cookie+law cookienotice cookiebanner cookiebar "
        "cookieconsent cookiepopup cookiebot cookielaw gdpr+banner gdpr+bar gdpr+notice gdpr+popup "
        "gdpr+consent consent+banner consent+bar consent+popup consent+modal consent+notice "
        "cc+window cc+banner onetrust didomi usercentrics cybot",
        1500,
        share=0.9,
    ),
    _rule(
        "cookie notice",
        "cookie cookies cookiebar cookiebanner cookieconsent cookiebot gdpr consent onetrust "
        "didomi usercentrics cmp cc+window cc+banner cybot",
        6000,
        share=1.0,
        saying=_COOKIE,
    ),
    _rule(
        "newsletter call",
        "newsletter newsletters signup subscribe subscription optin mailchimp mailinglist "
        "email+capture email+signup sign+up mailing+list boletin boletín infolettre cta+caption",
        700,
    ),
    _rule("subscription wall", "paywall regwall barrier subscriber gate", 800, saying=_PAY),
    _rule(
        "share bar",
        "share sharing sharebar sharedaddy social socials addtoany addthis teilen partage partager "
        "compartir redes sharethis tweet+button follow+us follow+button "
        "post+ufi",
        250,
        sentences=False,
    ),
    _rule(
        "list of other pages",
        "outbrain taboola zergnet revcontent recirc recirculation",
        4000,
    ),
    _rule(
        "list of other pages",
        "related recommended recommendations recommendation trending popular mostread most+read "
        "most+viewed more+stories more+articles read+also also+read read+more readmore read+next "
        "up+next similar similares relacionadas relacionados articles+lies meistgelesen "
        "mehr+zum+thema más+leído promo promos promoted lo+mas+leido may+like also+like blogroll "
        "teasers post+navigation latest+posts recent+posts",
        3000,
        links=0.3,
    ),
    _rule(
        "list of other pages",
        "related recommended promoted similar promo trending popular",
        1500,
        saying=_LIST,
    ),
    _rule(
        "advertisement",
        "ad ads advert adverts adslot advertisement advertisements adsbygoogle sponsor sponsored "
        "werbung anzeige publicite publicité publicidad dfp adsense adcontainer adunit",
        300,
    ),
    _rule(
        "menu",
        "nav navbar navigation menu topmenu mainnav mainmenu submenu breadcrumb breadcrumbs crumbs "
        "topbar topnav pager pagination sitenav hauptmenue hauptmenu globalnav skiplink skip "
        "sitemap tagcloud tag+cloud toc table+of+contents pagelinks",
        4000,
        links=0.5,
    ),
    _rule(
        "page header",
        "masthead site+header page+header header+bar headerbar banner",
        400,
        sentences=False,
    ),
    _rule("page footer", "footer foot colophon contentinfo pied fuss fusszeile fußzeile", 3000),
    _rule("page footer", "catlinks", 3000, links=0.3),
    _rule("page footer", "copyright legal imprint impressum", 300, saying=_LEGAL),
    _rule("sidebar", "sidebar sidecol rail widget+area secondary+aside right+column", 8000),
    _rule("hidden text", "sr+only visually+hidden visuallyhidden screen+reader+text", 300),
    _rule("pop-up", "modal popup lightbox interstitial overlay", 2000),
    _rule("feedback call", "feedback helpful rate+this", 300),
    _rule("form", "search+form search+box searchbox quickreply login+form", 300),
    _rule("reading time", "reading+time read+time readtime readingtime lesezeit temps+lecture", 40),
    _rule(
        "page control",
        "print printonly noprint toolbar tools load+more loadmore edit+page editsection "
        "copy+button cite+backlink button+wrapper jump skip buy+button live+controls post+menu "
        "recipe+actions permalink headerlink clipboard",
        120,
    ),
    _rule("photo credit", "credit photo+credit image+credit image+source", 100),
    _rule("comments", "comments commentlist disqus respond comment+respond kommentare", 10**9),
    _rule("comments", "comment+list commentaires comentarios comments+area", 10**9),
)
DISCUSSION = frozenset("question answer answers topic thread forum postbody".split())


def words_of(element: Any) -> frozenset[str]:
    """Return the words of an element's class and id, in lower case: "mainNav" has two."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if len(names) < 2:
        return frozenset()
    parts = (name for name in names[:_LONGEST_NAMES].split() if not _NO_PART.match(name))
    return frozenset(
        word
        for name in re.split(r"[\s_:/.-]+", " ".join(parts))
        for word in (name.lower(), *map(str.lower, _WORD.findall(name)))
        if word
    )
