"""The client that asks the process which owns the home, over a socket of this machine."""

from __future__ import annotations

import builtins
import json
import os
import socket
from collections.abc import Callable, Sequence
from typing import BinaryIO

from assistant import wire
from assistant.adding import is_address
from assistant.answers import Turn
from assistant.client import WEB_LIMIT
from assistant.contract import AskJson, SearchJson
from assistant.contract_corpus import ChangesJson, DoctorJson, EntryJson, ShowJson
from assistant.owner import Owner
from assistant.wire import Json
from corpus.documents import Overrides
from corpus.errors import HomeBusy
from index.entries import ProgressListener
from index.passages import Filters

_ANSWER_SECONDS = 3600.0
"""A long sync may take that long; a dead owner is noticed at once, since its socket closes."""


class RemoteClient:
    """Asks the process that owns the home, over a socket of this machine."""

    def __init__(self, owner: Owner, progress: ProgressListener | None = None) -> None:
        self._owner = owner
        self._progress = progress

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        explain: bool = False,
    ) -> AskJson:
        """Answer a question."""
        answer: AskJson = self._call(
            "ask",
            question=question,
            history=wire.encode_history(history),
            filters=wire.encode_filters(filters),
            explain=explain,
        )
        return answer

    def search(self, query: str, *, k: int = 10, filters: Filters = Filters()) -> SearchJson:
        """Find passages."""
        found: SearchJson = self._call(
            "search", query=query, k=k, filters=wire.encode_filters(filters)
        )
        return found

    def list(self) -> builtins.list[EntryJson]:
        """List the documents."""
        entries: builtins.list[EntryJson] = self._call("list")
        return entries

    def show(self, document_id: str) -> ShowJson:
        """Show one document with its text."""
        shown: ShowJson = self._call("show", document_id=document_id)
        return shown

    def add(
        self,
        targets: Sequence[str],
        *,
        overrides: Overrides = Overrides(),
        limit: int = WEB_LIMIT,
        match: str | None = None,
    ) -> ChangesJson:
        """Add files and pages; the owner reads them, so it is given absolute paths."""
        changes: ChangesJson = self._call(
            "add",
            targets=[one if is_address(one) else os.path.abspath(one) for one in targets],
            overrides=wire.encode_overrides(overrides),
            limit=limit,
            match=match,
        )
        return changes

    def remove(self, document_ids: Sequence[str]) -> ChangesJson:
        """Remove documents."""
        changes: ChangesJson = self._call("remove", document_ids=builtins.list(document_ids))
        return changes

    def release(self, document_ids: Sequence[str]) -> ChangesJson:
        """Let quarantined documents be retrieved."""
        changes: ChangesJson = self._call("release", document_ids=builtins.list(document_ids))
        return changes

    def doctor(self, *, repair: bool = False) -> DoctorJson:
        """Say what is wrong, and mend what can be mended."""
        found: DoctorJson = self._call("doctor", repair=repair)
        return found

    def watch(self, listener: Callable[[ChangesJson], None]) -> None:
        """Refuse: whoever has the home open must do it."""
        raise HomeBusy(
            f"'{self._owner.command}' (process {self._owner.pid}) has this home open; a chat takes "
            "in changes by itself: run this command when that is done"
        )

    def sync(self, *, rebuild: bool = False) -> ChangesJson:
        """Bring the index up to date."""
        changes: ChangesJson = self._call("sync", rebuild=rebuild)
        return changes

    def _call(self, call: str, **arguments: Json) -> Json:
        request = {"token": self._owner.token, "call": call, "arguments": arguments}
        try:
            with socket.create_connection(("127.0.0.1", self._owner.port), timeout=5) as connection:
                connection.settimeout(_ANSWER_SECONDS)
                connection.sendall(json.dumps(request).encode() + b"\n")
                with connection.makefile("rb") as answers:
                    line = self._last_line(answers)
        except OSError as error:
            raise self._gone() from error
        if not line.endswith(b"\n"):  # it ended before it had answered, or half-way
            raise self._gone()
        return wire.value_of(line)

    def _last_line(self, answers: BinaryIO) -> bytes:
        """Return the line with the answer; those before it tell how far the work is."""
        while (progress := wire.progress_of(line := answers.readline())) is not None:
            if self._progress is not None:
                self._progress(progress)
        return line

    def _gone(self) -> HomeBusy:
        return HomeBusy(
            f"'{self._owner.command}' (process {self._owner.pid}), which had this home open, did "
            "not answer: run the command again"
        )
