"""What crews drove for their orders, matched to streets, and how quickly by class and hour."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.roles import app_role

revision: str = "0053"
down_revision: str | None = "0049"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE driven_track (
    assignment_id bigint CONSTRAINT pk_driven_track PRIMARY KEY REFERENCES assignment (id),
    crew_id bigint NOT NULL REFERENCES crew (id),
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    made_at timestamptz NOT NULL,
    network_hash text NOT NULL,
    fixes integer NOT NULL,
    matched_share double precision NOT NULL,
    driven_m double precision NOT NULL,
    line geometry(Geometry, 4326),
    stops jsonb NOT NULL,
    gaps jsonb NOT NULL,
    predicted_s double precision,
    actual_s double precision
);
CREATE INDEX ix_driven_track_crew_id ON driven_track (crew_id);
CREATE INDEX ix_driven_track_until_at ON driven_track (until_at);
CREATE TABLE driven_speed (
    assignment_id bigint NOT NULL REFERENCES driven_track (assignment_id) ON DELETE CASCADE,
    road_class text NOT NULL,
    hour_of_week smallint NOT NULL
        CONSTRAINT ck_driven_speed_hour CHECK (hour_of_week BETWEEN 0 AND 167),
    length_m double precision NOT NULL,
    free_flow_s double precision NOT NULL,
    turn_s double precision NOT NULL,
    driven_s double precision NOT NULL,
    CONSTRAINT pk_driven_speed PRIMARY KEY (assignment_id, road_class, hour_of_week)
);
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    role = app_role()
    op.execute(f"GRANT SELECT, INSERT, DELETE ON driven_track, driven_speed TO {role}")
    row_security.through("driven_track", crew_id="crew", assignment_id="assignment")
    row_security.protect(
        "driven_speed",
        "EXISTS (SELECT FROM driven_track AS parent"
        " WHERE parent.assignment_id = driven_speed.assignment_id)",
    )


def downgrade() -> None:
    """Revert; what was matched can be matched again as long as the positions are kept."""
    op.execute("DROP TABLE driven_speed, driven_track")
