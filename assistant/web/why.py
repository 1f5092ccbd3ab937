"""Why a passage was chosen, and why a document was not: what the evidence column shows on request.

It is worked out when somebody asks, by searching once more: nothing is kept for it on the server.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from assistant.ask import checked_question
from assistant.extract import PASSAGES
from assistant.web.filters import filters_from
from assistant.web.markup import html_text, parse_reference
from assistant.web.preferred import part_label, reasons, why_absent
from assistant.web.told import told
from assistant.web.wording import number, say
from assistant.web.work import broken
from corpus.errors import ArchiveError, BadQuestion
from index.explain_parts import Word
from index.explained import Explained, Place, WhyNot
from index.passages import Filters

if TYPE_CHECKING:
    from assistant.archive import Archive


def asked_json(question: str, filters: Filters) -> str:
    """Return a question and its filters in the form that the page sends back to ``why_html``."""
    chosen: dict[str, Any] = {
        "since": filters.since.isoformat() if filters.since else "",
        "until": filters.until.isoformat() if filters.until else "",
        "sources": list(filters.sources),
        "tags": list(filters.tags),
        "document": filters.documents[0] if filters.documents else "",
    }
    return json.dumps({"question": question, "filters": json.dumps(chosen) if filters else ""})


def why_html(archive: Archive, sent: object) -> str:
    """Explain the passage that a card shows; ``sent`` names it, the question and its filters."""
    return _answered(archive, sent, _why)


def why_not_html(archive: Archive, sent: object) -> str:
    """Explain why a document is not among the passages found."""
    return _answered(archive, sent, _why_not)


def _answered(archive: Archive, sent: object, explain: Any) -> str:
    try:
        raw = json.loads(str(sent))
        asked = json.loads(raw["asked"])
        question = checked_question(str(asked["question"]))
        filters = filters_from(asked["filters"])
        return str(explain(archive, raw, question, filters))
    except (ValueError, KeyError, TypeError, RecursionError):
        return _note(say("page.unreadable"))
    except BadQuestion as error:
        return _note(told(error))
    except ArchiveError as error:
        return _note(told(error))
    except Exception:
        logging.getLogger(__name__).exception("A passage could not be explained")
        return _note(broken())


def _why(archive: Archive, raw: dict[str, Any], question: str, filters: Filters) -> str:
    place = parse_reference(str(raw["ref"]))
    document = archive.version(place.version) if place else None
    if place is None or document is None:
        return _note(say("evidence.changed_since"))
    explained = archive.searching.explain_place(
        question, document.id, place.start, k=_shown(archive), filters=filters
    )
    return explained_html(explained, _shown(archive)) if explained else _note(say("why.not_found"))


def _why_not(archive: Archive, raw: dict[str, Any], question: str, filters: Filters) -> str:
    explanation = archive.searching.explain(
        question, k=_shown(archive), filters=filters, why_not=str(raw["document"])
    )
    why_not = explanation.why_not
    return why_not_part(why_not) if why_not else ""


def _shown(archive: Archive) -> int:
    return max(archive.settings.passages, PASSAGES)


def explained_html(explained: Explained, shown: int) -> str:
    """Return one passage's explanation: its parts as bars, its words, and the reasons."""
    rank = say("why.not_shown")
    if explained.rank:
        rank = say("why.rank", n=explained.rank, shown=shown)
    score = say("why.score", score=number(explained.hit.score, 2))
    rows = "".join(_row(place) for place in explained.places)
    words = _both(explained.matched, explained.missing)
    listed = "".join(f"<li>{html_text(reason)}</li>" for reason in reasons(explained))
    return (
        f'<div class="why-box"><p class="why-head">{rank}, {score}</p>'
        f"<dl>{rows}</dl>{words}{f'<ul>{listed}</ul>' if listed else ''}</div>"
    )


def why_not_part(why_not: WhyNot) -> str:
    """Return why a document is not there, with its best passage's parts."""
    reason = _note(why_absent(why_not))
    if why_not.best is None or why_not.kind in ("shown", "copy"):
        return reason
    rows = "".join(_row(place) for place in why_not.best.places)
    words = _both(why_not.best.matched, why_not.best.missing)
    return f'{reason}<div class="why-box"><dl>{rows}</dl>{words}</div>'


def _row(place: Place) -> str:
    width = round(100 * min(1.0, max(0.0, place.value)))
    rank = f" · {say('why.number', n=place.rank)}" if place.rank else ""
    added = say("why.adds", share=number(place.share, 2)) if place.share is not None else ""
    share = f" · {added}" if added else ""
    return (
        f"<dt>{html_text(part_label(place.part))}</dt>"
        f'<dd><span class="bar" aria-hidden="true"><i style="width:{width}%"></i></span>'
        f"<span>{number(place.value, 2)}{rank}{share}</span></dd>"
    )


def _both(found: tuple[Word, ...], missing: tuple[Word, ...]) -> str:
    return _words(say("why.words_found"), found) + _words(say("why.words_missing"), missing)


def _words(heading: str, words: tuple[Word, ...]) -> str:
    if not words:
        return ""
    items = "".join(
        f"<li>{html_text(word.text)} <small>{_rarity(word.rarity)}</small></li>" for word in words
    )
    return f'<div class="why-words"><span>{heading}</span><ul>{items}</ul></div>'


def _rarity(rarity: float) -> str:
    """Say how rare a word is: at 4 about one passage in fifty has it, at 2 one in seven."""
    return say("why.rare" if rarity >= 4 else "why.common" if rarity < 2 else "why.uncommon")


def _note(text: str) -> str:
    stop = "" if text.endswith((".", "!", "?")) else "."
    return f'<p class="why-note">{html_text(text[:1].upper() + text[1:] + stop)}</p>'
