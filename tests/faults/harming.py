"""The child's side of damage that is done to files while they are open."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from corpus.errors import ArchiveError
from corpus.shelf import Shelf
from index.index import Index

from ..fakes import BagOfStems
from .damage import DAMAGES, flip_some
from .inspecting import hits, search_faults, shown, stored_faults

WORDS = ("banned", "leaked", "regulator", "quokka", "wombat")
LONG = "".join(f"The wombat number {number} sat on fence {number}.\n\n" for number in range(400))


def harmed_while_open(home: str, pattern: str, damage: str, seed: str) -> dict[str, Any]:
    """Damage a file of an index that is open, go on working with it, and mend it.

    What is returned says, for each thing that was done, an error's kind and words, or None.
    """
    root = Path(home)
    index = Index(root / "var", Shelf(root / "documents"), BagOfStems())
    (root / "documents/long.txt").write_text(f"Long\n\n{LONG}", "utf-8")
    index.sync()
    index._vectors.wait()
    before = _said(index)
    said: dict[str, Any] = {"harmed": _harm(root, pattern, damage, seed)}
    said |= {"searched": _same(index, before), "again": _same(index, before)}
    (root / "documents/new.txt").write_text("The new one\n\nA quokka sat there.\n", "utf-8")
    said["synced"] = _error(index.sync)
    said["removed"] = _error(lambda: index.remove(["ban"]))
    said["searched after"] = _error(lambda: _said(index))
    said["sound"] = index.is_sound() if said["searched after"] is None else False
    parts = ("searched", "again", "synced", "removed", "searched after")
    if not said["sound"] or any(said[part] for part in parts):
        said["rebuilt"] = _error(lambda: index.sync(rebuild=True))
        if said["rebuilt"] is not None:  # as the program says: from another process
            index.close()
            return said | {"rebuild elsewhere": True}
    said["wrong"] = _wrong(index)
    index.close()
    return said


def mended(home: str) -> list[str]:
    """Open a home after that, and say what is wrong with it once it is synced."""
    root = Path(home)
    index = Index(root / "var", Shelf(root / "documents"), BagOfStems(), mend=True)
    index.sync()
    wrong = _wrong(index)
    index.close()
    return wrong


def _wrong(index: Index) -> list[str]:
    index.remove(["ban"])
    faults = [*stored_faults(index), *search_faults(index, ("leaked", "quokka"))]
    if set(shown(index)) != {"fine", "leak", "long", "new"}:
        faults.append(f"there are {set(shown(index))}")
    return faults


def _harm(root: Path, pattern: str, damage: str, seed: str) -> int:
    """Return how many files there were to be damaged."""
    found = list((root / "var/index").glob(f"*/{pattern}"))
    for path in found:
        if damage == "flipped":
            flip_some(path, random.Random(seed))
        else:
            (act,) = (one for one in DAMAGES if one.__name__ == damage)
            act(path)
    return len(found)


def _said(index: Index) -> Any:
    return [shown(index), [hits(index, word) for word in WORDS]]


def _same(index: Index, before: Any) -> list[str] | None:
    """Search, and return None where the answer is as it was before the damage."""
    try:
        now = _said(index)
    except ArchiveError as error:
        return [type(error).__name__, str(error)]
    if now[0] != before[0] or _holding(now[1]) != _holding(before[1]):
        return ["wrong", f"{now} instead of {before}"]
    return None


def _holding(found: list[list[list[Any]]]) -> list[list[tuple[Any, ...]]]:
    """Return the hits that hold what was searched for. The others are near by nothing but chance,
    and Chroma may miss one of them when its SQLite file is damaged while it has it open."""
    return [
        [(*hit[:4], round(hit[4], 5)) for hit in ones if word in hit[3]]
        for word, ones in zip(WORDS, found, strict=True)
    ]


def _error(action: Any) -> list[str] | None:
    try:
        changes = action()
    except ArchiveError as error:
        return [type(error).__name__, str(error)]
    except BaseException as error:
        return ["untyped", f"{type(error).__name__}: {error}"]
    failed = getattr(changes, "failed", None)
    return ["reported", failed[0].error] if failed else None
