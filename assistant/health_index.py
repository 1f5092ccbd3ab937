"""The doctor's look at the index: whether it is as it was written, and whether Chroma finds all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.archive import Archive
from assistant.embedders import remark_when_loaded
from assistant.health_server import away, look_at_server
from corpus.errors import ModelUnavailable, VectorsAway, VectorsDamaged
from corpus.findings import Finding, Severity
from index.entries import ProgressListener
from index.vector_check import MOST, VectorCheck, check_vectors

_REBUILD = "make the index again from the documents"
_MODEL_STEP = "until then nothing can be asked or added"
_BACKEND_STEP = (
    "nothing needs to be done, as answers are the same: only slower; installing other versions of "
    "the packages may help"
)
_REFILL = "fill the vectors in again from the catalogue, with nothing embedded"


@dataclass(frozen=True, slots=True)
class Looked:
    """What is wrong with an index; ``vectors`` is None where they could not be looked at."""

    findings: tuple[Finding, ...]
    vectors: VectorCheck | None


def look_at_index(
    archive: Archive, *, thorough: bool, progress: ProgressListener | None = None
) -> Looked:
    """Read the catalogue through, look up vectors, all where that is ``thorough``, and load the
    model."""
    if archive.needs_rebuild(thorough=thorough):
        return Looked((_DAMAGED,), None)
    model = tuple(_of_model(archive))
    try:
        with archive.index.view() as store:
            check = check_vectors(store, most=None if thorough else MOST, progress=progress)
    except VectorsAway as error:
        return Looked((away(error), *look_at_server(archive), *model), None)
    except VectorsDamaged as error:
        return Looked((_finding("error", str(error), _REFILL), *model), None)
    return Looked((*_wrong(check), *look_at_server(archive), *model), check)


def mend_catalogue(
    archive: Archive, *, thorough: bool, progress: ProgressListener | None = None
) -> tuple[Finding, ...]:
    """Make the index again where its catalogue is damaged, and say so; a damaged one may not be
    read far enough to look at anything else."""
    if not archive.needs_rebuild(thorough=thorough):
        return ()
    archive.sync(rebuild=True, progress=progress)
    return (_DAMAGED,)


def mend_index(archive: Archive, looked: Looked) -> None:
    """Fill Chroma again where something is wrong with it. Raises VectorsDamaged."""
    if any(one.repair == _REFILL for one in looked.findings):
        with (
            contextlib.suppress(VectorsAway),  # the next look says so
            archive.index.view() as store,
        ):
            store.vectors.refill()


def _of_model(archive: Archive) -> Iterator[Finding]:
    """Say that the model cannot be loaded, or not in the way that suits this machine best."""
    try:
        remark = remark_when_loaded(archive.index.embedder)
    except ModelUnavailable as error:
        yield Finding("", "", "embedding model", "error", str(error), _MODEL_STEP)
        return
    if remark:
        yield Finding("", "", "embedding model", "warning", remark, _BACKEND_STEP)


def _wrong(check: VectorCheck) -> list[Finding]:
    lost, missing, strays = len(check.lost), len(check.missing), len(check.strays)
    found = []
    if missing:
        said = f"{missing:,} of {check.passages:,} vectors are missing in Chroma"
        found.append(_finding("error", said, _REFILL))
    if strays:
        said = f"{strays:,} of the vectors in Chroma belong to no document"
        found.append(_finding("error", said, _REFILL))
    if lost:
        # A graph loses some without any fault, and questions are answered by terms as well.
        said = f"{lost:,} of {check.looked_up:,} vectors looked up are not found by Chroma"
        found.append(_finding("warning", said, _REFILL))
    return found


def _finding(severity: Severity, detail: str, repair: str) -> Finding:
    next_step = "run 'assistant doctor --repair'"
    return Finding("", "", "damaged index", severity, detail, next_step, repair)


_DAMAGED = _finding("error", "the index is not as it was written", _REBUILD)
