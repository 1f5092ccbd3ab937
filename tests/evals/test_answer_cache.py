"""Answers that nothing changed about are kept; whatever could change one is a miss."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assistant import program
from assistant.archive import Archive
from assistant.client import LocalClient
from assistant.contract import AskJson
from assistant.program import program_digest
from assistant.settings import Settings
from corpus.errors import ArchiveError
from evals import answer_cache
from evals.answer_cache import AnswerCache, decided_by
from evals.cases import Case, Evidence, Suite
from evals.gates import Gate, judge
from evals.outcomes import outcome_of
from evals.results import RunReport
from evals.runner import run_suite
from evals.statistics import bootstrap_intervals

from ..assistant.small_corpus import write_home
from ..fakes import BagOfStems
from .conftest import QuotingClient

Run = Callable[..., RunReport]
PLAIN = Settings()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw few samples: intervals are not what is looked at."""
    few = partial(bootstrap_intervals, resamples=20)
    monkeypatch.setattr("evals.summary.bootstrap_intervals", few)


@pytest.fixture
def run(client: QuotingClient, suite: Suite, tmp_path: Path) -> Run:
    """Run the suite with the cache of a home; the client counts what it is asked."""

    def run_once(cases: Suite = suite, asking: Any = client) -> RunReport:
        client.asked.clear()
        return run_suite(cases, asking, cache=AnswerCache(tmp_path / "answers", asking))

    return run_once


def test_an_unchanged_case_is_not_asked_again_and_scores_the_same(
    run: Run, client: QuotingClient, suite: Suite
) -> None:
    first, second = run(), run()
    assert (first.cached, second.cached, client.asked) == (0, len(suite.cases), [])
    for one, other in zip(first.results, second.results, strict=True):
        assert one == replace(other, seconds=one.seconds, cached=False)
    timed = {"latency_p50_ms", "latency_p95_ms"}
    assert {n: v for n, v in first.metrics.items() if n not in timed} == {
        n: v for n, v in second.metrics.items() if n not in timed
    }


def test_times_are_those_of_answers_given_now(run: Run, suite: Suite) -> None:
    run(Suite("towns", suite.cases[1:]))
    report = run()
    timed = [one.id for one in map(outcome_of, report.results) if one.seconds is not None]
    assert timed == ["opened"]
    assert report.metrics["latency_p50_ms"] == pytest.approx(1000 * report.results[0].seconds)
    assert run().metrics["latency_p50_ms"] is None
    # No latency is no reason to fail then, and is one without a cache.
    slow = Gate(maximum={"latency_p95_ms": 0.0})
    assert judge(report, slow).passed
    assert not judge(run_suite(suite, QuotingClient()), slow).passed


def _document(client: QuotingClient) -> None:
    client.texts["mill"] += " It made flour."


def _new_document(client: QuotingClient) -> None:
    client.texts["ferry"] = "The ferry sank in 1950."


def _setting(client: QuotingClient) -> None:
    client.threshold = 0.49


def _program(client: QuotingClient) -> None:
    client.program = "another"


@pytest.mark.parametrize("change", [_document, _new_document, _setting, _program])
def test_what_decides_answers_is_a_miss_when_it_changes(
    run: Run, client: QuotingClient, suite: Suite, change: Callable[[QuotingClient], None]
) -> None:
    run()
    change(client)
    assert (run().cached, len(client.asked)) == (0, len(suite.cases))


def test_a_case_that_changed_is_a_miss_and_the_others_are_none(
    run: Run, client: QuotingClient, suite: Suite
) -> None:
    run()
    first = replace(suite.cases[0], answers=("1911", "4 May 1911"))
    assert run(Suite("towns", (first, *suite.cases[1:]))).cached == len(suite.cases) - 1
    assert [question for question, *_ in client.asked] == [first.question]
    # Under which tags it is counted changes nothing.
    retagged = replace(first, tags=("other",))
    assert run(Suite("towns", (retagged,))).cached == 1


def test_what_last_year_means_is_part_of_a_case(
    run: Run, client: QuotingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    relative = Case("r", "What burned last year?", unanswerable=True)
    absolute = Case("a", "What burned in 1902?", unanswerable=True)
    both = Suite("towns", (relative, absolute))
    run(both)
    monkeypatch.setattr(answer_cache, "_today", lambda: dt.date(2031, 1, 1))
    assert [one.cached for one in run(both).results] == [False, True]


def test_a_damaged_answer_is_asked_again(run: Run, tmp_path: Path, suite: Suite) -> None:
    run()
    paths = sorted((tmp_path / "answers").iterdir())
    paths[0].write_text(paths[0].read_text().replace("1911", "1912").replace("1902", "1903"))
    paths[1].write_text("{")
    paths[2].write_text(paths[3].read_text())
    changed = 3 if "1912" in paths[0].read_text() or "1903" in paths[0].read_text() else 2
    assert run().cached == len(suite.cases) - changed
    assert run().cached == len(suite.cases)


def test_nothing_is_kept_when_the_corpus_changed_meanwhile(
    run: Run, client: QuotingClient, suite: Suite, tmp_path: Path
) -> None:
    ask = client.ask

    def ask_and_change(question: str, **options: Any) -> AskJson:
        client.texts["mill"] = "It was rebuilt of brick. The mill burned down in 1902."
        answer: AskJson = ask(question, **options)
        return answer

    before = dict(client.texts)
    client.ask = ask_and_change  # type: ignore[method-assign]
    run()
    client.ask, client.texts = ask, before  # type: ignore[method-assign]
    assert run().cached == 0


@pytest.mark.parametrize(
    "setting", [{"llm": "local"}, {"reranker": "a-model"}], ids=lambda value: next(iter(value))
)
def test_models_whose_names_tell_too_little_are_asked_each_time(
    run: Run, client: QuotingClient, setting: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering = client.answering()
    monkeypatch.setattr(client, "answering", lambda: {**answering, "settings": setting})
    run()
    assert run().cached == 0


def test_a_program_that_cannot_tell_what_it_is_is_asked_each_time(
    run: Run, client: QuotingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.program = ""
    run()
    assert run().cached == 0

    def unheard_of() -> None:
        raise ArchiveError("the call 'answering' is unknown")

    monkeypatch.setattr(client, "answering", unheard_of)
    run()
    assert run().cached == 0


def test_only_so_many_answers_stay(
    run: Run, suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_cache, "KEPT", 3)
    run()
    assert len(list((tmp_path / "answers").iterdir())) == 3


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_cache(
    client: QuotingClient, suite: Suite, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    cache = AnswerCache(tmp_path / "file" / "answers", client)
    assert run_suite(suite, client, cache=cache).errors == 0


# ---------------------------------------------------------------- what decides, in the real program


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the program whose files are older than this process, as far as it knows."""
    root = tmp_path / "program"
    for room in ("corpus", "index", "assistant"):
        shutil.copytree(program.ROOT / room, root / room, ignore=shutil.ignore_patterns("__pyca*"))
    monkeypatch.setattr(program, "STARTED", time.time() + 60)
    return root


@pytest.mark.parametrize(
    "file", ["assistant/confidence.json", "index/ranker.json", "assistant/cite.py", "index/new.py"]
)
def test_the_digest_is_of_code_and_of_what_was_fitted(copied: Path, file: str) -> None:
    before = program_digest(copied)
    assert len(before) == 16
    with (copied / file).open("a") as opened:
        opened.write("\n")
    program._digest.cache_clear()
    assert program_digest(copied) != before
    # How the page looks decides no answer.
    again = program_digest(copied)
    with (copied / "assistant/web/theme.py").open("a") as opened:
        opened.write("\n")
    program._digest.cache_clear()
    assert program_digest(copied) == again


def test_a_program_that_was_installed_over_is_not_told(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "STARTED", time.time() - 60)
    os.utime(copied / "assistant/cite.py", (0, 0))
    assert program_digest(copied) == ""


def test_documents_settings_and_recipe_of_a_real_home_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.client_evals.program_digest", lambda: "one")
    home = write_home(tmp_path / "home")

    def decided(settings: Settings = PLAIN) -> str:
        with Archive(home, settings, BagOfStems()) as archive:
            archive.sync()
            return decided_by(LocalClient(archive))

    first = decided()
    assert first == decided()
    assert len({first, decided(Settings(max_quotes=2)), decided(Settings(passages=9))}) == 3
    assert decided(Settings(reranker="none", llm="none")) == first
    (home.documents / "library.txt.json").write_text(json.dumps({"date": "2023-09-06"}))
    ferry = home.documents / "ferry.md"
    ferry.write_text(ferry.read_text("utf-8").replace("18 million", "19 million"), "utf-8")
    second = decided()
    assert second != first
    ferry.unlink()
    assert decided() not in (first, second)


def test_evidence_that_no_longer_stands_fails_whatever_is_kept(
    run: Run, client: QuotingClient
) -> None:
    case = Case("m", "When did the mill burn?", ("1902",), (Evidence("mill", "in 1902"),))
    run(Suite("towns", (case,)))
    wrong = replace(case, evidence=(Evidence("mill", "in 1903"),))
    assert run(Suite("towns", (wrong,))).stale == 1
