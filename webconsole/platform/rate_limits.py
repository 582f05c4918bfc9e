"""How often the public doors may be tried, and how many photos somebody may add.

Counts live in the memory of one worker: with N workers a limit is at most N times as wide. That is
enough against guessing passwords (each guess also costs an argon2 verification) and needs no store
of its own; a shared count would need Redis.
"""

from typing import Any

from apiflask import APIFlask
from flask import Response
from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from pydantic_core import from_json

from webconsole.platform.context import actor

FAILED_PER_NAME = "10 per minute; 100 per hour"
FAILED_PER_ADDRESS = "60 per minute; 600 per hour"
ANY_PER_ADDRESS = "300 per minute"
PHOTOS_PER_PERSON = "60 per minute; 1200 per hour"
_SIGN_IN_DOORS = ("people.sign_in", "access.login")


def install(app: APIFlask) -> None:
    """Limit the sign-in doors by address, and by address and user name together.

    Only refused attempts count for the narrow limits: a whole shift behind one address signing in
    at eight o'clock is not an attack.
    """
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", headers_enabled=True)
    for endpoint in _SIGN_IN_DOORS:
        view: Any = app.view_functions[endpoint]
        for limit, key in (
            (FAILED_PER_NAME, _address_and_name),
            (FAILED_PER_ADDRESS, get_remote_address),
        ):
            view = limiter.limit(limit, key_func=key, methods=["POST"], deduct_when=_refused)(view)
        app.view_functions[endpoint] = limiter.limit(ANY_PER_ADDRESS, methods=["POST"])(view)
    # A picture costs a second of decoding and half a megabyte for ever.
    door: Any = app.view_functions["photos.add_photo"]
    app.view_functions["photos.add_photo"] = limiter.limit(PHOTOS_PER_PERSON, key_func=_person)(
        door
    )


def _address_and_name() -> str:
    name = _name_in_json() if request.is_json else request.form.get("username", "")
    return f"{get_remote_address()} {name.strip().casefold()[:100]}"


def _name_in_json() -> str:
    """Return the name that is tried, empty if there is none; what is no name is refused later."""
    try:
        # Not `get_json`: nested deeply, a body exhausts Python's own parser.
        body = from_json(request.get_data(cache=True))
    except ValueError:
        return ""
    name = body.get("username") if isinstance(body, dict) else None
    return name if isinstance(name, str) else ""


def _person() -> str:
    return f"account {actor().account_id}"


def _refused(response: Response) -> bool:
    return response.status_code == 401  # noqa: PLR2004 — HTTP's own number
