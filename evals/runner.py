"""Runs a suite: asks each question and judges the answer; an exception is its case's error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter

from assistant.client import Client
from assistant.contract import AskJson
from corpus.errors import ArchiveError
from evals.cases import Case, Suite
from evals.evidence import Documents, Located, Unfound
from evals.results import Result, RunReport
from evals.scoring import across_scores, hit_coverage, looks_across, lost_scores, score
from evals.stages import Stage, stage_of
from evals.summary import summarise
from evals.supported import support_scores


def run_suite(
    suite: Suite, client: Client, on_done: Callable[[Result], None] = lambda _: None
) -> RunReport:
    """Ask a client every question of a suite and judge its answers.

    ``on_done`` hears of each case as it ends. A failing case never stops the run.
    """
    documents = Documents(client)
    results = []
    for case in suite.cases:
        result = run_case(case, client, documents)
        on_done(result)
        results.append(result)
    return summarise(suite.name, results)


def run_case(case: Case, client: Client, documents: Documents) -> Result:
    """Ask one question and judge the answer; an exception is the case's error."""
    start = perf_counter()
    try:
        found = [documents.locate(one) for one in case.evidence]
        for one in found:
            if isinstance(one, Unfound):
                return _lost(case, one.stage, one.reason, 0.0)
        evidence = [one for one in found if isinstance(one, Located)]
        start = perf_counter()
        answer = client.ask(case.question, history=case.history, filters=case.filters)
        seconds = perf_counter() - start
        result = _judge(case, answer, evidence, documents, client, seconds)
        return _beside_plain(result, answer, evidence, client)
    except Exception as error:
        # Whatever goes wrong belongs to this case: the others are still worth knowing.
        return _lost(case, Stage.ERROR, _one_line(error), perf_counter() - start)


def _judge(
    case: Case,
    answer: AskJson,
    evidence: Sequence[Located],
    documents: Documents,
    client: Client,
    seconds: float,
) -> Result:
    cited = {citation["document_id"] for citation in answer["citations"]}
    texts = {one: documents.text(one) for one in cited if documents.has(one)}
    scores = score(case, answer, evidence, texts)
    if not answer["abstained"]:
        scores |= support_scores(answer, client)
    stage = stage_of(
        case,
        answer,
        hit_coverage(answer, evidence),
        contains=scores.get("answer_contains", 0.0),
        exact=scores.get("quote_exact", 1.0),
    )
    return Result(case, answer, scores, stage, None, seconds)


def _beside_plain(
    result: Result, answer: AskJson, evidence: Sequence[Located], client: Client
) -> Result:
    """Add how a plain search does where a case looks across documents."""
    case = result.case
    if not looks_across(case):
        return result
    plain = client.search(answer["searched"], k=10, filters=case.filters, plain=True)
    across = across_scores(answer, plain["hits"], evidence)
    return replace(result, scores={**result.scores, **across})


def _lost(case: Case, stage: Stage, reason: str, seconds: float) -> Result:
    return Result(case, None, lost_scores(case), stage, reason, seconds)


def _one_line(error: Exception) -> str:
    """Say what happened; an error that is not this project's own also says its kind."""
    message = " ".join(str(error).split())
    return message if isinstance(error, ArchiveError) else f"{type(error).__name__}: {message}"
