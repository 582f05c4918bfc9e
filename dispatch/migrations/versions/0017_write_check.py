"""A row that the serving role writes to find out whether writing works."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = """
CREATE TABLE write_check (
    id smallint CONSTRAINT pk_write_check PRIMARY KEY,
    checked_at timestamptz NOT NULL,
    CONSTRAINT ck_write_check_one_row CHECK (id = 1)
)
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLE)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON write_check TO {app_role()}")


def downgrade() -> None:
    """Revert; the row says nothing of anybody's work."""
    op.execute("DROP TABLE write_check")
