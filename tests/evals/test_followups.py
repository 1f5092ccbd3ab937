from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.answers import Turn
from assistant.followup import Known, stand_alone
from evals.cases import Case, Evidence, Suite, load_suite
from evals.outcomes import case_digest
from evals.results import FOLLOW_UP_METRICS
from evals.runner import run_suite
from index.terms import terms

DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"


def told_of_the_starter_corpus(turn: Turn) -> Known:
    texts = [turn.answer, *((DOCUMENTS / f"{one}.md").read_text("utf-8") for one in turn.documents)]
    return Known(frozenset(stem for text in texts for stem in terms(text)))


def test_the_suite_of_follow_ups_is_what_it_says() -> None:
    cases = load_suite("followups").cases
    assert len(cases) >= 60
    for case in cases:
        assert case.stand_alone, case.id
        assert case.tags[1] in {"tuned-on", "held-out"}
        for one in case.evidence:
            text = (DOCUMENTS / f"{one.document}.md").read_text("utf-8")
            assert text.count(one.quote) == 1, (case.id, one.quote)
    halves = [case.tags[1] for case in cases]
    assert abs(halves.count("tuned-on") - halves.count("held-out")) <= 4
    assert sum("topic-change" in case.tags for case in cases) >= 15


def test_a_change_of_topic_drags_nothing_of_the_old_one_along() -> None:
    for case in load_suite("followups").cases:
        own = set(terms(case.question))
        if "topic-change" in case.tags and set(terms(case.stand_alone)) == own:
            searched = stand_alone(case.question, case.history, told_of_the_starter_corpus)
            assert set(terms(searched)) == own, case.id


class Client:
    """Finds the mill whatever is asked, and the bridge only where it is named."""

    def list(self) -> list[Any]:
        return [{"id": "bridge", "path": "bridge.md"}]

    def show(self, document_id: str) -> Any:
        return {"text": "The bridge opened in 1911."}

    def ask(self, question: str, **_: Any) -> Any:
        hit = {"document_id": "bridge", "start": 0, "end": 26, "copies": []}
        hits = [hit] if "bridge" in question else []
        return {
            "searched": question,
            "abstained": not hits,
            "confidence": 0.5,
            "citations": [],
            "sentences": [],
            "model": "extractive",
            "hits": hits,
            "nearest": [],
            "remarks": [],
        }


def case(ident: str, question: str) -> Case:
    return Case(
        ident,
        question,
        ("1911",),
        (Evidence("bridge", "The bridge opened in 1911."),),
        history=(Turn("Which bridge?", "The old one."),),
        stand_alone="When was the bridge opened?",
    )


def test_a_follow_up_is_judged_beside_its_form_that_stands_alone() -> None:
    client: Any = Client()
    suite = Suite("s", (case("lost", "When was it opened?"), case("found", "Was the bridge new?")))
    lost, found = run_suite(suite, client).results
    assert [lost.scores[name] for name in FOLLOW_UP_METRICS] == [1.0, 1.0, 1.0, 0.0, 1.0]
    assert (found.error, found.scores["behind_alone@5"]) == (None, 0.0)
    assert run_suite(suite, client).metrics["behind_alone@5"] == 0.5


def test_a_follow_up_that_could_not_be_judged_is_all_behind() -> None:
    client: Any = Client()
    stale = Case("x", "When?", ("1911",), (Evidence("bridge", "It fell."),), stand_alone="When?")
    (result,) = run_suite(Suite("s", (stale,)), client).results
    assert result.scores["behind_alone@5"] == 1.0
    assert result.scores["alone_hit@5"] == 0.0


def test_a_case_is_another_one_with_another_form_that_stands_alone() -> None:
    one = Case("x", "When?", unanswerable=True, history=(Turn("Which?", "That."),))
    cited = Case("x", "When?", unanswerable=True, history=(Turn("Which?", "That.", ("bridge",)),))
    alone = Case("x", "When?", unanswerable=True, history=one.history, stand_alone="When was it?")
    assert len({case_digest(each) for each in (one, cited, alone)}) == 3
