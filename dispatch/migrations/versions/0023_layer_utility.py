"""Say for each layer which utility it belongs to, so that gas valves are not shut for water."""

from collections.abc import Sequence

from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_COLUMN = """
ALTER TABLE layer ADD COLUMN utility text
    CONSTRAINT ck_layer_utility CHECK (utility IN ('gas', 'heat', 'water', 'power'))
"""
# What people imported is left to them: a name is no proof. The demo's own are known.
_DEMO = """
UPDATE layer SET utility = 'gas', version = version + 1
WHERE source_file IN ('demo mains', 'demo valves')
    AND name IN ('Gas mains (demo)', 'Gas valves (demo)')
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_COLUMN)
    op.execute(_DEMO)


def downgrade() -> None:
    """Revert: layers are of all utilities again."""
    op.execute("ALTER TABLE layer DROP COLUMN utility")
