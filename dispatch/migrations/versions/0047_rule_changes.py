"""Changes of rules that wait for somebody else's approval, where two people are demanded."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.auditing import audited
from dispatch.migrations.roles import app_role

revision: str = "0047"
down_revision: str | None = "0042"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = """
CREATE TABLE rule_change (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_rule_change PRIMARY KEY,
    unit_id bigint NOT NULL DEFAULT home_unit(),
    what text NOT NULL,
    target text,
    command jsonb NOT NULL,
    entered_by_id bigint NOT NULL REFERENCES account (id),
    entered_by text NOT NULL,
    entered_at timestamptz NOT NULL,
    settled_by text,
    settled_at timestamptz,
    approved boolean,
    CONSTRAINT ck_rule_change_settled CHECK ((settled_at IS NULL) = (approved IS NULL))
);
CREATE INDEX ix_rule_change_waiting ON rule_change (id) WHERE settled_at IS NULL;
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLE)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON rule_change TO {app_role()}")
    row_security.by_unit("rule_change")
    audited("rule_change")


def downgrade() -> None:
    """Revert; what waits is forgotten."""
    op.execute("DROP TABLE rule_change")
