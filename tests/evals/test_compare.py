from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.errors import UsageError
from evals.compare import compare
from evals.files import write_json


def run(suite: str, **metrics: float | None) -> dict[str, Any]:
    return {"suite": suite, "metrics": metrics}


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write_one(name: str, value: Any) -> Path:
        write_json(tmp_path / name, value)
        return tmp_path / name

    return write_one


def test_each_metric_is_shown_twice_with_the_difference(write: Any) -> None:
    one = write("a", run("towns", **{"hit@1": 0.5, "latency_p50_ms": 10.0, "answer_f1": None}))
    other = write("b", [run("x"), run("towns", **{"hit@1": 0.25, "latency_p50_ms": 12.5})])
    assert compare(one, other).splitlines()[:9] == [
        "towns                     A      B   B - A",
        "hit@1                 0.500  0.250  -0.250",
        "hit@5                   n/a    n/a     n/a",
        "recall@5                n/a    n/a     n/a",
        "mrr@10                  n/a    n/a     n/a",
        "map@10                  n/a    n/a     n/a",
        "ndcg@10                 n/a    n/a     n/a",
        "answer_em               n/a    n/a     n/a",
        "answer_f1               n/a    n/a     n/a",
    ]
    assert "latency_p50_ms         10.0   12.5    +2.5" in compare(one, other)


@pytest.mark.parametrize(
    "value", [[], {}, 3, {"suite": "s"}, {"suite": "s", "metrics": {"hit@1": "high"}}]
)
def test_what_is_no_report_is_refused(write: Any, value: Any) -> None:
    with pytest.raises(UsageError, match="a is not a report"):
        compare(write("a", value), write("b", run("s")))


def test_reports_that_share_no_suite_are_refused(write: Any) -> None:
    with pytest.raises(UsageError, match="share no suite"):
        compare(write("a", run("one")), write("b", run("other")))
