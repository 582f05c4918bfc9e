"""How many photos somebody may add.

Counts live in the memory of one worker: with N workers a limit is at most N times as wide. That is
enough against a runaway program. Sign-ins are counted for all workers together, in the database
(`dispatch.accounts.sign_in_limits`).
"""

from typing import Any

from apiflask import APIFlask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from webconsole.platform.context import actor

PHOTOS_PER_PERSON = "60 per minute; 1200 per hour"


def install(app: APIFlask) -> None:
    """Limit the photos: a picture is megabytes on its way in and half a megabyte for ever."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", headers_enabled=True)
    door: Any = app.view_functions["photos.add_photo"]
    app.view_functions["photos.add_photo"] = limiter.limit(PHOTOS_PER_PERSON, key_func=_person)(
        door
    )


def _person() -> str:
    return f"account {actor().account_id}"
