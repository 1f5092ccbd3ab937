"""What a worker of a cluster remembers."""

from __future__ import annotations

import pytest

from index import cluster_work
from index.cluster_work import Sent, Worked, Worker

from ..fakes import BagOfStems

NOTICE = "All of this may be printed again by anybody."


def sent(number: int) -> Sent:
    text = f"# Report {number}\n\nThe dam number {number} holds water.\n\n{NOTICE}\n"
    return Sent(f"{number}.md", {f"{number}.md": text.encode()}, None, 10_000)


def texts_and_vectors(worked: list[Worked]) -> list[tuple[str, list[float]]]:
    return [
        (text, vector.tolist())
        for one in worked
        if one.vectors is not None
        for text, vector in zip(one.texts, one.vectors, strict=True)
    ]


def test_what_comes_again_is_not_embedded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_work, "_REMEMBERED", 4)
    embedder = BagOfStems()
    worker = Worker(lambda: embedder, 0)
    embedder.embedded.clear()
    made = [worker.work([sent(number)]) for number in range(3)]
    assert embedder.embedded.count(NOTICE) == 1
    found = [pair for one in made for pair in texts_and_vectors(one)]
    assert [text for text, _ in found].count(NOTICE) == 3
    other = BagOfStems()
    assert found == [(text, other.embed([text])[0].tolist()) for text, _ in found]
    # What was not met for long is forgotten: a worker's memory has an end.
    worker.work([sent(0)])
    assert embedder.embedded.count("The dam number 0 holds water.") == 2
    assert len(worker._known) == 4
