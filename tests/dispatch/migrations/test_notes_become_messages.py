"""What crews had noted before there were messages is among them, and is not news."""

import pytest
from sqlalchemy import text

from tests.dispatch.migrations.test_upgraded_rows import upgraded

pytestmark = pytest.mark.postgis
_NOTED = """
    INSERT INTO crew (name, skills, duty, duty_changed_at, created_at)
    VALUES ('A', '{}', 'on_duty', now(), now());
    INSERT INTO incident (kind, priority, state, round, version, point, address, description,
                          caller_name, caller_phone, created_at, updated_at, closed_at)
    VALUES ('gas_leak', 1, 'closed', 0, 1, 'SRID=4326;POINT(7.4 43.7)', '', '', '', '',
            now(), now(), now() - interval '1 year');
    INSERT INTO incident_note (incident_id, crew_id, actor_id, author, client_id, words,
                               written_at, received_at)
    VALUES (1, NULL, 1, 'dora', 'c', 'Note 1', now(), now()),
           (1, 1, 2, 'east', 'c', 'Note 2', now(), now()),
           (1, NULL, 1, 'dora', NULL, 'Note 3', now(), now()),
           (1, 1, 2, 'east', NULL, 'Note 4', now(), now())
"""


def test_notes_of_crews_become_messages_that_count_as_read() -> None:
    """The desk's stay notes; and the words of both are erased in time."""
    with upgraded("0017", _NOTED) as connection:
        messages = connection.execute(
            text("SELECT words, side, client_id FROM message ORDER BY id")
        )
        notes = connection.scalars(text("SELECT words FROM incident_note ORDER BY id")).all()
        newest = "SELECT crew_id, reader, up_to = (SELECT max(id) FROM message) FROM message_read"
        marks = connection.execute(text(newest)).all()
        told = [tuple(row) for row in messages]
        connection.execute(text("SELECT erase_personal_data(90, 10)"))
        both = "SELECT words FROM message UNION SELECT words FROM incident_note"
        left = connection.scalars(text(both)).all()

    assert told == [("Note 2", "crew", "c"), ("Note 4", "crew", None)]
    assert notes == ["Note 1", "Note 3"]
    assert [tuple(row) for row in marks] == [(None, "", True)]
    assert left == [""]
