"""Pledges, calendars, the declared weather, and clocks of incidents."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0033"
down_revision: str | None = "0030"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE pledge (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_pledge PRIMARY KEY,
    code text CONSTRAINT uq_pledge_code UNIQUE,
    name_en text NOT NULL,
    name_zh text NOT NULL,
    utility text NOT NULL
        CONSTRAINT ck_pledge_utility CHECK (utility IN ('gas', 'heat', 'water', 'power')),
    kinds text[] NOT NULL,
    priorities integer[] NOT NULL,
    zone_id bigint,
    from_minute integer CONSTRAINT ck_pledge_from_minute CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute integer CONSTRAINT ck_pledge_to_minute CHECK (to_minute BETWEEN 0 AND 1440),
    days text NOT NULL
        CONSTRAINT ck_pledge_days CHECK (days IN ('any', 'workdays', 'free_days')),
    season_from text,
    season_to text,
    weather text[] NOT NULL,
    asset_from_mm double precision,
    asset_below_mm double precision,
    calendar text NOT NULL,
    opening_only boolean NOT NULL,
    start text NOT NULL CONSTRAINT ck_pledge_start
        CHECK (start IN ('call_started', 'report_received', 'pinned', 'restored')),
    stop text NOT NULL CONSTRAINT ck_pledge_stop
        CHECK (stop IN ('on_scene', 'made_safe', 'restored', 'called_back')),
    series text NOT NULL,
    limit_s double precision NOT NULL CONSTRAINT ck_pledge_limit CHECK (limit_s > 0),
    warn_after_s double precision NOT NULL
        CONSTRAINT ck_pledge_warning CHECK (warn_after_s >= 0 AND warn_after_s <= limit_s),
    target_share double precision
        CONSTRAINT ck_pledge_target CHECK (target_share > 0 AND target_share <= 1),
    pauses text[] NOT NULL,
    source text NOT NULL,
    source_date text,
    example boolean NOT NULL,
    enabled boolean NOT NULL,
    version integer NOT NULL,
    retired_at timestamptz,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL
);
CREATE TABLE work_calendar (
    code text CONSTRAINT pk_work_calendar PRIMARY KEY,
    name_en text NOT NULL,
    name_zh text NOT NULL,
    weekly jsonb NOT NULL,
    exceptions jsonb NOT NULL,
    version integer NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL
);
CREATE TABLE weather_declared (
    utility text NOT NULL,
    zone_id bigint NOT NULL,
    weather text NOT NULL CONSTRAINT ck_weather_declared_weather
        CHECK (weather IN ('normal', 'severe_cold', 'storm_1', 'storm_2')),
    reason text NOT NULL,
    declared_at timestamptz NOT NULL,
    declared_by text NOT NULL,
    CONSTRAINT pk_weather_declared PRIMARY KEY (utility, zone_id)
);
CREATE TABLE pledge_clock (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_pledge_clock PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incident (id),
    pledge_id bigint NOT NULL,
    stop text NOT NULL,
    series text NOT NULL,
    rule jsonb NOT NULL,
    weather text NOT NULL,
    started_at timestamptz NOT NULL,
    pauses jsonb NOT NULL,
    trace jsonb NOT NULL,
    state text NOT NULL CONSTRAINT ck_pledge_clock_state
        CHECK (state IN ('running', 'paused', 'stopped', 'ended')),
    warn_at timestamptz,
    due_at timestamptz,
    left_s double precision,
    warned_at timestamptz,
    breached_at timestamptz,
    stopped_at timestamptz,
    used_s double precision,
    verdict text CONSTRAINT ck_pledge_clock_verdict CHECK (verdict IN ('kept', 'breached')),
    end_reason text,
    cause text,
    cause_note text NOT NULL,
    cause_by text,
    CONSTRAINT ck_pledge_clock_stopped
        CHECK ((state IN ('stopped', 'ended')) = (stopped_at IS NOT NULL)),
    CONSTRAINT ck_pledge_clock_due
        CHECK ((state = 'running') <= (due_at IS NOT NULL AND warn_at IS NOT NULL))
);
CREATE INDEX ix_pledge_clock_incident_id ON pledge_clock (incident_id);
CREATE INDEX ix_pledge_clock_stopped_at ON pledge_clock (stopped_at);
CREATE UNIQUE INDEX uq_pledge_clock_going ON pledge_clock (incident_id, stop, series)
    WHERE state IN ('paused', 'running');
CREATE INDEX ix_pledge_clock_breached ON pledge_clock (incident_id) WHERE verdict = 'breached';
"""

# Whatever erases an incident's words, what the desk said of its clocks goes with them.
_ERASE = """
CREATE FUNCTION erase_clock_notes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    UPDATE public.pledge_clock SET cause_note = '' WHERE incident_id = NEW.id AND cause_note <> '';
    RETURN NULL;
END
$body$;
REVOKE ALL ON FUNCTION erase_clock_notes FROM PUBLIC;
CREATE TRIGGER erase_clock_notes AFTER UPDATE OF erased_at ON incident
    FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)
    EXECUTE FUNCTION erase_clock_notes();
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    op.execute(_ERASE)
    for table in ("pledge", "work_calendar", "weather_declared", "pledge_clock"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {app_role()}")


def downgrade() -> None:
    """Revert; what became of clocks is still in the event log."""
    op.execute("DROP TRIGGER erase_clock_notes ON incident; DROP FUNCTION erase_clock_notes")
    op.execute("DROP TABLE pledge_clock, weather_declared, work_calendar, pledge")
