"""Scenarios of planners, and the studies made of them; who may plan."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.auditing import audited
from dispatch.migrations.roles import app_role

revision: str = "0059"
down_revision: str | None = "0052"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE planning_scenario (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_planning_scenario PRIMARY KEY,
    name text NOT NULL,
    posts jsonb NOT NULL,
    conditions jsonb NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL
);

CREATE TABLE planning_study (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_planning_study PRIMARY KEY,
    kind text NOT NULL,
    title text NOT NULL,
    scenario_id bigint REFERENCES planning_scenario (id) ON DELETE SET NULL,
    inputs jsonb NOT NULL,
    state text NOT NULL CONSTRAINT ck_planning_study_state CHECK (state IN
        ('queued', 'running', 'done', 'failed', 'cancelled')),
    attempts integer NOT NULL,
    progress double precision,
    progress_words text NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    asked_by_id bigint NOT NULL,
    started_at timestamptz,
    alive_at timestamptz,
    cancel_asked_at timestamptz,
    ended_at timestamptz,
    failure text,
    said text NOT NULL,
    files jsonb NOT NULL,
    CONSTRAINT ck_planning_study_ended CHECK (
        (state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
    CONSTRAINT ck_planning_study_failure CHECK ((state = 'failed') = (failure IS NOT NULL))
);
CREATE INDEX ix_planning_study_asked_by_id ON planning_study (asked_by_id);
CREATE INDEX ix_planning_study_scenario_id ON planning_study (scenario_id);
"""
_PERMISSION = """
INSERT INTO role_permission (role, permission)
SELECT role, 'planning.write'
FROM unnest('{planner,manager,supervisor,administrator}'::text[]) AS role;
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    for table in ("planning_scenario", "planning_study"):
        row_security.belongs_to_unit(table)
        op.execute(f"CREATE INDEX ix_{table}_unit_id ON {table} (unit_id)")
        row_security.by_unit(table)
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {app_role()}")
    audited("planning_scenario", ignored=("version", "updated_at", "updated_by"))
    # Who asked for which study, and who cancelled it, is told; how far it is, is not.
    audited(
        "planning_study",
        ignored=("progress", "progress_words", "alive_at", "attempts", "started_at", "inputs"),
    )
    op.execute(_PERMISSION)


def downgrade() -> None:
    """Revert; scenarios are forgotten, and the files of studies stay where they are."""
    op.execute("DELETE FROM role_permission WHERE permission = 'planning.write'")
    op.execute("DROP TABLE planning_study, planning_scenario")
