"""The doctor's findings in the Corpus tab, the gravest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.web.markup import html_text
from assistant.web.told import sentence, told
from assistant.web.wording import counted, number, say

if TYPE_CHECKING:
    from assistant.contract_doctor import DoctorJson, FindingJson

# A browser draws this many lines without a pause; of more, the first of each kind are shown.
LINES = 100
# So many of a kind are seen at a glance; more are folded up, so that none hides the others.
FEW = 4

_GROUPS = ("error", "warning", "note")


def check_html() -> str:
    """Return the button that has the corpus checked."""
    return (
        f'<button type="button" data-act="check" data-busy="{say("check.busy")}">'
        f"{say('check.check')}</button>"
    )


def findings_html(found: DoctorJson, titles: Mapping[str, str], folder: str = "") -> str:
    """Return the findings, each with its sentence, its next step and its document.

    ``titles`` are those of the documents, by id; files are named as they lie in ``folder``.
    """
    findings = found["findings"]
    count = found["documents"]
    looked_at = counted("check.checked", count)
    mended = "".join(
        f"<li>{_named(one, titles)}{_sentence(one['detail'], folder)}</li>"
        for one in found["repaired"]
    )
    repaired = (
        f'<section class="mended"><h3>{say("check.repaired")}</h3><ul>{mended}</ul></section>'
    )
    said = f"{looked_at}: {_tally(findings)}."
    groups = _groups(findings, titles, folder)
    return _panel(said, _repair(findings, titles) + (repaired if mended else "") + groups)


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


def _repair(findings: Iterable[FindingJson], titles: Mapping[str, str]) -> str:
    repairs = [one for one in findings if one["repair"]]
    if not repairs:
        return ""
    items = dict.fromkeys(
        f"<li>{_named(one, titles)}{_sentence(one['repair'] or '')}</li>" for one in repairs
    )
    left = len(items) - LINES
    more = f"<li>{say('check.so_many_more', n=number(left))}</li>" if left > 0 else ""
    return (
        f'<section class="repair"><p>{say("check.would")}</p>'
        f"<ul>{''.join([*items][:LINES])}{more}</ul>"
        '<button type="button" class="main" data-act="repair" '
        f'data-busy="{say("check.repairing")}">'
        f"{say('check.repair')}</button></section>"
    )


def _groups(findings: Sequence[FindingJson], titles: Mapping[str, str], folder: str) -> str:
    parts = []
    for severity in _GROUPS:
        group = [one for one in findings if _severity(one) == severity]
        if not group:
            continue
        kinds = dict.fromkeys(one["kind"] for one in group)
        inside = "".join(
            _of_kind([one for one in group if one["kind"] == kind], titles, folder)
            for kind in kinds
        )
        parts.append(
            f'<section class="{severity}"><h3>{say(f"check.heading_{severity}")} '
            f"<span>{number(len(group))}</span></h3>{inside}</section>"
        )
    return "".join(parts)


def _of_kind(group: Sequence[FindingJson], titles: Mapping[str, str], folder: str) -> str:
    """Return the findings of one kind; of many, what is to be done about them is said once."""
    if len(group) <= FEW:
        return f"<ul>{''.join(_line(one, titles, folder) for one in group)}</ul>"
    steps = {one["next_step"] for one in group}
    same = len(steps) == 1
    lines = "".join(_line(one, titles, folder, bare=same) for one in group[:LINES])
    left = len(group) - LINES
    more = f'<p class="calm">{say("check.more", n=number(left))}</p>' if left > 0 else ""
    step = f' <span class="next">{_sentence(steps.pop())}</span>' if same else ""
    return (
        f'<details class="many"><summary>{_kind(group[0])} <b>{number(len(group))}</b>{step}'
        f"</summary><ul>{lines}</ul>{more}</details>"
    )


def _line(
    finding: FindingJson, titles: Mapping[str, str], folder: str, *, bare: bool = False
) -> str:
    document_id = finding["document_id"] or ""
    name = html_text(document_id or finding["path"] or say("check.index"))
    shown = f"<b>{name}</b>"
    if document_id in titles:
        title = html_text(titles[document_id])
        shown = f'<button type="button" class="link" data-open="{name}">{title}</button>'
    kind = "" if bare else f"{_kind(finding)} "
    step = "" if bare else f' <span class="next">{_sentence(finding["next_step"])}</span>'
    detail = _sentence(finding["detail"], folder)
    return f'<li>{kind}{shown} <span class="detail">{detail}</span>{step}</li>'


def _kind(finding: FindingJson) -> str:
    return f'<span class="kind">{html_text(told(finding["kind"]))}</span>'


def _named(finding: FindingJson, titles: Mapping[str, str]) -> str:
    document_id = finding["document_id"] or ""
    name = titles.get(document_id, document_id) or finding["path"]
    return f"<b>{html_text(name)}</b>: " if name else ""


def _severity(finding: FindingJson) -> str:
    return finding["severity"] if finding["severity"] in _GROUPS else "note"


def _sentence(text: str, folder: str = "") -> str:
    """Return a remark, which the terminal shows within a line, as a sentence, escaped."""
    said = told(text)
    if folder and said.startswith(f"{folder}/"):  # a file keeps its small letter
        return html_text(said.removeprefix(f"{folder}/"))
    return html_text(sentence(said.replace(f"{folder}/", "") if folder else said))
