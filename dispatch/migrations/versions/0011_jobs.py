"""The queue of jobs: procrastinate's tables and functions, and what the serving role may do.

The SQL is a copy of procrastinate's and not asked of the installed package: a migration that has
run must go on meaning the same. A test compares the two, so that an upgrade of the package which
changes its schema is noticed and gets a migration of its own.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from alembic import op
from sqlalchemy import text

from dispatch.migrations.roles import app_role

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

SCHEMA = Path(__file__).with_name("0011_procrastinate_3_10_0.sql")
# `text` takes a colon before a word for a parameter; after a backslash it does not.
_PARAMETER_LIKE = re.compile(r"(?<![:\\\w]):(?=\w)")

# Triggers and functions run as their caller, so that putting a job in takes rights on its events
# too. Events are never rewritten: they go with their job, by its foreign key.
_GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE
    ON procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers TO {role};
GRANT SELECT, INSERT ON procrastinate_events TO {role};
GRANT USAGE ON SEQUENCE procrastinate_jobs_id_seq, procrastinate_events_id_seq,
    procrastinate_periodic_defers_id_seq TO {role};
"""

_DROP = """
DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
    procrastinate_workers CASCADE;
DO $$
DECLARE
    named regprocedure;
BEGIN
    FOR named IN
        SELECT oid FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate\\_%'
    LOOP
        EXECUTE 'DROP FUNCTION ' || named;
    END LOOP;
END
$$;
DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
"""


def upgrade() -> None:
    """Apply."""
    schema = SCHEMA.read_text(encoding="utf-8")
    op.execute(text(_PARAMETER_LIKE.sub(r"\\:", schema)))
    op.execute(_GRANTS.format(role=app_role()))


def downgrade() -> None:
    """Drop the queue, with the jobs that wait in it."""
    op.execute(_DROP)
