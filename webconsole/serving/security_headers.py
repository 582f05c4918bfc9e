"""What a browser is told not to do: the content security policy and its neighbours."""

from flask import Flask
from flask import Response
from flask import request
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

_NOT_WANTED = {"geolocation": "(self)", "camera": "()", "microphone": "()", "browsing-topics": "()"}
_OK = 200
_RECORDING_PAGE = "people.crew"
"""The only page that records video and sound."""
_MAY_RECORD = ", ".join(
    f"{name}={'(self)' if name in {'camera', 'microphone'} else allowed}"
    for name, allowed in _NOT_WANTED.items()
)
_REPORT = "planning_pages.report"
"""A study's report: it has scripts of its own, which may reach nothing of the console."""
_REPORT_POLICY = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline';"
    " style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
PUBLIC = ("/t/", "/r/", "/report")
"""Where pages for people without an account are."""


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
    # Before Talisman, so that it is done after it: what is done first is done last on the way out.
    app.after_request(_keep_unlinked)
    app.after_request(_let_record)
    app.after_request(_confine_reports)
    Talisman(
        app,
        force_https=https,
        strict_transport_security_include_subdomains=False,
        frame_options="DENY",
        content_security_policy=POLICY
        if image_origin is None
        else {**POLICY, "img-src": f"{POLICY['img-src']} {image_origin}"},
        referrer_policy="same-origin",
        permissions_policy=_NOT_WANTED,
        session_cookie_secure=False,
    )


def _keep_unlinked(response: Response) -> Response:
    """Keep pages with a secret in their address out of indexes, caches, and other sites' logs."""
    if request.path.startswith(PUBLIC):
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _confine_reports(response: Response) -> Response:
    if request.endpoint == _REPORT and response.status_code == _OK:
        response.headers["Content-Security-Policy"] = _REPORT_POLICY
    return response


def _let_record(response: Response) -> Response:
    if request.endpoint == _RECORDING_PAGE:
        response.headers["Permissions-Policy"] = _MAY_RECORD
    return response
