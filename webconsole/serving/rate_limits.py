"""How many photos somebody may add, messages send, and tables of the history have.

Counts live in the memory of one worker: with N workers a limit is at most N times as wide. That is
enough against a runaway program. Sign-ins are counted for all workers together, in the database
(`dispatch.accounts.sign_in_limits`).
"""

from typing import Any

from apiflask import APIFlask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from webconsole.platform.context import actor

TABLES_PER_PERSON = "6 per minute; 60 per hour"
PHOTOS_PER_PERSON = "60 per minute; 1200 per hour"
MESSAGES_PER_PERSON = "60 per minute; 1200 per hour"
"""A second apart: nobody types so fast, and a phone that comes back to signal soon has sent all."""
TESTS_PER_PERSON = "60 per minute; 600 per hour"
REPORTS_PER_GATEWAY = "1200 per minute"
"""Of one address: forged ones count too, and are refused before their signature is looked at."""
RECEIPTS_PER_ADDRESS = "240 per minute"


def install(app: APIFlask) -> None:
    """Limit photos, megabytes on their way in, messages, which ring somewhere, and long tables."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", headers_enabled=True)
    for name, most in (
        ("photos.add_photo", PHOTOS_PER_PERSON),
        ("messages.send_message", MESSAGES_PER_PERSON),
        ("record.add_note", MESSAGES_PER_PERSON),  # a crew's note is a message
        ("history.history_table", TABLES_PER_PERSON),
        ("deliveries.test_ring", TESTS_PER_PERSON),
        ("deliveries.test_rings", TESTS_PER_PERSON),
    ):
        door: Any = app.view_functions[name]
        app.view_functions[name] = limiter.limit(most, key_func=_person)(door)
    for name, most in (
        ("gateways.callback", REPORTS_PER_GATEWAY),
        ("deliveries.receipt", RECEIPTS_PER_ADDRESS),
    ):
        open_door: Any = app.view_functions[name]
        app.view_functions[name] = limiter.limit(most)(open_door)


def _person() -> str:
    return f"account {actor().account_id}"
