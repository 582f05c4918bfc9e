"""Check-ins of crews on scene, all crews report, SOS, and help that a crew asks for."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0034"
down_revision: str | None = "0031"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE check_in_rule (
    kind text NOT NULL REFERENCES incident_kind (code),
    place text NOT NULL CONSTRAINT ck_check_in_rule_place CHECK (place IN ('indoors', 'outdoors')),
    every_s double precision NOT NULL CONSTRAINT ck_check_in_rule_every_s CHECK (every_s > 0),
    grace_s double precision NOT NULL CONSTRAINT ck_check_in_rule_grace_s CHECK (grace_s > 0),
    supervisor_s double precision NOT NULL
        CONSTRAINT ck_check_in_rule_supervisor_s CHECK (supervisor_s > 0),
    retired boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_check_in_rule PRIMARY KEY (kind, place)
);

CREATE TABLE check_in_watch (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_check_in_watch PRIMARY KEY,
    assignment_id bigint NOT NULL REFERENCES assignment (id),
    incident_id bigint NOT NULL REFERENCES incident (id),
    crew_id bigint NOT NULL REFERENCES crew (id),
    place text CONSTRAINT ck_check_in_watch_place CHECK (place IN ('indoors', 'outdoors')),
    every_s double precision NOT NULL,
    grace_s double precision NOT NULL,
    supervisor_s double precision NOT NULL,
    started_at timestamptz NOT NULL,
    state text NOT NULL
        CONSTRAINT ck_check_in_watch_state CHECK (state IN ('well', 'due', 'missed', 'escalated')),
    well_at timestamptz NOT NULL,
    heard_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    missed_at timestamptz,
    escalated_at timestamptz,
    ended_at timestamptz
);
CREATE UNIQUE INDEX uq_check_in_watch_live ON check_in_watch (assignment_id)
    WHERE ended_at IS NULL;
CREATE INDEX ix_check_in_watch_crew_id ON check_in_watch (crew_id) WHERE ended_at IS NULL;

CREATE TABLE check_in (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_check_in PRIMARY KEY,
    crew_id bigint NOT NULL REFERENCES crew (id),
    said_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    said_by text NOT NULL,
    by_desk boolean NOT NULL,
    point geometry(Point, 4326)
);
CREATE INDEX ix_check_in_crew_id_said_at ON check_in (crew_id, said_at);

CREATE TABLE roll_call (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_roll_call PRIMARY KEY,
    incident_id bigint REFERENCES incident (id),
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    answer_by timestamptz NOT NULL,
    overdue_at timestamptz,
    ended_at timestamptz,
    ended_by text
);
CREATE INDEX ix_roll_call_live ON roll_call (id) WHERE ended_at IS NULL;

CREATE TABLE roll_call_answer (
    roll_call_id bigint NOT NULL REFERENCES roll_call (id),
    crew_id bigint NOT NULL REFERENCES crew (id),
    answered_at timestamptz,
    answered_by text,
    CONSTRAINT pk_roll_call_answer PRIMARY KEY (roll_call_id, crew_id)
);
CREATE INDEX ix_roll_call_answer_open ON roll_call_answer (crew_id) WHERE answered_at IS NULL;

CREATE TABLE sos_call (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_sos_call PRIMARY KEY,
    crew_id bigint NOT NULL REFERENCES crew (id),
    incident_id bigint REFERENCES incident (id),
    assignment_id bigint REFERENCES assignment (id),
    raised_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    raised_by text NOT NULL,
    point geometry(Point, 4326),
    fixed_at timestamptz,
    taken_at timestamptz,
    taken_by text,
    escalated_at timestamptz,
    ended_at timestamptz,
    ended_by text,
    end_reason text
);
-- The last guard against two calls of one crew, whichever of its phones sends first.
CREATE UNIQUE INDEX uq_sos_call_live ON sos_call (crew_id) WHERE ended_at IS NULL;

CREATE TABLE help_request (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_help_request PRIMARY KEY,
    assignment_id bigint NOT NULL REFERENCES assignment (id),
    incident_id bigint NOT NULL REFERENCES incident (id),
    crew_id bigint NOT NULL REFERENCES crew (id),
    what text NOT NULL CONSTRAINT ck_help_request_what CHECK (what IN
        ('second_crew', 'cordon', 'excavator', 'other_skill', 'fire_brigade', 'police')),
    words text NOT NULL,
    asked_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by text
);
CREATE UNIQUE INDEX uq_help_request_live ON help_request (assignment_id) WHERE ended_at IS NULL;
CREATE INDEX ix_help_request_incident_id ON help_request (incident_id) WHERE ended_at IS NULL;
"""

# Shipped to begin with; every company has rules of its own.
_RULES = """
INSERT INTO check_in_rule (kind, place, every_s, grace_s, supervisor_s) VALUES
    ('gas_leak', 'indoors', 900, 120, 180),
    ('gas_leak', 'outdoors', 1800, 120, 180),
    ('heat_leak', 'indoors', 1800, 180, 300),
    ('heat_leak', 'outdoors', 2700, 180, 300),
    ('water_burst', 'indoors', 1800, 180, 300),
    ('water_burst', 'outdoors', 3600, 300, 300),
    ('power_line_down', 'indoors', 1800, 120, 180),
    ('power_line_down', 'outdoors', 1800, 120, 180),
    ('power_fault', 'indoors', 1800, 180, 300),
    ('power_fault', 'outdoors', 2700, 180, 300);
"""

# Whatever erases an incident's words, those that its crews wrote when they needed help go, too.
_ERASE = """
CREATE FUNCTION erase_help_requests() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    UPDATE public.help_request SET words = '' WHERE incident_id = NEW.id AND words <> '';
    RETURN NULL;
END
$body$;
REVOKE ALL ON FUNCTION erase_help_requests FROM PUBLIC;
CREATE TRIGGER erase_help_requests AFTER UPDATE OF erased_at ON incident
    FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)
    EXECUTE FUNCTION erase_help_requests();
"""

_CHANGED = "check_in_rule", "check_in_watch", "roll_call", "roll_call_answer", "sos_call"


def upgrade() -> None:
    """Apply."""
    for script in (_TABLES, _RULES, _ERASE):
        op.execute(script)
    role = app_role()
    tables = ", ".join((*_CHANGED, "help_request"))
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {tables} TO {role}")
    op.execute(f"GRANT SELECT, INSERT ON check_in TO {role}")


def downgrade() -> None:
    """Revert; what happened is still in the event log."""
    op.execute("DROP TRIGGER erase_help_requests ON incident")
    op.execute("DROP FUNCTION erase_help_requests")
    op.execute(f"DROP TABLE help_request, check_in, {', '.join(_CHANGED[::-1])}")
