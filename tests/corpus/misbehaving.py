"""A reading process whose readers misbehave, each in the way that the name of its file says."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from corpus import worker
from corpus.errors import UnreadableFile


def read(job: dict[str, Any]) -> object:
    path = Path(job["path"])
    behaviour = BEHAVIOUR.get(path.stem)
    return behaviour(path) if behaviour else worker.read(job)


def loops(path: Path) -> object:
    while True:
        pass


def sleeps(path: Path) -> object:
    time.sleep(600)
    return None


def allocates(path: Path) -> object:
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


def allocates_and_hides_it(path: Path) -> object:
    try:
        return allocates(path)
    except Exception as error:
        raise UnreadableFile(f"{path} is damaged.") from error


def allocates_small_things(path: Path) -> object:
    kept: list[Any] = []
    while True:
        kept = [kept, str(len(kept))]


def segfaults(path: Path) -> object:
    return ctypes.string_at(0)


def aborts(path: Path) -> object:
    os.abort()


def exits(path: Path) -> object:
    os._exit(7)


def prints(path: Path) -> object:
    print("\0\0\0\5hello", flush=True)
    os.system("echo hello; cat")
    print(sys.stdin.read())
    raise UnreadableFile("It printed, and read all of stdin.")


def fails(path: Path) -> object:
    raise KeyError("a bug of a reader")


def recurses(path: Path) -> object:
    return recurses(path)


def starts_a_child(path: Path) -> object:
    child = subprocess.Popen(["sleep", "600"])
    path.with_suffix(".pid").write_text(str(child.pid))
    child.wait()
    return None


def writes_without_end(path: Path) -> object:
    with path.with_suffix(".out").open("wb") as file:
        while True:
            file.write(bytes(1_000_000))


def opens_without_end(path: Path) -> object:
    kept = []
    while True:
        kept.append(path.open())


def tells_its_environment(path: Path) -> object:
    raise UnreadableFile(f"{sorted(os.environ)} {sys.path[0]}")


def answers_nonsense(path: Path) -> object:
    return {"document": {"id": 3}}


def answers_for_another(path: Path) -> object:
    other = path.with_name("other.txt")
    other.write_text("Another text, which nobody asked for.\n", "utf-8")
    return worker.read(
        {"path": str(other), "folder": str(path.parent), "document_id": None, "max_bytes": 10**6}
    )


def raises_a_foreign_error(path: Path) -> object:
    class HomeBusy(UnreadableFile):
        pass

    raise HomeBusy("An error whose name is not that of a document's error.")


def answers_too_much(path: Path) -> object:
    return "x" * 110_000_000


BEHAVIOUR = {
    name: value
    for name, value in vars().items()
    if callable(value) and getattr(value, "__module__", "") == __name__ and name != "read"
}


def main() -> None:
    worker.main({**worker.CALLS, "read": read})
