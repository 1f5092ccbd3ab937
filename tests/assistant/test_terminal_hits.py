from __future__ import annotations

from typing import cast

import pytest

from assistant.contract import HitJson, SearchJson
from assistant.serve.mcp_text import found_text
from assistant.terminal import print_search


def hit(*copies: str) -> HitJson:
    return cast(
        HitJson,
        {
            "document_id": "ferry",
            "passage_id": "ferry:0-12",
            "start": 0,
            "end": 12,
            "score": 0.5,
            "text": "A ferry is.",
            "copies": [{"document_id": one, "start": 0, "end": 12} for one in copies],
        },
    )


def found(*hits: HitJson) -> SearchJson:
    return cast(SearchJson, {"hits": list(hits), "sides": [], "steered": None, "remarks": []})


def test_documents_that_say_the_same_are_named_below_a_passage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    both = found(hit("reprint", "reprint", "echo"), hit())
    print_search(both)
    said = capsys.readouterr().out
    assert "    A ferry is.\n    The same in reprint, echo.\n\n 2." in said
    assert said.count("The same in") == 1
    assert "A ferry is.\nThe same in reprint, echo.\n\nferry," in found_text(both)
