"""The ways that crews chose for their orders."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.roles import app_role

revision: str = "0057"
down_revision: str | None = "0058"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = """
CREATE TABLE chosen_way (
    assignment_id bigint NOT NULL REFERENCES assignment (id)
        CONSTRAINT pk_chosen_way PRIMARY KEY,
    via_lon double precision,
    via_lat double precision,
    via_heading_deg double precision,
    by_street text NOT NULL,
    chosen_at timestamptz NOT NULL,
    CONSTRAINT ck_chosen_way_via CHECK (
        (via_lon IS NULL) = (via_lat IS NULL) AND (via_lon IS NULL) = (via_heading_deg IS NULL))
);
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLE)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON chosen_way TO {app_role()}")
    row_security.through("chosen_way", assignment_id="assignment")


def downgrade() -> None:
    """Revert; what was chosen is forgotten: all drive by the fastest way."""
    op.execute("DROP TABLE chosen_way")
