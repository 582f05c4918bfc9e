"""Files of people, coming in and going out: one wider door, and a cage for what is shown."""

from flask import Flask
from flask import Response
from flask import request

from dispatch.core.limits import LARGEST_PHOTO_BYTES

_DOOR = "photos.add_photo"
_SHOWN = {"photos.get_photo", "photos.get_thumbnail"}
_AROUND_BYTES = 50_000
"""Boundaries and fields of a form around its file."""
_CAGE = "default-src 'none'; sandbox; frame-ancestors 'none'"


def install(app: Flask) -> None:
    """Let photos in by their own door; nothing in a picture may act, whoever opens it by itself.

    Install it before what looks into forms (the CSRF check does), and before the headers that all
    answers carry, which it replaces: what is installed first is done last on the way out.
    """

    def widen() -> None:
        if request.endpoint == _DOOR:
            request.max_content_length = LARGEST_PHOTO_BYTES + _AROUND_BYTES

    def cage(response: Response) -> Response:
        if request.endpoint in _SHOWN and response.mimetype == "image/jpeg":
            response.headers["Content-Security-Policy"] = _CAGE
            response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    app.before_request(widen)
    app.after_request(cage)
