"""Documents on object storage or on a share, by an address such as ``s3://bucket/folder``.

Keys and passwords come from the environment, as the libraries of ``remote_open`` read them; no
message repeats what a server said, since that may hold an address with a signature.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from corpus.atomic import is_abandoned, temporary_name
from corpus.errors import BadSettings, ShelfError, StoreAway
from corpus.remote_open import CLOUDS, open_store

_OBJECTS = CLOUDS | {"memory", "gcs", "oci", "oss"}
"""Where a single put is whole or not at all, so that nothing has to be renamed."""
_READ_ONLY = frozenset({"http", "https"})
_MANY_AT_ONCE = _OBJECTS | _READ_ONLY | {"file", "local"}
_ETAGS = ("ETag", "etag", "e_tag", "md5Hash", "content_md5")
_TIMES = ("LastModified", "last_modified", "Last-Modified", "updated", "mtime", "modified")
_MORE_TIMES = ("created", "ino")
_NAME = re.compile(r"[^/\\\0]{1,255}")


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a store: a mark for each name, which changes when the file does and is empty
    where nothing can be told; and names that cannot be those of files here."""

    files: Mapping[str, str]
    odd: tuple[str, ...]


def is_url(place: str) -> bool:
    """Tell whether a setting names a store and not a folder."""
    return "://" in place


def checked_url(url: str, where: str) -> str:
    """Return an address without a slash at its end. Raises BadSettings, naming ``where``."""
    try:
        parts = urlsplit(url)
        has_password = parts.password is not None
    except ValueError:
        raise BadSettings(f"{where} is no address: write it as s3://bucket/folder") from None
    if has_password:
        raise BadSettings(f"{where} holds a password: take it out and put it in the environment")
    if parts.query or parts.fragment or "::" in url or not (parts.netloc or parts.path.strip("/")):
        raise BadSettings(f"{where} names no folder: write it as s3://bucket/folder")
    return url.rstrip("/")


class Remote:
    """The files below one address. Safe to use from several threads.

    Raises StoreAway where it does not answer, and FileNotFoundError for a file that is not there.
    """

    def __init__(self, url: str) -> None:
        """Nothing is reached yet. Raises BadSettings."""
        self.url = checked_url(url, "the place of the documents")
        self._scheme = urlsplit(self.url).scheme
        self._opened: tuple[Any, str] | None = None

    @property
    def at_once(self) -> int:
        """How many files may be fetched side by side."""
        return 8 if self._scheme in _MANY_AT_ONCE else 1

    def make(self) -> None:
        """Make the folder, where a store has folders."""
        self._check_writable("")
        if self._scheme not in _OBJECTS:
            with self._reached("made"):
                system, root = self._system()
                system.makedirs(root, exist_ok=True)

    def files(self) -> Found:
        """List the files at all levels, hidden ones left out."""
        with self._reached("listed"):
            system, root = self._system()
            try:
                found = dict(self._walk(system, root))
            except FileNotFoundError:
                if self._scheme in _OBJECTS:  # they have no folders that could be missing
                    return Found({}, ())
                raise StoreAway(
                    f"there is no folder {self.url}: make it, or change 'documents' in "
                    "assistant.toml; what is indexed goes on answering"
                ) from None
        odd = tuple(sorted(name for name in found if not _is_good(name)))
        return Found({name: mark for name, mark in found.items() if name not in odd}, odd)

    def fetch(self, name: str, into: Path) -> None:
        """Write a file's bytes to ``into``."""
        with self._reached("read", name):
            system, root = self._system()
            system.get_file(self._path(root, name), str(into))

    def put(self, name: str, data: bytes) -> str:
        """Write a file, whole or not at all. Return its mark, empty where another may have written
        it since."""
        self._check_writable(name)
        with self._reached("written", name):
            system, root = self._system()
            path = self._path(root, name)
            try:
                if self._scheme in _OBJECTS:
                    system.pipe_file(path, data)
                else:
                    self._put_by_renaming(system, path, data)
                info = system.info(path)
            except FileNotFoundError as error:  # no file's absence: there is no bucket
                raise StoreAway(
                    f"{self.url}/{name} could not be written: there is no such bucket or folder, "
                    "or somebody took the file away; look there, and try again"
                ) from error
        return (
            _mark(info)
            if _etag(info) == hashlib.md5(data, usedforsecurity=False).hexdigest()
            else ""
        )

    def delete(self, name: str) -> None:
        """Delete a file; one that is not there is no error."""
        self._check_writable(name)
        with contextlib.suppress(FileNotFoundError), self._reached("removed", name):
            system, root = self._system()
            system.rm_file(self._path(root, name))

    def _put_by_renaming(self, system: Any, path: str, data: bytes) -> None:
        folder = path.rpartition("/")[0]
        system.makedirs(folder, exist_ok=True)
        beside = f"{folder}/{temporary_name(secrets.token_hex(3))}"
        try:
            system.pipe_file(beside, data)
            system.mv(beside, path)
        except BaseException:
            with contextlib.suppress(Exception):
                system.rm_file(beside)
            raise

    def _check_writable(self, name: str) -> None:
        if self._scheme in _READ_ONLY:
            raise ShelfError(
                f"{self.url}/{name} cannot be written, since {self._scheme} is only read here: "
                "change the file where it is served from"
            )

    def _walk(self, system: Any, root: str) -> Iterator[tuple[str, str]]:
        """Yield names and marks. Not by fsspec's own walk, which leaves out what it cannot list."""
        waiting = [root]
        while waiting:
            folder = waiting.pop()
            for info in system.ls(folder, detail=True):
                name = self._name(root, info["name"])
                last = name.rpartition("/")[2]
                if not name or info["name"].rstrip("/") == folder.rstrip("/"):
                    continue
                if info["type"] == "directory":
                    waiting += [] if last.startswith(".") else [info["name"]]
                elif not last.startswith("."):
                    # A link may lead out of the folder.
                    if info["type"] == "file" and not info.get("islink"):
                        yield name, self._mark_of(system, info)
                elif is_abandoned(last):
                    with contextlib.suppress(Exception):  # somebody else may have taken it away
                        system.rm_file(info["name"])

    def _mark_of(self, system: Any, info: Mapping[str, Any]) -> str:
        # A page that lists files says nothing of them.
        return _mark(system.info(info["name"]) if self._scheme in _READ_ONLY else info)

    def _name(self, root: str, path: str) -> str:
        name = path.removeprefix(root.rstrip("/")).strip("/")
        if self._scheme in _READ_ONLY:
            return "" if "?" in name or "#" in name else unquote(name)
        return name

    def _path(self, root: str, name: str) -> str:
        return f"{root.rstrip('/')}/{name}"

    def _system(self) -> tuple[Any, str]:
        if self._opened is None:
            self._opened = open_store(self.url, self._scheme, read_only=self._scheme in _READ_ONLY)
        return self._opened

    @contextlib.contextmanager
    def _reached(self, done: str, name: str = "") -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, StoreAway, BadSettings):
            raise
        except Exception as error:
            self._opened = None  # a connection that broke stays broken
            reason = getattr(error, "strerror", None) or type(error).__name__
            place = f"{self.url}/{name}" if name else self.url
            raise StoreAway(
                f"{place} could not be {done} ({reason}): check the network, the rights and the "
                "name; what is indexed goes on answering"
            ) from error


def _is_good(name: str) -> bool:
    return all(_NAME.fullmatch(part) and part not in (".", "..") for part in name.split("/"))


def _etag(info: Mapping[str, Any]) -> str:
    return next((str(info[key]).strip('"') for key in _ETAGS if info.get(key)), "")


def _mark(info: Mapping[str, Any]) -> str:
    """Return what changes with a file: its hash as the store has it, else its times."""
    if etag := _etag(info):
        return f"{info.get('size')}:{etag}"
    times = [str(info[key]) for key in (*_TIMES, *_MORE_TIMES) if info.get(key)]
    return f"{info.get('size')}:{':'.join(times)}" if times else ""
