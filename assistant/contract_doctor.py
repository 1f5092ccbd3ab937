"""The JSON of what the doctor finds. As in ``contract``: a key is never renamed or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from assistant.contract_corpus import CleanedJson

if TYPE_CHECKING:
    from corpus.findings import Finding
    from index.vector_check import VectorCheck


class FindingJson(TypedDict):
    """One thing that is wrong; ``repair`` says what ``doctor --repair`` would do about it."""

    document_id: str | None
    path: str | None
    kind: str
    severity: str
    detail: str
    next_step: str
    repair: str | None


class VectorsJson(TypedDict):
    """Of how many passages the vectors were looked up, and how many were not found."""

    passages: int
    looked_up: int
    lost: int
    missing: int
    strays: int


class DoctorJson(TypedDict):
    """What ``assistant doctor --json`` prints; ``repaired`` are findings that stand no more.

    ``vectors`` is None where they could not be looked at.
    """

    documents: int
    findings: list[FindingJson]
    repaired: list[FindingJson]
    cleaned: list[CleanedJson]
    vectors: VectorsJson | None


def finding_json(finding: Finding) -> FindingJson:
    """Return one of the doctor's findings as the contract's object."""
    return {
        "document_id": finding.document_id,
        "path": finding.path,
        "kind": finding.kind,
        "severity": finding.severity,
        "detail": finding.detail,
        "next_step": finding.next_step,
        "repair": finding.repair,
    }


def vectors_json(check: VectorCheck) -> VectorsJson:
    """Return what was found in looking up vectors as the contract's object."""
    return {
        "passages": check.passages,
        "looked_up": check.looked_up,
        "lost": len(check.lost),
        "missing": len(check.missing),
        "strays": len(check.strays),
    }
