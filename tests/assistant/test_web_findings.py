from __future__ import annotations

import html
import re

from assistant.contract_doctor import DoctorJson, FindingJson
from assistant.web.findings import LINES, findings_html


def finding(severity: str = "warning", **more: str | None) -> FindingJson:
    made: FindingJson = {
        "document_id": "ferry",
        "path": "ferry.md",
        "kind": "undated",
        "severity": severity,
        "detail": "it has no date",
        "next_step": "Give it one.",
        "repair": None,
    }
    return made | more  # type: ignore[return-value]


def doctor(*findings: FindingJson, repaired: tuple[FindingJson, ...] = ()) -> DoctorJson:
    return {
        "documents": 3,
        "findings": list(findings),
        "repaired": list(repaired),
        "cleaned": [],
    }


def shown(found: DoctorJson) -> str:
    return findings_html(found, {"ferry": "Harbour <ferry>"})


def test_a_sound_corpus_says_so():
    assert "3 documents checked: nothing is wrong." in shown(doctor())


def test_findings_stand_in_groups_the_gravest_first():
    rendered = shown(doctor(finding("note"), finding("error"), finding(), finding()))
    assert "3 documents checked: 1 error, 2 warnings, 1 note." in rendered
    assert re.findall(r"<h3>(\w+) <span>(\d+)</span>", rendered) == [
        ("Errors", "1"),
        ("Warnings", "2"),
        ("Notes", "1"),
    ]


def test_a_finding_gives_its_sentence_its_next_step_and_its_document():
    rendered = shown(doctor(finding()))
    said = ("It has no date.", "Give it one.", 'data-open="ferry">Harbour &lt;ferry&gt;</button>')
    for one in said:
        assert one in rendered
    assert "data-open" not in shown(doctor(finding(document_id=None)))


def test_a_repair_is_offered_once_for_each_thing_it_would_do():
    assert 'data-act="repair"' not in shown(doctor(finding()))
    rendered = shown(doctor(*[finding(repair="index it again")] * 3))
    assert re.findall(r"<li>(Index it again.)</li>", rendered) == ["Index it again."]
    assert 'data-act="repair"' in rendered


def test_what_was_repaired_is_told():
    rendered = shown(doctor(repaired=(finding(detail="the index was damaged"),)))
    assert "<h3>Repaired</h3><ul><li>The index was damaged.</li>" in rendered


def test_of_very_many_findings_the_first_are_drawn():
    rendered = shown(doctor(*[finding()] * (LINES + 7)))
    assert rendered.count('<span class="kind">') == LINES
    assert "And 7 more" in rendered


def test_everything_in_a_finding_is_escaped():
    hostile = '<script>alert(1)</script>" onclick="alert(2)'
    rendered = shown(
        doctor(
            finding(
                document_id=hostile, kind=hostile, detail=hostile, next_step=hostile, repair=hostile
            ),
            finding(severity=hostile),
        )
    )
    assert "<script" not in rendered
    assert '" onclick' not in rendered
    assert html.unescape(rendered).count("<script>") == 6
