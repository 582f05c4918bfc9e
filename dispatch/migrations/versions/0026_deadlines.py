"""Deadlines: instants at which something is done unless it is no longer called for."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = """
CREATE TABLE deadline (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_deadline PRIMARY KEY,
    kind text NOT NULL,
    due_at timestamptz NOT NULL,
    set_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    failures integer NOT NULL,
    done_at timestamptz,
    how text CONSTRAINT ck_deadline_how CHECK (how IN ('acted', 'cancelled')),
    incident_id bigint REFERENCES incident (id),
    assignment_id bigint REFERENCES assignment (id),
    crew_id bigint REFERENCES crew (id),
    data jsonb NOT NULL,
    CONSTRAINT ck_deadline_done CHECK ((done_at IS NULL) = (how IS NULL))
);
CREATE INDEX ix_deadline_undone_next_at ON deadline (next_at) WHERE done_at IS NULL;
CREATE INDEX ix_deadline_undone_incident_id ON deadline (incident_id) WHERE done_at IS NULL;
CREATE INDEX ix_deadline_undone_assignment_id ON deadline (assignment_id) WHERE done_at IS NULL;
CREATE INDEX ix_deadline_undone_crew_id ON deadline (crew_id) WHERE done_at IS NULL;
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLE)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON deadline TO {app_role()}")


def downgrade() -> None:
    """Revert."""
    op.execute("DROP TABLE deadline")
