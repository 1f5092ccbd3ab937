"""Minimal pairs made from the starter corpus: a sentence reworded, and the same with one lie."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.support import Candidate
from corpus.read import read_document
from index.sentences import sentence_spans

CORPUS = Path(__file__).parents[2] / "corpus" / "documents"
BY_HAND = tuple(
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("support_faithful.tsv").read_text("utf-8").splitlines()
)
"""Faithful rewordings made by hand: words of a document's file name, some words of the paragraph
that says so, and the rewording."""
MONTHS = (
    "January February March April May June July August September October November December".split()
)
_MONTH = "|".join(MONTHS)
_NAME = re.compile(
    r"(?<![.?!] )(?<!^)\b(?:[A-Z][\w’'-]+"
    r"(?: (?:of the |of |AI|[A-Z][\w’'-]+)(?= |,|\.|'|’|$)){0,3})"
)
_NOT_NAMES = re.compile(rf"\b(?:{_MONTH}|The|In|On|At|A|An|It|He|She|They|This|That|By|For)\b")


@dataclass(frozen=True)
class Paragraph:
    """The sentences of one paragraph, and what its document's head says."""

    document: str
    head: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """A sentence to be judged against a paragraph: ``kind`` says how it was made."""

    text: str
    kind: str
    faithful: bool
    paragraph: Paragraph
    held_out: bool


def candidates(
    claim: Claim, similarity: Callable[[str, list[str]], list[float]]
) -> list[Candidate]:
    """Return the paragraph's sentences as candidates, near by an embedder."""
    sentences = list(claim.paragraph.sentences)
    context = " ".join([claim.paragraph.head, *sentences])
    return [
        Candidate(text, near, 0, place, context)
        for place, (text, near) in enumerate(
            zip(sentences, similarity(claim.text, sentences), strict=True)
        )
    ]


def paragraphs() -> list[Paragraph]:
    """Return the paragraphs of the starter corpus."""
    return [one for path in sorted(CORPUS.glob("*.md")) for one in _paragraphs(path)]


def _paragraphs(path: Path) -> Iterator[Paragraph]:
    document = read_document(path, folder=CORPUS).document
    head = f"{document.title} {document.date}"
    for block in re.finditer(r"[^\n]+(?:\n(?!\n)[^\n]+)*", document.text):
        spans = sentence_spans(document.text, block.start(), block.end())
        sentences = tuple(document.text[a:b].lstrip("- ") for a, b in spans)
        if sum(map(len, sentences)) > 60:
            yield Paragraph(path.stem, head, sentences)


def is_held_out(document: str) -> bool:
    """Tell whether a document's pairs were left out while the checks were made."""
    return hashlib.sha256(document.encode()).digest()[0] % 2 == 1


def claims() -> list[Claim]:
    """Return all claims, the faithful ones and the corrupted ones."""
    found: list[Claim] = []
    everything = paragraphs()
    for stem, anchor, text in BY_HAND:
        home = next(
            one for one in everything if stem in one.document and anchor in " ".join(one.sentences)
        )
        held = is_held_out(home.document)
        found.append(Claim(text, "by hand", True, home, held))
        found += [
            Claim(lie, f"{kind}, by hand", False, home, held)
            for kind, lie in lies(text, home, everything)
        ]
    for paragraph in everything:
        held = is_held_out(paragraph.document)
        for text in paragraph.sentences:
            if not (50 <= len(text) <= 260) or text.endswith("?"):
                continue
            found += [Claim(made, kind, True, paragraph, held) for kind, made in rewordings(text)]
            found += [
                Claim(lie, kind, False, paragraph, held)
                for kind, lie in lies(text, paragraph, everything)
            ]
    return found


# ---------------------------------------------------------------- rewordings


_DAY = re.compile(rf"\b({_MONTH}) (\d{{1,2}}), (\d{{4}}),?")
_FRONT = re.compile(
    rf"^((?:In|On|By|At|Under|Since|For|From)\b(?:(?!\b(?:and|which|who)\b)[^,]){{4,40}}"
    rf"(?:{_MONTH})?(?: \d{{1,2}})?(?:, \d{{4}})?), ([A-Za-z].{{30,}})\.$"
)
_SAID = re.compile(r"^((?:[A-Z][\w’'-]+ ?){1,4}) (said|says) (?:that )?(.{25,})\.$")
_WORDS = (
    (" said ", " stated "),
    (" said that ", " stated that "),
    ("the company", "the firm"),
    (" more than ", " over "),
    (" about ", " roughly "),
    (" photos", " photographs"),
    (" began ", " started "),
    (" used ", " employed "),
    (" did not ", " didn't "),
    (" percent", "%"),
    (" pictures", " images"),
    (" many ", " numerous "),
    (" ban ", " prohibition "),
    (" two ", " 2 "),
    (" three ", " 3 "),
    (" five ", " 5 "),
    (" announced ", " made known "),
    (" because ", " since "),
    (" until ", " up to "),
    (" largest", " biggest"),
)
_DOLLARS = re.compile(r"\$(\d[\d,.]*\d|\d)( (?:million|billion))?")


def rewordings(text: str) -> Iterator[tuple[str, str]]:
    """Yield sentences that say the same as a sentence, or less."""
    if found := _DAY.search(text):
        yield "date's form", _DAY.sub(r"\2 \1 \3", text, count=1)
    apposed = r"\b(?:and|but)\b|^\S+, an? |^an? "
    if (found := _FRONT.match(text)) and not re.search(apposed, found[2]):
        first = found[2][0].upper() + found[2][1:]
        front = found[1][0].lower() + found[1][1:]
        yield "adverbial moved", f"{first} {front}."
        yield "adverbial dropped", f"{first}."
    if found := _SAID.match(text):
        said = found[3][0].upper() + found[3][1:]
        yield "speaker moved", f"{said}, {found[1].strip()} {found[2]}."
        yield "according to", f"According to {found[1].strip()}, {found[3]}."
    changed = text
    for old, new in _WORDS:
        changed = changed.replace(old, new)
    if changed != text:
        yield "synonyms", changed
    if _DOLLARS.search(text):
        yield "currency's form", _DOLLARS.sub(r"\1\2 dollars", text)
    found = re.match(r"^(.{40,}?),? and (?:the|it|he|she|[A-Z])[\w’' -]{25,}\.$", text)
    if found and " between " not in found[1] and "both" not in found[1].lower():
        yield "split", f"{found[1].rstrip(',')}."


# ---------------------------------------------------------------- lies


def lies(text: str, home: Paragraph, everything: list[Paragraph]) -> Iterator[tuple[str, str]]:
    """Yield sentences that differ from a true one in one thing."""
    chance = random.Random(text)
    for kind, make in _LIES:
        lie = make(text, home, everything, chance)
        if lie is not None and lie != text:
            yield kind, lie


Maker = Callable[[str, Paragraph, list[Paragraph], random.Random], str | None]


def _spot(pattern: str | re.Pattern[str], text: str, chance: random.Random) -> re.Match[str] | None:
    found = list(re.finditer(pattern, text))
    return chance.choice(found) if found else None


def _put(text: str, found: re.Match[str], new: str) -> str:
    return text[: found.start()] + new + text[found.end() :]


_NUMBERS = (
    rf"(?<![\d.,-])(?<!(?:{'|'.join(month[-3:] for month in MONTHS)}) )(?<![A-Z] )"
    rf"\d[\d,.]*\d\b(?! (?:{_MONTH}))",
    r"\b(?:two|three|four|five|six|nine|ten|eleven)\b",
)


def _number(
    text: str, home: Paragraph, everything: list[Paragraph], chance: random.Random
) -> str | None:
    pattern = "|".join(_NUMBERS)
    found = [m for m in re.finditer(pattern, text) if not re.fullmatch(r"(?:19|20)\d\d", m[0])]
    if not found:
        return None
    spot = chance.choice(found)
    if spot[0].isalpha():
        words = "two three four five six nine ten eleven".split()
        return _put(text, spot, chance.choice([w for w in words if w != spot[0]]))
    near = re.findall(r"(?<![\d.,])\d[\d,.]*\d\b", " ".join(home.sentences))
    others = [one for one in near if one != spot[0] and not re.fullmatch(r"(?:19|20)\d\d", one)]
    others = [one for one in others if one not in text]
    if others and chance.random() < 0.5:
        return _put(text, spot, chance.choice(others))
    digit = str((int(spot[0][0]) % 9) + 1)
    return _put(text, spot, digit + spot[0][1:])


def _year(
    text: str, home: Paragraph, everything: list[Paragraph], chance: random.Random
) -> str | None:
    spot = _spot(r"\b(?:19|20)\d\d\b", text, chance)
    return _put(text, spot, str(int(spot[0]) + chance.choice((-2, -1, 1, 2)))) if spot else None


def _month(
    text: str, home: Paragraph, everything: list[Paragraph], chance: random.Random
) -> str | None:
    spot = _spot(rf"\b(?:{_MONTH})\b(?= \d|\b)", text, chance)
    if spot is None or (spot[0] == "May" and not re.match(r" \d", text[spot.end() :])):
        return None
    return _put(text, spot, chance.choice([m for m in MONTHS if m != spot[0]]))


def _names(text: str) -> list[re.Match[str]]:
    return [m for m in _NAME.finditer(text) if not _NOT_NAMES.search(m[0]) and len(m[0]) > 3]


def _name(
    text: str, home: Paragraph, everything: list[Paragraph], chance: random.Random
) -> str | None:
    found = _names(text)
    others = [m[0] for one in home.sentences for m in _names(one)]
    far = [m[0] for one in chance.sample(everything, 12) for s in one.sentences for m in _names(s)]
    pool = [
        name
        for name in (others or far if chance.random() < 0.6 else far)
        if not set(name.split()) & set(re.findall(r"[\w’'-]+", text))
    ]
    if not found or not pool:
        return None
    return _put(text, chance.choice(found), chance.choice(sorted(pool)))


_VERB = re.compile(
    r"ed\b|\b(?:said|told|sent|gave|will|may|led|sold|found|held|gives|tells|says|has|had|calls|"
    r"fines|wrote|sues|won|lost|took|met|ran|knew|left|is|was)\b"
)


def _swap(
    text: str, home: Paragraph, everything: list[Paragraph], chance: random.Random
) -> str | None:
    found = re.match(
        r"^((?:The )?(?!The\b)[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)((?: (?!of|in|and|for)[a-z]+){1,4} )"
        r"((?:the )?(?!The\b)[A-Z][\w’-]+(?: [A-Z][\w’-]+)*)(?!['’\w-])(.*)$",
        text,
    )
    if found is None or found[1].split()[0] in ("In", "On", "By", "At", "After", "Since", "As"):
        return None
    if re.search(rf"\b(?:{_MONTH})\b", found[3]) or not _VERB.search(found[2]):
        return None
    if found[3].removeprefix("the ") in ("US", "Dutch", "British", "French", "European"):
        return None
    first = found[3][0].upper() + found[3][1:]
    second = found[1][0].lower() + found[1][1:] if found[1].startswith("The ") else found[1]
    return f"{first}{found[2]}{second}{found[4]}"


def _numbers_swapped(
    text: str, home: Paragraph, everything: list[Paragraph], chance: random.Random
) -> str | None:
    found = [
        m
        for m in re.finditer(r"(?<![\d.,$-])\d[\d,.]*\d\b", text)
        if not re.fullmatch(r"(?:19|20)\d\d", m[0])
        and not re.search(rf"(?:{_MONTH}) $", text[: m.start()])
    ]
    if len(found) < 2 or found[0][0] == found[1][0]:
        return None
    between = text[found[0].end() : found[1].start()]
    if re.search(r"between|from", text[: found[0].start()][-14:]) or between == " to ":
        return None
    one, two = found[0], found[1]
    return text[: one.start()] + two[0] + text[one.end() : two.start()] + one[0] + text[two.end() :]


def _negated(
    text: str, home: Paragraph, everything: list[Paragraph], chance: random.Random
) -> str | None:
    if found := re.search(r"\b(?:did|does|do) not (\w+)", text):
        return _put(text, found, found[1])
    if found := re.search(r"\b(was|were|is|are|has|had|have|will|can|may|could) not\b", text):
        return _put(text, found, found[1])
    if re.search(r"\b(?:no|nobody|never|none|neither|without)\b", text, re.I):
        changed = re.sub(r"\bno\b", "a", text, count=1)
        changed = re.sub(r"\bNobody was\b", "People were", changed)
        changed = re.sub(r"\bnever ", "", changed, count=1)
        return changed if changed != text else None
    found = re.search(r"\b(was|were|is|are|has|had|have|will|can|may|could|must)\b(?! been)", text)
    return _put(text, found, f"{found[1]} not") if found else None


_UNITS = (
    ("million", "billion"), ("billion", "million"), ("euros", "dollars"), ("pounds", "euros"),
    ("yuan", "dollars"), ("dollars", "euros"), ("days", "weeks"), ("weeks", "months"),
    ("months", "years"), ("years", "months"), ("hours", "days"), ("minutes", "hours"),
    ("percent", "million"), ("$", "€"), ("a second", "an hour"), ("a month", "a year"),
)  # fmt: skip


def _unit(
    text: str, home: Paragraph, everything: list[Paragraph], chance: random.Random
) -> str | None:
    number = r"(?:\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|half|few))"
    usable = [
        (old, new)
        for old, new in _UNITS
        if (old == "$" and "$" in text)
        or re.search(rf"{number}[\w,.]* (?:\w+ )?{re.escape(old)}\b", text)
    ]
    if not usable:
        return None
    old, new = chance.choice(usable)
    return text.replace(old, new, 1)


_COMPARED = (
    ("more than", "less than"), ("at least", "at most"), ("up to", "at least"),
    (" before ", " after "), (" after ", " before "), ("less than", "more than"),
    ("larger", "smaller"), ("first", "last"), ("largest", "smallest"), (" until ", " since "),
    ("higher", "lower"), ("earlier", "later"), ("fewer", "more"), ("under ", "over "),
    ("too little", "too much"), ("over ", "under "),
)  # fmt: skip


def _compared(
    text: str, home: Paragraph, everything: list[Paragraph], chance: random.Random
) -> str | None:
    usable = [
        (old, new)
        for old, new in _COMPARED
        if re.search(rf"\b{re.escape(old.strip())}\b", text)
        and not (old in ("under ", "over ") and not re.search(rf"\b{old}(?:\d|\$)", text))
    ]
    if not usable:
        return None
    old, new = chance.choice(usable)
    return text.replace(old, new, 1)


_QUANTITIES = (
    (" some ", " all "), (" many ", " all "), (" most ", " all "), (" all ", " some "),
    (" only ", " not only "), (" several ", " all "), (" both ", " all "), (" one of ", " all of "),
    (" three of ", " all of "), ("Three of ", "All of "), (" few ", " many "), (" half ", " all "),
)  # fmt: skip


def _quantity(
    text: str, home: Paragraph, everything: list[Paragraph], chance: random.Random
) -> str | None:
    usable = [(old, new) for old, new in _QUANTITIES if old in text]
    if not usable:
        return None
    old, new = chance.choice(usable)
    return text.replace(old, new, 1)


_OPPOSITES = (
    ("approved", "rejected"), ("rejected", "accepted"), ("unlawful", "lawful"),
    ("lawfully", "unlawfully"), ("illegal", "legal"), ("dismissed", "upheld"),
    ("allowed", "rejected"), ("upheld", "overturned"), ("refused", "agreed"),
    ("banned", "allowed"), ("accepted", "rejected"), ("denied", "admitted"),
    ("public", "private"), ("began", "ended"), ("women", "men"), ("permanent", "temporary"),
    ("succeeded", "failed"), ("agreed", "refused"), ("voted for", "voted against"),
    ("in favor", "against"), ("correct", "wrong"), ("foreign", "domestic"), ("won", "lost"),
)  # fmt: skip


def _opposite(
    text: str, home: Paragraph, everything: list[Paragraph], chance: random.Random
) -> str | None:
    usable = [(old, new) for old, new in _OPPOSITES if re.search(rf"\b{old}\b", text)]
    if not usable:
        return None
    old, new = chance.choice(usable)
    return re.sub(rf"\b{old}\b", new, text, count=1)


_LIES: tuple[tuple[str, Maker], ...] = (
    ("number", _number),
    ("year", _year),
    ("month", _month),
    ("name", _name),
    ("swap", _swap),
    ("numbers swapped", _numbers_swapped),
    ("negation", _negated),
    ("unit", _unit),
    ("compared", _compared),
    ("quantity", _quantity),
    ("opposite", _opposite),
)
