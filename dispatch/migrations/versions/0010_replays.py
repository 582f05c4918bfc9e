"""Find what a replay asks for by index."""

from collections.abc import Sequence

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INDEXES = """
-- On which duty each crew was at an instant: the newest change before it.
CREATE INDEX ix_event_duty_changed ON event (crew_id, id DESC) WHERE kind = 'crew.duty_changed';
-- What was alive in a period: not ended yet, or ended after the period began.
CREATE INDEX ix_incident_closed_at ON incident (closed_at);
CREATE INDEX ix_assignment_ended_at ON assignment (ended_at);
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_INDEXES)


def downgrade() -> None:
    """Drop the indexes."""
    op.execute("DROP INDEX ix_event_duty_changed, ix_incident_closed_at, ix_assignment_ended_at")
