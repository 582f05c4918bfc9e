"""Who has seen an alarm, and until when it is silent for that."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = """
CREATE TABLE alarm_acknowledgement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incident (id),
    assignment_id bigint NOT NULL REFERENCES assignment (id),
    alarm text NOT NULL,
    actor_id bigint NOT NULL,
    acknowledged_by text NOT NULL,
    acknowledged_at timestamptz NOT NULL,
    quiet_until timestamptz NOT NULL CHECK (quiet_until > acknowledged_at)
);

CREATE INDEX ix_alarm_acknowledgement_incident_id ON alarm_acknowledgement (incident_id);
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLE)
    op.execute(f"GRANT SELECT, INSERT ON alarm_acknowledgement TO {app_role()}")


def downgrade() -> None:
    """Revert; the log still says who acknowledged what."""
    op.execute("DROP TABLE alarm_acknowledgement")
