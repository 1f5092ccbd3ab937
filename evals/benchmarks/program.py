"""Runs the `assistant` program as a user does, in a process of its own, and times it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from threading import Timer
from time import perf_counter, sleep

from corpus.errors import CheckFailed

_ADDRESS = re.compile(r"https?://[\w.\[\]:-]+:\d+")
_PATIENCE = 300.0
_POLL = 0.02
# Under the interpreter that runs this, whatever PATH says.
_PROGRAM = (sys.executable, "-m", "assistant")


def seconds_of(*arguments: str) -> float:
    """Run the program to its end and return how long it took. Raises CheckFailed if it fails."""
    start = perf_counter()
    done = subprocess.run(
        [*_PROGRAM, *arguments], capture_output=True, text=True, timeout=_PATIENCE, check=False
    )
    seconds = perf_counter() - start
    if done.returncode:
        raise _failed(arguments, done.stderr)
    return seconds


def seconds_until_page(home: Path) -> float:
    """Start the chat and return how long it took until its page could be fetched; stop it."""
    arguments = ("chat", "--home", str(home), "--no-open", "--port", "0")
    start = perf_counter()
    with subprocess.Popen(
        [*_PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        patience = Timer(_PATIENCE, process.kill)
        patience.start()
        try:
            _await_page(printed_address(process, arguments), process, arguments)
            return perf_counter() - start
        finally:
            patience.cancel()
            stop(process)


def printed_address(process: subprocess.Popen[str], arguments: Sequence[str]) -> str:
    """Return the address that a program prints once it answers. Raises CheckFailed."""
    said = []
    for line in process.stdout or ():
        said.append(line)
        if found := _ADDRESS.search(line):
            return found.group()
    raise _failed(arguments, "".join(said))


def _await_page(address: str, process: subprocess.Popen[str], arguments: Sequence[str]) -> None:
    # An address on this machine is never asked for through a proxy.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while process.poll() is None:
        try:
            with opener.open(address, timeout=_PATIENCE) as page:
                page.read()
                return
        except (urllib.error.URLError, ConnectionError):
            sleep(_POLL)
    raise _failed(arguments, "it ended before its page was ready")


def stop(process: subprocess.Popen[str]) -> None:
    """Stop a program as a service manager does."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()


def _failed(arguments: Sequence[str], said: str) -> CheckFailed:
    last = said.strip().splitlines()[-1:] or ["it said nothing"]
    command = " ".join(("assistant", *arguments))
    return CheckFailed(f"'{command}' did not work ({last[0]}): run it by hand to see why")
