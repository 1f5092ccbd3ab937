from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.contract import AskJson
from corpus.errors import BadSettings
from evals.cases import Suite
from evals.gates import GATES, Gate, judge, load_gates
from evals.results import Verdict
from evals.runner import run_suite

GATE = Gate(
    cases=7,
    minimum={"hit@1": 0.9, "mrr@10": 0.9, "quote_exact": 1.0, "abstention_recall": 0.9},
    maximum={"latency_p95_ms": 60_000},
)


class Changed:
    """A client whose answers are changed on their way out."""

    def __init__(self, client: Any, change: Callable[[AskJson], None]) -> None:
        self._client, self._change = client, change

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def ask(self, question: str, **options: Any) -> AskJson:
        answer: AskJson = self._client.ask(question, **options)
        self._change(answer)
        return answer


def verdict_on(client: Any, suite: Suite, gate: Gate | None = GATE) -> Verdict:
    return judge(run_suite(suite, client), gate)


def test_a_good_run_passes(client: Any, suite: Suite) -> None:
    assert verdict_on(client, suite) == Verdict(())


def test_shuffled_hits_turn_the_gate_red(client: Any, suite: Suite) -> None:
    shuffler = random.Random(1)
    verdict = verdict_on(Changed(client, lambda answer: shuffler.shuffle(answer["hits"])), suite)
    assert not verdict.passed
    assert [reason.split(" is ")[0] for reason in verdict.reasons] == ["hit@1", "mrr@10"]


def test_quotes_shifted_by_one_turn_the_gate_red(client: Any, suite: Suite) -> None:
    def shift(answer: AskJson) -> None:
        for citation in answer["citations"]:
            citation["start"] += 1
            citation["end"] += 1

    verdict = verdict_on(Changed(client, shift), suite)
    assert verdict.reasons == ("quote_exact is 0; it must be at least 1.",)


def test_never_declining_turns_the_gate_red(client: Any, suite: Suite) -> None:
    client.threshold = 0.0
    verdict = verdict_on(client, suite)
    assert verdict.reasons == ("abstention_recall is 0; it must be at least 0.9.",)


def test_always_declining_turns_the_gate_red(client: Any, suite: Suite) -> None:
    client.threshold = 2.0
    assert verdict_on(client, suite).reasons == (
        "quote_exact could not be measured; it must be at least 1.",
    )


def test_an_error_or_stale_evidence_fails_even_without_thresholds(
    client: Any, suite: Suite
) -> None:
    del client.texts["mill"]
    client.texts["harbour"] = "The harbour thawed."
    assert verdict_on(client, suite, None).reasons == (
        "3 cases quoted what the corpus does not say; none may.",
    )

    def fail(_: AskJson) -> None:
        raise RuntimeError("no")

    assert verdict_on(Changed(client, fail), suite, None).reasons == (
        "4 cases ended in an error; none may.",
        "3 cases quoted what the corpus does not say; none may.",
    )


def test_too_few_cases_and_too_high_a_value_are_reasons(client: Any, suite: Suite) -> None:
    report = run_suite(Suite("short", suite.cases[:1]), client)
    reasons = judge(report, Gate(cases=2, maximum={"hit@1": 0.5})).reasons
    assert reasons == (
        "The suite has 1 case; it needs at least 2.",
        "hit@1 is 1; it must be at most 0.5.",
    )
    assert judge(report, Gate(cases=1, minimum={"hit@1": 1}, maximum={"hit@1": 1})).passed


def test_a_suite_that_must_be_gated_and_has_no_thresholds_fails(client: Any, suite: Suite) -> None:
    report = run_suite(suite, client)
    assert judge(report, None).passed
    assert judge(report, None, insist=True).reasons == (
        f"The suite towns has no thresholds; add a [towns] table to {GATES}.",
    )
    assert judge(report, GATE, insist=True).passed


def test_thresholds_are_read_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    path.write_text('[s]\ncases = 3\nmin."hit@1" = 1\nmax.latency_p95_ms = 9.5\n[empty]\n')
    assert load_gates(path) == {
        "s": Gate(3, {"hit@1": 1.0}, {"latency_p95_ms": 9.5}),
        "empty": Gate(),
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[s.min]\n"hit@2" = 0.5', "[s]: unknown metric hit@2; use one of hit@1, hit@5"),
        ("[s]\nminimum = 3", "[s]: unknown key minimum; use cases, min, max, baseline or level"),
        ("[s]\ncases = -1", "cases must be a whole number"),
        ("[s]\ncases = true", "cases must be a whole number"),
        ('[s.max]\n"hit@1" = "high"', "the max of hit@1 must be a number"),
        ("[s]\nmin = 0.5", "min must be a table"),
        ("s = 1", "[s] must be a table"),
        ("[s", "is not valid TOML"),
    ],
)
def test_what_is_not_a_threshold_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(text)
    with pytest.raises(BadSettings) as caught:
        load_gates(path)
    assert complaint in str(caught.value)


def test_the_gates_that_are_shipped_can_be_read_and_hold_starter() -> None:
    assert load_gates()["starter"].cases >= 200
    assert load_gates()["starter"].minimum["quote_exact"] == 1.0
