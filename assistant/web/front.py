"""What stands in front of an answer's quotes in the chat, and before those that lean on context."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers import UNSUPPORTED, Citation, InShort, Said
from assistant.contract_answer import citation_json, disagreement_json
from assistant.spoken_values import differing
from assistant.web.markup import in_bold, in_doubt, markdown_text, marker_link, note


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
            done, text = done + markdown_text(text) + gap + in_doubt(claim, piece.doubt), ""
        elif context:
            gap = piece.text[: len(piece.text) - len(quote)]
            before = note(f"Before it: {context.quote}")
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
    found = disagreement_json(front.disagreement)
    if not found or not citations:
        return ""
    return note(differing(found, [citation_json(one) for one in citations]))
