"""Let the serving role forget answers that nobody will ask for again."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE INDEX ix_idempotency_key_created_at ON idempotency_key (created_at)")
    op.execute(f"GRANT DELETE ON idempotency_key TO {app_role()}")


def downgrade() -> None:
    """Revert."""
    op.execute(f"REVOKE DELETE ON idempotency_key FROM {app_role()}")
    op.execute("DROP INDEX ix_idempotency_key_created_at")
