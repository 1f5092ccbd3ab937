from __future__ import annotations

from typing import Any

import pytest

from evals.cases import Evidence
from evals.evidence import Documents, Located, Unfound
from evals.stages import Stage


@pytest.mark.parametrize("name", ["bridge", "bridge.md", "towns/bridge.md"])
def test_a_document_is_found_by_id_path_or_file_name(client: Any, name: str) -> None:
    found = Documents(client).locate(Evidence(name, "The bridge opened"))
    assert found == Located("bridge", ((0, 17),))


def test_a_quote_is_found_everywhere_it_stands(client: Any) -> None:
    client.texts = {"twice": "aXbXc"}
    assert Documents(client).locate(Evidence("twice", "X")) == Located("twice", ((1, 2), (3, 4)))


def test_a_span_touches_a_quote_in_the_same_document_only() -> None:
    quote = Located("bridge", ((10, 20), (40, 50)))
    assert quote.touches("bridge", (45, 60))
    assert not quote.touches("bridge", (20, 40))
    assert not quote.touches("mill", (10, 20))


def test_a_stale_quote_is_shown_with_the_nearest_text(client: Any) -> None:
    found = Documents(client).locate(Evidence("bridge", "The bridge opened on 5 May 1911."))
    assert found == Unfound(
        Stage.STALE,
        "bridge no longer says 'The bridge opened on 5 May 1911.'; the nearest text there is "
        "'The bridge opened on 4 May 1911.': correct the case or the document",
    )


def test_a_document_that_is_not_there_is_told_from_one_with_a_name_twice(client: Any) -> None:
    client.texts = {"1911/mill": "x", "1912/mill": "y"}
    documents = Documents(client)
    assert documents.locate(Evidence("pier.md", "x")) == Unfound(
        Stage.NOT_IN_CORPUS, "pier.md is not in the corpus: add it, or correct the case"
    )
    assert documents.locate(Evidence("mill.md", "x")) == Unfound(
        Stage.NOT_IN_CORPUS, "mill.md may be any of 1911/mill, 1912/mill: name one by its id"
    )
