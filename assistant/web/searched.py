"""The lines above an answer that say what was searched for, and what they say read back."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from assistant.answers import Searched
from assistant.web.filters import only
from assistant.web.markup import characters, markdown_text, note
from assistant.web.preferred import preferred
from assistant.web.told import translated
from assistant.web.wording import everywhere, say
from index.passages import Filters

if TYPE_CHECKING:
    from assistant.archive import Archive

# The note above an answer is a line or two; what a follow-up adds stands at its end, after this.
SHOWN_SEARCH = 240
# A kept conversation may have been held in another language than the page has now.
_SEARCHED = re.compile(
    rf"<small>(?:{'|'.join(re.escape(markdown_text(one)) for one in everywhere('chat.searched'))})"
    r"&#58; ([^<]*)</small>"
)


def search_note(archive: Archive, question: str, filters: Filters, search: Searched) -> str:
    """Say what was searched for and where, as far as that is not the question as it stands."""
    line = " ".join(search.query.split())
    completed = line != " ".join(question.split())
    parts = [only(archive, filters)]
    if search.sides:
        parts.append(say("chat.sides", sides="; ".join(search.sides)))
    if search.steered:
        parts.append(preferred(search.steered.preference))
    shown = [textwrap.shorten(part, SHOWN_SEARCH, placeholder=" …") for part in parts if part]
    lines = [*map(translated, search.remarks), *([". ".join(shown)] if shown else [])]
    if completed:  # a line of its own, which the page lets be edited
        lines.append(
            f"{say('chat.searched')}: " + textwrap.shorten(line, SHOWN_SEARCH, placeholder=" …")
        )
    return "".join(map(note, lines))


def searched_for(markdown: str, question: str) -> str:
    """Return what was searched for, as far as the note above an answer tells it whole."""
    said = _SEARCHED.search(markdown)
    if said is None:
        return question
    words = characters(said[1])
    return "" if words.endswith("…") else words
