"""Create the table of road closures."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = """
CREATE TABLE closure (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('area', 'road')),
    marked geometry(Geometry, 4326) NOT NULL,
    shown geometry(Geometry, 4326) NOT NULL,
    direction text NOT NULL CHECK (direction IN ('both', 'along', 'against')),
    from_at timestamptz NOT NULL,
    until_at timestamptz CHECK (until_at > from_at),
    reason text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    lifted_at timestamptz,
    lifted_by text,
    lift_reason text,
    CHECK (kind = 'road' OR direction = 'both'),
    CHECK ((kind = 'area') = (GeometryType(marked) = 'POLYGON')),
    CHECK ((kind = 'road') = (GeometryType(marked) = 'LINESTRING'))
);
-- Every worker asks for these whenever one begins or ends.
CREATE INDEX ix_closure_not_lifted ON closure (until_at) WHERE lifted_at IS NULL;
"""


def upgrade() -> None:
    """Apply."""
    role = app_role()
    op.execute(_TABLE)
    op.execute(f"GRANT SELECT, INSERT ON closure TO {role}")
    # What was closed, when and why can no longer be told otherwise; it can only be lifted.
    op.execute(f"GRANT UPDATE (version, lifted_at, lifted_by, lift_reason) ON closure TO {role}")


def downgrade() -> None:
    """Drop the table; its events stay in the log."""
    op.execute("DROP TABLE closure")
