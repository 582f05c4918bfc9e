"""What will not work on the phones of crews."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.roles import app_role

revision: str = "0058"
down_revision: str | None = "0048"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = """
CREATE TABLE phone_check (
    crew_id bigint NOT NULL REFERENCES crew (id),
    device text NOT NULL,
    model text NOT NULL,
    checked_at timestamptz NOT NULL,
    troubles text[] NOT NULL,
    CONSTRAINT pk_phone_check PRIMARY KEY (crew_id, device)
)
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLE)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON phone_check TO {app_role()}")
    row_security.through("phone_check", crew_id="crew")


def downgrade() -> None:
    """Revert; phones are checked again at the next sign-in."""
    op.execute("DROP TABLE phone_check")
