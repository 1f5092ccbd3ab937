"""The doctor's findings in the Corpus tab, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.spoken import with_home
from assistant.web.markup import html_text

if TYPE_CHECKING:
    from assistant.contract_doctor import DoctorJson, FindingJson

# A browser draws this many lines without a pause; of more, the first of each group are shown.
LINES = 100

_GROUPS = {"error": "Errors", "warning": "Warnings", "note": "Notes"}

BUTTON = '<button type="button" data-act="check" data-busy="Checking…">Check the corpus</button>'


def findings_html(found: DoctorJson, titles: Mapping[str, str]) -> str:
    """Return the findings, each with its sentence, its next step and its document.

    ``titles`` are those of the documents, by id.
    """
    findings = found["findings"]
    count = found["documents"]
    looked_at = f"{count:,} document{'' if count == 1 else 's'} checked"
    mended = "".join(f"<li>{_sentence(one['detail'])}</li>" for one in found["repaired"])
    repaired = f'<section class="mended"><h3>Repaired</h3><ul>{mended}</ul></section>'
    said = f"{looked_at}: {_tally(findings)}."
    return _panel(
        said, _repair(findings) + (repaired if mended else "") + _groups(findings, titles)
    )


def checking_html(step: str) -> str:
    """Return what is said while the check runs."""
    return f'<div class="findings"><p class="sum working" role="status">{html_text(step)}</p></div>'


def failed_html(why: str) -> str:
    """Return why the check could not be made."""
    return _panel(why, "")


def _panel(said: str, inside: str) -> str:
    return (
        '<section class="findings" aria-label="What the check found"><div class="head">'
        f'<p class="sum" role="status" tabindex="-1" data-focus>{html_text(said)}</p>'
        '<button type="button" data-act="close-findings">Close</button></div>'
        f"{inside}</section>"
    )


def _tally(findings: Sequence[FindingJson]) -> str:
    if not findings:
        return "nothing is wrong"
    names = {"error": "error", "warning": "warning", "note": "note"}
    counts = [
        (sum(1 for one in findings if _severity(one) == severity), name)
        for severity, name in names.items()
    ]
    return ", ".join(f"{count:,} {name}{_s(count)}" for count, name in counts if count)


def _repair(findings: Iterable[FindingJson]) -> str:
    repairs = dict.fromkeys(one["repair"] for one in findings if one["repair"])
    if not repairs:
        return ""
    items = "".join(f"<li>{_sentence(repair or '')}</li>" for repair in repairs)
    return (
        f'<section class="repair"><p>A repair would:</p><ul>{items}</ul>'
        '<button type="button" class="main" data-act="repair" data-busy="Repairing…">Repair'
        "</button></section>"
    )


def _groups(findings: Sequence[FindingJson], titles: Mapping[str, str]) -> str:
    parts = []
    for severity, heading in _GROUPS.items():
        group = [one for one in findings if _severity(one) == severity]
        if not group:
            continue
        lines = "".join(_line(one, titles) for one in group[:LINES])
        left = len(group) - LINES
        more = f'<p class="calm">And {left:,} more: mend these first.</p>' if left > 0 else ""
        parts.append(
            f'<section class="{severity}"><h3>{heading} <span>{len(group):,}</span></h3>'
            f"<ul>{lines}</ul>{more}</section>"
        )
    return "".join(parts)


def _line(finding: FindingJson, titles: Mapping[str, str]) -> str:
    document_id = finding["document_id"]
    name = html_text(document_id or finding["path"] or "The index")
    shown = f"<b>{name}</b>"
    if document_id:
        title = html_text(titles.get(document_id, document_id))
        shown = f'<button type="button" class="link" data-open="{name}">{title}</button>'
    return (
        f'<li><span class="kind">{html_text(finding["kind"])}</span> {shown} '
        f'<span class="detail">{_sentence(finding["detail"])}</span> '
        f'<span class="next">{_sentence(with_home(finding["next_step"]))}</span></li>'
    )


def _severity(finding: FindingJson) -> str:
    return finding["severity"] if finding["severity"] in _GROUPS else "note"


def _sentence(text: str) -> str:
    """Return a remark, which the terminal shows within a line, as a sentence, escaped."""
    whole = text[:1].upper() + text[1:]
    return html_text(whole if whole.endswith((".", "!", "?", "”", "…")) else f"{whole}.")


def _s(count: int) -> str:
    return "" if count == 1 else "s"
