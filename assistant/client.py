"""One set of calls for commands and evals, and the client that answers them in this process."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from assistant import contract, contract_corpus
from assistant.adding import Adding
from assistant.answers import Event, Turn, Waiting
from assistant.archive import Archive
from assistant.client_chats import ChatsCalls, LocalChats
from assistant.client_evals import EvalsCalls, LocalEvals
from assistant.clusters import working_on
from assistant.contract import AskJson, SearchJson
from assistant.contract_backup import BackupJson, backup_json
from assistant.contract_corpus import ChangesJson, EntryJson, ShowJson
from assistant.contract_doctor import DoctorJson
from assistant.settings_in_use import settings_json
from assistant.telling import told
from assistant.wire import Json
from corpus.documents import Overrides
from corpus.errors import CatalogueDamaged, UsageError
from index.entries import Changes, Progress, ProgressListener
from index.passages import Filters

WEB_LIMIT = 20
"""Pages taken from a feed or a sitemap, unless the caller says otherwise."""


class Client(ChatsCalls, EvalsCalls, Protocol):
    """What commands may ask of a home; every result is the JSON contract's object."""

    def ask(  # noqa: D102
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
        explain: bool = False,
        why_not: str | None = None,
        llm: str | None = None,
        places: bool = False,
    ) -> AskJson: ...

    def search(  # noqa: D102
        self,
        query: str,
        *,
        k: int = 10,
        filters: Filters = Filters(),
        explain: bool = False,
        why_not: str | None = None,
        plain: bool = False,
    ) -> SearchJson: ...

    def list(self) -> builtins.list[EntryJson]: ...  # noqa: D102

    def show(self, document_id: str) -> ShowJson: ...  # noqa: D102

    def add(  # noqa: D102
        self,
        targets: Sequence[str],
        *,
        overrides: Overrides = Overrides(),
        limit: int = WEB_LIMIT,
        match: str | None = None,
        on: str | None = None,
    ) -> ChangesJson: ...

    def remove(self, document_ids: Sequence[str]) -> ChangesJson: ...  # noqa: D102

    def release(self, document_ids: Sequence[str]) -> ChangesJson: ...  # noqa: D102

    def doctor(self, *, repair: bool = False, thorough: bool = False) -> DoctorJson: ...  # noqa: D102

    def backup(self, file: str, *, force: bool = False) -> BackupJson: ...  # noqa: D102

    def watch(self, listener: Callable[[ChangesJson], None]) -> None: ...  # noqa: D102

    def under_way(self) -> str: ...  # noqa: D102

    def sync(  # noqa: D102
        self,
        *,
        rebuild: bool = False,
        adopt: bool = False,
        emptied: bool = False,
        on: str | None = None,
    ) -> ChangesJson: ...

    def settings(self) -> dict[str, Json]: ...  # noqa: D102


class LocalClient(LocalChats, LocalEvals):
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
        why_not: str | None = None,
        llm: str | None = None,
        places: bool = False,
    ) -> AskJson:
        """Answer a question; explain the passages found, and why a document is not there.

        ``places`` looks up where each quote of a PDF stands on its pages.
        """
        answer = self._archive.ask(
            question, history=history, filters=filters, llm=llm, listener=self._at_work
        )
        return told(self._archive, answer, filters, explain=explain, why_not=why_not, places=places)

    def _at_work(self, event: Event) -> None:
        """Tell the caller that an LLM is at work; where it has gone away, that ends the work."""
        if self._progress is not None and isinstance(event, Waiting):
            self._progress(Progress("asking", 0, 0, event.model))

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
        """Find passages; ``plain`` leaves out sides, dates and the reranker."""
        found = self._archive.searching.find(query, k=k, filters=filters, plain=plain)
        explanation = None
        if explain or why_not is not None:
            explanation = self._archive.searching.explain(
                found.query.text, k=k, filters=filters, why_not=why_not
            )
        return contract.search_json(query, found, explanation)

    def list(self) -> builtins.list[EntryJson]:
        """List the documents."""
        self._archive.refresh(self._progress)
        return [contract_corpus.entry_json(entry) for entry in self._archive.entries()]

    def show(self, document_id: str) -> ShowJson:
        """Show one document with its text."""
        self._archive.refresh(self._progress)
        entry = self._archive.entry(document_id)
        return contract_corpus.show_json(entry, self._archive.document(document_id))

    def add(
        self,
        targets: Sequence[str],
        *,
        overrides: Overrides = Overrides(),
        limit: int = WEB_LIMIT,
        match: str | None = None,
        on: str | None = None,
    ) -> ChangesJson:
        """Add files, the files of folders, and what web addresses lead to; ``on`` is a cluster."""
        adding = Adding(self._archive, overrides, limit=limit, match=match, progress=self._progress)
        with working_on(on, self._archive.settings, self._archive.embedder):
            return self._changes(adding.add(targets))

    def remove(self, document_ids: Sequence[str]) -> ChangesJson:
        """Remove documents."""
        self._archive.refresh(self._progress)
        return self._changes(self._archive.remove(document_ids))

    def release(self, document_ids: Sequence[str]) -> ChangesJson:
        """Let quarantined documents be retrieved."""
        self._archive.refresh(self._progress)
        return self._changes(self._archive.release(document_ids))

    def doctor(self, *, repair: bool = False, thorough: bool = False) -> DoctorJson:
        """Say what is wrong, and mend what can be mended; ``thorough`` looks at every vector."""
        from assistant.health import doctor_json

        return doctor_json(self._archive, repair=repair, thorough=thorough, progress=self._progress)

    def backup(self, file: str, *, force: bool = False) -> BackupJson:
        """Write a backup of the home to a file."""
        from assistant.backup import make_backup

        if self._archive.settings.database:
            raise UsageError(
                "conversations and accounts of this home are in a database: copy that with "
                "pg_dump, and the documents folder as it is (docs/hosts.md)"
            )
        self._archive.chats.look()
        with self._archive.index.view() as store:
            home, catalogue = self._archive.home, store.catalogue.file
            made = make_backup(home, catalogue, Path(file), force=force, progress=self._progress)
        return backup_json(made)

    def watch(self, listener: Callable[[ChangesJson], None]) -> None:
        """Take in what changes in the folder until this thread is interrupted."""
        self._archive.watch(lambda changes: listener(self._changes(changes)))

    def sync(
        self,
        *,
        rebuild: bool = False,
        adopt: bool = False,
        emptied: bool = False,
        on: str | None = None,
    ) -> ChangesJson:
        """Bring the index up to date; with ``adopt``, also that of other hosts with this folder;
        ``emptied`` says that all documents are meant to be gone."""
        if adopt:
            self._archive.index.adopt()
        if emptied and self._archive.shelf.mirror is not None:
            self._archive.shelf.mirror.accept_empty()
        before = self._documents() if rebuild or self._archive.new_index.due else frozenset()
        with working_on(on, self._archive.settings, self._archive.embedder):
            changes = self._archive.sync(rebuild=rebuild, progress=self._progress)
        return contract_corpus.changes_json(changes, self._archive.entries(), before=before)

    def under_way(self) -> str:
        """Say how far the documents are that are being taken in; empty where none are."""
        now = self._archive.index.under_way
        return f"Documents are being read: {now.done:,} of {now.total:,} so far." if now else ""

    def settings(self) -> dict[str, Json]:
        """Return the settings that this process goes by."""
        return settings_json(self._archive.settings)

    def _changes(self, changes: Changes) -> ChangesJson:
        return contract_corpus.changes_json(changes, self._archive.entries())

    def _documents(self) -> frozenset[str]:
        """Return the ids of the documents in the index; none where it is damaged."""
        try:
            return frozenset(self._archive.index.catalogue.stamps())
        except CatalogueDamaged:
            return frozenset()
