"""Where a sign-in comes from: a device that is known by its cookie, or an address. Pure."""

import ipaddress
from dataclasses import dataclass
from dataclasses import field

from dispatch.accounts.digests import digest

_IPV6_HOUSEHOLD = 64
_COARSE_IPV4, _COARSE_IPV6 = 24, 48


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sign-in comes from.

    Attributes
    ----------
    address
        The client's IP address; empty where there is none (a unix socket).
    device
        The secret in the device's cookie; None for programs, which keep no cookies.
    agent
        The browser or program, as it names itself; for people to know it again in a list.
    """

    address: str
    device: str | None = field(default=None, repr=False)
    agent: str = ""

    @property
    def address_digest(self) -> str:
        """Return what is stored of the address."""
        return digest(f"address {_counted_address(self.address)}")

    @property
    def device_digest(self) -> str | None:
        """Return what is stored of the device."""
        return None if self.device is None else digest(f"device {self.device}")

    @property
    def coarse_address(self) -> str:
        """Return the network of the address: enough to know the place, too little to follow it."""
        return _coarse(self.address)

    @property
    def digests(self) -> list[str]:
        """Return both, the device first: it is known more surely than an address."""
        return [each for each in (self.device_digest, self.address_digest) if each is not None]


def _coarse(address: str) -> str:
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(read, ipaddress.IPv6Address) and read.ipv4_mapped is not None:
        read = read.ipv4_mapped
    kept = _COARSE_IPV4 if isinstance(read, ipaddress.IPv4Address) else _COARSE_IPV6
    return str(ipaddress.ip_network(f"{read}/{kept}", strict=False))


def _counted_address(address: str) -> str:
    """Return an address as it is counted: of IPv6 the network, for one customer has all of it."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((int(read), _IPV6_HOUSEHOLD), strict=False))
