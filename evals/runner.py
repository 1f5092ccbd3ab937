"""Runs a suite: asks each question and judges the answer; an exception is its case's error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter

from assistant.client import Client
from corpus.errors import ArchiveError
from evals.answer_cache import AnswerCache
from evals.cases import Case, Suite
from evals.evidence import Documents, Located, Unfound
from evals.judge import Judge
from evals.questions import Given, Questions
from evals.results import Result, RunReport
from evals.scoring import across_scores, alone_scores, hit_coverage, lost_scores, score
from evals.stages import Stage, stage_of
from evals.summary import summarise
from evals.supported import support_scores


def run_suite(
    suite: Suite,
    client: Client,
    on_done: Callable[[Result], None] = lambda _: None,
    cache: AnswerCache | None = None,
    judge: Judge | None = None,
) -> RunReport:
    """Ask a client every question of a suite, or a cache, and judge the answers.

    ``judge`` is a language model that gives its opinion of each answer besides. ``on_done`` hears
    of each case as it ends. A failing case never stops the run.
    """
    documents, questions = Documents(client), Questions(client, cache)
    results = []
    for case in suite.cases:
        result = run_case(case, client, documents, questions)
        result = judge.scored(result) if judge else result
        on_done(result)
        results.append(result)
    questions.done()
    return summarise(suite.name, results, judge.part if judge else None)


def run_case(
    case: Case, client: Client, documents: Documents, questions: Questions | None = None
) -> Result:
    """Ask one question and judge the answer; an exception is the case's error."""
    start = perf_counter()
    try:
        found = [documents.locate(one) for one in case.evidence]
        for one in found:
            if isinstance(one, Unfound):
                return _lost(case, one.stage, one.reason, 0.0)
        evidence = [one for one in found if isinstance(one, Located)]
        start = perf_counter()
        given = (questions or Questions(client)).ask(case)
        if given.answer["remarks"]:
            # A filter that names what is not there finds nothing, and declining would look right.
            reason = " ".join(given.answer["remarks"])
            return _lost(case, Stage.NOT_IN_CORPUS, reason, given.seconds)
        result = _judge(case, given, evidence, documents, client)
        return _beside_alone(result, evidence, client)
    except Exception as error:
        # Whatever goes wrong belongs to this case: the others are still worth knowing.
        return _lost(case, Stage.ERROR, _one_line(error), perf_counter() - start)


def _judge(
    case: Case, given: Given, evidence: Sequence[Located], documents: Documents, client: Client
) -> Result:
    answer = given.answer
    cited = {citation["document_id"] for citation in answer["citations"]}
    texts = {one: documents.text(one) for one in cited if documents.has(one)}
    scores = score(case, answer, evidence, texts)
    if not answer["abstained"]:
        scores |= support_scores(answer, client)
    if given.plain is not None:
        scores |= across_scores(answer, given.plain, evidence)
    stage = stage_of(
        case,
        answer,
        hit_coverage(answer, evidence),
        contains=scores.get("answer_contains", 0.0),
        exact=scores.get("quote_exact", 1.0),
    )
    return Result(case, answer, scores, stage, None, given.seconds, given.cached)


def _beside_alone(result: Result, evidence: Sequence[Located], client: Client) -> Result:
    """Add how the form of a follow-up that stands alone does, asked without a conversation."""
    case = result.case
    if case.unanswerable or not case.stand_alone:
        return result
    alone = client.ask(case.stand_alone, filters=case.filters)
    beside = alone_scores(case, alone, evidence, result.scores["hit@5"])
    return replace(result, scores={**result.scores, **beside})


def _lost(case: Case, stage: Stage, reason: str, seconds: float) -> Result:
    return Result(case, None, lost_scores(case), stage, reason, seconds)


def _one_line(error: Exception) -> str:
    """Say what happened; an error that is not this project's own also says its kind."""
    message = " ".join(str(error).split())
    return message if isinstance(error, ArchiveError) else f"{type(error).__name__}: {message}"
