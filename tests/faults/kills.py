"""``make kills``: a thousand children, killed one after the other, and a summary.

``python -m tests.faults.kills --loops 1000 --seed 7``
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from . import shim
from .conftest import Children, start_forker
from .walks import Found, Walk, keep

LOOPS_A_HOME = 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loops", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    calls = shim.compiler() is not None
    children = Children(start_forker(shim.preloaded()))
    print(f"seed {seed}" + ("" if calls else "; no C compiler, so no kill at calls to the system"))
    begun = time.monotonic()
    total: Walk | None = None
    done = 0
    while done < given.loops:
        home = Path(tempfile.mkdtemp(prefix="archive-kills-")) / "home"
        walk = Walk(home, children, seed + done // LOOPS_A_HOME, calls=calls)
        if total is not None:
            walk.summary = total.summary
        total = walk
        for _ in range(min(LOOPS_A_HOME, given.loops - done)):
            try:
                walk.loop()
            except Found as found:
                kept = Path(tempfile.mkdtemp(prefix="archive-found-")) / "home"
                keep(home, kept)
                (kept.parent / "plan.json").write_text(json.dumps(walk.last_plan), "utf-8")
                print(f"loop {done}: {found}\nkept in {kept.parent}")
                print("\n".join(walk.summary.lines()))
                return 1
            done += 1
            if done % 50 == 0:
                print(f"{done} loops, {time.monotonic() - begun:.0f} s", flush=True)
        shutil.rmtree(home.parent)
    assert total is not None
    print("\n".join(total.summary.lines()))
    print(f"{done} loops in {time.monotonic() - begun:.0f} s: nothing lost, mixed or left over")
    return 0


if __name__ == "__main__":
    sys.exit(main())
