"""What this host knows of the database, and whether its documents folder is the truth."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from sqlalchemy import Connection

from corpus.errors import DocumentsElsewhere
from index.shared import rows
from index.shared.folder import FolderMark
from index.shared.server import Server


class Truth:
    """Safe to share between threads."""

    def __init__(self, server: Server, documents: Path) -> None:
        self.server = server
        self.folder = FolderMark(documents)
        self.host = f"{socket.gethostname()}:{documents} (process {os.getpid()})"
        self._seen = False
        self._mark: str | None = None
        self._elsewhere = ""

    def head(self, connection: Connection, known: int) -> rows.Head:
        """Return what the database is at, and remember which folder is the truth."""
        found = rows.head_of(connection, known)
        self._mark, self._elsewhere = found.folder, found.folder_host or ""
        self._seen = True
        return found

    def wrote(self, mark: str) -> None:
        """Remember that this host has written last."""
        self._mark, self._elsewhere = mark, self.host

    @property
    def is_here(self) -> bool:
        """Tell whether the documents folder of this host is the truth, or may become it as nothing
        was written yet. Where the database was not reached, it is not known to be."""
        return self._seen and (self._mark is None or self._mark in self.folder.marks())

    @property
    def place(self) -> str:
        """Where the documents folder lies that is the truth; empty where nothing was written."""
        return self._elsewhere.rpartition(" (process ")[0] or self._elsewhere

    def check_folder(self) -> None:
        """Raise DocumentsElsewhere unless the documents folder of this host is the truth."""
        if not self.is_here:
            raise DocumentsElsewhere(
                f"the documents of this index lie in {self.place}: change them there, mount that "
                "folder here as 'documents', or run 'assistant sync --adopt' to let this home's "
                "folder be the truth from now on"
            )
