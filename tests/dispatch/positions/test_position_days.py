"""The table of a day's positions: made at its first fix, by whichever worker is first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import text

pytestmark = pytest.mark.postgis
_ENSURE = text("SELECT ensure_position_day(:day)")
_WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
PATIENCE_S = 60.0


def test_two_workers_that_open_a_new_day_at_once_both_succeed(app_engine: Engine) -> None:
    """At midnight everybody's first fix comes in the same second."""
    day = {"day": (datetime.now(UTC) + timedelta(days=40)).date()}

    with ThreadPoolExecutor(1) as pool, app_engine.connect() as first:
        first.execute(_ENSURE, day)
        with app_engine.connect() as second, app_engine.connect() as watcher:
            begun = pool.submit(second.execute, _ENSURE, day)
            _await_waiting(watcher)
            first.commit()

            outcome = begun.result(PATIENCE_S)
            second.commit()

    assert outcome.rowcount == 1


def _await_waiting(watcher: Connection) -> None:
    deadline = datetime.now(UTC) + timedelta(seconds=PATIENCE_S)
    while watcher.scalar(_WAITING) == 0:
        assert datetime.now(UTC) < deadline
