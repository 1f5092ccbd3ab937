"""How fast each way of running the model embeds, against sentence-transformers as it comes.

The sides take turns, a few passages each, so that what else the machine does meets all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from evals.benchmarks.embedding_sides import sides
from evals.benchmarks.embedding_worker import BASELINE, PRODUCTS
from evals.benchmarks.made_articles import make_article
from evals.benchmarks.speed_parts import Measure, Part, Setup
from evals.tables import table
from index.backends import automatic_backend, usable_backends
from index.model_files import DEFAULT_MODEL, bert_files, model_folder

PASSAGES = 64
"""In a turn of one side."""
PASSAGE_TOKENS = 200
SENTENCE_TOKENS = 25
QUESTIONS = 40
ROUNDS = 6


@dataclass(frozen=True, slots=True)
class EmbeddingSpeed:
    """One side. Passages a second, wall and processor time; word pieces of sentences as a share of
    passages', for each second of the processor; a question's milliseconds; seconds until a first
    vector; and the most memory in MB. The products alone have no questions and no vectors."""

    side: str
    per_second: float
    times: float
    per_cpu_second: float
    cpu_times: float
    sentences_share: float
    question_p50_ms: float
    question_p95_ms: float
    ready_s: float
    peak_mb: float


def embedding_speed(
    names: Sequence[str] | None = None,
    *,
    rounds: int = ROUNDS,
    passages: int = PASSAGES,
    say: Callable[[str], None] = lambda _: None,
) -> list[EmbeddingSpeed]:
    """Measure the sides with the default model: medians over the rounds, each against the
    baseline's of the same round."""
    names = [*(names or (BASELINE, *usable_backends(), *products_of(automatic_backend())))]
    asked = [f"Which report came in {1900 + n}?" for n in range(QUESTIONS)]
    long, short = (
        {"embed": made_texts(passages, tokens), "tokens": tokens}
        for tokens in (PASSAGE_TOKENS, SENTENCE_TOKENS)
    )
    blocks: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    sentences: dict[str, list[float]] = {name: [] for name in names}
    waits: dict[str, list[float]] = {name: [] for name in names}
    peaks: dict[str, float] = {}
    with sides(names, DEFAULT_MODEL) as processes:
        for number in range(rounds):
            say(f"embedding, round {number + 1} of {rounds}")
            for name, side in processes.items():
                block = side.call(long)
                blocks[name].append((block["seconds"], block["cpu"]))
                cpu = side.call(short)["cpu"]
                sentences[name].append(block["cpu"] * SENTENCE_TOKENS / PASSAGE_TOKENS / cpu)
                if not name.startswith(PRODUCTS):
                    waits[name] += side.call({"ask": asked})["seconds"]
                peaks[name] = block["peak_mb"]
        ready = {name: side.ready_s for name, side in processes.items()}
    first = blocks[names[0]]
    return [
        EmbeddingSpeed(
            name,
            passages / median(wall for wall, _ in blocks[name]),
            median(one[0] / other[0] for one, other in zip(first, blocks[name], strict=True)),
            passages / median(cpu for _, cpu in blocks[name]),
            median(one[1] / other[1] for one, other in zip(first, blocks[name], strict=True)),
            median(sentences[name]),
            float(np.percentile(waits[name] or [0.0], 50)) * 1000,
            float(np.percentile(waits[name] or [0.0], 95)) * 1000,
            ready[name],
            peaks[name],
        )
        for name in names
    ]


def products_of(backend: str) -> tuple[str, ...]:
    """Return the name of the side that only does a backend's products, where there is one."""
    library, _, precision = backend.partition("-")
    return (f"{PRODUCTS}-{precision or 'f32'}",) if library == "openvino" else ()


def made_texts(count: int, tokens: int = PASSAGE_TOKENS) -> list[str]:
    """Return different texts of about so many of the default model's word pieces."""
    from tokenizers import Tokenizer

    folder = model_folder(DEFAULT_MODEL)
    assert folder is not None
    assert bert_files(folder) is not None
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(tokens)
    texts = [" ".join(make_article(number).paragraphs) for number in range(count)]
    ends = [encoded.offsets[-2][1] for encoded in tokenizer.encode_batch(texts)]
    return [text[:end] for text, end in zip(texts, ends, strict=True)]


def embedding_table(rows: Sequence[EmbeddingSpeed]) -> str:
    """Return the measurements as a table."""
    head = ["backend", "passages/s", "times", "per cpu s", "times", "sentences", "question p50"]
    lines = [[*head, "p95 ms", "ready s", "MB"]]
    for row in rows:
        lines.append(
            [
                row.side,
                f"{row.per_second:.1f}",
                f"{row.times:.2f}",
                f"{row.per_cpu_second:.1f}",
                f"{row.cpu_times:.2f}",
                f"{row.sentences_share:.2f}",
                *(["-"] * 4 if row.side.startswith(PRODUCTS) else _of_questions(row)),
            ]
        )
    return (
        f"{table(lines)}\n\n'times' is against sentence-transformers as it comes, by the clock and "
        f"by processor time; 'sentences': word pieces of texts of {SENTENCE_TOKENS}, as a share of "
        f"passages', by processor time; '{PRODUCTS}' multiplies the model's matrices and does "
        "nothing else"
    )


def _of_questions(row: EmbeddingSpeed) -> list[str]:
    return [
        f"{row.question_p50_ms:.1f}",
        f"{row.question_p95_ms:.1f}",
        f"{row.ready_s:.2f}",
        f"{row.peak_mb:.0f}",
    ]


def measure(setup: Setup) -> Part:
    """Measure the embedding alone, as a part of ``evals bench speed``."""
    rows = embedding_speed(rounds=ROUNDS if setup.full else 3, say=setup.say)
    default = automatic_backend()
    best = next(row for row in rows if row.side == default)
    measures = {
        "embedding_times": Measure("passages, times sentence-transformers", "", 5, more=True),
        "embedding_question_p95_ms": Measure("a question embedded, p95", "ms", 4),
        "embedding_ready_s": Measure("model ready, imports included", "s", 0.3),
    }
    ideal = next((row for row in rows if row.side.startswith(PRODUCTS)), None)
    if ideal is not None:
        measures |= {
            "embedding_share": Measure("share of the products' speed", "", 0.85, more=True),
            "embedding_most_times": Measure("the products, times sentence-transformers", ""),
        }
    metrics = {
        "embedding_times": best.times,
        "embedding_question_p95_ms": best.question_p95_ms,
        "embedding_ready_s": best.ready_s,
        **(_against_products(best, ideal) if ideal else {}),
        **_metrics(rows),
    }
    about = f"embedding passages of {PASSAGE_TOKENS} word pieces; the default here is {default}"
    return Part(measures, metrics, about, shown=embedding_table(rows))


def _against_products(best: EmbeddingSpeed, ideal: EmbeddingSpeed) -> dict[str, float]:
    """By processor time, which other programs disturb less."""
    return {
        "embedding_share": best.per_cpu_second / ideal.per_cpu_second,
        "embedding_most_times": ideal.cpu_times,
    }


def _metrics(rows: Sequence[EmbeddingSpeed]) -> dict[str, float]:
    return {
        f"embedding_{row.side}_{name}": getattr(row, name)
        for row in rows
        for name in EmbeddingSpeed.__slots__
        if name != "side"
    }
