from __future__ import annotations

import html
import re

from assistant.contract_doctor import DoctorJson, FindingJson
from assistant.web.findings import FEW, LINES, findings_html
from assistant.web.wording import speaking


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
    rendered = shown(doctor(*[finding(repair="remove this copy")] * 3))
    told = re.findall(r"<li>(<b>.*?Remove this copy.)</li>", rendered)
    assert told == ["<b>Harbour &lt;ferry&gt;</b>: Remove this copy."]
    assert rendered.count('data-act="repair"') == 1


def test_what_was_repaired_is_told_with_its_document():
    of_index = finding(document_id="", path="", detail="the index was damaged")
    rendered = shown(doctor(repaired=(of_index, finding(detail="it was a copy"))))
    assert (
        "<h3>Repaired</h3><ul><li>The index was damaged.</li>"
        "<li><b>Harbour &lt;ferry&gt;</b>: It was a copy.</li></ul>"
    ) in rendered


def test_many_of_a_kind_are_folded_up_under_what_to_do_about_them():
    rendered = shown(doctor(*[finding()] * (FEW + 1), finding(kind="too short")))
    assert rendered.count('<details class="many">') == 1
    assert rendered.count("Give it one.") == 2
    assert f'<span class="kind">undated</span> <b>{FEW + 1}</b>' in rendered


def test_of_very_many_findings_the_first_are_drawn():
    rendered = shown(doctor(*[finding()] * (LINES + 7)))
    assert rendered.count('<span class="detail">') == LINES
    assert "And 7 more" in rendered


def test_a_file_is_named_as_it_lies_in_its_folder_and_leads_nowhere():
    why = "/home/x/documents/Bad.pdf is empty. Write its text into it, or leave it out."
    found = doctor(finding(document_id="Bad.pdf", path="Bad.pdf", detail=why))
    rendered = findings_html(found, {}, "/home/x/documents")
    assert '<span class="detail">Bad.pdf is empty.' in rendered
    assert "data-open" not in rendered


def test_findings_are_told_in_the_language_of_the_page():
    with speaking("de"):
        rendered = shown(doctor(finding(detail="it has only 4 words", next_step="give it a title")))
    for said in ("ohne Datum", "Es hat nur 4 Wörter.", "Geben Sie ihm einen Titel."):
        assert said in rendered


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
