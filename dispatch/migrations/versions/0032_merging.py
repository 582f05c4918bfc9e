"""Duplicates: incidents merged into others, callers called back, danger radii."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0032"
down_revision: str | None = "0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_COLUMNS = """
ALTER TABLE incident
    ADD COLUMN merged_into bigint REFERENCES incident (id),
    ADD COLUMN danger_radius_m double precision,
    ADD CONSTRAINT ck_incident_merged CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
    ADD CONSTRAINT ck_incident_not_into_itself CHECK (merged_into <> id),
    ADD CONSTRAINT ck_incident_danger_radius CHECK (danger_radius_m BETWEEN 0 AND 10000);
CREATE INDEX ix_incident_merged_into ON incident (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE incident_kind
    ADD COLUMN danger_radius_m double precision,
    ADD CONSTRAINT ck_incident_kind_danger_radius CHECK (danger_radius_m BETWEEN 0 AND 10000);

ALTER TABLE assignment ADD COLUMN moved_from bigint REFERENCES incident (id);
CREATE INDEX ix_assignment_moved_from ON assignment (moved_from) WHERE moved_from IS NOT NULL;

ALTER TABLE order_notice DROP CONSTRAINT ck_order_notice_kind, ADD CONSTRAINT ck_order_notice_kind
    CHECK (kind IN ('recalled', 'cancelled', 'changed', 'reordered', 'moved'));
"""

# Metres around the place: figures to begin with, from no standard. A utility sets its own.
_DANGER = """
UPDATE incident_kind SET danger_radius_m = radius_m
FROM (VALUES ('gas_leak', 100.0), ('heat_leak', 50.0), ('water_burst', 50.0),
    ('power_line_down', 20.0)) AS shipped (code, radius_m)
WHERE incident_kind.code = shipped.code
"""

_TABLES = """
CREATE TABLE incident_merge (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_incident_merge PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incident (id),
    into_id bigint NOT NULL REFERENCES incident (id),
    merged_at timestamptz NOT NULL,
    merged_by text NOT NULL,
    reason text NOT NULL,
    orders_moved bigint[] NOT NULL,
    orders_withdrawn bigint[] NOT NULL,
    unmerged_at timestamptz,
    unmerged_by text,
    CONSTRAINT ck_incident_merge_not_into_itself CHECK (incident_id <> into_id)
);
CREATE UNIQUE INDEX uq_incident_merge_standing ON incident_merge (incident_id)
    WHERE unmerged_at IS NULL;
CREATE INDEX ix_incident_merge_into_id ON incident_merge (into_id);

CREATE TABLE report_call_back (
    report_id bigint CONSTRAINT pk_report_call_back PRIMARY KEY REFERENCES incident_report (id),
    incident_id bigint NOT NULL REFERENCES incident (id),
    called_at timestamptz,
    called_by text NOT NULL,
    note text NOT NULL
);
CREATE INDEX ix_report_call_back_incident_id ON report_call_back (incident_id);
"""

# The function that erases what is personal, and two lines: a merged incident is kept as long as
# the one that it leads to, and notes of calls go with what was told.
_FUNCTION = "SELECT pg_get_functiondef('erase_personal_data'::regproc)"
_WHICH = "        ORDER BY closed_at LIMIT most FOR UPDATE SKIP LOCKED) AS oldest;\n"
_BUT_MERGED = """\
            AND NOT EXISTS (SELECT FROM public.incident AS other
                WHERE other.id = incident.merged_into AND (other.closed_at IS NULL
                    OR other.closed_at >= now() - make_interval(days => keep_days)))
"""
_NOTES = "    UPDATE public.incident_note SET words = '' WHERE incident_id = ANY (ids);\n"
_CALLS = "    UPDATE public.report_call_back SET note = '' WHERE incident_id = ANY (ids);\n"


def upgrade() -> None:
    """Apply."""
    op.execute(_COLUMNS)
    op.execute(_DANGER)
    op.execute(_TABLES)
    whole = str(op.get_bind().exec_driver_sql(_FUNCTION).scalar_one())
    if whole.count(_WHICH) != 1 or whole.count(_NOTES) != 1:
        message = "erase_personal_data is not the function that this migration adds to"
        raise RuntimeError(message)
    changed = whole.replace(_WHICH, _BUT_MERGED + _WHICH).replace(_NOTES, _NOTES + _CALLS)
    op.get_bind().exec_driver_sql(changed.replace("%", "%%"))
    role = app_role()
    op.execute(f"GRANT SELECT, INSERT ON incident_merge, report_call_back TO {role}")
    op.execute(f"GRANT UPDATE (unmerged_at, unmerged_by) ON incident_merge TO {role}")
    op.execute(f"GRANT UPDATE (called_at, called_by, note) ON report_call_back TO {role}")
    op.execute(f"GRANT UPDATE (danger_radius_m) ON incident_kind TO {role}")


def downgrade() -> None:
    """Refuse: what was merged could not be told apart any more."""
    message = "merged incidents would be lost: restore a backup instead"
    raise NotImplementedError(message)
