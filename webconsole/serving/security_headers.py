"""What a browser is told not to do: the content security policy and its neighbours."""

from flask import Flask
from flask_talisman import Talisman

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "media-src": "'self' blob:",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def install(app: Flask, *, https: bool, image_origin: str | None = None) -> None:
    """Set the headers on every answer.

    Parameters
    ----------
    image_origin
        The one other host that pictures may come from: that of an outside base map.
    https
        Whether this server speaks TLS itself. Without it (or behind a proxy that ends TLS)
        nothing is redirected; the cookie's Secure flag follows the scheme of each request.
    """
    Talisman(
        app,
        force_https=https,
        strict_transport_security_include_subdomains=False,
        frame_options="DENY",
        content_security_policy=POLICY
        if image_origin is None
        else {**POLICY, "img-src": f"{POLICY['img-src']} {image_origin}"},
        referrer_policy="same-origin",
        permissions_policy={
            "geolocation": "(self)",
            "camera": "()",
            "microphone": "()",
            "browsing-topics": "()",
        },
        session_cookie_secure=False,
    )
