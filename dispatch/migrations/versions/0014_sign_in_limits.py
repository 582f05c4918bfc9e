"""Sign-in limits that all workers share, and accounts whose roles can be changed."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0014"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE known_origin (
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    origin text NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, origin)
);

CREATE TABLE sign_in_count (
    kind text NOT NULL CHECK (kind IN ('account', 'address', 'origin')),
    subject text NOT NULL,
    failed integer NOT NULL,
    counted_at timestamptz NOT NULL,
    free_at timestamptz,
    PRIMARY KEY (kind, subject)
);

-- Sign-ins of an account end together; who signs in is found by secret alone.
CREATE INDEX ix_credential_account_id ON credential (account_id);
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    op.execute(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON known_origin, sign_in_count TO {app_role()}"
    )
    op.execute(f"GRANT DELETE ON account_role TO {app_role()}")


def downgrade() -> None:
    """Forget which devices are known and what was counted; nobody is signed out by it."""
    op.execute(f"REVOKE DELETE ON account_role FROM {app_role()}")
    op.execute("DROP INDEX ix_credential_account_id; DROP TABLE sign_in_count, known_origin")
