"""A web address, taken apart and written in one way; whatever could mean two things is refused.

Programs differ in how they read an odd address, and a check that reads it differently from the
connection protects nothing. So a number is an IPv4 address in its plain spelling or nothing, and
a name has to be one that the name system knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import parse_qsl, quote, urlencode, urljoin

from corpus.errors import FetchRefused

LONGEST = 4_000
_PORTS = {"http": 80, "https": 443}
# Other services' own ports: what is sent there as a web request may be a command to them. Those
# from 1024 are the list of the Fetch standard ("bad ports").
_NOT_WEB = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6679, 6697, 10080}
    | {*range(6665, 6670)}
)
_FIRST_FREE_PORT = 1024
_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "onion")

_SHAPE = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_PARTS = re.compile(
    r"//(?P<host>\[[^\]/?#]*\]|[^:/?#\[\]]*)(?::(?P<port>[0-9]{0,6}))?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.DOTALL,
)
_NAME = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_NUMERIC_END = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$", re.IGNORECASE)
_LONGEST_NAME = 253
# A path or a query may hold these as they are; "%" belongs to what is encoded already.
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?"
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid")


@dataclass(frozen=True, slots=True)
class Address:
    """A web address in its one spelling; ``host`` is a name in ASCII, or a number without brackets.

    ``path`` begins with a slash and holds the query; a fragment has been left off.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The host and, where it is not the scheme's own, the port, as they stand in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.origin}{self.path}"

    @property
    def site(self) -> str:
        """The host without "www."."""
        return self.host.removeprefix("www.")


def parse(url: str) -> Address:
    """Take a URL apart. Raises FetchRefused, naming what is wrong with it."""
    text = url.strip()
    shown = shorten(text)
    if len(text) > LONGEST:
        raise FetchRefused(f"{shown} is longer than {LONGEST:,} characters. Use a shorter address.")
    if any(not c.isprintable() for c in text):
        raise FetchRefused(f"{shown} holds a control character. Type the address again.")
    scheme, parts = _split(text, shown)
    host = _host(parts["host"], shown)
    return Address(scheme, host, _port(scheme, parts["port"], shown), _path(parts))


def join(base: Address, location: str) -> Address:
    """Return the address that ``location`` means on the page ``base``. Raises FetchRefused."""
    try:
        return parse(urljoin(base.url, location.strip()))
    except ValueError as error:
        raise FetchRefused(f"{shorten(location)} is no web address. Use another link.") from error


def is_url(text: str) -> bool:
    """Tell whether ``text`` is meant as an address rather than as the path of a file."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text.strip()) is not None


def key(url: str) -> str:
    """Return what two spellings of one page's address share, for looking up known pages.

    Scheme, "www.", a last slash and the marks of advertising ("utm_source") do not count. A text
    that is no address is its own key.
    """
    try:
        address = parse(url)
    except FetchRefused:
        return url
    path, _, query = address.path.partition("?")
    fields = parse_qsl(query, keep_blank_values=True)
    kept = urlencode([pair for pair in fields if not _TRACKING.fullmatch(pair[0].lower())])
    port = "" if address.port in _PORTS.values() else f":{address.port}"
    return f"{address.site}{port}{path.rstrip('/')}" + (f"?{kept}" if kept else "")


def shorten(text: str) -> str:
    """Return an address as messages show it: without a password, and not too long."""
    shown = re.sub(r"//[^/?#]*@", "//...@", text)
    return shown if len(shown) <= 200 else shown[:199] + "…"


def _split(text: str, shown: str) -> tuple[str, re.Match[str]]:
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise FetchRefused(f"{shown} is no web address. Write it with https:// in front.")
    scheme = shape["scheme"].lower()
    if scheme not in _PORTS:
        raise FetchRefused(
            f"{shown} is not fetched: only http and https addresses are. "
            "Add a file by its path, and a page by its https address."
        )
    authority = re.split(r"[/?#]", shape["rest"].removeprefix("//"), maxsplit=1)[0]
    if "@" in authority:
        raise FetchRefused(f"{shown} holds a user name or password. Leave it out of the address.")
    parts = _PARTS.fullmatch(shape["rest"])
    if parts is None or not parts["host"] or not (parts["path"] or "/").startswith("/"):
        raise FetchRefused(f"{shown} is no web address: its host cannot be read. Check it.")
    return scheme, parts


def _host(text: str, shown: str) -> str:
    if text.startswith("["):
        return _ipv6(text[1:-1], shown)
    name = _ascii(text, shown).removesuffix(".")
    if _NUMERIC_END.search(name):
        return _ipv4(name, shown)
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise FetchRefused(f"{shown} is no web address: its host is no name. Check it.")
    return name


def _ascii(text: str, shown: str) -> str:
    import idna

    if text.isascii():
        return text.lower()
    try:
        return idna.encode(text, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise FetchRefused(f"{shown} is no web address: its host is no name. Check it.") from error


def _ipv4(name: str, shown: str) -> str:
    try:
        return str(IPv4Address(name))
    except ValueError as error:
        raise FetchRefused(
            f"{shown} spells a number as its host in an unusual way. "
            "Write four decimal numbers with dots, or the host's name."
        ) from error


def _ipv6(text: str, shown: str) -> str:
    try:
        if not re.fullmatch(r"[0-9A-Fa-f:.]+", text):
            raise ValueError
        return str(IPv6Address(text))
    except ValueError as error:
        raise FetchRefused(f"{shown} holds no IPv6 address in its brackets. Check it.") from error


def is_local_name(host: str) -> bool:
    """Tell whether a host's name can only mean this machine or the network around it."""
    return any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES)


def _port(scheme: str, text: str | None, shown: str) -> int:
    port = int(text) if text else _PORTS[scheme]
    web = port in _PORTS.values() or (_FIRST_FREE_PORT <= port <= 65535 and port not in _NOT_WEB)
    if not web:
        raise FetchRefused(
            f"{shown} names port {port}, which is no web server's. Use the page's usual address."
        )
    return port


def _path(parts: re.Match[str]) -> str:
    plain = re.sub(r"%2e", ".", parts["path"] or "/", flags=re.IGNORECASE)
    # Without its dots a path means one place, to robots.txt and to the server alike.
    path = quote(_without_dots(plain), safe=_PATH_SAFE)
    if parts["query"] is None:
        return path
    return f"{path}?{quote(parts['query'], safe=_QUERY_SAFE)}"


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
