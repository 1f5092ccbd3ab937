"""Machines on one machine: each in a network namespace of its own, or else on ports of its own.

Namespaces want root and iproute2. They hang on a bridge that is in a namespace too, so that
nothing of this machine's own network is touched. Elsewhere all machines are the loopback address,
and who may be cut off reaches the others through a relay.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Protocol

from .waiting import BUSY

_SENT = """
import sys, urllib.request as r
asked = r.Request(sys.argv[1], *(one.encode() for one in sys.argv[3:]))
asked.add_header("Content-Type", "application/json")
if sys.argv[2]:
    asked.add_header("Authorization", "Bearer " + sys.argv[2])
sys.stdout.buffer.write(r.urlopen(asked).read())
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a program runs: its address, and what a command begins with that runs it there."""

    address: str = "127.0.0.1"
    enter: tuple[str, ...] = ()

    def get(self, url: str, *body: str, token: str = "") -> bytes | None:
        """Return what a server says that can be reached from here, with a body to a POST; None
        where it says nothing, or nothing good."""
        command = [*self.enter, sys.executable, "-S", "-c", _SENT, url, token, *body]
        done = subprocess.run(command, capture_output=True, check=False, timeout=BUSY)
        return done.stdout if done.returncode == 0 else None


HERE = Place()


class Network(Protocol):
    """Places that can be cut off from one another."""

    kind: str

    def place(self, name: str) -> Place:
        """Make a machine."""

    def way(self, name: str, to: Place, port: int) -> tuple[str, int]:
        """Return the address and the port under which a machine reaches a server of another."""

    def cut(self, name: str) -> None:
        """Pull a machine's cable out."""

    def restore(self, name: str) -> None:
        """Put it in again."""

    def close(self) -> None:
        """Leave nothing behind."""


class Namespaces:
    """Machines with an address each, on a bridge. Raises OSError and CalledProcessError."""

    kind = "network namespaces"

    def __init__(self) -> None:
        self._prefix = f"archive{os.getpid()}"
        self._names: list[str] = []
        try:
            self._add("bridge")
            self._in("bridge", "link", "add", "br0", "type", "bridge")
            self._in("bridge", "link", "set", "br0", "up")
            self.place("trial")
        except BaseException:
            self.close()
            raise

    def place(self, name: str) -> Place:
        self._add(name)
        inside, address = self._full(name), f"10.83.77.{len(self._names)}"
        self._in("bridge", "link", "add", f"to-{name}", "type", "veth",
                 "peer", "name", "eth0", "netns", inside)  # fmt: skip
        self._in("bridge", "link", "set", f"to-{name}", "master", "br0", "up")
        self._in(name, "address", "add", f"{address}/24", "dev", "eth0")
        self._in(name, "link", "set", "eth0", "up")
        self._in(name, "link", "set", "lo", "up")
        return Place(address, ("ip", "netns", "exec", inside))

    def way(self, name: str, to: Place, port: int) -> tuple[str, int]:
        return to.address, port

    def cut(self, name: str) -> None:
        self._in("bridge", "link", "set", f"to-{name}", "down")

    def restore(self, name: str) -> None:
        self._in("bridge", "link", "set", f"to-{name}", "up")

    def close(self) -> None:
        for name in reversed(self._names):
            with contextlib.suppress(subprocess.CalledProcessError):
                _ip("netns", "delete", self._full(name))
        self._names.clear()

    def _add(self, name: str) -> None:
        _ip("netns", "add", self._full(name))
        self._names.append(name)

    def _in(self, name: str, *arguments: str) -> None:
        _ip("-n", self._full(name), *arguments)

    def _full(self, name: str) -> str:
        return f"{self._prefix}-{name}"


class Loopback:
    """Machines that are ports of this one."""

    kind = "loopback ports and relays"

    def __init__(self) -> None:
        self._relays: dict[str, list[Relay]] = {}

    def place(self, name: str) -> Place:
        return HERE

    def way(self, name: str, to: Place, port: int) -> tuple[str, int]:
        relay = Relay(port)
        self._relays.setdefault(name, []).append(relay)
        return to.address, relay.port

    def cut(self, name: str) -> None:
        for relay in self._relays[name]:
            relay.cut()

    def restore(self, name: str) -> None:
        for relay in self._relays[name]:
            relay.is_cut = False

    def close(self) -> None:
        for relay in (one for relays in self._relays.values() for one in relays):
            relay.close()


class Relay:
    """Passes bytes on to a port, as long as it is not cut: then connections end, and none begin."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.is_cut = False
        self._ends: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        for end in list(self._ends):
            _end(end)

    def close(self) -> None:
        _end(self._listener)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near = self._listener.accept()[0]
                try:
                    if self.is_cut:
                        raise ConnectionRefusedError
                    far = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    near.close()
                    continue
                self._ends |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := one.recv(65536):
                other.sendall(said)
        _end(other)
        self._ends.discard(one)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def network() -> Network:
    """Return what this machine allows; ``ARCHIVE_TEST_NETWORK=loopback`` asks for the lesser."""
    wanted = os.environ.get("ARCHIVE_TEST_NETWORK", "")
    if wanted != "loopback" and os.getuid() == 0 and shutil.which("ip") and shutil.which("setpriv"):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            return Namespaces()
    return Loopback()


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=30)
