"""Questions that a sentence answers, by patterns: each grammatical, or none at all.

Who, when, how many, how much, how long, what percentage: a sentence with one sure value of a kind
(``assistant.stated``) gives a question whose answer is that value, as it stands there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.expect import Expected, Kind, expected
from assistant.question_clauses import Asked, Clause, names_in, plain_clause
from assistant.question_people import person_asked
from assistant.question_verbs import PAYING
from assistant.stated import Stated, values_of

_ROUGH = r"(?:(?:about|around|nearly|almost|roughly|some|over|more than|at least|up to) )?"
_PREPOSITIONS = (
    "of in at on for from to with by during as after over against under into across between among"
).split()
_STOPS = frozenset([*_PREPOSITIONS, "and", "or", "who", "that", "which", "but", "than"])
_PLURAL = re.compile(r"(?:\w+s|people|men|women|children|police|feet|data)\b", re.I)
_UNITS = re.compile(
    r"^(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|percent|euros?|dollars?|"
    r"pounds?|million|billion|thousand|per|feet|metres?|meters?|miles?|kilometres?|kilometers?)$"
)
_SUM = re.compile(
    rf"^(?P<before>.*?)\ba (?:[a-z-]+ )?(?P<noun>fine|penalty|settlement|grant|payment|budget) of "
    rf"{_ROUGH}$"
)
_UNNAMED = re.compile(r"\b(?:did|was|were|had) (?:the|a|an) [a-z-]+ [a-z]")
_VAGUE = re.compile(r"^(?:the|its|their|his|her) [a-z’' -]+$")
_TAILS = [["between"], ["during"], ["in"], ["on"], ["over"], ["after"], ["since"]]
_LEAST, _MOST = 5, 24


def questions_of(sentence: str, text: str) -> Iterator[Asked]:
    """Yield questions that a sentence of a text answers, the surest kind first."""
    for make in _MAKERS:
        asked = make(sentence, text)
        if asked is not None and _is_good(asked, sentence):
            yield asked


def _is_good(asked: Asked, sentence: str) -> bool:
    question = asked.question
    return (
        _LEAST <= len(question.split()) <= _MOST
        and names_in(question) >= (2 if _UNNAMED.search(question) else 1)
        and expected(question).kind is asked.kind
        and f" {asked.answer.lower()} " not in f" {question.lower()[:-1]} "
        and asked.answer in sentence
    )


def _date(sentence: str, text: str) -> Asked | None:
    clause = plain_clause(sentence, text)
    if clause is None or clause.when is None or clause.when.year is None:
        return None
    if _VAGUE.match(clause.rest) and len(clause.rest.split()) < 5:
        return None
    return Asked(f"{clause.asked('When')}?", clause.when.text, Kind.DATE)


def _count_first(sentence: str, text: str) -> Asked | None:
    """ "Four regulators fined X in 2022." gives "How many regulators fined X in 2022?"."""
    clause = plain_clause(sentence, text)
    if clause is None or not sentence.startswith(clause.subject[:1].upper()):
        return None
    counts = _counts(clause.subject)
    if len(counts) != 1 or not re.fullmatch(_ROUGH, clause.subject[: counts[0].start], re.I):
        return None
    things = clause.subject[counts[0].end :].strip()
    if not _is_countable(things.split(" ")):
        return None
    asked = f"How many {things} {clause.verb} {_with_date(clause.rest, clause)}?"
    return Asked(asked, _as_written(counts[0].text, sentence), Kind.COUNT)


def _count_behind(sentence: str, text: str) -> Asked | None:
    """ "The system produced 19 matches in May." gives "How many matches did the system ..."."""
    clause = plain_clause(sentence, text)
    if clause is None or (clause.helped and clause.verb != "had"):
        return None
    counts = _counts(clause.rest)
    # "had run 300 searches": the participle stays with its verb.
    done = f"{clause.rest.split(' ')[0]} " if clause.helped else ""
    if len(counts) != 1 or not re.fullmatch(done + _ROUGH, clause.rest[: counts[0].start]):
        return None
    words = clause.rest[counts[0].end :].split()
    things, rest = _parted(words)
    if not _is_countable(things) or rest[:1] in (["and"], ["or"], ["who"], ["that"]):
        return None
    if rest[:1] == ["of"]:
        more, rest = _parted(rest[1:])
        things = [*things, "of", *more]
    tail = _with_date(done + " ".join(rest), clause)
    question = clause.asked(f"How many {' '.join(things)}", tail)
    return Asked(_ended(question), counts[0].text, Kind.COUNT)


def _count_within(sentence: str, text: str) -> Asked | None:
    """ "CBP tested it at nine airports." gives "At how many airports did CBP test it?"."""
    clause = plain_clause(sentence, text)
    counts = _counts(clause.rest) if clause else []
    if clause is None or len(counts) != 1:
        return None
    told = clause.rest[: counts[0].start]
    before = re.fullmatch(rf"(?P<what>.+) (?P<where>on|in|at|from) {_ROUGH}", told)
    things, rest = _parted(clause.rest[counts[0].end :].split())
    if not before or not _is_countable(things) or rest[:1] not in ([], *_TAILS):
        return None
    tail = _with_date(f"{before['what']} {' '.join(rest)}", clause)
    opening = f"{before['where'].capitalize()} how many {' '.join(things)}"
    return Asked(_ended(clause.asked(opening, tail)), counts[0].text, Kind.COUNT)


def _money(sentence: str, text: str) -> Asked | None:
    clause = plain_clause(sentence, text)
    if clause is None:
        return None
    sums = values_of(Expected(Kind.MONEY), clause.rest)
    if len(sums) != 1:
        return None
    before, after = clause.rest[: sums[0].start], clause.rest[sums[0].end :].strip()
    if after.split(" ")[0] in ("and", "or", "less", "more", "a", "per", "each"):
        return None
    tail = _with_date(after, clause)
    if found := _SUM.match(before):
        told = f"{clause.subject} {clause.verb} {found['before']}".strip()
        if clause.helped:
            return None
        return Asked(
            _ended(f"How much was the {found['noun']} that {told} {tail}"), sums[0].text, Kind.MONEY
        )
    whom = re.sub(rf"{_ROUGH}$", "", before).strip()
    if clause.helped and whom == "fined":
        return Asked(_ended(clause.asked("How much", f"fined {tail}")), sums[0].text, Kind.MONEY)
    named = bool(re.fullmatch(r"(?:the )?[A-Z][\w’'. -]+", whom))
    if not clause.helped and (
        (clause.verb == "fined" and named) or (clause.verb in PAYING and (not whom or named))
    ):
        question = clause.asked("How much", f"{whom} {tail}".strip())
        return Asked(_ended(question), sums[0].text, Kind.MONEY)
    return None


def _duration(sentence: str, text: str) -> Asked | None:
    clause = plain_clause(sentence, text)
    if clause is None:
        return None
    lengths = values_of(Expected(Kind.DURATION), clause.rest)
    if len(lengths) != 1:
        return None
    before, after = clause.rest[: lengths[0].start], clause.rest[lengths[0].end :].strip()
    if after and after.split(" ")[0] not in _PREPOSITIONS:
        return None
    tail = _with_date(after, clause)
    if clause.verb == "lasted" and re.fullmatch(_ROUGH, before):
        return Asked(_ended(clause.asked("How long", tail)), lengths[0].text, Kind.DURATION)
    if found := re.fullmatch(rf"(?P<what>.*?) ?\bfor {_ROUGH}", before):
        question = clause.asked("For how long", f"{found['what']} {tail}".strip())
        return Asked(_ended(question), lengths[0].text, Kind.DURATION)
    return None


def _share(sentence: str, text: str) -> Asked | None:
    clause = plain_clause(sentence, text)
    if clause is None:
        return None
    shares = values_of(Expected(Kind.SHARE), clause.subject)
    if len(shares) != 1 or not re.fullmatch(_ROUGH, clause.subject[: shares[0].start], re.I):
        return None
    of_what = clause.subject[shares[0].end :].strip()
    if not of_what.startswith("of "):
        return None
    question = f"What percentage {of_what} {clause.verb} {_with_date(clause.rest, clause)}"
    return Asked(_ended(question), _as_written(shares[0].text, sentence), Kind.SHARE)


def _counts(phrase: str) -> list[Stated]:
    """Return the numbers of a phrase that count things, but "one"."""
    return [one for one in values_of(Expected(Kind.COUNT), phrase) if one.amount != 1]


def _is_countable(things: list[str]) -> bool:
    return (
        1 <= len(things) <= 4
        and bool(_PLURAL.fullmatch(things[-1]))
        and not any(_UNITS.match(word) for word in things)
        and not any(word in _STOPS for word in things)
    )


def _parted(words: list[str]) -> tuple[list[str], list[str]]:
    """Cut words in front of the first preposition or conjunction."""
    length = next((n for n, word in enumerate(words) if word in _STOPS), len(words))
    return words[:length], words[length:]


def _with_date(rest: str, clause: Clause) -> str:
    """Return what follows the verb with the date that had been taken out."""
    if clause.when is None:
        return rest
    text = clause.when.text
    word = "on" if clause.when.day is not None else "in"
    return f"{rest} {word} {text}".strip()


def _ended(question: str) -> str:
    return " ".join(question.split()) + "?"


def _as_written(value: str, sentence: str) -> str:
    """Return a value with the capital that it has where it begins its sentence."""
    return value if value in sentence else value[:1].upper() + value[1:]


_Maker = Callable[[str, str], Asked | None]
_MAKERS: tuple[_Maker, ...] = (
    _money,
    _count_behind,
    _count_first,
    _count_within,
    _duration,
    _share,
    person_asked,
    _date,
)
