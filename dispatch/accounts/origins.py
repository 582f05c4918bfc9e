"""Where a sign-in comes from: a device that is known by its cookie, or an address. Pure."""

import ipaddress
from dataclasses import dataclass
from dataclasses import field

from dispatch.accounts.digests import digest

_IPV6_HOUSEHOLD = 64


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sign-in comes from.

    Attributes
    ----------
    address
        The client's IP address; empty where there is none (a unix socket).
    device
        The secret in the device's cookie; None for programs, which keep no cookies.
    """

    address: str
    device: str | None = field(default=None, repr=False)

    @property
    def address_digest(self) -> str:
        """Return what is stored of the address."""
        return digest(f"address {_counted_address(self.address)}")

    @property
    def device_digest(self) -> str | None:
        """Return what is stored of the device."""
        return None if self.device is None else digest(f"device {self.device}")

    @property
    def digests(self) -> list[str]:
        """Return both, the device first: it is known more surely than an address."""
        return [each for each in (self.device_digest, self.address_digest) if each is not None]


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
