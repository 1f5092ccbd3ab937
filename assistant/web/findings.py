"""The doctor's findings in the Corpus tab, the gravest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.spoken import with_home
from assistant.web.markup import html_text
from assistant.web.wording import counted, number, say

if TYPE_CHECKING:
    from assistant.contract_doctor import DoctorJson, FindingJson

# A browser draws this many lines without a pause; of more, the first of each group are shown.
LINES = 100

_GROUPS = ("error", "warning", "note")


def check_html() -> str:
    """Return the button that has the corpus checked."""
    return (
        f'<button type="button" data-act="check" data-busy="{say("check.busy")}">'
        f"{say('check.check')}</button>"
    )


def findings_html(found: DoctorJson, titles: Mapping[str, str]) -> str:
    """Return the findings, each with its sentence, its next step and its document.

    ``titles`` are those of the documents, by id.
    """
    findings = found["findings"]
    count = found["documents"]
    looked_at = counted("check.checked", count)
    mended = "".join(f"<li>{_sentence(one['detail'])}</li>" for one in found["repaired"])
    repaired = (
        f'<section class="mended"><h3>{say("check.repaired")}</h3><ul>{mended}</ul></section>'
    )
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
        f'<section class="findings" aria-label="{say("check.found")}"><div class="head">'
        f'<p class="sum" role="status" tabindex="-1" data-focus>{html_text(said)}</p>'
        f'<button type="button" data-act="close-findings">{say("evidence.close")}</button></div>'
        f"{inside}</section>"
    )


def _tally(findings: Sequence[FindingJson]) -> str:
    if not findings:
        return say("check.nothing")
    counts = Counter(map(_severity, findings))
    return ", ".join(counted(f"check.{one}s", counts[one]) for one in _GROUPS if counts[one])


def _repair(findings: Iterable[FindingJson]) -> str:
    repairs = dict.fromkeys(one["repair"] for one in findings if one["repair"])
    if not repairs:
        return ""
    items = "".join(f"<li>{_sentence(repair or '')}</li>" for repair in repairs)
    return (
        f'<section class="repair"><p>{say("check.would")}</p><ul>{items}</ul>'
        '<button type="button" class="main" data-act="repair" '
        f'data-busy="{say("check.repairing")}">'
        f"{say('check.repair')}</button></section>"
    )


def _groups(findings: Sequence[FindingJson], titles: Mapping[str, str]) -> str:
    parts = []
    for severity in _GROUPS:
        group = [one for one in findings if _severity(one) == severity]
        if not group:
            continue
        lines = "".join(_line(one, titles) for one in group[:LINES])
        left = len(group) - LINES
        more = f'<p class="calm">{say("check.more", n=number(left))}</p>' if left > 0 else ""
        parts.append(
            f'<section class="{severity}"><h3>{say(f"check.heading_{severity}")} '
            f"<span>{number(len(group))}</span></h3>"
            f"<ul>{lines}</ul>{more}</section>"
        )
    return "".join(parts)


def _line(finding: FindingJson, titles: Mapping[str, str]) -> str:
    document_id = finding["document_id"]
    name = html_text(document_id or finding["path"] or say("check.index"))
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
