"""Where people are sent next, and never to anybody else's site."""

from urllib.parse import urlsplit

from flask import Request
from flask import redirect
from flask import url_for
from werkzeug.wrappers import Response


def own_path(target: str | None) -> str | None:
    r"""Return a path on this site, or None for anything that could lead elsewhere.

    Browsers read ``//host`` and ``/\host`` as another host and drop control characters first.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or not target.isprintable():
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def to_sign_in(asked: Request) -> Response:
    """Send a person to the sign-in page, and back here afterwards."""
    back = asked.full_path.rstrip("?") if asked.method == "GET" else None
    if back in {None, "/"}:
        return redirect(url_for("people.sign_in"), 303)
    return redirect(url_for("people.sign_in", next=back), 303)
