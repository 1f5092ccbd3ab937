"""A PostgreSQL of the tests' own: a cluster in a temporary folder, started as a user who may."""

from __future__ import annotations

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

    @classmethod
    def make(cls, programs: Path) -> Cluster:
        folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short, for its socket
        made = cls(programs, folder, _free_port())
        if made._user:
            shutil.chown(folder, made._user)
        made._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "archive",
                  "--no-sync", "-E", "UTF8", "--locale=C")  # fmt: skip
        made.start()
        return made

    def start(self) -> None:
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off "
            "-c max_connections=100"
        )
        self._run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-o", options,
                  "-l", str(self.folder / "log"), "start")  # fmt: skip

    def stop(self) -> None:
        """End it as a restart does: connections are cut."""
        self._run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-m", "fast", "stop")

    def remove(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql://archive:se%2Fcret@127.0.0.1:{self.port}/{name}"

    def database(self) -> str:
        """Make a database, and return its address."""
        name = f"d{uuid.uuid4().hex[:12]}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, query: str, name: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(query)

    @property
    def _user(self) -> str | None:
        """Whose processes they are: it will not run as root."""
        if os.getuid():
            return None
        names = [one.pw_name for one in pwd.getpwall()]
        return "postgres" if "postgres" in names else "nobody"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments],
            user=self._user,
            extra_groups=[] if self._user else None,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=60,
        )


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
