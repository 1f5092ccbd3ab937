from __future__ import annotations

import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean import Cleaned, clean
from corpus.documents import Removed
from corpus.furniture_rules import (
    ANYWHERE,
    AT_EDGES,
    AT_END,
    LIST_HEADING,
    SHARE_SURE,
    SHARE_WORD,
)
from corpus.readers.html import read_html
from corpus.readers.plain import lay_out
from corpus.repair import joint, repair

from .pages import ARTICLE, ARTICLE_BODY, ARTICLE_FURNITURE, ARTICLE_TITLE

BODY = "\n\n".join(ARTICLE_BODY)

FURNITURE = [
    ("Advertisement", "advertisement"),
    ("- Advertisement -", "advertisement"),
    ("Story continues below advertisement", "advertisement"),
    ("Sign up for our newsletter", "newsletter call"),
    ("Subscribe to our free weekly newsletter!", "newsletter call"),
    ("Subscribe", "newsletter call"),
    ("Get the day’s stories in your inbox", "newsletter call"),
    ("Tweets by @saltmere_news", "embedded feed"),
    ("Nothing to see here – yet", "embedded feed"),
    ("Share this article", "share bar"),
    ("Follow us on Twitter and Facebook", "share bar"),
    ("Read more", "list of other pages"),
    ("Read more: How the ferries came back", "list of other pages"),
    ("© 2021 The Tide Ltd.", "copyright footer"),
    ("Copyright 2019-2021 The Tide. All rights reserved.", "copyright footer"),
    ("All rights reserved", "copyright footer"),
    ("Alle Rechte vorbehalten.", "copyright footer"),
    ("We use cookies to improve your experience on our site.", "cookie notice"),
    ("By continuing to use this site, you agree to our use of cookies.", "cookie notice"),
    ("Accept all cookies", "cookie notice"),
    ("Leave a comment", "comments"),
    ("0 Comments", "comments"),
    ("Comments are closed.", "comments"),
    ("5 min read", "reading time"),
    ("Reading time: 7 minutes", "reading time"),
    ("Lesezeit: 3 Minuten", "reading time"),
    ("Already a subscriber? Log in", "subscription wall"),
    ("Subscribe to continue reading", "subscription wall"),
    ("This post may contain affiliate links.", "advertisement"),
    ("Also read: How the ferries came back", "list of other pages"),
    ("Lesen Sie auch: Orgel verstummt", "list of other pages"),
    ("Lire aussi : Les phares s’éteignent", "list of other pages"),
    ("Te puede interesar: El pozo de los moros", "list of other pages"),
    ("Jetzt unseren Newsletter abonnieren", "newsletter call"),
    ("Inscrivez-vous à notre newsletter", "newsletter call"),
    ("Suscríbete a nuestro boletín", "newsletter call"),
    ("Artikel teilen", "share bar"),
    ("Partager cet article", "share bar"),
    ("Compartir en WhatsApp", "share bar"),
    ("Impressum | Datenschutz | Alle Rechte vorbehalten", "page control"),
    ("Nous utilisons des cookies pour améliorer votre expérience.", "cookie notice"),
    ("Image: Getty", "photo credit"),
    ("View this email in your browser", "mailing footer"),
    ("Click here to unsubscribe", "mailing footer"),
    ("Skip to main content", "page control"),
]

SENTENCES = [
    "The company sent cease-and-desist letters.",
    "The newsletter reached 3 million people.",
    "Officials said tweets from the account were false.",
    "Tweets from @saltmere_news were false, officials said.",
    "We use cookies to bake trust, the mayor joked at the fair.",
    "Sign up for our newsletter, said the banner, and the queue grew.",
    "Subscribe to the newsletter was all that the page had said.",
    "Advertisement rates fell by 3% in the second quarter of the year.",
    "Copyright law does not protect a face, the court said in May.",
    "She said that all rights reserved to the police must end.",
    "Read more books, the teacher told them on the last day.",
    "Share prices fell.",
    "Nothing to see here, the guard said.",
    "Follow us, they said.",
    "Related: nothing.",
    "The talk is a 5 min read away, she said, and worth it.",
    "You received this letter because you asked for it, he wrote back.",
    "Image: the second one shows how the harbour looked before the flood.",
]


def whole(cleaned: Cleaned) -> tuple[str, tuple[Removed, ...]]:
    """Return all of it but where its lines come from."""
    return cleaned.text, cleaned.removed


def between(line: str) -> str:
    return f"{BODY}\n\n{line}\n\n{BODY}"


def test_an_article_loses_its_furniture_and_nothing_else() -> None:
    text = lay_out(ARTICLE)
    cleaned = clean(text)
    assert cleaned.text == f"{ARTICLE_TITLE}\n\n2021-03-09\n\n{BODY}"
    assert tuple(part.text for part in cleaned.removed) == ARTICLE_FURNITURE
    lines = text.split("\n")
    assert all(lines[part.line - 1] == part.text for part in cleaned.removed)


@pytest.mark.parametrize(("line", "reason"), FURNITURE)
def test_furniture_after_the_text_is_removed(line: str, reason: str) -> None:
    at = BODY.count("\n") + 3
    assert whole(clean(f"{BODY}\n\n{line}")) == (BODY, (Removed(at, line, reason),))


@pytest.mark.parametrize("line", SENTENCES)
def test_a_sentence_that_mentions_furniture_stays_inside_the_text(line: str) -> None:
    assert whole(clean(between(line))) == (between(line), ())


@pytest.mark.parametrize("line", [line for line in SENTENCES if not line.startswith("Related")])
def test_a_sentence_that_mentions_furniture_stays_at_the_edges(line: str) -> None:
    text = f"{line}\n\n{BODY}\n\n{line}"
    assert whole(clean(text)) == (text, ())


def test_a_list_of_companies_at_the_end_is_no_share_bar() -> None:
    text = f"{BODY}\n\n- Google\n- Facebook\n- Twitter\n- X"
    assert whole(clean(text)) == (text, ())


def test_a_share_bar_goes_as_a_whole() -> None:
    assert clean(f"Title\n\nShare\nFacebook\nTwitter\nEmail\n\n{BODY}").text == f"Title\n\n{BODY}"


def test_a_list_of_related_articles_goes_with_its_heading() -> None:
    tail = "## Related articles\n\n- Ferries are back\n- Why did the bridge close?"
    assert clean(f"{BODY}\n\n{tail}").text == BODY
    assert clean(f"{tail}\n\n{BODY}").text == f"{tail}\n\n{BODY}"


def test_a_text_of_short_lines_keeps_what_only_edges_would_lose() -> None:
    assert clean("Contact us\n\nNewsletter\n\nPrivacy policy").removed == ()


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("The residentsâ€™ group", "The residents’ group"),
        ("CafÃ© dÃ©jÃ\u00a0 vu", "Café déjà vu"),
        ("Cafe\u0301", "Café"),
        ("10\u00a0000\u202f€\u200b and \ufeffco\u00adoperation", "10 000 € and cooperation"),
        ("soft\u200dware", "software"),
        ("\n\n  two  \n\n\n\n\tlines \n\n", "  two\n\n\tlines"),
        ("an o\ufb03ce, a \ufb01nal \ufb02oor", "an office, a final floor"),
        ("another \ufb01 nding", "another finding"),
        ("½ tsp, 5 m², ＡＢＣ", "½ tsp, 5 m², ＡＢＣ"),
        ("A hospi- tal by the hospital.", "A hospital by the hospital."),
        ("pre- and post-war, hospi- tal", "pre- and post-war, hospi- tal"),
        ("bell\x07 and \x1b[31mred", "bell and [31mred"),
        ("می‌خواهم 👩‍💻", "می‌خواهم 👩‍💻"),
        ("AÇÃO EM SÃO PAULO, 3 € – “naïve”", "AÇÃO EM SÃO PAULO, 3 € – “naïve”"),
        ("Ångström â la carte, £5 à 7 €…", "Ångström â la carte, £5 à 7 €…"),
    ],
)
def test_characters_are_repaired(text: str, repaired: str) -> None:
    assert whole(clean(text)) == (repaired, ())


LINES = st.sampled_from(
    [line for line, _ in FURNITURE]
    + [*SENTENCES, *ARTICLE_BODY, *ARTICLE_FURNITURE]
    + ["", "Facebook", "Share", "Related articles", "## Most read", "- Twitter", "Print", "Title"]
)


@given(st.lists(LINES, max_size=14).map("\n".join))
def test_cleaning_a_page_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert whole(clean(once.text)) == (once.text, ())


@given(st.text(max_size=200) | st.text("Ã©â€™Â\u00a0\u200b\u200da\u0301 \n", max_size=60))
def test_cleaning_any_text_twice_changes_nothing_more(text: str) -> None:
    once = clean(text).text
    assert clean(once).text == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\n\n\n" not in once
    assert "\r" not in once


@given(st.lists(LINES, max_size=14).map("\n".join))
def test_what_is_kept_and_what_is_removed_make_the_whole(text: str) -> None:
    cleaned = clean(text)
    lines = text.split("\n")
    assert all(lines[part.line - 1] == part.text for part in cleaned.removed)
    gone = {part.line for part in cleaned.removed}
    kept = [line for number, line in enumerate(lines, start=1) if line and number not in gone]
    assert [line for line in cleaned.text.split("\n") if line] == kept


@pytest.mark.parametrize(
    "line",
    ["© " * 100_000, "we use cookies " * 20_000, "share " * 50_000, "- " * 100_000, " " * 300_000],
)
def test_cleaning_takes_time_in_proportion_to_length(line: str) -> None:
    started = time.monotonic()
    clean(f"{BODY}\n\n{line}\n\n" + "\n".join([line[:299]] * 300))
    assert time.monotonic() - started < 3


def test_real_articles_lose_no_word(shared_data: Path) -> None:
    paths = sorted((shared_data / "onestopenglish").glob("*-adv.txt"))
    assert len(paths) == 189
    for path in paths:
        text = path.read_text("utf-8-sig")
        cleaned = clean(lay_out(text))
        assert cleaned.removed == (), path.name
        assert cleaned.text.split() == without_ligatures(text).split(), path.name


def without_ligatures(text: str) -> str:
    text = re.sub("(?<!\\w)([\ufb00-\ufb06]) (?=[a-z]{2})", r"\1", text)
    return "".join(
        unicodedata.normalize("NFKC" if "\ufb00" <= c <= "\ufb06" else "NFC", c)
        for c in unicodedata.normalize("NFC", text)
    )


# ---------------------------------------------------------------- restoring


def test_each_line_knows_which_line_it_was() -> None:
    cleaned = clean("One.\n\n\nAdvertisement\n\nTwo.\nThree.")
    assert cleaned == Cleaned(
        "One.\n\nTwo.\nThree.", (Removed(4, "Advertisement", "advertisement"),), (1, 2, 6, 7)
    )


def test_a_line_that_a_curator_wants_stays() -> None:
    text = f"{BODY}\n\nSign up for our  newsletter\n\nAdvertisement"
    cleaned = clean(text, keep=["Sign up for\nour newsletter"])
    assert cleaned.text == f"{BODY}\n\nSign up for our  newsletter"
    assert [part.text for part in cleaned.removed] == ["Advertisement"]


def test_what_a_reader_dropped_comes_back_to_its_place() -> None:
    dropped = (
        Removed(1, "- Home", "menu"),
        Removed(3, "Note: the pier is closed.", "sidebar"),
        Removed(3, "- one", "sidebar"),
        Removed(3, "- two", "sidebar"),
        Removed(5, "The end.", "page footer"),
    )
    keep = ["Note: the pier is closed.", "- one", "- two", "The end."]
    cleaned = clean("First.\n\nSecond.", dropped=dropped, keep=keep)
    assert cleaned == Cleaned(
        "First.\n\nNote: the pier is closed.\n\n- one\n- two\n\nSecond.\n\nThe end.",
        (Removed(1, "- Home", "menu"),),
        (1, 2, 0, 0, 0, 0, 0, 3, 0, 0),
    )


def test_reader_and_cleaner_report_together_in_order() -> None:
    dropped = (Removed(1, "Menu", "menu"), Removed(4, "Footer", "page footer"))
    cleaned = clean("Advertisement\n\nText.", dropped=dropped)
    assert cleaned.removed == (dropped[0], Removed(1, "Advertisement", "advertisement"), dropped[1])


@given(
    st.lists(LINES, max_size=14).map("\n".join),
    st.lists(LINES, max_size=3),
    st.lists(st.builds(Removed, st.integers(1, 20), LINES, st.just("menu")), max_size=4),
)
def test_cleaning_again_with_the_same_wishes_changes_nothing_more(
    text: str, keep: list[str], dropped: list[Removed]
) -> None:
    once = clean(text, dropped=tuple(dropped), keep=keep)
    assert len(once.line_numbers) == (once.text.count("\n") + 1 if once.text else 0)
    assert whole(clean(once.text, keep=keep)) == (once.text, ())
    known = repair(text).split("\n")
    for line, number in zip(once.text.split("\n"), once.line_numbers, strict=False):
        assert number == 0 or known[number - 1] == line


@pytest.mark.parametrize(
    ("line", "following", "joined"),
    [
        ("the conductor is in hospi-", "tal until May", "the conductor is in hospital until May"),
        ("a term of three-", "year length", "a term of three-year length"),
        ("both pre-", "and post-war", "both pre- and post-war"),
        ("the Anglo-", "Saxon king", "the Anglo- Saxon king"),
        ("and then -", "nothing", "and then - nothing"),
    ],
)
def test_a_word_broken_at_a_line_end_is_joined(line: str, following: str, joined: str) -> None:
    before, between = joint(line, following)
    assert before + between + following == joined


PATTERNS = [
    pytest.param(rule.pattern, id=f"{name}-{at}-{rule.reason}")
    for name, rules in (("anywhere", ANYWHERE), ("edges", AT_EDGES), ("end", AT_END))
    for at, rule in enumerate(rules)
] + [LIST_HEADING, SHARE_SURE, SHARE_WORD]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_rule_takes_long_over_a_hostile_line(pattern: re.Pattern[str]) -> None:
    openings = (
        "", "we use cookies ", "copyright ", "© 2020 ", "read more: ", "subscribe ", "share this ",
        "sign up for our newsletter ", "we may earn ", "you received this email because ", "- - -",
        "follow us on ", "en poursuivant votre navigation ", "more stories from ", "scroll ",
    )  # fmt: skip
    started = time.monotonic()
    for opening in openings:
        for filling in ("a", " ", "cookies ", "newsletter ", "- ", "1", "all rights reserved "):
            pattern.match(opening + filling * (200_000 // len(filling)) + "\x00")
    assert time.monotonic() - started < 5


def test_the_links_of_a_menu_are_named_apart() -> None:
    page = (
        "<html><body><nav><a href='/'>Home</a><a href='/s'>Sport</a></nav><article><h1>Ferry</h1>"
        f"<p>{'The ferry to Holm sails twice a day from the old pier. ' * 9}</p>"
        "</article></body></html>"
    )
    assert read_html(page, name="page.html").dropped == (Removed(1, "Home Sport", "menu"),)
