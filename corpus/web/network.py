"""From a web address to the numbers that may be connected to, checked before the connection."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from corpus.errors import FetchRefused
from corpus.web.address import Address, is_local_name, shorten
from corpus.web.public import is_loopback, is_public

_MOST_ADDRESSES = 4

Resolver = Callable[[str, int], Sequence[str]]
"""Takes a host and a port and returns the numbers of its addresses. Raises OSError."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address to fetch, with the numbers that were checked and may be connected to."""

    address: Address
    numbers: tuple[str, ...]


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the system for a host's addresses."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, slots=True)
class Network:
    """How names become numbers, and which numbers may be connected to.

    As it comes it is strict: public addresses only. ``allow_loopback`` exists for servers that a
    test starts on this machine, and no setting reaches it. ``certificates`` is a file of
    authorities to trust in place of the system's. ``resolve_seconds`` caps the look-up of a name.
    """

    resolve: Resolver = system_resolver
    allow_loopback: bool = False
    certificates: str | None = None
    resolve_seconds: float = 10.0

    def target(self, address: Address) -> Target:
        """Look up and check an address. Raises FetchRefused unless all its numbers are public."""
        shown = shorten(address.url)
        if is_local_name(address.host) and not self.allow_loopback:
            raise _not_public(shown)
        numbers = [_number(text, shown) for text in self._numbers(address)]
        if not numbers:
            raise _unknown(shown, address.host)
        if not all(self._may_reach(number) for number in numbers):
            raise _not_public(shown)
        unique = tuple(dict.fromkeys(str(number) for number in numbers))
        return Target(address, unique[:_MOST_ADDRESSES])

    def _may_reach(self, number: IPv4Address | IPv6Address) -> bool:
        return is_public(number) or (self.allow_loopback and is_loopback(number))

    def _numbers(self, address: Address) -> Sequence[str]:
        try:
            return [str(ip_address(address.host))]
        except ValueError:
            return self._look_up(address)

    def _look_up(self, address: Address) -> Sequence[str]:
        """Resolve a name in a thread of its own: the system's call cannot be given a time."""
        answers: list[Sequence[str]] = []
        errors: list[Exception] = []

        def ask() -> None:
            try:
                answers.append(self.resolve(address.host, address.port))
            except (OSError, UnicodeError) as error:
                errors.append(error)

        thread = threading.Thread(target=ask, name="look-up", daemon=True)
        thread.start()
        thread.join(self.resolve_seconds)
        shown = shorten(address.url)
        if errors:
            raise _unknown(shown, address.host) from errors[0]
        if not answers:
            raise FetchRefused(
                f"{shown} cannot be reached: looking up {address.host} took over "
                f"{self.resolve_seconds:g} s. Check the network, then try again."
            )
        return answers[0]


def _number(text: str, shown: str) -> IPv4Address | IPv6Address:
    try:
        return ip_address(text)
    except ValueError as error:
        raise _not_public(shown) from error


def _not_public(shown: str) -> FetchRefused:
    return FetchRefused(
        f"{shown} is not fetched: its host is this machine's or a private network's. "
        "Save the page as a file and add that."
    )


def _unknown(shown: str, host: str) -> FetchRefused:
    return FetchRefused(
        f"{shown} cannot be reached: no address is known for {host}. "
        "Check its spelling and the network."
    )
