from __future__ import annotations

from typing import Any, cast

from assistant.contract import AskJson
from evals.evidence import Located
from evals.scoring import hit_coverage


def place(document_id: str, start: int, end: int) -> dict[str, Any]:
    passage_id = f"{document_id}:{start}-{end}"
    return {"document_id": document_id, "passage_id": passage_id, "start": start, "end": end}


def test_a_hit_covers_what_a_copy_of_it_holds() -> None:
    first = {**place("second-print", 0, 90), "copies": [place("first-print", 10, 100)]}
    other = {**place("first-print", 200, 300), "copies": []}
    answer = cast("AskJson", {"hits": [first, other], "nearest": []})
    evidence = [Located("first-print", ((95, 120),)), Located("third-print", ((0, 5),))]
    assert hit_coverage(answer, evidence) == [frozenset({0}), frozenset()]
