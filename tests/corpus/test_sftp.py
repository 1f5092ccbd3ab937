"""Documents on a machine that is reached over SSH: a real server of paramiko's, on a free port."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import StoreAway
from corpus.mirror import Mirror
from corpus.remote import Remote

paramiko = pytest.importorskip("paramiko")


class Folder(paramiko.SFTPServerInterface):  # type: ignore[misc]
    """Serves the files of this machine."""

    def list_folder(self, path: str) -> Any:
        try:
            return [
                paramiko.SFTPAttributes.from_stat(one.stat(follow_symlinks=False), one.name)
                for one in os.scandir(path)
            ]
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def stat(self, path: str) -> Any:
        try:
            return paramiko.SFTPAttributes.from_stat(os.stat(path))
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        try:
            file = os.fdopen(os.open(path, flags, 0o644), "wb" if flags & os.O_WRONLY else "rb")
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = handle.writefile = file
        return handle

    def remove(self, path: str) -> Any:
        return self._done(os.remove, path)

    def mkdir(self, path: str, attr: Any) -> Any:
        return self._done(os.mkdir, path)

    def posix_rename(self, old: str, new: str) -> Any:
        return self._done(os.replace, old, new)

    def _done(self, do: Any, *paths: str) -> Any:
        try:
            do(*paths)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        return paramiko.SFTP_OK


class Door(paramiko.ServerInterface):  # type: ignore[misc]
    """Lets one key in."""

    def __init__(self, key: Any) -> None:
        self._key = key

    def check_auth_publickey(self, username: str, key: Any) -> Any:
        good = username == "reader" and key == self._key
        return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> Any:
        return paramiko.OPEN_SUCCEEDED


class Server:
    """Takes connections until it is closed; ``cut`` breaks those there are."""

    def __init__(self, theirs: Any) -> None:
        self.key = paramiko.ECDSAKey.generate()
        self._theirs = theirs
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._open: list[Any] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Folder)
            self._open.append(transport)
            with contextlib.suppress(Exception):
                transport.start_server(server=Door(self._theirs))

    def cut(self) -> None:
        for one in self._open:
            one.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self.cut()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    (tmp_path / ".ssh").mkdir()
    (tmp_path / "store").mkdir()
    ours = paramiko.ECDSAKey.generate()
    ours.write_private_key_file(str(tmp_path / ".ssh" / "id_ecdsa"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with contextlib.closing(Server(ours)) as server:
        know(tmp_path, server, server.key)
        yield server


def know(home: Path, server: Server, key: Any) -> None:
    known = f"[127.0.0.1]:{server.port} {key.get_name()} {key.get_base64()}\n"
    (home / ".ssh" / "known_hosts").write_text(known)


def quiet(done: int, total: int, name: str) -> None:
    """Hear of nothing."""


def test_a_folder_over_ssh_is_a_store(server: Server, tmp_path: Path) -> None:
    store = Remote(f"sftp://reader@127.0.0.1:{server.port}{tmp_path}/store")
    mirror = Mirror(tmp_path / "copy", store)
    mirror.pull(quiet)
    mirror.put({tmp_path / "copy" / "a/ü %20.txt": b"one"})
    assert (tmp_path / "store" / "a" / "ü %20.txt").read_bytes() == b"one"
    (tmp_path / "store" / "b.txt").write_text("two")
    (tmp_path / "store" / "link.txt").symlink_to(tmp_path / ".ssh" / "id_ecdsa")
    mirror.pull(quiet)
    assert (tmp_path / "copy" / "b.txt").read_bytes() == b"two"
    assert not (tmp_path / "copy" / "link.txt").exists(), "it leads out of the folder"
    server.cut()
    with pytest.raises(StoreAway):
        mirror.pull(quiet)
    mirror.delete([tmp_path / "copy" / "b.txt"])
    assert not (tmp_path / "store" / "b.txt").exists()


def test_a_host_that_nobody_knows_gets_nothing(server: Server, tmp_path: Path) -> None:
    url = f"sftp://reader@127.0.0.1:{server.port}{tmp_path}/store"
    know(tmp_path, server, paramiko.ECDSAKey.generate())
    with pytest.raises(StoreAway, match="BadHostKeyException"):
        Remote(url).files()
    (tmp_path / ".ssh" / "known_hosts").write_text("")
    with pytest.raises(StoreAway, match=r"not among those in ~/\.ssh/known_hosts"):
        Remote(url).files()
