"""Crews on duty that are not heard of any more: how long each may be, and which are."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.auditing import audited
from dispatch.migrations.roles import app_role

revision: str = "0052"
down_revision: str | None = "0051"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE silence_limit (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_silence_limit PRIMARY KEY,
    unit_id bigint NOT NULL REFERENCES organisation_unit (id) ON DELETE CASCADE,
    crew_id bigint REFERENCES crew (id),
    driving_s double precision NOT NULL CONSTRAINT ck_silence_limit_driving_s CHECK (driving_s > 0),
    parked_s double precision NOT NULL CONSTRAINT ck_silence_limit_parked_s CHECK (parked_s > 0),
    break_s double precision NOT NULL CONSTRAINT ck_silence_limit_break_s CHECK (break_s > 0),
    supervisor_s double precision NOT NULL
        CONSTRAINT ck_silence_limit_supervisor_s CHECK (supervisor_s > 0),
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);
CREATE UNIQUE INDEX uq_silence_limit_unit_id ON silence_limit (unit_id) WHERE crew_id IS NULL;
CREATE UNIQUE INDEX uq_silence_limit_crew_id ON silence_limit (crew_id);

CREATE TABLE crew_silence (
    crew_id bigint NOT NULL CONSTRAINT pk_crew_silence PRIMARY KEY REFERENCES crew (id),
    heard_at timestamptz,
    limit_s double precision NOT NULL,
    alarmed_at timestamptz NOT NULL,
    escalate_at timestamptz NOT NULL,
    escalated_at timestamptz,
    seen_at timestamptz,
    seen_by text
);
"""

# Crews that are on duty already are watched, too, once there was time to hear from them.
_BEGIN = """
INSERT INTO deadline (kind, due_at, set_at, next_at, failures, crew_id, data)
SELECT 'crew_silent', now() + interval '10 minutes', now(), now() + interval '10 minutes', 0, id,
    '{}'
FROM crew WHERE duty <> 'off_duty' AND retired_at IS NULL
"""

# The nearest unit above whose limits are set, for a crew without limits of its own.
_LIMITS = """
CREATE FUNCTION silence_limits_of(of_crew bigint)
RETURNS TABLE (driving_s double precision, parked_s double precision, break_s double precision,
    supervisor_s double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT rule.driving_s, rule.parked_s, rule.break_s, rule.supervisor_s
    FROM crew
        JOIN organisation_unit AS mine ON mine.id = crew.unit_id
        JOIN silence_limit AS rule ON rule.crew_id = crew.id
            OR (rule.crew_id IS NULL AND rule.unit_id = ANY (mine.id || mine.above))
        JOIN organisation_unit AS its ON its.id = rule.unit_id
    WHERE crew.id = of_crew
    ORDER BY rule.crew_id IS NULL, cardinality(its.above) DESC
    LIMIT 1
$body$;
REVOKE ALL ON FUNCTION silence_limits_of FROM PUBLIC;
"""


def upgrade() -> None:
    """Apply."""
    for script in (_TABLES, _BEGIN, _LIMITS):
        op.execute(script)
    role = app_role()
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON silence_limit, crew_silence TO {role}")
    op.execute(f"GRANT EXECUTE ON FUNCTION silence_limits_of(bigint) TO {role}")
    row_security.by_unit_or_above("silence_limit")
    row_security.through("crew_silence", crew_id="crew")
    audited("silence_limit", ignored=("changed_at", "changed_by"))


def downgrade() -> None:
    """Revert; silences are in the event log."""
    op.execute("DELETE FROM deadline WHERE kind = 'crew_silent'")
    op.execute("DROP FUNCTION silence_limits_of(bigint)")
    op.execute("DROP TABLE crew_silence, silence_limit")
