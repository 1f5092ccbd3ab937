"""What is said to the assistant that no document can answer, and is not to be looked for."""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.declined import OPENING

NO_QUESTION = "That is no question about the documents: ask what you want to know of them."
_TALK = re.compile(
    r"(?:(?:hi|hello|hey|hallo|hullo|howdy|bonjour|salut|hola|ciao|moin|guten tag)(?: there| all)?"
    r"|good (?:morning|afternoon|evening|day|night)"
    r"|(?:(?:ok|okay|great|perfect|cool|nice|well)[,!. ]+)?(?:many )?"
    r"(?:thanks|thank you|thx|cheers)"
    r"(?: (?:a lot|so much|very much|again|for (?:that|this|your help)))?"
    r"|danke(?: schön| sehr)?|vielen dank|merci(?: beaucoup)?|gracias|grazie"
    r"|(?:good)?bye(?: bye)?|see you|tschüss|au revoir"
    r"|ok|okay|great|perfect|cool|nice|got it|i see|yes|no|yep|nope|ja|nein|oui|non"
    r"|(?:please )?help(?: me)?|test(?:ing)?|who are you|what (?:are|can) you(?: do)?|how are you)"
    r"[\s!.,?:;)]*",
    re.IGNORECASE,
)
_ASKS_IN = {
    "German": "wie wann wo wer wen wem wessen warum wieso weshalb welche welcher welches welchen "
    "wieviel wofür",
    "French": "combien quand qui où pourquoi quel quelle quels quelles comment",
    "Spanish": "cuándo cuánto cuánta cuántos cuántas quién quiénes dónde cuál cuáles cómo qué",
}
"""Words that questions open with in languages whose words are none of English."""
_NAMES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}
_AND = frozenset("und aber et mais y pero".split())
_WORD = re.compile(r"[^\W\d_]+")


def is_small_talk(question: str) -> bool:
    """Tell whether a question is a greeting, thanks, or about the assistant itself."""
    return bool(_TALK.fullmatch(question.strip()))


def asks_in(question: str) -> str:
    """Return the language that a question's first word shows; empty where it may be any."""
    words = [word for word in _WORD.findall(question.lower())[:2] if word not in _AND]
    first = words[0] if words else ""
    return next((name for name, asked in _ASKS_IN.items() if first in asked.split()), "")


def in_another_language(question: str, languages: Collection[str | None]) -> str:
    """Say that a question is asked in another language than the passages found for it are in.

    ``languages`` are those of their documents. Empty where they may be in that language.
    """
    asked = asks_in(question)
    # A short document is in no language that is known.
    theirs = {_NAMES.get(one, "") for one in languages if one}
    if not asked or len(theirs) != 1 or theirs & {asked, ""}:
        return ""
    told = theirs.pop()
    return f"{OPENING}: the question is in {asked}, and the documents are in {told}. Ask in {told}."
