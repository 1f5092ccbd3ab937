"""The public data sets that there are benchmarks for, by name."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import UsageError
from evals.benchmarks.beir import load_beir
from evals.benchmarks.clapnq import load_clapnq
from evals.benchmarks.collection import Collection
from evals.benchmarks.onestopqa import load_onestopqa
from evals.benchmarks.squad2 import load_squad2

LOADERS = {
    "onestopqa": load_onestopqa,
    "squad2": load_squad2,
    "clapnq": load_clapnq,
    "beir": load_beir,
}


def load_collection(name: str, folder: Path | None) -> Collection:
    """Read the data set ``name`` from its folder.

    Raises UsageError for an unknown name and for no folder or another one, UnreadableFile for a
    broken file.
    """
    if name not in LOADERS:
        raise UsageError(f"there is no benchmark {name}: 'evals bench --help' names them all")
    if folder is None:
        raise UsageError(f"the benchmark {name} needs its data set: add --data DIR")
    return LOADERS[name](folder)
