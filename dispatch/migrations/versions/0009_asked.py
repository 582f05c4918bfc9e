"""Remember since when an order asks its crew."""

from collections.abc import Sequence

from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# An order is promoted once at most; whatever ended behind others never asked its crew.
_KNOWN_SO_FAR = """
UPDATE assignment SET asked_at = offered_at WHERE rank = 0;
UPDATE assignment SET asked_at = event.at FROM event
WHERE event.assignment_id = assignment.id AND event.kind = 'assignment.promoted';
"""


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER TABLE assignment ADD COLUMN asked_at timestamptz")
    op.execute(_KNOWN_SO_FAR)


def downgrade() -> None:
    """Drop what the events tell as well."""
    op.execute("ALTER TABLE assignment DROP COLUMN asked_at")
