"""A run that the Evals tab started: in a thread of its own, watched by whoever looks."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace

from assistant.archive import Archive
from assistant.client import LocalClient
from corpus.errors import ArchiveError
from evals.cases import Suite
from evals.gates import load_gates
from evals.judging import before_of, judged_run
from evals.results import Result

BROKEN = "The run broke off; var/assistant.log has the details."


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; one without a result was ``stopped``, or ``said`` is why."""

    suite: str = ""
    done: int = 0
    total: int = 0
    failed: int = 0
    running: bool = False
    seconds: float = 0.0
    stopped: bool = False
    said: str = ""


class _Stopped(Exception):
    """Somebody pressed stop."""


class Running:
    """One run at a time. It asks the archive that the chat answers from, as the chat does."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._began = 0.0
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """How far the run is that is under way, or how the last one ended."""
        with self._lock:
            seconds = time.monotonic() - self._began
            return replace(self._progress, seconds=seconds)

    def start(self, suite: Suite) -> None:
        """Begin a run; while another one is under way, nothing is done."""
        with self._lock:
            if self._progress.running:
                return
            self._stop.clear()
            self._began = time.monotonic()
            self._progress = Progress(suite.name, total=len(suite.cases), running=True)
        threading.Thread(target=self._run, args=(suite,), daemon=True).start()

    def stop(self) -> None:
        """Let the run end after the case that it is at; it is not kept."""
        self._stop.set()

    def _run(self, suite: Suite) -> None:
        said, stopped = "", False
        try:
            gates = load_gates()
            gate = gates.get(suite.name)
            before = before_of(suite, gate.baseline if gate else None)
            client, state = LocalClient(self._archive), self._archive.home.state
            judged_run(suite, client, state, gates, before, on_done=self._advance)
        except _Stopped:
            stopped = True
        except (ArchiveError, OSError) as error:
            said = str(error)
        except Exception:
            logging.getLogger(__name__).exception("A run of %s broke off", suite.name)
            said = BROKEN
        with self._lock:
            self._progress = replace(self._progress, running=False, stopped=stopped, said=said)

    def _advance(self, result: Result) -> None:
        if self._stop.is_set():
            raise _Stopped
        with self._lock:
            now = self._progress
            failed = now.failed + (result.stage is not None)
            self._progress = replace(now, done=now.done + 1, failed=failed)
