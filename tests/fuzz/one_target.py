"""Fuzzes one target until the time is up: ``python -m tests.fuzz.one_target TARGET SECONDS DIR``.

Guided by coverage where atheris is installed, else by chance. Findings are printed and kept as they
occur, and the search goes on. ``DIR`` holds the seeds, and gets what new coverage was found with
and what a crash or a hang was met with.
"""

from __future__ import annotations

import importlib.util
import logging
import random
import resource
import sys
import time
import warnings
from pathlib import Path

_MEMORY = 2_000_000_000
_HANG_SECONDS = 40
_INSTRUMENTED = ["corpus", "striprtf", "mammoth", "ftfy", "markdown_it", "yaml"]


def main() -> None:
    target, seconds, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    logging.disable()
    warnings.simplefilter("ignore")
    guided = importlib.util.find_spec("atheris") is not None
    if guided:
        import atheris

        with atheris.instrument_imports(include=_INSTRUMENTED):
            from tests.fuzz import findings
            from tests.fuzz.seeds import seeds

            _warm(target)
    else:
        from tests.fuzz import findings
        from tests.fuzz.seeds import seeds
    inputs = [*seeds(target), b""]
    for number, data in enumerate(inputs):
        (folder / f"seed-{number}").write_bytes(data)
    resource.setrlimit(resource.RLIMIT_AS, (_virtual_bytes() + _MEMORY,) * 2)

    def one(data: bytes) -> None:
        try:
            findings.run(target, bytes(data))
        except Exception as error:
            path = findings.keep(target, bytes(data), error)
            if path is not None:
                print(f"FOUND {target}: {findings.place(error)} -> {path.name}", flush=True)

    draw = random.Random(time.time_ns())
    if guided:
        _guided(one, seconds, folder, draw)
    else:
        _by_chance(one, seconds, inputs, draw)


def _guided(one, seconds: int, folder: Path, draw: random.Random) -> None:  # type: ignore[no-untyped-def]
    import atheris

    from tests.fuzz.mutate import MOST_BYTES, mutated

    def change(data: bytes) -> bytes:
        return bytes(atheris.Mutate(data, MOST_BYTES))

    def custom(data: bytes, most: int, seed: int) -> bytes:
        return mutated(data, change, draw)[:most]

    arguments = [
        "fuzz",
        str(folder),
        f"-max_total_time={seconds}",
        f"-max_len={MOST_BYTES}",
        f"-timeout={_HANG_SECONDS}",
        f"-artifact_prefix={folder}/",
        "-rss_limit_mb=0",
        "-verbosity=0",
        "-print_final_stats=1",
    ]
    atheris.Setup(arguments, one, custom_mutator=custom, internal_libfuzzer=True)
    atheris.Fuzz()


def _by_chance(one, seconds: int, inputs: list[bytes], draw: random.Random) -> None:  # type: ignore[no-untyped-def]
    from tests.fuzz.mutate import changer, mutated

    change, end, runs = changer(draw), time.monotonic() + seconds, 0
    data = inputs[0]
    while time.monotonic() < end:
        fresh = draw.random() < 0.3
        data = mutated(draw.choice(inputs) if fresh else data, change, draw)
        one(data)
        runs += 1
    print(f"stat::number_of_executed_units: {runs}", flush=True)


def _warm(target: str) -> None:
    """Import what the target needs while imports are instrumented."""
    from tests.fuzz.seeds import seeds
    from tests.fuzz.targets import TARGETS

    for data in seeds(target):
        try:
            TARGETS[target](data)
        except Exception as error:
            print(f"a seed of {target} fails: {error!r}", flush=True)


def _virtual_bytes() -> int:
    from corpus.worker import virtual_bytes

    return virtual_bytes()


if __name__ == "__main__":
    main()
