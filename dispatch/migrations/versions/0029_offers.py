"""Offers to several crews at once, and alarms about an incident that no order is about."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0029"
down_revision: str | None = "0033"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE offer (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_offer PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incident (id),
    round integer NOT NULL,
    state text NOT NULL CONSTRAINT ck_offer_state
        CHECK (state IN ('open', 'taken', 'expired', 'refused', 'withdrawn', 'ended')),
    radius_m double precision,
    made_at timestamptz NOT NULL,
    made_by_id bigint,
    made_by text NOT NULL,
    accept_until timestamptz NOT NULL,
    deadline_id bigint,
    ended_at timestamptz,
    ended_by text,
    reason text,
    taken_by_id bigint REFERENCES crew (id),
    assignment_id bigint REFERENCES assignment (id),
    candidates jsonb NOT NULL,
    CONSTRAINT ck_offer_ended CHECK ((state = 'open') = (ended_at IS NULL)),
    CONSTRAINT ck_offer_taken CHECK (taken_by_id IS NULL OR state = 'taken')
);
CREATE UNIQUE INDEX uq_offer_open_incident ON offer (incident_id) WHERE state = 'open';
CREATE INDEX ix_offer_incident_id_id ON offer (incident_id, id);
CREATE TABLE offer_crew (
    offer_id bigint NOT NULL REFERENCES offer (id),
    crew_id bigint NOT NULL REFERENCES crew (id),
    verdict text NOT NULL,
    distance_m double precision NOT NULL,
    travel_time_s double precision,
    free_in_s double precision NOT NULL,
    busy boolean NOT NULL,
    seen_at timestamptz,
    declined_at timestamptz,
    reason text,
    CONSTRAINT pk_offer_crew PRIMARY KEY (offer_id, crew_id)
);
CREATE INDEX ix_offer_crew_crew_id_offer_id ON offer_crew (crew_id, offer_id);
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON offer, offer_crew TO {app_role()}")
    op.execute("ALTER TABLE alarm_acknowledgement ALTER COLUMN assignment_id DROP NOT NULL")


def downgrade() -> None:
    """Revert; what became of offers is still in the event log."""
    op.execute("DELETE FROM alarm_acknowledgement WHERE assignment_id IS NULL")
    op.execute("ALTER TABLE alarm_acknowledgement ALTER COLUMN assignment_id SET NOT NULL")
    op.execute("DROP TABLE offer_crew; DROP TABLE offer")
