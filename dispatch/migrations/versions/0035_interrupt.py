"""Orders that a more urgent one interrupts, and why a dispatcher sent another crew.

What was decided stays as it was written (``decision`` can only be added to); why is said right
afterwards and may be said better, so it is a table of its own.
"""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_SUSPENDED = """
ALTER TABLE assignment
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN suspended_from text,
    ADD COLUMN suspended_for bigint REFERENCES incident (id),
    ADD COLUMN worked_s double precision,
    ADD CONSTRAINT ck_assignment_suspended CHECK (suspended_at IS NULL
        OR (suspended_from IN ('offered', 'accepted', 'en_route', 'on_scene')
            AND suspended_for IS NOT NULL));

-- Which kinds there are is said once, in `dispatch.notices.states`.
ALTER TABLE order_notice
    DROP CONSTRAINT ck_order_notice_kind,
    ADD CONSTRAINT ck_order_notice_kind CHECK (kind ~ '^[a-z][a-z_]*$');
"""

_REASONS = """
CREATE TABLE override_reason (
    code text NOT NULL CONSTRAINT pk_override_reason PRIMARY KEY
        CONSTRAINT ck_override_reason_code CHECK (code ~ '^[a-z][a-z0-9_]*$'),
    name_en text NOT NULL,
    name_zh text NOT NULL,
    sort integer NOT NULL,
    retired boolean NOT NULL DEFAULT false
);
INSERT INTO override_reason (code, name_en, name_zh, sort) VALUES
    ('knows_site', 'Knows the site', '熟悉现场', 10),
    ('nearer', 'Nearer in truth', '实际更近', 20),
    ('asked_for', 'Asked for', '对方指定', 30),
    ('equipment', 'Has the equipment', '带有所需设备', 40),
    ('training', 'Training', '培训需要', 50),
    ('other', 'Other…', '其他…', 60);

CREATE TABLE override_explanation (
    assignment_id bigint NOT NULL REFERENCES assignment (id)
        CONSTRAINT pk_override_explanation PRIMARY KEY,
    code text NOT NULL REFERENCES override_reason (code),
    name_en text NOT NULL,
    name_zh text NOT NULL,
    words text NOT NULL,
    said_at timestamptz NOT NULL,
    said_by text NOT NULL
);
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_SUSPENDED)
    op.execute(_REASONS)
    role = app_role()
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON override_reason, override_explanation TO {role}")


def downgrade() -> None:
    """Revert; what was interrupted, and why, is still in the event log."""
    op.execute("DROP TABLE override_explanation, override_reason")
    op.execute("DELETE FROM order_notice WHERE kind = 'interrupted'")
    op.execute(
        "ALTER TABLE order_notice DROP CONSTRAINT ck_order_notice_kind,"
        " ADD CONSTRAINT ck_order_notice_kind"
        " CHECK (kind IN ('recalled', 'cancelled', 'changed', 'reordered', 'moved')) NOT VALID"
    )
    op.execute(
        "ALTER TABLE assignment DROP CONSTRAINT ck_assignment_suspended,"
        " DROP COLUMN suspended_at, DROP COLUMN suspended_from, DROP COLUMN suspended_for,"
        " DROP COLUMN worked_s"
    )
