"""Upload limits: larger bodies for photos only; and headers that keep a shown file from acting."""

from flask import Flask
from flask import Response
from flask import request

from dispatch.core.limits import LARGEST_PHOTO_BYTES

_UPLOAD = "photos.add_photo"
_SHOWN = {"photos.get_photo", "photos.get_thumbnail"}
_AROUND_BYTES = 50_000
"""Boundaries and fields of a form around its file."""
_NO_SCRIPTS = "default-src 'none'; sandbox; frame-ancestors 'none'"


def install(app: Flask) -> None:
    """Take larger bodies at the photo endpoint only; send photos with a no-scripts policy.

    Install it before what looks into forms (the CSRF check does), and before the headers that all
    answers carry, which it replaces: what is installed first is done last on the way out.
    """

    def widen() -> None:
        if request.endpoint == _UPLOAD:
            request.max_content_length = LARGEST_PHOTO_BYTES + _AROUND_BYTES

    def confine(response: Response) -> Response:
        if request.endpoint in _SHOWN and response.mimetype == "image/jpeg":
            response.headers["Content-Security-Policy"] = _NO_SCRIPTS
            response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    app.before_request(widen)
    app.after_request(confine)
