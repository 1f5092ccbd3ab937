"""``python -m evals.benchmarks.embedding_worker SIDE MODEL``: one way of running the model, in a
process of its own, so that its memory and its start are its own.

It answers a line of JSON for each that it reads: ``{"embed": [texts]}`` with the seconds that took,
``{"ask": [questions]}`` with those of each, ``{"keep": FILE, "texts": [...]}`` by saving vectors;
and says first how long it took until a first vector. ``SIDE`` is a backend's name, or ``baseline``:
sentence-transformers as it comes, or ``products-bf16`` or ``products-f32``: the model's products of
matrices alone, for texts of as many word pieces as ``"tokens"`` says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from time import perf_counter, process_time
from typing import Any

BASELINE = "baseline"
PRODUCTS = "products"


def main() -> None:
    """Serve one side until the input ends."""
    side, model = sys.argv[1:3]
    start = perf_counter()
    if side.startswith(PRODUCTS):
        _multiply(side.partition("-")[2], model)
        return
    embed, ask = _baseline(model) if side == BASELINE else _ours(side, model)
    ask("a first question")
    _answer({"ready_s": perf_counter() - start})
    embed(["a first text of some words"] * 64)  # what is made ready for many
    for line in sys.stdin:
        _answer(_done(json.loads(line), embed, ask))


def _multiply(precision: str, model: str) -> None:
    """Serve the products alone."""
    from evals.benchmarks.products import Products
    from index.model_files import bert_files, model_folder

    folder = model_folder(model)
    files = bert_files(folder) if folder else None
    assert files is not None
    start = perf_counter()
    products = Products(files.config, precision)
    products.run(64, 8)
    _answer({"ready_s": perf_counter() - start})
    for line in sys.stdin:
        wanted = json.loads(line)
        texts, tokens = len(wanted["embed"]), wanted["tokens"]
        products.run(8, tokens)  # what is made ready for this length
        _answer(_done(wanted, lambda _: products.run(texts, tokens), None))  # noqa: B023


def _done(
    wanted: dict[str, Any], embed: Callable[..., Any], ask: Callable[..., Any] | None
) -> object:
    if "ask" in wanted and ask is not None:
        return {"seconds": [_seconds(ask, one)[0] for one in wanted["ask"]]}
    if "keep" in wanted:
        import numpy as np

        np.save(wanted["keep"], embed(wanted["texts"]))
        return {}
    seconds, cpu = _seconds(embed, wanted["embed"])
    return {"seconds": seconds, "cpu": cpu, "peak_mb": _peak_mb()}


def _seconds(function: Callable[..., object], argument: object) -> tuple[float, float]:
    start, cpu = perf_counter(), process_time()
    function(argument)
    return perf_counter() - start, process_time() - cpu


def _baseline(model: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    from sentence_transformers import SentenceTransformer

    from index.model_files import model_folder

    loaded = SentenceTransformer(str(model_folder(model)))

    def embed(texts: Sequence[str] | str) -> Any:
        return loaded.encode(texts, show_progress_bar=False)

    return embed, embed


def _ours(backend: str, model: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    from index.backends import choose_embedder

    embedder = choose_embedder(model, backend=backend)
    return embedder.embed, embedder.embed_question


def _peak_mb() -> float:
    from corpus.worker import peak_bytes

    return peak_bytes() / 1e6


def _answer(said: object) -> None:
    print("\x02" + json.dumps(said), flush=True)  # marked: libraries print as well


if __name__ == "__main__":
    main()
