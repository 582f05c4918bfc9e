"""Find the incidents of a period and of a crew in a long history, and those without an address."""

from collections.abc import Sequence

from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INDEXES = """
CREATE INDEX ix_incident_without_address ON incident (id)
    WHERE address = '' AND erased_at IS NULL;
CREATE INDEX ix_incident_created_at ON incident (created_at);
CREATE INDEX ix_assignment_crew_id_incident_id ON assignment (crew_id, incident_id);
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_INDEXES)


def downgrade() -> None:
    """Revert."""
    op.execute(
        "DROP INDEX ix_incident_without_address, ix_incident_created_at,"
        " ix_assignment_crew_id_incident_id"
    )
