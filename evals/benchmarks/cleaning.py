"""Cleaning measured on pages whose sentences are marked: what must stay, and what must go.

Each page lies in ``cleaning_pages/`` and has a row in ``vectors.jsonl`` there. Half of the pages
are held: they were written before the rules and no rule was fitted to them.

Content recall is the share of the marked sentences that are still in the text; content precision
the share of what is left of all that is marked that is content; removal the share of the marked
furniture that is gone. Baselines read the same pages in the same run:
trafilatura alone, and everything that a page holds.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from corpus.clean import clean
from corpus.readers import read_file
from evals.tables import table

PAGES = Path(__file__).parent / "cleaning_pages"
_TAGS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^<>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Vector:
    """What is known about one page; ``held`` pages were not looked at when rules were made."""

    file: str
    kind: str
    held: bool
    must_include: tuple[str, ...]
    must_not_include: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageScore:
    """How one way of reading did on one page: the sentences it lost, the furniture it left."""

    vector: Vector
    lost: tuple[str, ...]
    left: tuple[str, ...]


class Counts(TypedDict):
    """Shares and the counts behind them, over some pages."""

    pages: int
    content_precision: float
    content_recall: float
    content: int
    lost: int
    furniture_removed: float
    furniture: int
    left: int


class CleaningJson(TypedDict):
    """What ``evals bench cleaning --json`` writes."""

    bench: str
    metrics: dict[str, Counts]
    baselines: dict[str, dict[str, Counts]]
    kinds: dict[str, Counts]
    pages: list[dict[str, Any]]


def load_vectors(folder: Path = PAGES) -> tuple[Vector, ...]:
    """Return the rows of ``vectors.jsonl`` in a folder of pages."""
    rows = (folder / "vectors.jsonl").read_text("utf-8").splitlines()
    return tuple(_vector(json.loads(row)) for row in rows)


def _vector(row: dict[str, Any]) -> Vector:
    return Vector(
        row["file"],
        row["kind"],
        row["held"],
        tuple(row["must_include"]),
        tuple(row["must_not_include"]),
    )


def bench_cleaning(folder: Path = PAGES) -> CleaningJson:
    """Read and clean every page of a folder, and read them with the baselines too."""
    vectors = load_vectors(folder)
    ways: dict[str, Callable[[Path], str]] = {
        "cleaned": cleaned_text,
        "trafilatura": _trafilatura_text,
        "whole page": whole_text,
    }
    scores = {
        way: [score(vector, read(folder / vector.file)) for vector in vectors]
        for way, read in ways.items()
    }
    ours = scores.pop("cleaned")
    kinds = dict.fromkeys(vector.kind for vector in vectors)
    return {
        "bench": "cleaning",
        "metrics": _halves(ours),
        "baselines": {way: _halves(of_way) for way, of_way in scores.items()},
        "kinds": {kind: count(one for one in ours if one.vector.kind == kind) for kind in kinds},
        "pages": [_page_json(one) for one in ours],
    }


def cleaned_text(path: Path) -> str:
    """Return the text of a file as the corpus would hold it."""
    raw = read_file(path)
    return clean(raw.text, dropped=raw.dropped).text


def score(vector: Vector, text: str) -> PageScore:
    """Judge ``text`` against what is known about its page; white space and case do not count."""
    flat = _flat(text)
    lost = tuple(one for one in vector.must_include if _flat(one) not in flat)
    left = tuple(one for one in vector.must_not_include if _holds_words(flat, _flat(one)))
    return PageScore(vector, lost, left)


def count(scores: Iterable[PageScore]) -> Counts:
    """Sum the scores of pages into shares; a share of nothing is 1."""
    known = list(scores)
    content = sum(len(one.vector.must_include) for one in known)
    furniture = sum(len(one.vector.must_not_include) for one in known)
    lost, left = sum(len(one.lost) for one in known), sum(len(one.left) for one in known)
    kept = content - lost
    return {
        "pages": len(known),
        "content_precision": round(kept / (kept + left), 4) if kept + left else 1.0,
        "content_recall": round(1 - lost / content, 4) if content else 1.0,
        "content": content,
        "lost": lost,
        "furniture_removed": round(1 - left / furniture, 4) if furniture else 1.0,
        "furniture": furniture,
        "left": left,
    }


def cleaning_table(measured: CleaningJson) -> str:
    """Return the halves next to the baselines, then every page that lost or left something."""
    columns = ["pages", "precision", "recall (content kept)", "furniture removed"]
    rows = [["read by", *columns]]
    for way, halves in {"this program": measured["metrics"], **measured["baselines"]}.items():
        rows += [[f"{way}, {half}", *_cells(counts)] for half, counts in halves.items()]
    kinds = [["kind", *columns]]
    kinds += [[kind, *_cells(counts)] for kind, counts in measured["kinds"].items()]
    faults = [
        f"{page['file']}: {what} {line!r}"
        for page in measured["pages"]
        for what in ("lost", "left")
        for line in page[what]
    ]
    return "\n\n".join([table(rows), table(kinds), "\n".join(faults)]).rstrip()


def _halves(scores: list[PageScore]) -> dict[str, Counts]:
    return {
        "all": count(scores),
        "tuned": count(one for one in scores if not one.vector.held),
        "held": count(one for one in scores if one.vector.held),
    }


def _cells(counts: Counts) -> list[str]:
    return [
        str(counts["pages"]),
        f"{counts['content_precision']:.3f}",
        f"{counts['content_recall']:.3f} ({counts['content'] - counts['lost']}"
        f"/{counts['content']})",
        f"{counts['furniture_removed']:.3f} ({counts['furniture'] - counts['left']}"
        f"/{counts['furniture']})",
    ]


def _page_json(one: PageScore) -> dict[str, Any]:
    return {
        "file": one.vector.file,
        "kind": one.vector.kind,
        "held": one.vector.held,
        "lost": list(one.lost),
        "left": list(one.left),
    }


def _flat(text: str) -> str:
    return " ".join(text.casefold().split())


def _holds_words(text: str, words: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text))


def _trafilatura_text(path: Path) -> str:
    from corpus.readers.html_judge import article_text

    source = path.read_text("utf-8")
    return article_text(source) if path.suffix == ".html" else source


def whole_text(path: Path) -> str:
    """Return everything that a page holds, its tags aside."""
    source = path.read_text("utf-8")
    return html.unescape(_TAGS.sub(" ", source)) if path.suffix == ".html" else source
