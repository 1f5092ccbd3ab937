"""Which numbers of the internet are public: a page is fetched from no other.

The networks are those of the two IANA registries of special-purpose addresses, written out
because what ``ipaddress`` calls global has changed between versions of Python.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a provider's NAT; also one cloud's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # public by its number, a cloud's metadata by its use
        "169.254.0.0/16",  # link-local, and most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # Teredo and other protocols' own
        "2001:db8::/32",
        "2002::/16",  # 6to4, which carries an IPv4 address
        "3fff::/20",
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
# The middle of an address whose last four bytes are an IPv4 address to tunnel to (ISATAP).
_TUNNEL_MARKS = (0x00005EFE, 0x02005EFE)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is reachable by everyone, so that nothing private answers there.

    An IPv6 address that carries an IPv4 address is as public as the one that it carries.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None:
        return False
    carried = IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _MAPPED or address in _NAT64:
        return is_public(carried)
    if int(address) >> 32 & 0xFFFFFFFF in _TUNNEL_MARKS and not is_public(carried):
        return False
    return address in _PUBLIC_6 and not any(address in network for network in _NOT_PUBLIC_6)


def is_loopback(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is this machine's own, in its plain spelling."""
    return address in IPv4Network("127.0.0.0/8") or address == IPv6Address("::1")
