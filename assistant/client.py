"""One set of calls for commands and evals: answered here, or by the process that owns the home."""

from __future__ import annotations

import builtins
import json
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from assistant import contract, wire
from assistant.answers import Turn
from assistant.archive import Archive
from assistant.contract import AskJson, ChangesJson, EntryJson, SearchJson, ShowJson
from assistant.owner import Owner
from assistant.wire import Json
from corpus.documents import Overrides
from corpus.errors import ArchiveError, HomeBusy
from index.entries import ProgressListener
from index.passages import Filters

_ANSWER_SECONDS = 3600.0
"""A long sync may take that long; a dead owner is noticed at once, since its socket closes."""


class Client(Protocol):
    """What commands may ask of a home; every result is the JSON contract's object."""

    def ask(  # noqa: D102
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        explain: bool = False,
    ) -> AskJson: ...

    def search(self, query: str, *, k: int = 10, filters: Filters = Filters()) -> SearchJson: ...  # noqa: D102

    def list(self) -> builtins.list[EntryJson]: ...  # noqa: D102

    def show(self, document_id: str) -> ShowJson: ...  # noqa: D102

    def add(self, paths: Sequence[Path], *, overrides: Overrides = Overrides()) -> ChangesJson: ...  # noqa: D102

    def remove(self, document_ids: Sequence[str]) -> ChangesJson: ...  # noqa: D102

    def sync(self, *, rebuild: bool = False) -> ChangesJson: ...  # noqa: D102


class LocalClient:
    """Answers from an archive that is open in this process."""

    def __init__(self, archive: Archive, progress: ProgressListener | None = None) -> None:
        self._archive = archive
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
        answer = self._archive.ask(question, history=history, filters=filters)
        return contract.ask_json(answer, explain=explain)

    def search(self, query: str, *, k: int = 10, filters: Filters = Filters()) -> SearchJson:
        """Find passages."""
        return contract.search_json(query, self._archive.search(query, k=k, filters=filters))

    def list(self) -> builtins.list[EntryJson]:
        """List the documents."""
        self._archive.refresh(self._progress)
        return [contract.entry_json(entry) for entry in self._archive.entries()]

    def show(self, document_id: str) -> ShowJson:
        """Show one document with its text."""
        self._archive.refresh(self._progress)
        entry = self._archive.entry(document_id)
        return contract.show_json(entry, self._archive.document(document_id))

    def add(self, paths: Sequence[Path], *, overrides: Overrides = Overrides()) -> ChangesJson:
        """Add files."""
        changes = self._archive.add(paths, overrides=overrides, progress=self._progress)
        return contract.changes_json(changes)

    def remove(self, document_ids: Sequence[str]) -> ChangesJson:
        """Remove documents."""
        self._archive.refresh(self._progress)
        return contract.changes_json(self._archive.remove(document_ids))

    def sync(self, *, rebuild: bool = False) -> ChangesJson:
        """Bring the index up to date."""
        changes = self._archive.sync(rebuild=rebuild, progress=self._progress)
        return contract.changes_json(changes)


class RemoteClient:
    """Asks the process that owns the home, over a socket of this machine."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

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

    def add(self, paths: Sequence[Path], *, overrides: Overrides = Overrides()) -> ChangesJson:
        """Add files; the owner reads them, so it is given absolute paths."""
        absolute = [str(path.absolute()) for path in paths]
        changes: ChangesJson = self._call(
            "add", paths=absolute, overrides=wire.encode_overrides(overrides)
        )
        return changes

    def remove(self, document_ids: Sequence[str]) -> ChangesJson:
        """Remove documents."""
        changes: ChangesJson = self._call("remove", document_ids=builtins.list(document_ids))
        return changes

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
                    line = answers.readline()
        except OSError as error:
            raise self._gone() from error
        if not line.endswith(b"\n"):  # it ended before it had answered, or half-way
            raise self._gone()
        return wire.value_of(line)

    def _gone(self) -> HomeBusy:
        return HomeBusy(
            f"'{self._owner.command}' (process {self._owner.pid}), which had this home open, did "
            "not answer: run the command again"
        )


def dispatch(client: Client, call: str, arguments: Mapping[str, Json]) -> Json:
    """Carry out a request that came over the wire. Raises ArchiveError for an unknown call."""
    decoders: dict[str, Callable[[Json], Json]] = {
        "filters": wire.decode_filters,
        "history": wire.decode_history,
        "overrides": wire.decode_overrides,
        "paths": wire.decode_paths,
    }
    if call not in _CALLS:
        raise ArchiveError(f"the call {call!r} is unknown: are two versions installed?")
    values = {key: decoders.get(key, _same)(value) for key, value in arguments.items()}
    return getattr(client, call)(**values)


_CALLS = frozenset({"ask", "search", "list", "show", "add", "remove", "sync"})


def _same(value: Json) -> Json:
    return value
