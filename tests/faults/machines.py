"""A team's machines: a database, a vector server, a proxy before it, and two hosts that answer."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.home import Home

from ..assistant.program import ROOT, Ran, without_settings
from ..assistant.program import __file__ as program
from ..assistant.small_corpus import write_home
from ..chroma_server import ChromaServer, free_port
from ..http_proxy import __file__ as small_proxy
from ..network import Network, Place, network
from ..nginx import TOKEN, certificate, nginx
from ..postgres import Cluster
from ..waiting import BUSY, wait_until

DATABASE = "archive"
_KEEP = """
import json, sys
from pathlib import Path
from assistant.chats import CHATS, Chats
from assistant.home import home_at
from assistant.kept import NewTurn
from assistant.settings import load_settings
root, chat, question, said = sys.argv[1:]
home, answer = home_at(Path(root)), json.loads(said)
chats = Chats(home.state / CHATS, load_settings(home.settings_file).database)
chats.keep(chat, "0" * 64, NewTurn(question, answer, answer["answer"], recipe=answer["recipe"]))
"""


@dataclass
class Part:
    """A program somewhere, that can be killed and started again."""

    place: Place
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def start(self, says: str = "") -> None:
        """Start it, and wait until its log says that it is ready."""
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*self.place.enter, *self.command],
                env=without_settings() | self.environment,
                stdout=log,
                stderr=log,
                text=True,
            )
        wait_until(lambda: says in self.log.read_text("utf-8") or self._has_ended(), seconds=BUSY)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _has_ended(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text("utf-8")
        return False


@dataclass(frozen=True)
class Answer:
    """An answer: what it says of how it came about, and all else but the time it took."""

    note: str
    rest: dict[str, Any]

    @property
    def said(self) -> dict[str, Any]:
        """What does not change with other documents than those that are quoted."""
        return {name: self.rest[name] for name in ("answer", "citations", "short", "disagreement")}

    @property
    def quotes(self) -> list[str]:
        return [one["quote"] for one in self.rest["citations"]]


@dataclass
class Host:
    """A host with a home of its own, which a service has open."""

    name: str
    home: Home
    service: Part
    token: str = ""

    def start(self) -> None:
        self.service.start("The service is at")

    def run(self, *arguments: str) -> Ran:
        """Run a command on it."""
        return self._ran(program, *arguments, "--home", str(self.home.root))

    def keep(self, chat: str, question: str, answer: Answer) -> None:
        """Keep a turn of a conversation, as its page does."""
        said = json.dumps(answer.rest | {"question": question})
        ran = self._ran("-c", _KEEP, str(self.home.root), chat, question, said)
        assert ran.code == 0, ran.err

    def _ran(self, *command: str) -> Ran:
        done = subprocess.run(
            [*self.service.place.enter, sys.executable, *command],
            cwd=ROOT, env=without_settings() | self.service.environment,
            capture_output=True, text=True, timeout=BUSY, check=False,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)

    def ask(self, question: str) -> Answer:
        """Return what its service answers."""
        answer = json.loads(self._said("/api/ask", json.dumps({"question": question})))
        del answer["timings_ms"]
        return Answer(answer.pop("note"), answer)

    def lets_in(self) -> bool:
        """Tell whether its service, which is there, knows who has the token."""
        assert self._asked("/healthz") is not None
        return self._asked("/api/documents") is not None

    def ids(self) -> list[str]:
        """Return the ids of the documents that its service lists."""
        return sorted(row["id"] for row in json.loads(self._said("/api/documents")))

    def _said(self, path: str, *body: str) -> bytes:
        said = self._asked(path, *body)
        assert said is not None, self.service.log.read_text("utf-8")
        return said

    def _asked(self, path: str, *body: str) -> bytes | None:
        found = re.search(r"http://\S+", self.service.log.read_text("utf-8"))
        assert found is not None
        return self.service.place.get(found[0] + path, *body, token=self.token)


@dataclass
class Machines:
    """All of them."""

    net: Network
    cluster: Cluster
    chroma: ChromaServer
    proxy: Part
    one: Host
    two: Host

    @property
    def database(self) -> str:
        """The database's address as people may see it, without its port."""
        return f"database {self.cluster.place.address}:"

    @property
    def vectors(self) -> str:
        """The same of the vector server, which is asked through the proxy."""
        return f"vector server https://{self.proxy.place.address}:"

    def ask(self, question: str) -> tuple[Answer, Answer]:
        """Ask both hosts."""
        return self.one.ask(question), self.two.ask(question)

    def in_database(self) -> list[str]:
        """The documents that are in the database; of one that is gone only its id is kept."""
        query = "SELECT id FROM archive.documents WHERE data IS NOT NULL ORDER BY id"
        rows = self.cluster.execute(query, DATABASE)
        return [row[0] for row in rows]


@contextlib.contextmanager
def machines(folder: Path, programs: Path) -> Iterator[Machines]:
    """Bring them all up, and take them all down again."""
    with contextlib.ExitStack() as stack:
        net = network()
        stack.callback(net.close)
        cluster = Cluster.make(programs, net.place("db"))
        stack.callback(cluster.remove)
        cluster.execute(f"CREATE DATABASE {DATABASE}")
        chroma = ChromaServer(folder / "chroma", net.place("chroma"))
        stack.callback(chroma.kill)
        chroma.start()
        proxy, port = _proxy(folder, net.place("proxy"), chroma)
        stack.callback(proxy.kill)
        proxy.start()
        hosts = [_host(folder, name, net, cluster, proxy.place, port) for name in ("one", "two")]
        accounts = [
            hosts[0].run("users", "add", "ada", "--no-password"),
            hosts[1].run("users", "token", "ada"),
        ]
        assert [ran.code for ran in accounts] == [0, 0], accounts
        for host in hosts:
            host.token = accounts[1].out.strip()
            stack.callback(host.service.kill)
            host.start()
        yield Machines(net, cluster, chroma, proxy, *hosts)


def _proxy(folder: Path, place: Place, chroma: ChromaServer) -> tuple[Part, int]:
    port, target = free_port(), f"{chroma.place.address}:{chroma.port}"
    ca = certificate(folder, place.address)
    if shutil.which("nginx"):
        command = nginx(folder, f"{place.address}:{port}", target)
    else:
        command = [sys.executable, small_proxy, f"http://{target}", place.address, str(port),
                   TOKEN, str(ca)]  # fmt: skip
    return Part(place, command, folder / "proxy.log", {"PATH": os.environ["PATH"]}), port


def _host(folder: Path, name: str, net: Network, cluster: Cluster, proxy: Place, port: int) -> Host:
    """Make a home whose documents are on the share, with both settings set."""
    place = net.place(name)
    home = write_home(folder / name, None if name == "one" else {})
    if name == "one":
        home.documents.rename(folder / "share")
    else:
        home.documents.rmdir()
    home.documents.symlink_to(folder / "share")
    far, far_port = net.way(name, cluster.place, cluster.port)
    database = cluster.url(DATABASE).replace(
        f"@{cluster.place.address}:{cluster.port}", f"@{far}:{far_port}"
    )
    near, near_port = net.way(name, proxy, port)
    home.settings_file.write_text(
        f'vectors = "https://{near}:{near_port}"\nvectors_ca = "{folder}/chroma-cert.pem"\n'
        'vectors_timeout = 1\nvectors_patience = 1\nusers = "accounts"\n',
        "utf-8",
    )
    secrets = {
        "ASSISTANT_DATABASE": database,
        "ASSISTANT_VECTORS_HEADERS": f"Authorization: {TOKEN}",
    }
    command = [sys.executable, program, "serve", "--home", str(home.root), "--port", "0"]
    return Host(name, home, Part(place, command, folder / f"{name}.log", secrets))
