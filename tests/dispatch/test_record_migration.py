"""Incidents from before there were reports keep what was told of them."""

import os

import pytest
from sqlalchemy import text

from dispatch import migrate
from geodata.db import make_engine
from scripts import cluster

pytestmark = pytest.mark.postgis
_PINNED = """
    INSERT INTO incident (kind, priority, state, round, version, point, address, description,
                          caller_name, caller_phone, created_at, updated_at)
    VALUES ('gas_leak', 1, 'open', 0, 1, 'SRID=4326;POINT(7.4 43.7)', '', 'It smells', 'Wang',
            '138', '2026-01-31T08:15:00Z', now());
    INSERT INTO event (kind, at, occurred_at, actor_id, actor, incident_id, data)
    VALUES ('incident.created', now(), now(), 7, 'dora', 1, '{}')
"""


def test_what_was_pinned_before_becomes_the_first_report() -> None:
    """Of an incident of version 0007, with who took it and when."""
    name = f"nearcrew_test_record_{os.getpid()}"
    url = cluster.create_database(name).owner(name)
    engine = make_engine(url)
    try:
        migrate.upgrade(url, cluster.APP_ROLE, revision="0007")
        with engine.begin() as connection:
            connection.exec_driver_sql(_PINNED)

        migrate.upgrade(url, cluster.APP_ROLE)

        with engine.connect() as connection:
            rows = connection.execute(
                text(
                    "SELECT incident_id, actor_id, author, channel, words, caller_name,"
                    " caller_phone, extract(year FROM told_at) FROM incident_report"
                )
            ).all()
        assert [tuple(row) for row in rows] == [
            (1, 7, "dora", "call", "It smells", "Wang", "138", 2026)
        ]
    finally:
        engine.dispose()
        cluster.drop_database(name)
