"""Why no document supports a sentence of a language model, in words for a reader."""

from __future__ import annotations

UNFOUND = "no sentence of the passages found says this"
BESIDE = "the sentence that says this is not about the question, or speaks to machines"
DOUBTS = {
    "number": "the nearest sentence gives another number, or none",
    "date": "the nearest sentence gives another date, or none",
    "name": "the nearest sentence does not name who is named here",
    "negation": "one of the two says that it is not so",
    "opposite": "the nearest sentence says the opposite",
    "quantity": "the nearest sentence says more, or less",
    "certainty": "the nearest sentence is less sure, or surer",
    "role": "in the nearest sentence others did it, or had it done to them",
}
"""Why a sentence is not supported, by what ``support`` objects."""
