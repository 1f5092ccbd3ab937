"""What stands in front of an answer's quotes in the chat, and before those that lean on context."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers import (
    UNSUPPORTED,
    Citation,
    Disagreement,
    InShort,
    Said,
    StatedValue,
)
from assistant.web.evidence import byline, told
from assistant.web.markup import in_bold, in_doubt, markdown_text, marker_link, note
from assistant.web.told import translated
from assistant.web.wording import say


def answer_markdown(said: Sequence[Said]) -> str:
    """Return the pieces of an answer as one escaped text with its markers.

    The text between two markers is escaped as a whole: a piece may end in the middle of what
    Markdown would take for markup.
    """
    done, text = "", ""
    for piece in said:
        quote = piece.text.lstrip("\n")
        context = piece.citation.context if piece.citation else None
        if piece.doubt:
            claim = quote.removesuffix(UNSUPPORTED).strip(" ")
            gap = piece.text[: piece.text.index(claim)] if claim else ""
            done, text = (
                done + markdown_text(text) + gap + in_doubt(claim, translated(piece.doubt)),
                "",
            )
        elif context:
            gap = piece.text[: len(piece.text) - len(quote)]
            before = note(say("chat.before_it", quote=context.quote))
            done, text = done + markdown_text(text) + gap + before, quote
        else:
            text += piece.text
        if piece.citation:
            done, text = done + markdown_text(text) + marker_link(piece.citation), ""
    return done + markdown_text(text)


def front_markdown(front: InShort, citations: Sequence[Citation] = ()) -> str:
    """Return what stands in front of the quotes: the short answer, or that sources disagree.

    The latter names quotes, so that nothing is said of it before they are there.
    """
    if front.short:
        return in_bold(front.short.text)
    if not front.disagreement or not citations:
        return ""
    return note(
        say("chat.told_over_time" if front.disagreement.changed else "chat.disagree")
    ) + _side_by_side(front.disagreement, citations)


def _side_by_side(found: Disagreement, citations: Sequence[Citation]) -> str:
    """Return the values as a list, the newest first, which the page draws side by side."""
    cited = {one.marker: one for one in citations}
    return "".join(_value(one, cited[one.marker]) for one in found.values) + "\n"


def _value(value: StatedValue, citation: Citation) -> str:
    teller = byline(citation.source or citation.title, value.date)
    when = "" if value.date else say("evidence.undated")
    copies = told(len(value.documents), value.independent)
    about = markdown_text(" · ".join(part for part in (teller, when, copies) if part))
    name = markdown_text(" ".join(value.text.split()))
    return f"- **{name}**{marker_link(citation)} <small>{about}</small>\n"
