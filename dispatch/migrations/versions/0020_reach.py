"""Signs of crews' pages: whether a crew can be reached."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0020"
down_revision: str | None = "0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Written again every few seconds: room in each page keeps the row where it is.
_TABLE = """
CREATE TABLE crew_reach (
    crew_id bigint CONSTRAINT pk_crew_reach PRIMARY KEY REFERENCES crew (id),
    devices jsonb NOT NULL,
    page_until timestamptz,
    sound_until timestamptz,
    since timestamptz,
    seen_at timestamptz
) WITH (fillfactor = 50)
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLE)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON crew_reach TO {app_role()}")


def downgrade() -> None:
    """Revert; pages give their next sign within seconds."""
    op.execute("DROP TABLE crew_reach")
