"""A service in a process of its own over a copy of a home, and what a benchmark needs of it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from assistant.home import Home, make_home
from corpus.errors import CheckFailed
from evals.benchmarks.program import printed_address, stop

_PROGRAM = (sys.executable, "-m", "assistant")
_PATIENCE = 300.0
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Memory:
    """What processes hold: of their own, and with pages of files. A share of those counts that
    depends on who else has them open, so it changes while nothing of theirs does."""

    own_mb: float
    all_mb: float


@dataclass(frozen=True, slots=True)
class Served:
    """A service that answers: where, the process, and its folder for temporary files."""

    host: str
    port: int
    pid: int
    temporary: Path

    def memory(self) -> Memory:
        """Return what the process and its children hold in memory; shared pages count once."""
        kilobytes = [_kilobytes(pid) for pid in _family(self.pid)]
        return Memory(sum(own for own, _ in kilobytes) / 1000, sum(n for _, n in kilobytes) / 1000)

    def handles(self) -> tuple[int, int]:
        """Return how many open files and how many threads the process has."""
        at = Path(f"/proc/{self.pid}")
        return len([*(at / "fd").iterdir()]), len([*(at / "task").iterdir()])

    def temporary_mb(self) -> float:
        """Return what lies in its temporary folder, readers' folders among it."""
        sizes = 0
        for folder, _, names in os.walk(self.temporary):  # which passes over folders that are gone
            for name in names:
                with suppress(OSError):  # gone since it was listed
                    sizes += os.lstat(os.path.join(folder, name)).st_size
        return sizes / 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@contextmanager
def served_copy(home: Home, program: tuple[str, ...] | None = None) -> Iterator[Served]:
    """Serve a copy of a home's documents, without its index. Raises CheckFailed."""
    with tempfile.TemporaryDirectory(prefix="assistant-load-") as folder:
        copy, temporary = make_home(Path(folder) / "home"), Path(folder) / "tmp"
        temporary.mkdir()
        shutil.copytree(home.documents, copy.documents, dirs_exist_ok=True)
        command = ("serve", "--home", str(copy.root), "--port", "0")
        environment = {
            name: value for name, value in os.environ.items() if name != "ASSISTANT_HOME"
        }
        with subprocess.Popen(
            [*(program or _PROGRAM), *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment | {"PYTHONUNBUFFERED": "1", "TMPDIR": str(temporary)},
        ) as process:
            patience = Timer(_PATIENCE, process.kill)
            patience.start()
            try:
                host, port = printed_address(process, command).rpartition("//")[2].split(":")
                patience.cancel()
                yield Served(host, int(port), process.pid, temporary)
            finally:
                patience.cancel()
                stop(process)
        if process.returncode:
            raise CheckFailed(
                f"the service ended with exit code {process.returncode}: run it by hand"
            )


class Connection:
    """A connection of one caller, kept open as browsers and programs keep theirs."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(self, method: str, path: str, body: bytes = b"", kind: str = JSON) -> Answer:
        """Send a request and return what is answered. Raises OSError and EOFError.

        A connection that was closed meanwhile, as those are that nobody used, is opened anew.
        """
        if self._open is not None:
            try:
                return await self._send(*self._open, method, path, body, kind)
            except (OSError, EOFError):
                self.close()
        self._open = await asyncio.open_connection(self._served.host, self._served.port)
        return await self._send(*self._open, method, path, body, kind)

    def close(self) -> None:
        """Close it; the next request opens another."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    async def _send(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        method: str,
        path: str,
        body: bytes,
        kind: str,
    ) -> Answer:
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._served.host}\r\nContent-Type: {kind}\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines[1:] if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        said = await reader.readexactly(int(headers["content-length"]))
        return Answer(int(lines[0].split()[1]), headers, said)


def _family(pid: int) -> Iterator[int]:
    """Give a process and all below it. Linux only, as is what is read of them."""
    yield pid
    try:
        tasks = [*Path(f"/proc/{pid}/task").iterdir()]
        children = [child for one in tasks for child in (one / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _kilobytes(pid: int) -> tuple[int, int]:
    """Return the memory of a process without files, and with its share of them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return 0, 0
    said = {name: int(rest.split()[0]) for name, _, rest in (one.partition(":") for one in lines)}
    return said.get("Pss_Anon", 0) + said.get("Pss_Shmem", 0), said.get("Pss", 0)
