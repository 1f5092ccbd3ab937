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
from assistant.client import WEB_LIMIT, Client
from assistant.client_chats import RemoteChats
from assistant.client_evals import EVALS_CALLS, RemoteEvals
from assistant.contract import AskJson, SearchJson
from assistant.contract_backup import BackupJson
from assistant.contract_corpus import ChangesJson, EntryJson, ShowJson
from assistant.contract_doctor import DoctorJson
from assistant.dispatch import dispatch
from assistant.owner import Owner, named
from assistant.wire import Json
from corpus.documents import Overrides
from corpus.errors import HomeBusy
from index.entries import ProgressListener
from index.passages import Filters

_ANSWER_SECONDS = 3600.0
"""A long sync may take that long; a dead owner is noticed at once, since its socket closes."""


_REPEATABLE = EVALS_CALLS | frozenset(
    "ask search list show doctor sync under_way chats chat rename_chat judged_turns "
    "look_for_quotes wishes settle_wishes".split()
)
"""Calls that do no harm when the owner that ended had carried them out."""


class _Gone(HomeBusy):
    """The owner ended before it had answered."""


class RemoteClient(RemoteChats, RemoteEvals):
    """Asks the process that owns the home, over a socket of this machine."""

    def __init__(
        self,
        owner: Owner,
        progress: ProgressListener | None = None,
        again: Callable[[], Client] | None = None,
    ) -> None:
        """``again`` gives another client where the owner ends before it has answered."""
        self._owner = owner
        self._progress = progress
        self._again = again

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        explain: bool = False,
        why_not: str | None = None,
        llm: str | None = None,
        places: bool = False,
    ) -> AskJson:
        """Answer a question."""
        answer: AskJson = self._call(
            "ask",
            question=question,
            history=wire.encode_history(history),
            filters=wire.encode_filters(filters),
            explain=explain,
            why_not=why_not,
            llm=llm,
            places=places,
        )
        return answer

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        filters: Filters = Filters(),
        explain: bool = False,
        why_not: str | None = None,
        plain: bool = False,
    ) -> SearchJson:
        """Find passages."""
        found: SearchJson = self._call(
            "search",
            query=query,
            k=k,
            filters=wire.encode_filters(filters),
            explain=explain,
            why_not=why_not,
            plain=plain,
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
        on: str | None = None,
    ) -> ChangesJson:
        """Add files and pages; the owner reads them, so it is given absolute paths."""
        changes: ChangesJson = self._call(
            "add",
            targets=[one if is_address(one) else os.path.abspath(one) for one in targets],
            overrides=wire.encode_overrides(overrides),
            limit=limit,
            match=match,
            **({} if on is None else {"on": on}),  # which a release before does not know
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

    def doctor(self, *, repair: bool = False, thorough: bool = False) -> DoctorJson:
        """Say what is wrong, and mend what can be mended; ``thorough`` looks at every vector."""
        found: DoctorJson = self._call("doctor", repair=repair, thorough=thorough)
        return found

    def backup(self, file: str, *, force: bool = False) -> BackupJson:
        """Write a backup of the home; the owner writes it, so it is given an absolute path."""
        made: BackupJson = self._call("backup", file=os.path.abspath(file), force=force)
        return made

    def watch(self, listener: Callable[[ChangesJson], None]) -> None:
        """Hear of what the owner takes in; once it ends, the folder is watched here."""
        try:
            self._answer("watch", {}, listener)
        except _Gone:
            if self._again is None:
                raise
            self._again().watch(listener)

    def under_way(self) -> str:
        """Say how far the documents are that are being taken in."""
        said: str = self._call("under_way")
        return said

    def sync(
        self,
        *,
        rebuild: bool = False,
        adopt: bool = False,
        emptied: bool = False,
        on: str | None = None,
    ) -> ChangesJson:
        """Bring the index up to date."""
        # What a release before does not know is said only where it is asked for.
        said: dict[str, Json] = {"adopt": True} if adopt else {}
        said |= {"emptied": True} if emptied else {}
        said |= {} if on is None else {"on": on}
        changes: ChangesJson = self._call("sync", rebuild=rebuild, **said)
        return changes

    def settings(self) -> dict[str, Json]:
        """Return the settings that the owner goes by."""
        settings: dict[str, Json] = self._answer("settings", {})
        return settings

    def _call(self, call: str, **arguments: Json) -> Json:
        try:
            return self._answer(call, arguments)
        except _Gone:
            if self._again is None or call not in _REPEATABLE:
                raise
        return dispatch(self._again(), call, arguments)

    def _answer(
        self, call: str, arguments: dict[str, Json], news: Callable[[Json], None] = lambda _: None
    ) -> Json:
        request = {"token": self._owner.token, "call": call, "arguments": arguments}
        try:
            with socket.create_connection(("127.0.0.1", self._owner.port), timeout=5) as connection:
                connection.settimeout(_ANSWER_SECONDS)
                connection.sendall(json.dumps(request).encode() + b"\n")
                with connection.makefile("rb") as answers:
                    line = self._last_line(answers, news)
        except OSError as error:
            raise self._gone() from error
        if not line.endswith(b"\n"):  # it ended before it had answered, or half-way
            raise self._gone()
        return wire.value_of(line)

    def _last_line(self, answers: BinaryIO, news: Callable[[Json], None]) -> bytes:
        """Return the line with the answer; those before it tell how far the work is, or what is
        new."""
        while (step := wire.step_of(line := answers.readline())) is not None:
            if isinstance(step, wire.News):
                if step.value is not None:
                    news(step.value)
            elif self._progress is not None:
                self._progress(step)
        return line

    def _gone(self) -> _Gone:
        return _Gone(
            f"{named(self._owner)}, which had this home open, did not answer: run the command again"
        )
