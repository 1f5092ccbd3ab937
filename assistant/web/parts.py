"""The parts of a document that cleaning took out, and those that a curator put back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from assistant.web.markup import html_text
from assistant.web.outcomes import cleaned_summary
from assistant.web.told import translated
from assistant.web.wording import number, say
from corpus.documents import Removed

# More parts than this make the panel slow to draw; the others follow on demand.
PARTS = 200


def part_key(text: str) -> str:
    """Return the name by which the page speaks of a part: the text itself stays on the server."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def removed_html(parts: Sequence[Removed], *, all_parts: bool) -> str:
    """Return the parts that were taken out, each with its line, its reason and "Put back"."""
    if not parts:
        return (
            f'<section class="parts"><h3>{say("parts.heading")}</h3>'
            f'<p class="calm">{say("parts.none")}</p></section>'
        )
    shown = parts if all_parts else parts[:PARTS]
    items = "".join(
        _part(
            part.text,
            say("parts.line", n=number(part.line)),
            translated(part.reason),
            "restore",
            say("parts.put_back"),
        )
        for part in shown
    )
    more = ""
    if len(shown) < len(parts):
        more = (
            f'<button type="button" data-act="parts" data-busy="{say("parts.showing")}">'
            f"{say('parts.show_others', n=number(len(parts) - len(shown)))}</button>"
        )
    return (
        f'<section class="parts" id="taken-out"><h3>{say("parts.heading")}</h3><p class="calm">'
        f"{html_text(cleaned_summary(parts))}</p><ol>{items}</ol>{more}</section>"
    )


def restored_html(texts: Iterable[str]) -> str:
    """Return the parts that a curator put back, each with "Take out again"; nothing for none."""
    items = "".join(
        _part(text, "", say("parts.is_put_back"), "take-out", say("parts.take_out"))
        for text in texts
    )
    if not items:
        return ""
    heading = say("parts.restored")
    return f'<section class="parts restored"><h3>{heading}</h3><ol>{items}</ol></section>'


def _part(text: str, place: str, reason: str, act: str, label: str) -> str:
    where = f"<small>{place}</small>" if place else ""
    return (
        f'<li><div class="why">{where}<small class="reason">{html_text(reason)}</small></div>'
        f'<p dir="auto">{html_text(visible(text))}</p><button type="button" data-act="{act}" '
        f'data-part="{part_key(text)}" data-busy="{say("page.moment")}">{label}'
        f'<span class="vh">: {html_text(_short(text))}</span></button></li>'
    )


def visible(text: str) -> str:
    """Return a text with characters that nothing shows (tags, zero width) as their numbers."""
    return "".join(
        char if char.isprintable() or char == "\n" else f"⟨U+{ord(char):04X}⟩" for char in text
    )


def _short(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= 60 else f"{line[:59]}…"
