"""What older releases kept, after the upgrade."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection
from sqlalchemy import text

from dispatch import migrate
from geodata.db import make_engine
from scripts.cluster import private_cluster as cluster
from tests.conftest import throwaway_database

pytestmark = pytest.mark.postgis
_PINNED = """
    INSERT INTO incident (kind, priority, state, round, version, point, address, description,
                          caller_name, caller_phone, created_at, updated_at)
    VALUES ('gas_leak', 1, 'open', 0, 1, 'SRID=4326;POINT(7.4 43.7)', '', 'It smells', 'Wang',
            '138', '2026-01-31T08:15:00Z', now());
    INSERT INTO event (kind, at, occurred_at, actor_id, actor, incident_id, data)
    VALUES ('incident.created', now(), now(), 7, 'dora', 1, '{}')
"""
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


@contextmanager
def upgraded(revision: str, rows: str) -> Iterator[Connection]:
    """Yield a database that held these rows at a revision and was upgraded to the newest."""
    with throwaway_database("test_upgrade") as made:
        engine = make_engine(made.owner_url)
        try:
            migrate.upgrade(made.owner_url, cluster.APP_ROLE, revision=revision)
            with engine.begin() as connection:
                connection.exec_driver_sql(rows)
            migrate.upgrade(made.owner_url, cluster.APP_ROLE)
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


def test_what_was_pinned_before_there_were_reports_becomes_the_first_one() -> None:
    """With who took it and when."""
    query = (
        "SELECT incident_id, actor_id, author, channel, words, caller_name, caller_phone,"
        " extract(year FROM told_at) FROM incident_report"
    )

    with upgraded("0007", _PINNED) as connection:
        rows = connection.execute(text(query)).all()

    assert [tuple(row) for row in rows] == [
        (1, 7, "dora", "call", "It smells", "Wang", "138", 2026)
    ]


def test_photos_that_were_decoded_before_they_were_stored_are_shown() -> None:
    """They stay as they are, and can be settled no more."""
    rows = f"""
        {_PINNED};
        INSERT INTO photo (incident_id, actor_id, author, caption, received_at, width, height,
                           size_bytes, sha256, sent_sha256, image, thumbnail)
        VALUES (1, 7, 'dora', '', now(), 4, 3, 5, 'a', 'b', 'image', 'small')
    """  # noqa: S608  (our own rows)

    with upgraded("0011", rows) as connection:
        row = connection.execute(text("SELECT state, refusal, width, image FROM photo")).one()
        settled = connection.scalar(text("SELECT refuse_photo(1, now(), 'damaged')"))

    assert tuple(row) == ("shown", None, 4, b"image")
    assert settled is False


def test_orders_that_ended_before_outcomes_had_a_meaning_are_read_anew() -> None:
    """What the desk had closed stays closed; what stood as resolved and was not done is open.

    Incidents: 1 closed, 2 resolved, both with no access; 3 made safe; 4 repaired; 5 with words
    instead of a code; 6 with no access by A and then repaired by B.
    """
    rows = """
        INSERT INTO crew (name, skills, duty, duty_changed_at, created_at)
        VALUES ('A', '{}', 'on_duty', now(), now());
        INSERT INTO incident (kind, priority, state, round, version, point, address, description,
                              caller_name, caller_phone, created_at, updated_at)
        SELECT 'gas_leak', 1, CASE each WHEN 1 THEN 'closed' ELSE 'resolved' END, 0, 6,
               'SRID=4326;POINT(7.4 43.7)', '', '', '', '', now(), now()
        FROM generate_series(1, 6) AS each;
        INSERT INTO assignment (incident_id, crew_id, round, state, rank, sent_by, offered_at,
                                ended_at, result, reason)
        VALUES (1, 1, 0, 'completed', 0, 'dora', now(), '2026-01-31T08:00Z', 'no_access', NULL),
               (2, 1, 0, 'completed', 0, 'dora', now(), '2026-01-31T08:00Z', 'no_access', 'key?'),
               (3, 1, 0, 'completed', 0, 'dora', now(), '2026-01-31T08:00Z', 'made_safe', NULL),
               (4, 1, 0, 'completed', 0, 'dora', now(), '2026-01-31T08:00Z', 'repaired', NULL),
               (5, 1, 0, 'completed', 0, 'dora', now(), '2026-01-31T08:00Z', 'Valve shut', NULL),
               (6, 1, 0, 'completed', 0, 'dora', now(), '2026-01-31T09:00Z', 'repaired', NULL),
               (6, 1, 0, 'completed', 0, 'dora', now(), '2026-01-31T08:00Z', 'no_access', NULL)
    """
    with upgraded("0017", rows) as connection:
        incidents = connection.execute(
            text("SELECT state, outcome_effect, version FROM incident ORDER BY id")
        ).all()
        orders = connection.execute(
            text("SELECT outcome, outcome_name_en, result, reason FROM assignment ORDER BY id")
        ).all()
        events = connection.execute(
            text("SELECT kind, incident_id, assignment_id, data ->> 'result' FROM event")
        ).all()

    assert [tuple(row) for row in incidents] == [
        ("closed", "not_done", 6),
        ("open", "not_done", 7),
        ("resolved", "follow_up", 6),
        ("resolved", "done", 6),
        ("resolved", "done", 6),
        ("resolved", "done", 6),
    ]
    assert tuple(orders[1]) == ("no_access", "Could not get in", "key?", None)
    assert tuple(orders[4]) == (None, None, "Valve shut", None)
    assert [tuple(row) for row in events] == [("incident.not_done", 2, 2, "key?")]


def test_who_moved_up_was_asked_then_and_who_waits_was_not() -> None:
    """Orders in front, moved up, behind, and ended behind."""
    query = "SELECT to_char(asked_at AT TIME ZONE 'UTC', 'HH24:MI') FROM assignment ORDER BY id"

    with upgraded("0008", _SENT) as connection:
        asked = connection.execute(text(query)).scalars().all()

    assert asked == ["08:00", "08:40", None, None]


def test_the_demos_own_layers_are_gas_and_everybody_elses_are_left_to_them() -> None:
    """A name is no proof of what a layer holds."""
    rows = """
        INSERT INTO layer (name, name_zh, kind, fields, shapes, features, bounds, source_file,
                           version, imported_at)
        SELECT name, '', 'valves', '{}', 'points', 1,
               'SRID=4326;POLYGON((7 43, 7 44, 8 44, 7 43))', file, 3, now()
        FROM (VALUES ('Gas valves (demo)', 'demo valves'), ('Gas valves', 'valves.gpkg'))
            AS known (name, file)
    """

    with upgraded("0017", rows) as connection:
        found = connection.execute(text("SELECT utility, version FROM layer ORDER BY id")).all()

    assert [tuple(row) for row in found] == [("gas", 4), (None, 3)]
