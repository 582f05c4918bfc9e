"""Remember which crews' vehicles may drive with blue lights."""

from collections.abc import Sequence

from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply: nobody may until it is said of a crew. The table's rights cover the column."""
    op.execute("ALTER TABLE crew ADD COLUMN emergency_drive boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    """Drop what was said."""
    op.execute("ALTER TABLE crew DROP COLUMN emergency_drive")
