"""Which of a home's index folders answers when it is opened, and which one is to be built."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import ModelUnavailable
from index.embed import Embedder
from index.made import CATALOGUE, Found, Made, ModelName
from index.recipe import Ingredients, digits, ingredients
from index.recipes import answering, new_folder, survey
from index.reuse import Donor
from index.upgrade import recognized

FindEmbedder = Callable[[ModelName, str], Embedder]
"""Takes a model's name and its fingerprint, and returns an embedder, not loaded yet, that gives
the very same vectors. Raises ModelUnavailable."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to open.

    ``answers`` is the folder that answers, with its embedder; a new one answers as it fills.
    ``builds`` is the folder to build beside it, where that is not of now's recipe. ``kept``
    answered before, the latest first. ``left_over`` may be deleted once ``answers`` is complete and
    nothing is to be built; until then its vectors may be of use. ``remark`` is for people.
    ``unavailable`` says why the model of now cannot be had, where an old index answers for that.
    ``answers`` is not ``is_trusted`` where another one answered last, and it is not known to hold
    nothing but what that one held: something in it may be gone since.
    """

    wanted: Ingredients
    answers: Found
    embedder: Embedder
    builds: Found | None = None
    kept: tuple[Found, ...] = ()
    left_over: tuple[Found, ...] = ()
    remark: str = ""
    is_trusted: bool = True
    unavailable: ModelUnavailable | None = None


@dataclass(frozen=True, slots=True)
class OneModel:
    """Finds the embedder of an index where only one is known."""

    embedder: Embedder

    def __call__(self, named: ModelName, fingerprint: str) -> Embedder:
        """Raise ModelUnavailable unless it is the one."""
        if self.embedder.fingerprint == fingerprint:
            return self.embedder
        raise ModelUnavailable("its files are not known")


def plan(root: Path, embedder: Embedder, find_embedder: FindEmbedder) -> Plan:
    """Decide from what lies in the folder of all indexes.

    Raises IndexFailure; nothing but what a killed deletion left, and notes in catalogues of older
    releases, is changed.
    """
    try:
        wanted = ingredients(embedder)
    except ModelUnavailable as error:
        return _without_model(root, find_embedder, error)
    found = {name: recognized(one, embedder.fingerprint) for name, one in survey(root).items()}
    names = answering(root)
    last = names[0] if names else ""
    order = [found[name] for name in names if name in found]
    order = order or _guessed(found.values(), wanted)
    others = [one for one in found.values() if one not in order]
    begun = next((one for one in others if one.is_made_with(wanted)), None)
    target = begun or Found(new_folder(root, digits(wanted)))
    first = order[0] if order else None
    # Where a catalogue cannot be read at all, opening it says what to do.
    if first is not None and (first.is_made_with(wanted) or not first.schema):
        return _assigned(Plan(wanted, first, embedder), found.values(), order, last)
    for one in order[1:]:
        if one.is_made_with(wanted) and one.can_answer:  # back to what it was before
            return _assigned(Plan(wanted, one, embedder), found.values(), order, last)
    if first is None or not first.can_answer or first.made is None:
        return _assigned(Plan(wanted, target, embedder), found.values(), order, last)
    try:
        same_model = first.made.fingerprint == embedder.fingerprint
        theirs = embedder if same_model else find_embedder(first.made.named, first.made.fingerprint)
    except ModelUnavailable as error:
        there = Plan(wanted, target, embedder, remark=cannot_answer(first.made, error))
        return _assigned(there, found.values(), order, last)
    return _assigned(Plan(wanted, first, theirs, target), found.values(), order, last)


def _without_model(root: Path, find_embedder: FindEmbedder, error: ModelUnavailable) -> Plan:
    """Let the index that answered last answer on, with its own model, where that of now cannot be
    had. Raises ``error`` where there is none that can."""
    found = survey(root)
    names = answering(root)
    order = [found[name] for name in names if name in found]
    for one in order[:1]:
        if one.made is None or not one.can_answer:
            break
        with contextlib.suppress(ModelUnavailable):
            theirs = find_embedder(one.made.named, one.made.fingerprint)
            remark = f"{error}; until then the index that {one.made.named.model!r} made answers"
            there = Plan(one.made.ingredients, one, theirs, remark=remark, unavailable=error)
            return _assigned(there, found.values(), order, names[0])
    raise error


def donors(made_with: Ingredients, candidates: Iterable[Found]) -> tuple[Donor, ...]:
    """Return those catalogues that may give their vectors to an index."""
    return tuple(
        Donor(
            one.folder / CATALOGUE,
            same_context=one.made.ingredients.get("context") == made_with["context"],
            with_digests=one.made.ingredients.get("schema") == made_with["schema"],
        )
        for one in candidates
        if one.made is not None and one.made.fingerprint == made_with["model"]
    )


def _guessed(found: Iterable[Found], wanted: Ingredients) -> list[Found]:
    """Return who answers where nothing says so, as after a release that had no such file."""
    ready = [one for one in found if one.can_answer]
    return sorted(
        ready,
        key=lambda one: (one.is_made_with(wanted), one.made.made if one.made else ""),
        reverse=True,
    )[:1]


def _assigned(plan: Plan, found: Collection[Found], order: Sequence[Found], last: str) -> Plan:
    """Say of the folders that neither answer nor are built which are kept, and which are not.

    ``last`` is the name of the one that answered last.
    """
    at_work = {plan.answers.folder, plan.builds.folder if plan.builds else None}
    kept = tuple(one for one in order if one.can_answer and one.folder not in at_work)
    at_work |= {one.folder for one in kept}
    left = tuple(one for one in found if one.folder not in at_work)
    trusted = (
        plan.answers.folder.name == last
        or (not last and len(found) < 2)
        or (plan.answers.made is not None and plan.answers.made.subset)
    )
    return replace(plan, kept=kept, left_over=left, is_trusted=trusted)


def cannot_answer(made: Made, error: ModelUnavailable) -> str:
    """Return what people are told where an old index is there and cannot be asked any more."""
    return (
        f"the model {made.named.model or made.fingerprint!r}, which the index so far was made "
        f"with, cannot be used any more ({error}): questions are answered from the new index as it "
        "fills"
    )
