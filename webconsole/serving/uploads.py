"""Uploads: larger bodies for files only, few in memory at once; and headers for what is shown.

The headers keep a shown file from acting.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from threading import BoundedSemaphore
from typing import IO
from typing import Any

from flask import Flask
from flask import Response
from flask import request
from werkzeug.exceptions import HTTPException

from dispatch.core.errors import N_
from dispatch.core.limits import LARGEST_LAYER_BYTES
from dispatch.core.limits import LARGEST_PHOTO_BYTES
from dispatch.core.limits import LARGEST_RECORDING_BYTES
from dispatch.core.limits import LARGEST_TABLE_BYTES
from webconsole.platform.errors import ProblemError

_MOST_BYTES = {
    "photos.add_photo": LARGEST_PHOTO_BYTES,
    "recordings.add_recording": LARGEST_RECORDING_BYTES,
    "caller_pages.say_where": LARGEST_PHOTO_BYTES,
    "report_pages.take": LARGEST_PHOTO_BYTES,
    "imports.import_table": LARGEST_TABLE_BYTES,
    "layers.upload_layer": LARGEST_LAYER_BYTES,
    "zones.upload_zones": LARGEST_LAYER_BYTES,
}
"""The endpoints that take a file, and how large it may be."""
_SHOWN = {"photos.get_photo", "photos.get_thumbnail", "recordings.get_recording"}
_MEDIA = ("image/", "video/", "audio/")
_AROUND_BYTES = 50_000
"""Boundaries and fields of a form around its file."""
UPLOADS_AT_ONCE = 2
"""Each is in memory some five times over, from its file on disk to the database."""
_WAIT_S = 20.0
_PIECE_BYTES = 65_536
_REFUSED_PIECE_S = 0.1
_INPUT = "wsgi.input"
_NO_SCRIPTS = "default-src 'none'; sandbox; frame-ancestors 'none'"


class TakingTurns:
    """A request's body, read in pieces between which everybody else has a turn.

    Under gevent a greenlet goes on for as long as data is there: reading ten megabytes from a fast
    sender would hold up every other request of the worker, a dozen of them signing in for seconds.
    """

    def __init__(self, body: IO[bytes], give_way: Callable[[float], None] = time.sleep) -> None:
        self._body = body
        self._give_way = give_way

    def read(self, size: int = -1) -> bytes:
        """Return at most that many bytes, or all that are left; fewer only at the end."""
        pieces = []
        while size != 0:
            piece = self._body.read(_PIECE_BYTES if size < 0 else min(size, _PIECE_BYTES))
            self._give_way(0)
            if not piece:
                break
            pieces.append(piece)
            size = size - len(piece) if size > 0 else size
        return b"".join(pieces)

    def drain(self) -> None:
        """Read and forget what is left, slowly: a sender who is refused is to have no haste."""
        # The sender, or a test's file, may be gone, or no longer be waited for.
        with suppress(OSError, ValueError, HTTPException):
            while len(self._body.read(_PIECE_BYTES)) == _PIECE_BYTES:
                self._give_way(_REFUSED_PIECE_S)


def install(app: Flask) -> None:
    """Take larger bodies where files come only; send photos and films with a no-scripts policy.

    Install it before what looks into forms (the CSRF check does), and before the headers that all
    answers carry, which it replaces: what is installed first is done last on the way out.
    """

    def widen() -> None:
        if request.endpoint in _MOST_BYTES:
            request.max_content_length = _MOST_BYTES[request.endpoint] + _AROUND_BYTES
            request.environ[_INPUT] = TakingTurns(request.environ[_INPUT])

    def confine(response: Response) -> Response:
        body = request.environ.get(_INPUT)
        most = request.max_content_length or 0
        if isinstance(body, TakingTurns) and (request.content_length or 0) <= most:
            # Once it has been answered. What a refused upload still holds would else be read and
            # thrown away in one go, as fast as it comes.
            response.call_on_close(body.drain)
        if request.endpoint in _SHOWN and (response.mimetype or "").startswith(_MEDIA):
            response.headers["Content-Security-Policy"] = _NO_SCRIPTS
            response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    app.before_request(widen)
    app.after_request(confine)


def take_few_at_once(app: Flask) -> None:
    """Let a few uploads of a kind at a time be read into memory; the others wait in their files.

    A hundred phones that find their signal again at one moment, or one that sends a hundred times,
    cost the worker no more memory than two. Install it when the endpoints are there.
    """
    for endpoint in _MOST_BYTES:
        _take_few_at_once(app, endpoint)


def _take_few_at_once(app: Flask, endpoint: str) -> None:
    free = BoundedSemaphore(UPLOADS_AT_ONCE)
    view: Any = app.view_functions[endpoint]

    @wraps(view)
    def take(**path: Any) -> Any:  # noqa: ANN401  (whatever the view is given and returns)
        # The whole body is received before a place is taken: it may come slowly, to a file on disk.
        _ = request.files
        if not free.acquire(timeout=_WAIT_S):
            message = N_("Too many files are coming in at this moment.")
            raise ProblemError(429, "too_many_uploads", message)
        try:
            return view(**path)
        finally:
            free.release()

    app.view_functions[endpoint] = take
