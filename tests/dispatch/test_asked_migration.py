"""Orders from before it was kept when their crews were asked."""

import os

import pytest
from sqlalchemy import text

from dispatch import migrate
from geodata.db import make_engine
from scripts import cluster

pytestmark = pytest.mark.postgis
_SENT = """
    INSERT INTO crew (name, skills, duty, duty_changed_at, created_at)
    VALUES ('A', '{}', 'on_duty', now(), now());
    INSERT INTO incident (kind, priority, state, round, version, point, address, description,
                          caller_name, caller_phone, created_at, updated_at)
    SELECT 'gas_leak', 1, 'assigned', 0, 1, 'SRID=4326;POINT(7.4 43.7)', '', '', '', '',
           now(), now() FROM generate_series(1, 4);
    INSERT INTO assignment (incident_id, crew_id, round, state, rank, sent_by, offered_at)
    VALUES (1, 1, 0, 'completed', 0, 'dora', '2026-01-31T08:00:00Z'),
           (2, 1, 0, 'offered', 0, 'dora', '2026-01-31T08:00:00Z'),
           (3, 1, 0, 'offered', 1, 'dora', '2026-01-31T08:00:00Z'),
           (4, 1, 0, 'withdrawn', 2, 'dora', '2026-01-31T08:00:00Z');
    INSERT INTO event (kind, at, occurred_at, actor, incident_id, assignment_id, crew_id, data)
    VALUES ('assignment.promoted', '2026-01-31T08:40:00Z', now(), 'east', 2, 2, 1, '{}'),
           ('assignment.withdrawn', '2026-01-31T08:50:00Z', now(), 'dora', 4, 4, 1, '{}')
"""


def test_who_moved_up_was_asked_then_and_who_waits_was_not() -> None:
    """Of orders of version 0008: in front, moved up, behind, and ended behind."""
    name = f"nearcrew_test_asked_{os.getpid()}"
    url = cluster.create_database(name).owner(name)
    engine = make_engine(url)
    try:
        migrate.upgrade(url, cluster.APP_ROLE, revision="0008")
        with engine.begin() as connection:
            connection.exec_driver_sql(_SENT)

        migrate.upgrade(url, cluster.APP_ROLE)

        with engine.connect() as connection:
            asked = connection.execute(
                text(
                    "SELECT to_char(asked_at AT TIME ZONE 'UTC', 'HH24:MI')"
                    " FROM assignment ORDER BY id"
                )
            )
            assert asked.scalars().all() == ["08:00", "08:40", None, None]
    finally:
        engine.dispose()
        cluster.drop_database(name)
