"""A PostgreSQL of the tests' own: a cluster in a temporary folder, started as a user who may."""

from __future__ import annotations

import contextlib
import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from .network import HERE, Place
from .waiting import BUSY


def binaries() -> Path | None:
    """Return the folder of the server's programs; None where there is none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    there = found[-1] if found else shutil.which("initdb")
    return Path(there).parent if there else None


@dataclass
class Cluster:
    """A server that can be stopped, started and killed; only for this test run."""

    programs: Path
    folder: Path
    port: int
    place: Place = HERE

    @classmethod
    def make(cls, programs: Path, place: Place = HERE) -> Cluster:
        folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short, for its socket
        made = cls(programs, folder, _free_port(), place)
        if made._user:
            shutil.chown(folder, made._user)
        made._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "archive",
                  "--no-sync", "-E", "UTF8", "--locale=C")  # fmt: skip
        if place.enter:
            with (folder / "data" / "pg_hba.conf").open("a", encoding="utf-8") as rules:
                rules.write("host all all samenet scram-sha-256\n")
        made.start()
        made.execute("ALTER ROLE archive PASSWORD 'se/cret'")
        return made

    def start(self) -> None:
        options = (
            f"-p {self.port} -k {self.folder} "
            f"-c listen_addresses={self.place.address} -c fsync=off "
            "-c max_connections=100"
        )
        self._run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-o", options,
                  "-l", str(self.folder / "log"), "start")  # fmt: skip

    def stop(self, mode: str = "fast") -> None:
        """End it as a restart does, or ``immediate`` as a crash does: connections are cut."""
        self._run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-m", mode, "stop")

    def pause(self, *, ends: bool = False) -> None:
        """Let all of its processes stand still, or go on: connections stay, and nothing comes."""
        first = int((self.folder / "data" / "postmaster.pid").read_text("utf-8").split()[0])
        for one in (psutil.Process(first), *psutil.Process(first).children()):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.resume() if ends else one.suspend()

    def remove(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):  # it may have ended
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql://archive:se%2Fcret@{self.place.address}:{self.port}/{name}"

    def database(self) -> str:
        """Make a database, and return its address."""
        name = f"d{uuid.uuid4().hex[:12]}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, query: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a query, through the server's socket, and return its rows."""
        import psycopg

        socket = f"host={self.folder} port={self.port} user=archive dbname={name}"
        with psycopg.connect(socket, autocommit=True) as connection:
            done = connection.execute(query)
            return done.fetchall() if done.description else []

    @property
    def _user(self) -> str | None:
        """Whose processes they are: it will not run as root."""
        if os.getuid():
            return None
        names = [one.pw_name for one in pwd.getpwall()]
        return "postgres" if "postgres" in names else "nobody"

    def _entering(self) -> list[str]:
        user = self._user
        if user is None:
            return []
        group = str(pwd.getpwnam(user).pw_gid)
        return [*self.place.enter, "setpriv", f"--reuid={user}", f"--regid={group}",
                "--clear-groups"]  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._entering(), str(self.programs / program), *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=BUSY,
        )


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
