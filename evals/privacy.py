"""Takes personal data out of what people asked, before it goes into a suite that others read.

Replaced by a word in brackets:

- ``[email]``: addresses of mail;
- ``[card]``: the numbers of payment cards: 13 to 19 digits in one piece or in fours (or 4-6-5) that
  begin as cards do and pass their check (Luhn, ISO/IEC 7812-1);
- ``[account]``: international bank account numbers that pass theirs (ISO 13616, mod 97);
- ``[id]``: numbers written as those of American social security, 3-2-4 digits;
- ``[phone]``: telephone numbers: behind a plus, with the area in brackets, with a leading zero, or
  in 3-3-4 digits;
- ``[name]``: the login and the real name of the account that this program runs under, and names
  that one adds. Logins that name a role (root, admin) are words like any other.

What stands word for word in the corpus's own evidence is no secret, and stays: a case about a
hotline needs its number. Names of other people cannot be told from those that a question is about,
so a person reads the line before it is added.
"""

from __future__ import annotations

import getpass
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

_ROLES = frozenset(
    "root admin administrator user ubuntu debian runner nobody daemon docker guest test dev git "
    "www-data jovyan vagrant ec2-user azureuser app service".split()
)
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_CARD = re.compile(
    r"(?<![\w.-])(?:\d{13,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{5})"
    r"(?![\w-])"
)
_CARD_BEGINS = re.compile(r"[3-6]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_SOCIAL = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_PHONE = re.compile(
    r"(?<![\w.,$€£¥/-])(?:"
    r"\+\d(?:[ ./-]?\(?\d\)?){6,14}"
    r"|\(\d{2,5}\) ?\d(?:[ ./-]?\d){5,9}"
    r"|0\d{1,4}(?:[ /-]\d{2,5}){2,4}"
    r"|0\d{9,10}"
    r"|(?:1[ .-])?\d{3}[ .-]\d{3}[ .-]\d{4}"
    r")(?![\w-]|[.,]\d)"
)
_DATE = re.compile(r"0?\d[ /-]\d{1,2}[ /-]\d{2,4}")


class Scrubber:
    """Takes personal data out of texts; ``found`` counts what was taken out, by its word.

    ``known`` are texts of the corpus, whose numbers and addresses stay.
    """

    def __init__(self, names: Iterable[str] = (), known: Sequence[str] = ()) -> None:
        account = _account()
        self._names = _pattern([account.login, account.name, *names], account.name.split())
        self._known = known
        self.found: Counter[str] = Counter()

    def scrub(self, text: str) -> str:
        """Return a text without personal data."""
        rules: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
            ("email", _EMAIL, lambda _: True),
            ("card", _CARD, _is_card),
            ("account", _ACCOUNT, _is_account),
            ("id", _SOCIAL, lambda _: True),
            ("phone", _PHONE, _is_phone),
        )
        for word, pattern, holds in rules:
            text = self._replaced(text, word, pattern, holds)
        if self._names is not None:
            text = self._replaced(text, "name", self._names, lambda _: True)
        return text

    def _replaced(
        self, text: str, word: str, pattern: re.Pattern[str], holds: Callable[[str], bool]
    ) -> str:
        def put(found: re.Match[str]) -> str:
            said = found.group()
            if not holds(said) or any(said in one for one in self._known):
                return said
            self.found[word] += 1
            return f"[{word}]"

        return pattern.sub(put, text)


@dataclass(frozen=True, slots=True)
class _Account:
    """What the account of this process is called; empty where that names no person."""

    login: str = ""
    name: str = ""


def _account() -> _Account:
    try:
        login = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return _Account()
    if login.lower() in _ROLES:
        return _Account()
    try:
        import pwd

        return _Account(login, pwd.getpwnam(login).pw_gecos.partition(",")[0].strip())
    except (ImportError, KeyError):
        return _Account(login)


def _pattern(names: Iterable[str], parts: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds names as whole words; ``parts`` of them only as they are spelled."""
    whole, spelled = _any_of(names), _any_of(parts)
    found = [*([f"(?i:{whole})"] if whole else ()), *([spelled] if spelled else ())]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)") if found else None


def _any_of(names: Iterable[str]) -> str:
    kept = sorted({name.strip() for name in names if len(name.strip()) > 2}, key=len, reverse=True)
    return "|".join(map(re.escape, kept))


def _digits(text: str) -> list[int]:
    return [int(one) for one in text if one.isascii() and one.isdigit()]


def _is_card(text: str) -> bool:
    digits = _digits(text)[::-1]
    doubled = sum(sum(divmod(2 * one, 10)) for one in digits[1::2])
    return bool(_CARD_BEGINS.match(text)) and (sum(digits[::2]) + doubled) % 10 == 0


def _is_account(text: str) -> bool:
    plain = text.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


def _is_phone(text: str) -> bool:
    return not _DATE.fullmatch(text)
