"""Answers of earlier runs, kept by all that decides them, so that an unchanged case costs nothing.

A key is made of the index's recipe, the program that answers (a digest of its files, fitted weights
and thresholds among them, and of the libraries it computes with), the settings, every document with
its text's hash and what is known of it, the case itself, and the dates that its words mean today.
Change any of them and the case is asked again. Answers are kept and not scores, so a measure that
changed is computed anew.

What lies behind the names of a language model or a reranker may change without a trace, so where
the settings name one, nothing is kept. New answers go to the disk when the run is over, and only
if what decides them did not change while it ran.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

from assistant.client import Client
from assistant.contract import AskJson, HitJson
from corpus.errors import ArchiveError
from evals.cases import Case
from evals.outcomes import case_digest
from index.query_dates import dates_in

FORMAT = 1
KEPT = 2000
"""Answers that stay on the disk, the last used; about 13 kB each."""
_NOT_OURS = ("llm", "reranker")

_log = logging.getLogger(__name__)


class KeptJson(TypedDict):
    """What was given for a case; see ``evals.questions.Given``."""

    answer: AskJson
    plain: list[HitJson] | None


class AnswerCache:
    """The kept answers of one home, for one run."""

    def __init__(self, folder: Path, client: Client) -> None:
        self._folder, self._client = folder, client
        self._decided_by = decided_by(client)
        self._new: dict[str, KeptJson] = {}

    def find(self, case: Case) -> KeptJson | None:
        """Return what was given for a case; None where it has to be asked."""
        if not self._decided_by:
            return None
        key = self._key(case)
        path = self._folder / f"{key}.json"
        try:
            raw = json.loads(path.read_text("utf-8"))
            given: KeptJson = raw["given"]
            if raw["key"] != key or raw["sha256"] != _digest(given):
                return None
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError):
            return None  # Not there, or damaged: it is asked and written again.
        return given

    def hold(self, case: Case, given: KeptJson) -> None:
        """Take note of a new answer, to be kept when the run is over."""
        if self._decided_by:
            self._new[self._key(case)] = given

    def keep(self) -> None:
        """Write the new answers, unless what decides them changed since the run began."""
        if not self._new or decided_by(self._client) != self._decided_by:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for key, given in self._new.items():
                _write(self._folder / f"{key}.json", _bytes(key, given))
            self._new.clear()
            self._prune()
        except OSError as error:
            _log.warning("the answers were not kept: %s", error)

    def _key(self, case: Case) -> str:
        turns = [text for turn in case.history for text in (turn.question, turn.answer)]
        dates = [repr(dates_in(text, _today())) for text in (case.question, *turns)]
        return _digest([FORMAT, self._decided_by, case_digest(case), dates])

    def _prune(self) -> None:
        files = sorted(self._folder.glob("*.json"), key=lambda one: one.stat().st_mtime)
        for path in files[:-KEPT]:
            with contextlib.suppress(OSError):
                path.unlink()


def answers_folder(state: Path) -> Path:
    """Return where a home's answers are kept: in what backups leave out and anybody may delete."""
    return state / "cache" / "evals"


def decided_by(client: Client) -> str:
    """Return a digest of all that decides answers besides the case; empty where it is unknown."""
    try:
        answering = client.answering()
    except ArchiveError:  # a chat of an older release has the home open
        return ""
    settings = answering["settings"]
    if not answering["program"] or any(settings.get(one, "none") != "none" for one in _NOT_OURS):
        return ""
    entries = sorted(client.list(), key=lambda entry: entry["id"])
    return _digest([dict(answering), [_undated(dict(entry)) for entry in entries]])


def _undated(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document's row without the time at which it came in, which decides nothing."""
    return {name: value for name, value in entry.items() if name != "added"}


def _today() -> dt.date:
    return dt.date.today()


def _write(path: Path, data: bytes) -> None:
    """Write a file whole; one that the disk lost parts of is noticed when it is read."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _bytes(key: str, given: KeptJson) -> bytes:
    value = {"key": key, "sha256": _digest(given), "given": given}
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
