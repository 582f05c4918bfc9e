"""Trackers of crews, which device a position is of, and when its crew was last heard and moved."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.auditing import audited
from dispatch.migrations.roles import app_role

revision: str = "0051"
down_revision: str | None = "0053"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = """
CREATE TABLE tracker (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_tracker PRIMARY KEY,
    crew_id bigint NOT NULL REFERENCES crew (id),
    name text NOT NULL,
    protocol text NOT NULL CONSTRAINT ck_tracker_protocol CHECK (protocol IN
        ('osmand', 'owntracks')),
    login text NOT NULL,
    secret_digest text NOT NULL CONSTRAINT uq_tracker_secret_digest UNIQUE,
    datum text NOT NULL CONSTRAINT ck_tracker_datum CHECK (datum IN ('wgs84', 'gcj02', 'bd09')),
    speed_unit text NOT NULL CONSTRAINT ck_tracker_speed_unit CHECK (speed_unit IN
        ('knots', 'mps', 'kmh')),
    filters jsonb NOT NULL DEFAULT '{}',
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    issued_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by text
);
CREATE INDEX ix_tracker_crew_id ON tracker (crew_id);

-- Changes with every fix: apart, so that no change of it has to be looked at for the audit trail.
CREATE TABLE tracker_state (
    tracker_id bigint NOT NULL CONSTRAINT pk_tracker_state PRIMARY KEY REFERENCES tracker (id),
    heard_at timestamptz,
    fixed_at timestamptz,
    received_at timestamptz,
    moved_at timestamptz,
    accuracy_m double precision,
    battery_pct double precision,
    charging boolean,
    counted_on date,
    used_today integer NOT NULL DEFAULT 0,
    refused_today jsonb NOT NULL DEFAULT '{}',
    test_asked_at timestamptz,
    test_sent_at timestamptz,
    test_answered_at timestamptz
) WITH (fillfactor = 60);
"""

# Which device the crew's position is of, when that one was last heard, up to when the place is
# known to hold, and where the crew has stood since it last moved. A refused fix may have no place.
_POSITIONS = """
ALTER TABLE crew_position
    ADD COLUMN tracker_id bigint,
    ADD COLUMN heard_at timestamptz,
    ADD COLUMN known_at timestamptz,
    ADD COLUMN moved_at timestamptz,
    ADD COLUMN rest_point geometry(Point, 4326);
UPDATE crew_position SET heard_at = received_at, known_at = fixed_at, moved_at = fixed_at,
    rest_point = point;
ALTER TABLE crew_position
    ALTER COLUMN heard_at SET NOT NULL,
    ALTER COLUMN known_at SET NOT NULL,
    ALTER COLUMN moved_at SET NOT NULL,
    ALTER COLUMN rest_point SET NOT NULL;
ALTER TABLE position_report
    ADD COLUMN tracker_id bigint,
    ALTER COLUMN point DROP NOT NULL,
    ADD CONSTRAINT ck_position_report_point CHECK (point IS NOT NULL OR refusal IS NOT NULL);
"""

# Whose device asks, before anybody is known: who has the secret may know no more than this.
_DOOR = """
CREATE FUNCTION tracker_of_secret(digest text)
RETURNS TABLE (id bigint, crew_id bigint, protocol text, datum text, speed_unit text, filters jsonb,
    test_asked boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT tracker.id, tracker.crew_id, tracker.protocol, tracker.datum, tracker.speed_unit,
        tracker.filters, state.test_asked_at IS NOT NULL AND state.test_answered_at IS NULL
    FROM tracker
        JOIN crew ON crew.id = tracker.crew_id
        JOIN tracker_state AS state ON state.tracker_id = tracker.id
    WHERE tracker.secret_digest = digest AND tracker.revoked_at IS NULL
        AND crew.retired_at IS NULL
$body$;
REVOKE ALL ON FUNCTION tracker_of_secret FROM PUBLIC;
"""


def upgrade() -> None:
    """Apply."""
    for script in (_TABLE, _POSITIONS, _DOOR):
        op.execute(script)
    role = app_role()
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON tracker, tracker_state TO {role}")
    op.execute(f"GRANT EXECUTE ON FUNCTION tracker_of_secret(text) TO {role}")
    row_security.through("tracker", crew_id="crew")
    row_security.through("tracker_state", tracker_id="tracker")
    audited("tracker", ignored=("issued_at",), hidden=("login", "secret_digest"))


def downgrade() -> None:
    """Revert; refused fixes without a place are forgotten, and trackers have to be set up anew."""
    op.execute("DROP FUNCTION tracker_of_secret(text)")
    op.execute("DELETE FROM position_report WHERE point IS NULL")
    op.execute("""
        ALTER TABLE position_report DROP CONSTRAINT ck_position_report_point,
            ALTER COLUMN point SET NOT NULL, DROP COLUMN tracker_id;
        ALTER TABLE crew_position DROP COLUMN tracker_id, DROP COLUMN heard_at,
            DROP COLUMN known_at, DROP COLUMN moved_at, DROP COLUMN rest_point;
        DROP TABLE tracker_state, tracker;
    """)
