"""Ctrl-C while the model works: the process ends with 130, whatever its threads are doing."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys, threading, time
import click
from assistant import shell
from assistant.embedders import default_embedder
from assistant.settings import Settings

embedder = default_embedder(Settings(backend="openvino"))
texts = [f"The city banned {number} cameras in that year." for number in range(2000)]
embedder.embed(texts[:40])

@click.command()
def work():
    threading.Thread(target=lambda: [embedder.embed(texts) for _ in range(99)], daemon=True).start()
    time.sleep(0.5)
    %s

sys.stdout.write("begun ")
shell.leave(shell.run(work, "work", ["--"]))
"""


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize(("end", "code"), [("raise KeyboardInterrupt", 130), ("return 3", 3)])
def test_the_process_ends_with_its_code_while_the_model_works(end: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM % end],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, "begun ")
    assert "FATAL" not in done.stderr
    if code == 130:
        assert done.stderr == "work: stopped; what was done so far is kept\n"
