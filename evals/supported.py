"""Do the quotes of an answer support what it says? Asked of the program's own support test.

A sentence that is one of its quotes word for word supports itself, as in every answer without a
language model, and nothing is computed for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.client import Client
from assistant.client_evals import CitedJson, ClaimJson
from assistant.contract import AskJson
from assistant.contract_answer import CitationJson
from evals.metrics.citation_support import citation_support

Subset = tuple[int, frozenset[int]]
"""A statement by its place, and the markers of some of its citations."""


def support_scores(answer: AskJson, client: Client) -> dict[str, float]:
    """Return ALCE's citation precision and recall of an answer that was given."""
    known = _judged(answer, client)
    precision, recall = citation_support(
        [sentence["markers"] for sentence in answer["sentences"]],
        lambda statement, cited: known[statement, cited],
    )
    return {"alce_precision": precision, "alce_recall": recall}


def _judged(answer: AskJson, client: Client) -> Mapping[Subset, bool]:
    quotes = {one["marker"]: one for one in answer["citations"]}
    asked: dict[Subset, ClaimJson] = {}
    known: dict[Subset, bool] = {}
    for place, markers in _subsets(answer):
        claim = answer["sentences"][place]["text"]
        cited = [quotes[one] for one in sorted(markers) if one in quotes]
        if any(_plain(one["quote"]) == _plain(claim) for one in cited):
            known[place, markers] = True
        else:
            quoted = [_cited(one, answer) for one in cited]
            asked[place, markers] = {"claim": claim, "quotes": quoted}
    if asked:
        known |= zip(asked, client.supports(list(asked.values())), strict=True)
    return known


def _subsets(answer: AskJson) -> Iterator[Subset]:
    for place, sentence in enumerate(answer["sentences"]):
        markers = frozenset(sentence["markers"])
        for cited in {markers, *(markers - {one} for one in markers), *map(_only, markers)}:
            if cited:
                yield place, cited


def _only(marker: int) -> frozenset[int]:
    return frozenset({marker})


def _cited(citation: CitationJson, answer: AskJson) -> CitedJson:
    """Return a quote with its passage, which may lend it a name or a year."""
    passage = next(
        (
            hit
            for hit in answer["hits"]
            if hit["document_id"] == citation["document_id"]
            and hit["start"] <= citation["start"] < hit["end"]
        ),
        None,
    )
    text, id_ = (passage["text"], passage["passage_id"]) if passage else ("", "")
    context = f"{citation['title']}. {citation['date'] or ''}. {text}"
    return {
        "text": citation["quote"],
        "context": context,
        "passage": id_ or f"{citation['document_id']}:{citation['start']}",
    }


def _plain(text: str) -> str:
    return " ".join(text.split())
