"""Index of where unfinished incidents are: what is being reported may be known already."""

from collections.abc import Sequence

from alembic import op

revision: str = "0025"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INDEX = """
CREATE INDEX ix_incident_unfinished_geography ON incident USING gist ((point::geography))
    WHERE state IN ('assigned', 'on_scene', 'open', 'resolved')
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_INDEX)


def downgrade() -> None:
    """Revert."""
    op.execute("DROP INDEX ix_incident_unfinished_geography")
