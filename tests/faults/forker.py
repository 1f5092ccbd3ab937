"""Runs functions in child processes that may die, and says how each ended.

They are those of ``actions.py``, ``failing.py``, ``harming.py`` and ``walking.py``.

Reads one JSON list a line: a function's name, its arguments and a number of seconds after which
the child is killed, or null. Writes one JSON list a line: the wait status and what the function
returned. Children are forked from here because the heavy imports are done once, and because this
process never opens Chroma, whose threads would not survive a fork.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import chromadb  # noqa: F401

from tests.faults import actions, failing, harming, walking

MODULES = (actions, failing, harming, walking)


def main() -> None:
    actions.warm()
    for line in sys.stdin:
        name, arguments, seconds = json.loads(line)
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read_end)
            _child(name, arguments, write_end)
        os.close(write_end)
        if seconds is not None:
            _kill_after(seconds, child)
        with os.fdopen(read_end) as answer:
            said = answer.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), json.loads(said or "null")]))
        sys.stdout.flush()


def _kill_after(seconds: float, child: int) -> None:
    deadline = time.monotonic() + seconds
    ended = os.WEXITED | os.WNOHANG | os.WNOWAIT
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, child, ended) is not None:
            return
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)


def _child(name: str, arguments: list[str], write_end: int) -> None:
    code = 1
    try:
        function = next(vars(one)[name] for one in MODULES if name in vars(one))
        value = function(*arguments)
        with os.fdopen(write_end, "w") as answer:
            json.dump(value, answer)
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
