"""What must be true of an index at any moment that somebody looks at it: lists of faults."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from corpus.shelf import Shelf
from index.index import Index
from index.vector_file import VECTORS, VectorFile

from ..index.homes import chroma_numbers, passage_numbers

NEAR = 1e-6


def stored_faults(index: Index) -> list[str]:
    """Return what a doctor who looks at everything would find wrong with what is stored."""
    return [*_rows(index), *_vectors(index)]


def _rows(index: Index) -> Iterator[str]:
    rows = index._database.rows
    passages = passage_numbers(index)
    if not index.is_sound():
        yield "the index is not sound"
    if [number for (number,) in rows("SELECT number FROM passages ORDER BY 1")] != passages:
        yield "passages of no active document"
    if [number for (number,) in rows("SELECT rowid FROM lexicon ORDER BY 1")] != passages:
        yield "the lexicon holds other passages"
    if left := rows("SELECT id, state FROM documents WHERE state != 'active'"):
        yield f"generations left over: {left}"
    stray = "SELECT count(*) FROM bands WHERE generation NOT IN (SELECT generation FROM documents)"
    if rows(stray) != [(0,)]:
        yield "keys of no generation"
    if chroma_numbers(index) != passages:
        yield f"Chroma holds {chroma_numbers(index)}, the catalogue {passages}"


def _vectors(index: Index) -> Iterator[str]:
    """Each passage must be found by its own vector; another one may have the very same."""
    for numbers, vectors in index.catalogue.all_vectors():
        for number, vector in zip(numbers, vectors, strict=True):
            found = dict(index._vectors.nearest(vector, 10))
            if abs(max(found.values(), default=0.0) - 1) > 1e-4:
                yield f"the vector of passage {number} is not found"
            elif number not in found and len(found) < 10:
                yield f"passage {number} is not found by its vector"


def shown(index: Index) -> dict[str, list[str]]:
    """Return the title and the text of every document, by id."""
    documents = [index.catalogue.document(entry.id) for entry in index.catalogue.entries()]
    return {one.id: [one.title, one.text] for one in documents}


def hits(index: Index, question: str, k: int = 10) -> list[list[Any]]:
    """Return a search's hits without the numbers that depend on the index's history."""
    found = index.search(index.prepare(question), k=k)
    return [
        [hit.passage.document_id, hit.passage.start, hit.passage.end, hit.text, hit.score]
        for hit in found
    ]


def search_faults(index: Index, words: Iterable[str]) -> list[str]:
    """Return what is wrong with searches for words that are in one document each, or in none."""
    documents = shown(index)
    faults = []
    for word in words:
        holders = {one for one, (_, text) in documents.items() if word in text}
        found = hits(index, word)
        for ident, start, end, text, _ in found:
            if ident not in documents:
                faults.append(f"a ghost: {word!r} finds {ident}")
            elif documents[ident][1][start:end] != text:
                faults.append(f"a mixture: {word!r} finds {text[:60]!r} in {ident}")
        if holders and (not found or found[0][0] not in holders):
            faults.append(f"{word!r} of {holders} finds {[one[0] for one in found]}")
        if not holders and any(word in one[3] for one in found):
            faults.append(f"stale: {word!r} is found")
    return faults


def left_files(shelf: Shelf, state: Path) -> list[str]:
    """Return the temporary files that lie about on the shelf and in the state folder."""
    folders = (shelf.folder, state)
    files = [Path(at) / name for folder in folders for at, _, names in os.walk(folder)
             for name in names]  # fmt: skip
    return [str(one) for one in files if one.name.endswith((".tmp", "-journal"))]


def left_vectors(index: Index) -> list[str]:
    """Return what the file of vectors holds of documents that are gone."""
    store = index._beside.store
    there = {one for (one,) in store.database.rows("SELECT generation FROM documents")}
    file = VectorFile(store.folder / VECTORS, store._generations.catalogue_id)
    held = {one for block in file._blocks() for one in block.rows["generation"].tolist()}
    return [f"vectors of the generation {one}, which is gone" for one in held - there - {0}]


def same_hits(ones: list[list[Any]], others: list[list[Any]]) -> bool:
    """Tell whether hits are the same; those of one score may come in any order."""
    if len(ones) != len(others):
        return False
    if any(abs(a[4] - b[4]) > NEAR for a, b in zip(ones, others, strict=True)):
        return False
    last = ones[-1][4] if ones else 0.0
    # The last ones may have others of the very same score behind them, which were cut off.
    strip = [{tuple(one[:4]) for one in group if one[4] > last + NEAR} for group in (ones, others)]
    return strip[0] == strip[1]
