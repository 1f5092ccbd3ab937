"""Children that change recipes and die of SIGKILL at a step of it.

Reads one JSON list a line: a home, what to do, a step, and whether to die before or after it.
Writes one exit code a line, negative for a signal. Children are forked from here, because the heavy
imports are done once and this process never opens Chroma.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401

from index import kept, made, recipes, store
from index.generations import Generations
from index.index import Index

from ..faults.walking import deadly
from .models import Model, Shop, open_with

STEPS: dict[str, tuple[Any, str, int]] = {
    "open the new index": (store.Store, "_open", 1),
    "say what it is made with": (made, "describe", 1),
    "write a document": (Generations, "add_pending", 0),
    "make a document active": (Generations, "activate", 0),
    "mark it complete": (made, "mark_complete", 0),
    "name who answers": (recipes, "write_all", 0),
    "rename that file": (Path, "replace", 0),
    "retire the old index": (store.Store, "retire", 0),
    "set an index aside": (Path, "rename", 0),
    "delete an index": (shutil, "rmtree", 0),
    "doubt a kept index": (kept.Kept, "doubt", 0),
    "compare a kept index": (kept.Kept, "keep_only", 0),
    "forget in a kept index": (kept.Kept, "_forget", 0),
    "drop a kept index's vectors": (kept.Kept, "_drop_vectors", 0),
    "wipe a kept index": (kept.Kept, "wipe", 0),
}
"""Where each step is, and how many calls of it belong to what comes before."""

MODELS = {"one": Model("one", 192), "two": Model("two", 128)}


def opened(home: Path, model: str) -> Index:
    return open_with(home, MODELS[model], Shop(*MODELS.values()))


def main() -> None:
    MODELS["one"].embed(["warm"])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _child(*json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _child(home: str, action: str, step: str, moment: str) -> None:
    code = 1
    try:
        _act(Path(home), action, step, moment)
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def _act(home: Path, action: str, step: str, moment: str) -> None:
    if action == "made":  # an index of "one", and nothing kept
        index = opened(home, "one")
        index.sync()
        index.close()
        return
    if action == "both":  # "two" answers and "one" is kept
        for model in ("one", "two"):
            index = opened(home, model)
            index.sync()
            index.close()
        return
    if action == "rebuild after deleting":
        index = opened(home, "two")
        (home / "documents/leak.txt").unlink()
        _arm(step, moment, opened_before=True)
        index.sync(rebuild=True)
    elif action in ("change", "back"):
        _arm(step, moment)
        opened(home, "two" if action == "change" else "one").sync()
    else:
        index = opened(home, "one" if action == "rebuild" else "two")
        _arm(step, moment, opened_before=True)
        if action == "rebuild":
            index.sync(rebuild=True)
        else:
            index.remove(["leak"])


def _arm(step: str, moment: str, *, opened_before: bool = False) -> None:
    owner, name, spared = STEPS[step]
    real = getattr(owner, name)
    setattr(owner, name, deadly(real, moment, 0 if opened_before else spared))


if __name__ == "__main__":
    main()
