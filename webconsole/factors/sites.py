"""Where a browser is, as security keys see it; and the picture that an authenticator app reads."""

import segno
from flask import Request
from markupsafe import Markup

from dispatch.factors.security_keys import Site
from webconsole.platform.context import services

_LOCAL = "localhost"


def site_of(asked: Request) -> Site | None:
    """Return where the browser is; None where security keys cannot be used.

    They need the host name of the settings, and https, which `localhost` alone can do without.
    """
    name = services().settings.host_name
    if name is None or asked.host.rpartition("]")[2].partition(":")[0] != name:
        return None
    if not asked.is_secure and name != _LOCAL:
        return None
    return Site(name, f"{asked.scheme}://{asked.host}")


def picture(address: str) -> Markup:
    """Return an address as a QR code: dark on white, whatever the page's colours are."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(scale=4, border=3, light="#fff", omitsize=True, svgclass="qr")
    return Markup(drawn)  # noqa: S704  (drawn by us: numbers and colours)


def typed_secret(address: str) -> str:
    """Return the secret of an address in groups of four, for whoever cannot scan it."""
    secret = address.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
