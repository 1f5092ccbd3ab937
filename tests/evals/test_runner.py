from __future__ import annotations

from typing import Any

import pytest

from assistant.answers import Turn
from assistant.contract import AskJson
from corpus.errors import HomeBusy
from evals.cases import Case, Evidence, Suite
from evals.results import CASE_METRICS, Result
from evals.runner import run_suite
from evals.stages import Stage
from index.passages import Filters

from .conftest import QuotingClient


def failing_on(client: Any, question: str, error: Exception) -> Any:
    """Make a client fail on one question."""
    ask = client.ask

    def ask_or_fail(asked: str, **options: Any) -> AskJson:
        if asked == question:
            raise error
        answer: AskJson = ask(asked, **options)
        return answer

    client.ask = ask_or_fail
    return client


def test_a_suite_that_is_answered_well_passes_throughout(client: Any, suite: Suite) -> None:
    report = run_suite(suite, client)
    assert report.failed == ()
    assert (report.errors, report.stale) == (0, 0)
    # Of whole quotes, so not perfect even where the sentence is right; times vary.
    aside = {"answer_em", "answer_f1", "latency_p50_ms", "latency_p95_ms", "risk_coverage_area"}
    assert report.metrics["risk_coverage_area"] == 0.0
    assert {name for name, value in report.metrics.items() if value != 1.0} == aside


def test_history_and_filters_go_along_with_the_question(client: Any) -> None:
    history, filters = (Turn("Which bridge?", "The old one."),), Filters(sources=("Post",))
    case = Case("x", "Why?", unanswerable=True, history=history, filters=filters)
    run_suite(Suite("s", (case,)), client)
    assert client.asked == [("Why?", history, filters)]


def test_a_filter_that_names_what_is_not_there_makes_its_case_fail(client: Any) -> None:
    ask, remark = client.ask, "No document has the source “Pst”. Did you mean “Post”?"
    client.ask = lambda question, **options: {**ask(question, **options), "remarks": [remark]}
    case = Case("x", "Why?", unanswerable=True, filters=Filters(sources=("Pst",)))
    (result,) = run_suite(Suite("s", (case,)), client).results
    assert (result.stage, result.error) == (Stage.NOT_IN_CORPUS, remark)


def test_scores_come_from_hits_and_quotes(client: Any) -> None:
    quotes = ("The bridge opened on 4 May 1911.", "Repairs cost $224,000 in 1984.")
    case = Case(
        "two",
        "When was the bridge opened?",
        ("1984",),
        tuple(Evidence("bridge", quote) for quote in quotes),
    )
    (result,) = run_suite(Suite("s", (case,)), client).results
    assert result.stage == Stage.WRONG_SENTENCE
    assert result.scores == {
        "hit@1": 1.0,
        "hit@5": 1.0,
        "recall@5": 1.0,
        "mrr@10": 1.0,
        "map@10": 1.0,
        "ndcg@10": 1.0,
        "answer_em": 0.0,
        "answer_f1": 0.0,
        "answer_contains": 0.0,
        "citation_precision": 1.0,
        "citation_recall": 0.5,
        "alce_precision": 1.0,
        "alce_recall": 1.0,
        "quote_exact": 1.0,
    }


def test_a_declined_answer_scores_what_was_retrieved_and_nothing_more(
    client: Any, suite: Suite
) -> None:
    client.threshold = 2.0
    opened = run_suite(suite, client).results[0]
    assert opened.stage == Stage.DECLINED_WRONGLY
    assert opened.scores == dict.fromkeys(
        ("hit@1", "hit@5", "recall@5", "mrr@10", "map@10", "ndcg@10"), 1.0
    ) | {
        "answer_em": 0.0,
        "answer_f1": 0.0,
        "answer_contains": 0.0,
        "citation_recall": 0.0,
    }


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            HomeBusy("the chat did not answer: run it again"),
            "the chat did not answer: run it again",
        ),
        (KeyError("hits"), "KeyError: 'hits'"),
        (ValueError("two\nlines"), "ValueError: two lines"),
    ],
    ids=["one of ours", "a key", "two lines"],
)
def test_an_exception_is_its_cases_error_and_the_rest_is_run(
    client: Any, suite: Suite, error: Exception, message: str
) -> None:
    report = run_suite(suite, failing_on(client, "When was the bridge opened?", error))
    (failed,) = report.failed
    assert (failed.case.id, failed.stage, failed.error) == ("opened", Stage.ERROR, message)
    assert failed.scores == dict.fromkeys(CASE_METRICS, 0.0)
    assert report.errors == 1
    assert report.metrics["hit@1"] == 4 / 5


def test_an_answer_that_breaks_the_contract_is_an_error(client: Any, suite: Suite) -> None:
    client.ask = lambda question, **_: {"answer": "42"}
    report = run_suite(suite, client)
    assert report.errors == len(suite.cases)
    assert report.metrics["abstention_recall"] == 0.0
    assert report.metrics["latency_p50_ms"] is None


def test_stale_evidence_fails_its_case_without_asking(client: Any, suite: Suite) -> None:
    client.texts["mill"] = "The mill burned down in 1903."
    report = run_suite(suite, client)
    (failed,) = report.failed
    assert (failed.case.id, failed.stage) == ("burned", Stage.STALE)
    assert "the nearest text there is 'The mill burned down in 1903.'" in (failed.error or "")
    assert "When was the mill burned down?" not in [question for question, *_ in client.asked]
    assert (report.errors, report.stale) == (0, 1)


@pytest.mark.parametrize(
    "removed",
    [
        ["The  mill burned\ndown in 1902."],
        ["Home | News", "The mill burned down in 1902. More.", "Subscribe"],
    ],
    ids=["a part of its own", "within a part"],
)
def test_evidence_that_cleaning_took_out_names_the_reason(
    client: Any, suite: Suite, removed: list[str]
) -> None:
    client.texts["mill"] = "It was rebuilt of brick by the Hale family."
    client.removed["mill"] = [{"line": 1, "text": one, "reason": "menu"} for one in removed]
    report = run_suite(suite, client)
    (failed,) = report.failed
    assert (failed.case.id, failed.stage) == ("burned", Stage.CLEANED_AWAY)
    assert "was left out of mill (menu): put it back on the chat's Corpus tab" in failed.error
    assert report.stale == 1


def test_evidence_of_two_sentences_of_which_cleaning_took_one() -> None:
    case = Case(
        "both",
        "What burned?",
        ("The mill",),
        (Evidence("mill", "The mill burned down in 1902. Nobody was hurt."),),
    )
    client = QuotingClient(texts={"mill": "The mill burned down in 1902."})
    client.removed["mill"] = [{"line": 2, "text": "Nobody was hurt.", "reason": "caption"}]
    (failed,) = run_suite(Suite("s", (case,)), client).failed
    assert failed.stage == Stage.CLEANED_AWAY
    client.removed["mill"] = [{"line": 2, "text": "Nobody saw it.", "reason": "caption"}]
    (failed,) = run_suite(Suite("s", (case,)), client).failed
    assert failed.stage == Stage.STALE


def test_a_sentence_that_its_quote_does_not_support_costs_support(
    client: Any, suite: Suite
) -> None:
    ask = client.ask

    def ask_in_other_words(question: str, **options: Any) -> AskJson:
        answer: AskJson = ask(question, **options)
        answer["sentences"] = [
            {"text": "The bridge opened in May 1911.", "markers": [1], "supported": True},
            {"text": "It is the oldest in Europe.", "markers": [1], "supported": True},
            {"text": "It has no cracks.", "markers": [], "supported": False},
        ]
        return answer

    client.ask = ask_in_other_words
    (opened,) = run_suite(Suite("s", suite.cases[:1]), client).results
    assert opened.scores["alce_precision"] == 1 / 2
    assert opened.scores["alce_recall"] == 1 / 3
    assert opened.stage == Stage.UNSUPPORTED


def test_a_document_that_is_gone_counts_as_stale(client: Any, suite: Suite) -> None:
    del client.texts["mill"]
    report = run_suite(suite, client)
    assert [result.stage for result in report.failed] == [Stage.NOT_IN_CORPUS]
    assert report.stale == 1


def test_a_citation_of_a_document_that_is_not_there_is_a_misquote(
    client: Any, suite: Suite
) -> None:
    ask = client.ask

    def ask_elsewhere(question: str, **options: Any) -> AskJson:
        answer: AskJson = ask(question, **options)
        for citation in answer["citations"]:
            citation["document_id"] = "elsewhere"
        return answer

    client.ask = ask_elsewhere
    report = run_suite(suite, client)
    assert {result.stage for result in report.failed} == {Stage.MISQUOTED}
    assert report.metrics["quote_exact"] == 0.0


def test_each_case_is_announced_as_it_ends(client: Any, suite: Suite) -> None:
    heard: list[Result] = []
    report = run_suite(suite, client, heard.append)
    assert tuple(heard) == report.results
