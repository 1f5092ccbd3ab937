"""What ``assistant doctor`` writes for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from assistant.contract_doctor import DoctorJson, FindingJson
from assistant.spoken import with_home

_SIGNS = {"error": "✗", "warning": "!", "note": "·"}
_ENDS = (".", "!", "?", ".”", "!”", "?”", "…”")
_MOST_LINES = 5


def print_doctor(found: DoctorJson, *, removed: bool = False) -> None:
    """Print the findings, the gravest first, then what was taken out of documents, then a sum.

    ``removed`` prints what was taken out line by line.
    """
    for one in sorted(found["findings"], key=lambda one: list(_SIGNS).index(one["severity"])):
        print(_line(one))
    for one in found["repaired"]:
        print(f"mended: {_where(one)}{one['detail']}")
    for cleaned in found["cleaned"]:
        reasons = Counter(part["reason"] for part in cleaned["removed"])
        said = ", ".join(f"{n} × {reason}" for reason, n in reasons.most_common(_MOST_LINES))
        count = f"{reasons.total():,} part{'' if reasons.total() == 1 else 's'}"
        print(f"· {cleaned['document_id']}: {count} taken out ({said})")
        for part in cleaned["removed"] if removed else ():
            print(f"    line {part['line']}, {part['reason']}: {' '.join(part['text'].split())}")
    if found["cleaned"] and not removed:
        print(with_home("· 'assistant doctor --removed' shows each part that was taken out"))
    vectors = found["vectors"]
    if vectors and vectors["looked_up"] < vectors["passages"]:
        some = f"{vectors['looked_up']:,} of {vectors['passages']:,} vectors were looked up"
        print(with_home(f"· {some}: 'assistant doctor --all' looks up all"))
    print(f"{found['documents']} documents looked at: {_sum(found['findings'])}.")


def _line(one: FindingJson) -> str:
    detail, step = one["detail"], one["next_step"]
    stop = "" if detail.endswith(_ENDS) else "."  # readers' errors are whole sentences
    return with_home(f"{_SIGNS[one['severity']]} {_where(one)}{detail}{stop} {_capital(step)}.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _where(one: FindingJson) -> str:
    name = one["document_id"] or one["path"]
    return f"{name}: " if name else ""


def _sum(findings: Iterable[FindingJson]) -> str:
    counts = Counter(one["severity"] for one in findings)
    parts = [
        f"{counts[severity]} {severity}{'' if counts[severity] == 1 else 's'}"
        for severity in _SIGNS
        if counts[severity]
    ]
    return ", ".join(parts) or "nothing to remark"
