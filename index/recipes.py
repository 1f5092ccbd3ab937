"""The index folders of a home, one for each recipe, and the file that says which one answers.

``<state>/index/current`` holds the names of folders, a line each: the one that answers, then those
that answered before and are kept, the latest first. It is replaced in one rename, so that after a
kill it is the old one or the new one. A folder that it does not name is being built, or left over.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.atomic import is_abandoned, sync_folder, write_all
from corpus.errors import IndexFailure, ShelfError
from index.made import Found, look_into

POINTER = "current"
"""The name of that file."""
_NAME = re.compile(r"[0-9a-f]{12}(-[0-9]+)?")
_GONE = ".gone"


def survey(root: Path) -> dict[str, Found]:
    """Return all index folders by name. What a killed deletion left is deleted.

    Raises IndexFailure where a newer release than this one made one of them.
    """
    if not root.is_dir():
        return {}
    for left in root.glob(f"*{_GONE}"):
        shutil.rmtree(left, ignore_errors=True)
    for left in root.glob(".*"):
        if is_abandoned(left.name):
            left.unlink(missing_ok=True)
    folders = sorted(one for one in root.iterdir() if one.is_dir() and not _is_gone(one))
    return {one.name: look_into(one) for one in folders}


def answering(root: Path) -> list[str]:
    """Return the name of the folder that answers, then those that are kept; none at first."""
    try:
        lines = (root / POINTER).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return []
    return [name for name in lines if _NAME.fullmatch(name)]


def let_answer(root: Path, names: Sequence[str]) -> None:
    """Say which folder answers from now on, and which are kept. Raises IndexFailure."""
    if answering(root) == list(names):
        return
    try:
        root.mkdir(parents=True, exist_ok=True)
        write_all({root / POINTER: "".join(f"{name}\n" for name in names).encode()})
    except (OSError, ShelfError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IndexFailure(
            f"{root / POINTER} could not be written ({reason}): check the folder's rights and the "
            "disk's free space"
        ) from error


def new_folder(root: Path, recipe: str, used: Iterable[str] = ()) -> Path:
    """Return a folder for an index of a recipe that no other one has, nor had since the start.

    ``used`` are names that this process has used: what is open may be deleted from the disk.
    """
    there = [one.name for one in root.glob(f"{recipe}*")] if root.is_dir() else []
    taken = [*there, *(name for name in used if name.startswith(recipe))]
    if not taken:
        return root / recipe
    numbers = [int(name.removesuffix(_GONE)[13:] or 1) for name in taken if _is_named(name)]
    return root / f"{recipe}-{max(numbers, default=1) + 1}"


def drop(folders: Iterable[Path]) -> None:
    """Delete index folders. A kill leaves them whole or marked as deleted; what the system will not
    delete is left to the next start."""
    for folder in folders:
        marked = folder.with_name(f"{folder.name}{_GONE}")
        try:
            folder.rename(marked)
            sync_folder(folder.parent)
        except OSError:
            marked = folder
        shutil.rmtree(marked, ignore_errors=True)


def _is_gone(folder: Path) -> bool:
    return folder.name.endswith(_GONE)


def _is_named(name: str) -> bool:
    return bool(_NAME.fullmatch(name.removesuffix(_GONE)))
