"""Shifts: templates, rotations, shifts, swaps, hours on duty, minimum staffing, calendar feeds."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.roles import app_role

revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TEMPLATES = """
CREATE TABLE shift_template (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_shift_template PRIMARY KEY,
    name text NOT NULL,
    from_minute integer NOT NULL
        CONSTRAINT ck_shift_template_from_minute CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute integer NOT NULL
        CONSTRAINT ck_shift_template_to_minute CHECK (to_minute BETWEEN 0 AND 1440),
    weekdays integer[] NOT NULL,
    days text NOT NULL
        CONSTRAINT ck_shift_template_days CHECK (days IN ('any', 'workdays', 'free_days')),
    calendar text NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version integer NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL
);

CREATE TABLE rotation (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_rotation PRIMARY KEY,
    name text NOT NULL,
    starts_on date NOT NULL,
    ends_on date CONSTRAINT ck_rotation_ends_on CHECK (ends_on >= starts_on),
    cycle_days integer NOT NULL
        CONSTRAINT ck_rotation_cycle_days CHECK (cycle_days BETWEEN 1 AND 366),
    made_until date NOT NULL,
    retired boolean NOT NULL DEFAULT false,
    version integer NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL
);

CREATE TABLE rotation_day (
    rotation_id bigint NOT NULL REFERENCES rotation (id),
    day integer NOT NULL CONSTRAINT ck_rotation_day_day CHECK (day BETWEEN 0 AND 365),
    template_id bigint NOT NULL REFERENCES shift_template (id),
    CONSTRAINT pk_rotation_day PRIMARY KEY (rotation_id, day, template_id)
);

CREATE TABLE rotation_crew (
    rotation_id bigint NOT NULL REFERENCES rotation (id),
    crew_id bigint NOT NULL REFERENCES crew (id),
    offset_days integer NOT NULL
        CONSTRAINT ck_rotation_crew_offset_days CHECK (offset_days BETWEEN 0 AND 365),
    CONSTRAINT pk_rotation_crew PRIMARY KEY (rotation_id, crew_id)
);
"""

# A range of one crew's id in place of the id: ranges have their GiST index without an extension.
_SHIFTS = """
CREATE TABLE shift (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_shift PRIMARY KEY,
    crew_id bigint NOT NULL REFERENCES crew (id),
    begins_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    day date NOT NULL,
    name text NOT NULL,
    template_id bigint REFERENCES shift_template (id),
    rotation_id bigint REFERENCES rotation (id),
    planned_crew_id bigint REFERENCES crew (id),
    by_hand boolean NOT NULL,
    reason text NOT NULL DEFAULT '',
    cancelled_at timestamptz,
    reminded_at timestamptz,
    version integer NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT ck_shift_ends_at
        CHECK (ends_at > begins_at AND ends_at <= begins_at + interval '49 hours'),
    CONSTRAINT ex_shift_overlap EXCLUDE USING gist (
        int8range(crew_id, crew_id, '[]') WITH =,
        tstzrange(begins_at, ends_at) WITH &&
    ) WHERE (cancelled_at IS NULL) DEFERRABLE INITIALLY IMMEDIATE
);
CREATE UNIQUE INDEX uq_shift_planned ON shift (rotation_id, planned_crew_id, day, template_id)
    WHERE rotation_id IS NOT NULL;
CREATE INDEX ix_shift_crew_id_ends_at ON shift (crew_id, ends_at) WHERE cancelled_at IS NULL;
CREATE INDEX ix_shift_ends_at ON shift (ends_at) WHERE cancelled_at IS NULL;
CREATE INDEX ix_shift_begins_at ON shift (begins_at);

CREATE TABLE shift_swap (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_shift_swap PRIMARY KEY,
    shift_id bigint NOT NULL REFERENCES shift (id),
    shift_version integer NOT NULL,
    for_shift_id bigint REFERENCES shift (id),
    for_shift_version integer,
    crew_id bigint NOT NULL REFERENCES crew (id),
    with_crew_id bigint NOT NULL REFERENCES crew (id),
    state text NOT NULL CONSTRAINT ck_shift_swap_state CHECK (state IN
        ('asked', 'agreed', 'declined', 'approved', 'refused', 'withdrawn')),
    reason text NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    asked_by_id bigint REFERENCES account (id),
    answered_at timestamptz,
    answered_by text,
    answered_by_id bigint REFERENCES account (id),
    decided_at timestamptz,
    decided_by text,
    decided_by_id bigint REFERENCES account (id),
    decision_reason text NOT NULL DEFAULT '',
    CONSTRAINT ck_shift_swap_crews CHECK (crew_id <> with_crew_id),
    CONSTRAINT ck_shift_swap_approved CHECK (state <> 'approved' OR (
        answered_at IS NOT NULL AND decided_at IS NOT NULL
        AND decided_by_id IS DISTINCT FROM asked_by_id
        AND decided_by_id IS DISTINCT FROM answered_by_id))
);
CREATE UNIQUE INDEX uq_shift_swap_open ON shift_swap (shift_id)
    WHERE state IN ('asked', 'agreed');
CREATE INDEX ix_shift_swap_asked_at ON shift_swap (asked_at);

CREATE TABLE duty_spell (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_duty_spell PRIMARY KEY,
    crew_id bigint NOT NULL REFERENCES crew (id),
    began_at timestamptz NOT NULL,
    ended_at timestamptz CONSTRAINT ck_duty_spell_ended_at CHECK (ended_at >= began_at)
);
CREATE UNIQUE INDEX uq_duty_spell_open ON duty_spell (crew_id) WHERE ended_at IS NULL;
CREATE INDEX ix_duty_spell_crew_id_ended_at ON duty_spell (crew_id, ended_at);
INSERT INTO duty_spell (crew_id, began_at)
    SELECT id, duty_changed_at FROM crew WHERE duty <> 'off_duty';
"""

_STAFFING = """
CREATE TABLE staffing_rule (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_staffing_rule PRIMARY KEY,
    name text NOT NULL,
    station_id bigint REFERENCES station (id),
    zone_id bigint,
    skill text,
    from_minute integer NOT NULL
        CONSTRAINT ck_staffing_rule_from_minute CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute integer NOT NULL
        CONSTRAINT ck_staffing_rule_to_minute CHECK (to_minute BETWEEN 0 AND 1440),
    weekdays integer[] NOT NULL,
    days text NOT NULL
        CONSTRAINT ck_staffing_rule_days CHECK (days IN ('any', 'workdays', 'free_days')),
    calendar text NOT NULL,
    least integer NOT NULL CONSTRAINT ck_staffing_rule_least CHECK (least BETWEEN 1 AND 1000),
    retired boolean NOT NULL DEFAULT false,
    version integer NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL,
    CONSTRAINT ck_staffing_rule_area CHECK (station_id IS NULL OR zone_id IS NULL)
);

CREATE TABLE shift_feed (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_shift_feed PRIMARY KEY,
    crew_id bigint NOT NULL REFERENCES crew (id),
    token_digest text NOT NULL CONSTRAINT uq_shift_feed_token_digest UNIQUE,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    revoked_at timestamptz
);
CREATE UNIQUE INDEX uq_shift_feed_live ON shift_feed (crew_id) WHERE revoked_at IS NULL;
"""

_FEED = "shifts_of_feed(text, timestamptz)"
# A calendar program has no account: what is behind a secret address, and no more, is read by it.
_DOOR = """
CREATE FUNCTION shifts_of_feed(digest text, since timestamptz)
RETURNS TABLE (
    crew_name text, id bigint, begins_at timestamptz, ends_at timestamptz, name text,
    version integer, updated_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT crew.name, shift.id, shift.begins_at, shift.ends_at, shift.name, shift.version,
        shift.updated_at
    FROM shift_feed AS feed
    JOIN crew ON crew.id = feed.crew_id
    LEFT JOIN shift ON shift.crew_id = feed.crew_id AND shift.cancelled_at IS NULL
        AND shift.ends_at > since
    WHERE feed.token_digest = digest AND feed.revoked_at IS NULL
    ORDER BY shift.begins_at
$body$;
"""

_CHANGED = (
    *("shift_template", "rotation", "shift", "shift_swap", "duty_spell"),
    *("staffing_rule", "shift_feed"),
)
_REPLACED = "rotation_day", "rotation_crew"


def upgrade() -> None:
    """Apply."""
    for script in (_TEMPLATES, _SHIFTS, _STAFFING, _DOOR):
        op.execute(script)
    _protect()
    role = app_role()
    op.execute(f"REVOKE ALL ON FUNCTION {_FEED} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {_FEED} TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {', '.join(_CHANGED)} TO {role}")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON {', '.join(_REPLACED)} TO {role}")
    # What a rota would have next year is not history: a rotation that changes takes it back.
    op.execute(f"GRANT DELETE ON shift TO {role}")


def _protect() -> None:
    for table in ("shift_template", "rotation", "staffing_rule"):
        row_security.belongs_to_unit(table)
    row_security.by_unit_or_above("shift_template")
    row_security.by_unit("rotation")
    row_security.by_unit("staffing_rule")
    for table in ("rotation_day", "rotation_crew"):
        row_security.through(table, rotation_id="rotation")
    for table in ("shift", "duty_spell", "shift_feed"):
        row_security.through(table, crew_id="crew")
    # Who sees one crew only would see half of a swap: it is a matter of whoever sees both.
    both = " AND ".join(
        f"EXISTS (SELECT FROM crew WHERE crew.id = shift_swap.{column})"
        for column in ("crew_id", "with_crew_id")
    )
    row_security.protect("shift_swap", f"({both})")


def downgrade() -> None:
    """Revert; what changed is still in the event log."""
    op.execute(f"DROP FUNCTION {_FEED}")
    tables = (
        *("shift_feed", "staffing_rule", "duty_spell", "shift_swap", "shift"),
        *("rotation_crew", "rotation_day", "rotation", "shift_template"),
    )
    op.execute(f"DROP TABLE {', '.join(tables)}")
