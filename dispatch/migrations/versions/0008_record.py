"""Keep notes, reports and photos of incidents."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_ID = "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
# Who wrote it, and under which name of their own: a phone repeats for days what it could not send.
_BY = """
    incident_id bigint NOT NULL REFERENCES incident (id),
    crew_id bigint REFERENCES crew (id),
    actor_id bigint NOT NULL,
    author text NOT NULL,
    client_id text
"""
_TABLES = f"""
CREATE TABLE incident_note (
    id {_ID},
    {_BY},
    words text NOT NULL CHECK (words <> ''),
    written_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    UNIQUE (actor_id, client_id)
);
CREATE INDEX ix_incident_note_incident_id ON incident_note (incident_id);

CREATE TABLE incident_report (
    id {_ID},
    {_BY},
    channel text NOT NULL CHECK (channel IN ('call', 'web', 'hotline', 'meter', 'crew', 'other')),
    told_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    caller_name text NOT NULL,
    caller_phone text NOT NULL,
    words text NOT NULL,
    reference text NOT NULL,
    UNIQUE (actor_id, client_id)
);
CREATE INDEX ix_incident_report_incident_id ON incident_report (incident_id);

CREATE TABLE photo (
    id {_ID},
    {_BY},
    caption text NOT NULL,
    taken_at timestamptz,
    received_at timestamptz NOT NULL,
    lon double precision CHECK (lon BETWEEN -180 AND 180),
    lat double precision CHECK (lat BETWEEN -90 AND 90),
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    size_bytes integer NOT NULL,
    sha256 text NOT NULL,
    sent_sha256 text NOT NULL,
    image bytea NOT NULL,
    thumbnail bytea NOT NULL,
    CHECK ((lon IS NULL) = (lat IS NULL)),
    UNIQUE (actor_id, client_id)
);
-- JPEG does not get smaller: compressing it once more would only cost time.
ALTER TABLE photo ALTER COLUMN image SET STORAGE EXTERNAL;
ALTER TABLE photo ALTER COLUMN thumbnail SET STORAGE EXTERNAL;
CREATE INDEX ix_photo_incident_id ON photo (incident_id);

-- What a crew did in a period, and what happened on the whole board, is asked of the log by replay.
CREATE INDEX ix_event_crew_id_at ON event (crew_id, at) WHERE crew_id IS NOT NULL;
CREATE INDEX ix_event_at ON event USING brin (at);
"""
# What was pinned is the first telling of an incident; those from before there were reports too.
_FIRST_REPORTS = """
INSERT INTO incident_report (incident_id, actor_id, author, channel, told_at, received_at,
                             caller_name, caller_phone, words, reference)
SELECT i.id, coalesce(e.actor_id, 0), coalesce(e.actor, ''), 'call', i.created_at, i.created_at,
       i.caller_name, i.caller_phone, i.description, ''
FROM incident i
LEFT JOIN event e ON e.incident_id = i.id AND e.kind = 'incident.created'
ORDER BY i.id
"""
_TABLE_NAMES = "incident_note, incident_report, photo"


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    op.execute(_FIRST_REPORTS)
    # What was said, seen and written can be added to and never changed.
    op.execute(f"GRANT SELECT, INSERT ON {_TABLE_NAMES} TO {app_role()}")


def downgrade() -> None:
    """Refuse: going back would throw away what people wrote and photographed."""
    message = "notes, reports and photos would be lost: restore a backup instead"
    raise NotImplementedError(message)
