"""How many photos somebody may add, messages send, and tables of the history have.

Counts live in the memory of one worker: with N workers a limit is at most N times as wide. That is
enough against a runaway program. Sign-ins are counted for all workers together, in the database
(`dispatch.accounts.sign_in_limits`).
"""

import hashlib
from typing import Any

from apiflask import APIFlask
from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from webconsole.platform.context import actor

TABLES_PER_PERSON = "6 per minute; 60 per hour"
EXPORTS_PER_PERSON = "20 per minute; 200 per hour"
IMPORTS_PER_PERSON = "20 per minute; 200 per hour"
PHOTOS_PER_PERSON = "60 per minute; 1200 per hour"
RECORDINGS_PER_PERSON = "10 per minute; 120 per hour"
"""Megabytes each; a phone that comes back to signal with more waits and sends them later."""
MESSAGES_PER_PERSON = "60 per minute; 1200 per hour"
"""A second apart: nobody types so fast, and a phone that comes back to signal soon has sent all."""
REPORTS_PRINTED_PER_PERSON = "20 per minute; 300 per hour"
CUSTOMERS_PER_ADDRESS = "30 per minute; 300 per hour"
"""A network may share one; of 2^130 addresses none is guessed so."""
TESTS_PER_PERSON = "60 per minute; 600 per hour"
REPORTS_PER_GATEWAY = "1200 per minute"
"""Of one address: forged ones count too, and are refused before their signature is looked at."""
RECEIPTS_PER_ADDRESS = "240 per minute"
FEEDS_PER_ADDRESS = "120 per minute; 2400 per hour"
"""Calendar programs of a whole station may share one; of 2^192 addresses none is guessed so."""

CALLERS_PER_ADDRESS = "240 per minute"
MAPS_PER_ADDRESS = "120 per minute"
"""A phone network may have many of its phones behind one."""
CALLERS_PER_LINK = "60 per minute; 1200 per hour"
SAID_PER_LINK = "10 per minute; 60 per hour"
REPORTS_PER_ADDRESS = "10 per minute; 60 per hour"
"""With what was refused and sent again; a phone network may have many of its phones behind one."""


def install(app: APIFlask) -> None:
    """Limit photos, megabytes on their way in, messages, which ring somewhere, and long tables."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", headers_enabled=True)
    for name, most in (
        ("photos.add_photo", PHOTOS_PER_PERSON),
        ("recordings.add_recording", RECORDINGS_PER_PERSON),
        ("messages.send_message", MESSAGES_PER_PERSON),
        ("work_reports.get_work_report", REPORTS_PRINTED_PER_PERSON),
        ("work_reports.send_work_report", REPORTS_PRINTED_PER_PERSON),
        ("record.add_note", MESSAGES_PER_PERSON),  # a crew's note is a message
        ("history.history_table", TABLES_PER_PERSON),
        ("tables.export_csv", EXPORTS_PER_PERSON),
        ("tables.export_xlsx", EXPORTS_PER_PERSON),
        ("imports.import_table", IMPORTS_PER_PERSON),
        ("layers.upload_layer", IMPORTS_PER_PERSON),
        ("zones.upload_zones", IMPORTS_PER_PERSON),
        ("deliveries.test_ring", TESTS_PER_PERSON),
        ("deliveries.test_rings", TESTS_PER_PERSON),
    ):
        door: Any = app.view_functions[name]
        app.view_functions[name] = limiter.limit(most, key_func=_person)(door)
    for name, most in (
        ("gateways.callback", REPORTS_PER_GATEWAY),
        ("deliveries.receipt", RECEIPTS_PER_ADDRESS),
        ("shift_pages.feed", FEEDS_PER_ADDRESS),
        ("work_report_pages.customer_report", CUSTOMERS_PER_ADDRESS),
        ("work_report_pages.customer_pdf", CUSTOMERS_PER_ADDRESS),
        ("report_pages.show", CALLERS_PER_ADDRESS),
        ("report_pages.map_picture", MAPS_PER_ADDRESS),
        ("report_pages.take", REPORTS_PER_ADDRESS),
    ):
        open_door: Any = app.view_functions[name]
        app.view_functions[name] = limiter.limit(most)(open_door)
    for name in ("show", "where", "rating", "say_where", "rate"):
        page: Any = app.view_functions[f"caller_pages.{name}"]
        most = SAID_PER_LINK if name in {"say_where", "rate"} else CALLERS_PER_LINK
        limited = limiter.limit(most, key_func=_link)(page)
        app.view_functions[f"caller_pages.{name}"] = limiter.limit(CALLERS_PER_ADDRESS)(limited)


def _person() -> str:
    return f"account {actor().account_id}"


def _link() -> str:
    """Return by which link somebody asks; never the link itself, which is a secret."""
    token = str((request.view_args or {}).get("token", ""))
    return f"link {hashlib.sha256(token.encode('utf-8', 'surrogatepass')).hexdigest()}"
