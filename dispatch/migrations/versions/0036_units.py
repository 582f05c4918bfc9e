"""The tree of units, whose every row is, and the policies that hold it."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.roles import app_role

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_UNITS = """
CREATE TABLE organisation_unit (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_organisation_unit PRIMARY KEY,
    parent_id bigint REFERENCES organisation_unit (id),
    kind text NOT NULL CONSTRAINT ck_organisation_unit_kind
        CHECK (kind IN ('group', 'company', 'station', 'team')),
    code text NOT NULL CONSTRAINT ck_organisation_unit_code CHECK (code <> ''),
    name text NOT NULL CONSTRAINT ck_organisation_unit_name CHECK (name <> ''),
    company_id bigint,
    below bigint[] NOT NULL DEFAULT '{}',
    above bigint[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_organisation_unit_code UNIQUE (code)
);
CREATE UNIQUE INDEX uq_organisation_unit_root ON organisation_unit ((parent_id IS NULL))
    WHERE parent_id IS NULL;
CREATE INDEX ix_organisation_unit_parent_id ON organisation_unit (parent_id);

-- Which units lie below and above each, itself in the former, and the company that each is part
-- of (itself above all companies): worked out anew after each change of the tree, which is rare
-- and small, so that no question has to walk it.
CREATE FUNCTION work_out_units() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    WITH RECURSIVE way (id, at, depth) AS (
        SELECT id, id, 0 FROM organisation_unit
        UNION ALL
        SELECT way.id, unit.parent_id, way.depth + 1
        FROM way JOIN organisation_unit AS unit ON unit.id = way.at
        WHERE unit.parent_id IS NOT NULL AND way.depth < 100
    ), known AS (
        SELECT unit.id,
            (SELECT array_agg(DISTINCT way.id ORDER BY way.id) FROM way WHERE way.at = unit.id)
                AS below,
            coalesce((SELECT array_agg(way.at ORDER BY way.depth) FROM way
                WHERE way.id = unit.id AND way.depth > 0), '{}') AS above,
            coalesce((SELECT way.at FROM way JOIN organisation_unit AS over ON over.id = way.at
                WHERE way.id = unit.id AND over.kind = 'company'
                ORDER BY way.depth LIMIT 1), unit.id) AS company_id
        FROM organisation_unit AS unit
    )
    UPDATE organisation_unit AS unit
    SET below = known.below, above = known.above, company_id = known.company_id
    FROM known
    WHERE known.id = unit.id AND (unit.below, unit.above, unit.company_id)
        IS DISTINCT FROM (known.below, known.above, known.company_id);
    RETURN NULL;
END
$body$;
CREATE TRIGGER work_out AFTER INSERT OR DELETE OR UPDATE OF parent_id, kind ON organisation_unit
    FOR EACH STATEMENT EXECUTE FUNCTION work_out_units();
INSERT INTO organisation_unit (kind, code, name) VALUES ('company', '1', 'Company');

CREATE FUNCTION home_unit() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT coalesce(
        nullif(current_setting('nearcrew.home', true), '')::bigint,
        (SELECT id FROM organisation_unit ORDER BY kind <> 'company', id LIMIT 1))
$body$;
CREATE FUNCTION company_of(unit bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT company_id FROM organisation_unit WHERE id = unit
$body$;
CREATE FUNCTION set_company() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $body$
BEGIN
    NEW.company_id := company_of(NEW.unit_id);
    RETURN NEW;
END
$body$;
"""

_OWNED = "station", "crew", "account", "incident", "zone", "layer", "gateway", "pledge"

# Names are unique within a company, and what a row refers to is of its own company: a foreign row
# is neither betrayed by a refused name nor reached by its number.
_WITHIN_COMPANY = """
ALTER TABLE station DROP CONSTRAINT station_name_key,
    ADD CONSTRAINT uq_station_company_id_name UNIQUE (company_id, name),
    ADD CONSTRAINT uq_station_company_id_id UNIQUE (company_id, id);
ALTER TABLE crew DROP CONSTRAINT crew_name_key,
    ADD CONSTRAINT uq_crew_company_id_name UNIQUE (company_id, name),
    ADD CONSTRAINT uq_crew_company_id_id UNIQUE (company_id, id);
ALTER TABLE zone DROP CONSTRAINT zone_kind_name_key,
    ADD CONSTRAINT uq_zone_company_id_kind_name UNIQUE (company_id, kind, name);
ALTER TABLE layer DROP CONSTRAINT layer_name_key,
    ADD CONSTRAINT uq_layer_company_id_name UNIQUE (company_id, name);
ALTER TABLE pledge DROP CONSTRAINT uq_pledge_code,
    ADD CONSTRAINT uq_pledge_company_id_code UNIQUE (company_id, code);
DROP INDEX uq_gateway_name;
CREATE UNIQUE INDEX uq_gateway_company_id_name ON gateway (company_id, name)
    WHERE removed_at IS NULL;
CREATE INDEX ix_crew_unit_id ON crew (unit_id);
CREATE INDEX ix_account_unit_id ON account (unit_id);
CREATE INDEX ix_incident_unit_id ON incident (unit_id, id);
"""

# Some rows belong where another does, whoever enters them.
_FOLLOW = """
CREATE FUNCTION follow_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    of_another bigint;
BEGIN
    IF TG_TABLE_NAME = 'account' THEN
        IF NEW.crew_id IS NOT NULL THEN
            SELECT unit_id INTO of_another FROM crew WHERE id = NEW.crew_id;
        END IF;
    ELSIF TG_TABLE_NAME = 'incident' THEN
        IF NEW.follow_up_of IS NOT NULL THEN
            SELECT unit_id INTO of_another FROM incident WHERE id = NEW.follow_up_of;
        END IF;
    END IF;
    NEW.unit_id := coalesce(of_another, NEW.unit_id);
    RETURN NEW;
END
$body$;
CREATE TRIGGER a_an_other BEFORE INSERT OR UPDATE OF crew_id ON account
    FOR EACH ROW WHEN (NEW.crew_id IS NOT NULL) EXECUTE FUNCTION follow_unit();
CREATE TRIGGER a_an_other BEFORE INSERT ON incident
    FOR EACH ROW WHEN (NEW.follow_up_of IS NOT NULL) EXECUTE FUNCTION follow_unit();
"""

# An incident is also seen by whoever has a crew that is asked to come to it: the crew itself, and
# within the company those who see the crew.
_SHARES = """
CREATE TABLE incident_share (
    incident_id bigint NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    crew_id bigint NOT NULL REFERENCES crew (id),
    unit_id bigint,
    CONSTRAINT pk_incident_share PRIMARY KEY (incident_id, crew_id)
);
CREATE TABLE crew_loan (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_crew_loan PRIMARY KEY,
    crew_id bigint NOT NULL REFERENCES crew (id),
    unit_id bigint NOT NULL REFERENCES organisation_unit (id),
    words text NOT NULL,
    state text NOT NULL CONSTRAINT ck_crew_loan_state
        CHECK (state IN ('asked', 'lent', 'refused', 'ended')),
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL CONSTRAINT ck_crew_loan_until_at CHECK (until_at > from_at),
    asked_at timestamptz NOT NULL,
    asked_by_id bigint,
    asked_by text NOT NULL,
    settled_at timestamptz,
    settled_by_id bigint,
    settled_by text,
    ended_at timestamptz,
    ended_by text
);
CREATE INDEX ix_crew_loan_crew_id ON crew_loan (crew_id) WHERE state = 'lent';
CREATE INDEX ix_crew_loan_unit_id ON crew_loan (unit_id) WHERE state = 'lent';
CREATE FUNCTION share_incident() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    shared_id bigint;
    theirs record;
    its record;
BEGIN
    IF TG_TABLE_NAME = 'assignment' THEN
        shared_id := NEW.incident_id;
    ELSE
        SELECT incident_id INTO shared_id FROM offer WHERE id = NEW.offer_id;
    END IF;
    SELECT unit_id, company_id INTO its FROM incident WHERE id = shared_id;
    SELECT unit_id, company_id INTO theirs FROM crew WHERE id = NEW.crew_id;
    IF its.unit_id = theirs.unit_id THEN
        RETURN NEW;
    END IF;
    IF its.company_id <> theirs.company_id AND NOT EXISTS (
        SELECT FROM organisation_unit AS unit
        WHERE unit.id = its.company_id AND unit.kind <> 'company'
            AND theirs.unit_id = ANY (unit.below)
    ) AND NOT EXISTS (
        SELECT FROM crew_loan AS loan JOIN organisation_unit AS unit ON unit.id = loan.unit_id
        WHERE loan.crew_id = NEW.crew_id AND loan.state = 'lent'
            AND unit.company_id = its.company_id
    ) THEN
        RAISE EXCEPTION 'crew % is of another company', NEW.crew_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_crew_of_company';
    END IF;
    INSERT INTO incident_share (incident_id, crew_id, unit_id)
    VALUES (shared_id, NEW.crew_id,
        CASE WHEN its.company_id = theirs.company_id THEN theirs.unit_id END)
    ON CONFLICT DO NOTHING;
    RETURN NEW;
END
$body$;
ALTER TABLE assignment ADD COLUMN unit_id bigint;
UPDATE assignment SET unit_id = (SELECT unit_id FROM incident WHERE id = assignment.incident_id);
ALTER TABLE assignment ALTER COLUMN unit_id SET NOT NULL;
ALTER TABLE event ADD COLUMN unit_id bigint;
UPDATE event SET unit_id = home_unit();
ALTER TABLE event ALTER COLUMN unit_id SET NOT NULL;
ALTER TABLE proposal ADD COLUMN unit_id bigint NOT NULL DEFAULT home_unit();
ALTER TABLE photo_file ADD COLUMN unit_id bigint NOT NULL DEFAULT home_unit();
CREATE FUNCTION set_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    NEW.unit_id := coalesce(
        (SELECT unit_id FROM incident WHERE id = NEW.incident_id),
        (SELECT unit_id FROM crew WHERE id = NEW.crew_id),
        home_unit());
    RETURN NEW;
END
$body$;
CREATE TRIGGER a_unit BEFORE INSERT OR UPDATE OF incident_id ON assignment
    FOR EACH ROW EXECUTE FUNCTION set_unit();
CREATE TRIGGER a_unit BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION set_unit();
CREATE TRIGGER b_share BEFORE INSERT OR UPDATE OF incident_id ON assignment
    FOR EACH ROW EXECUTE FUNCTION share_incident();
CREATE TRIGGER b_share BEFORE INSERT ON offer_crew
    FOR EACH ROW EXECUTE FUNCTION share_incident();
"""

# Under a policy PostgreSQL asks no PostGIS operator before the policy, hence no spatial index; it
# may ask for numbers between numbers.
_BOX = """
ALTER TABLE crew_position
    ADD COLUMN lon double precision GENERATED ALWAYS AS (ST_X(point)) STORED,
    ADD COLUMN lat double precision GENERATED ALWAYS AS (ST_Y(point)) STORED;
CREATE INDEX ix_crew_position_lat_lon ON crew_position (lat, lon);
"""

# Doors through the policies, each as narrow as what it is for.
_DOORS = """
-- A sign-in looks for the one account that a secret or a name belongs to, before anybody is known.
CREATE FUNCTION account_of_secret(secret text, of_kind text, at timestamptz)
RETURNS TABLE (
    id bigint, username text, display_name text, crew_id bigint, language text, roles text[],
    seen_at timestamptz, unit_id bigint, everything boolean, units bigint[], above bigint[],
    crews bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT account.id, username, display_name, account.crew_id, language,
        ARRAY(SELECT role FROM account_role WHERE account_id = account.id),
        seen_at, sight.*
    FROM credential
    JOIN account ON account.id = credential.account_id,
    LATERAL sight_of(account.unit_id, account.crew_id, at) AS sight
    WHERE secret_hash = secret AND credential.kind = of_kind
        AND expires_at > at AND disabled_at IS NULL
$body$;
CREATE FUNCTION account_named(name text, origins text[], at timestamptz)
RETURNS TABLE (
    id bigint, username text, display_name text, crew_id bigint, language text, roles text[],
    password_hash text, disabled_at timestamptz, known text[], unit_id bigint, everything boolean,
    units bigint[], above bigint[], crews bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT account.id, username, display_name, account.crew_id, language,
        ARRAY(SELECT role FROM account_role WHERE account_id = account.id),
        password_hash, disabled_at,
        ARRAY(SELECT origin FROM known_origin
            WHERE account_id = account.id AND origin = ANY (origins)),
        sight.*
    FROM account, LATERAL sight_of(account.unit_id, account.crew_id, at) AS sight
    WHERE username = name
$body$;
-- The newest event of all: whoever follows the log knows how far it has read, seen or not.
CREATE FUNCTION newest_event() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT coalesce(max(id), 0) FROM event
$body$;
CREATE FUNCTION next_deadline_at() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT min(next_at) FROM deadline WHERE done_at IS NULL
$body$;
"""
_SIGHT = """
-- What is seen from a unit: itself and all below, what applies from above, and crews lent to it;
-- by a crew that is lent itself, too.
CREATE FUNCTION sight_of(unit bigint, own_crew bigint, at timestamptz)
RETURNS TABLE (
    unit_id bigint, everything boolean, units bigint[], above bigint[], crews bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT me.id, me.parent_id IS NULL, me.below, me.above,
        ARRAY(SELECT DISTINCT loan.crew_id FROM crew_loan AS loan
            WHERE loan.state = 'lent' AND loan.from_at <= at AND loan.until_at > at
                AND (loan.unit_id = ANY (me.below) OR loan.crew_id = own_crew)
            ORDER BY loan.crew_id)
    FROM organisation_unit AS me WHERE me.id = unit
$body$;
-- What is seen on behalf of something when nobody is signed in: the company's.
CREATE FUNCTION sight_for(
    of_incident bigint, of_crew bigint, of_gateway bigint, of_delivery bigint, at timestamptz)
RETURNS TABLE (
    unit_id bigint, everything boolean, units bigint[], above bigint[], crews bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT sight.* FROM sight_of(coalesce(
        (SELECT company_id FROM incident WHERE id = of_incident),
        (SELECT company_id FROM crew WHERE id = of_crew),
        (SELECT company_id FROM gateway WHERE id = of_gateway),
        (SELECT coalesce(
            (SELECT company_id FROM incident WHERE id = delivery.incident_id),
            (SELECT company_id FROM crew WHERE id = delivery.crew_id),
            (SELECT company_id FROM gateway WHERE id = delivery.gateway_id))
            FROM delivery WHERE id = of_delivery)), NULL, at) AS sight
$body$;
"""

# Very many, and always looked for by place. A view of the owner's that asks whose the layer is
# leaves PostgreSQL the spatial index, which a policy would take from it.
_SEEN_LAYERS = """
CREATE VIEW seen_{table} AS
SELECT {table}.* FROM {table}
WHERE (SELECT NOT row_security_active('layer')) OR {everything} OR layer_id = ANY (
    (SELECT array_agg(id) FROM layer WHERE unit_id = {units} OR unit_id = {above})::bigint[]);
COMMENT ON VIEW seen_{table} IS 'Shows features of the layers that are seen';
"""

_SHARED = {
    "check_in_rule": "a rule of the whole installation",
    "escalation_chain": "a rule of the whole installation",
    "incident_kind": "a word of the whole installation",
    "outcome": "a word of the whole installation",
    "override_reason": "a word of the whole installation",
    "plan_task": "a rule of the whole installation",
    "weather_declared": "the weather is the same for all",
    "work_calendar": "a calendar of the whole installation",
    "closure": "roads are the same for all",
    "push_key": "the key of the installation",
    "sign_in_count": "digests, counted before anybody is known",
    "write_check": "says that the database takes writes",
    **dict.fromkeys(
        (
            "address",
            "ground",
            "map_area",
            "map_building",
            "map_house_number",
            "map_line",
            "map_place",
            "map_poi",
            "place",
            "place_index",
            "road_name",
            "road_node",
            "road_restriction",
            "road_segment",
            "street_crossing",
            "street_line",
        ),
        "the ground is the same for all",
    ),
    **dict.fromkeys(
        (
            "procrastinate_events",
            "procrastinate_jobs",
            "procrastinate_periodic_defers",
            "procrastinate_workers",
        ),
        "jobs are known by numbers alone",
    ),
}
_THROUGH = {
    "alarm_acknowledgement": {"incident_id": "incident"},
    "assignment_mark": {"assignment_id": "assignment"},
    "chain_step": {"assignment_id": "assignment"},
    "check_in": {"crew_id": "crew"},
    "check_in_watch": {"assignment_id": "assignment"},
    "contact": {"crew_id": "crew", "gateway_id": "gateway"},
    "crew_position": {"crew_id": "crew"},
    "crew_reach": {"crew_id": "crew"},
    "deadline": {"incident_id": "incident", "crew_id": "crew"},
    "decision": {"assignment_id": "assignment"},
    "delivery": {"crew_id": "crew", "incident_id": "incident", "gateway_id": "gateway"},
    "gateway_secret": {"gateway_id": "gateway"},
    "help_request": {"incident_id": "incident"},
    "incident_merge": {"incident_id": "incident"},
    "incident_note": {"incident_id": "incident"},
    "incident_report": {"incident_id": "incident"},
    "message": {"incident_id": "incident"},
    "message_read": {"incident_id": "incident"},
    "move_up": {"crew_id": "crew"},
    "offer": {"incident_id": "incident"},
    "offer_crew": {"offer_id": "offer"},
    "order_chain": {"assignment_id": "assignment"},
    "order_notice": {"incident_id": "incident"},
    "override_explanation": {"assignment_id": "assignment"},
    "photo": {"incident_id": "incident"},
    "pledge_clock": {"incident_id": "incident"},
    "position_report": {"crew_id": "crew"},
    "proposal_sending": {"proposal_id": "proposal"},
    "report_call_back": {"incident_id": "incident"},
    "roll_call": {"incident_id": "incident"},
    "roll_call_answer": {"roll_call_id": "roll_call"},
    "sos_call": {"crew_id": "crew", "incident_id": "incident"},
    "account_role": {"account_id": "account"},
    "credential": {"account_id": "account"},
    "known_origin": {"account_id": "account"},
    "push_subscription": {"account_id": "account", "crew_id": "crew"},
    "layer_feature": {"layer_id": "layer"},
    "layer_overview": {"layer_id": "layer"},
}


def upgrade() -> None:
    """Apply."""
    role = app_role()
    op.execute(_UNITS)
    for table in _OWNED:
        row_security.belongs_to_unit(table)
    for script in (_WITHIN_COMPANY, _FOLLOW, _SHARES, _BOX, _SIGHT, _DOORS):
        op.execute(script)
    _protect()
    for function in (
        "account_of_secret(text, text, timestamptz)",
        "account_named(text, text[], timestamptz)",
        "newest_event()",
        "next_deadline_at()",
        "sight_of(bigint, bigint, timestamptz)",
        "sight_for(bigint, bigint, bigint, bigint, timestamptz)",
        "home_unit()",
        "company_of(bigint)",
    ):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON organisation_unit TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON crew_loan TO {role}")
    op.execute(f"GRANT SELECT ON incident_share TO {role}")


def _protect() -> None:
    units, crew, crews = row_security.UNITS, row_security.CREW, row_security.CREWS

    def shared(table: str, column: str = "incident_id") -> str:
        return (
            "EXISTS (SELECT FROM incident_share AS share"
            f" WHERE share.incident_id = {table}.{column}"
            f" AND (share.unit_id = {units} OR share.crew_id = {crew}))"
        )

    row_security.protect(
        "organisation_unit",
        f"(id = {units} OR id = {row_security.ABOVE})",
        f"(id = {units} OR parent_id = {units})",
    )
    row_security.protect("incident_share", f"(unit_id = {units} OR crew_id = {crew})")
    row_security.protect("incident", f"(unit_id = {units} OR {shared('incident', 'id')})")
    row_security.protect(
        "assignment",
        f"(unit_id = {units} OR crew_id = {crews} OR {shared('assignment')})",
    )
    row_security.protect(
        "event",
        f"(unit_id = {units} OR (incident_id IS NULL AND crew_id = {crews}) OR {shared('event')})",
    )
    row_security.protect("crew", f"(unit_id = {units} OR id = {crews})")
    row_security.protect("account", f"(unit_id = {units} OR id = {row_security.ACTOR})")
    row_security.protect("idempotency_key", f"actor_id IS NOT DISTINCT FROM {row_security.ACTOR}")
    row_security.by_unit("proposal")
    row_security.protect(
        "crew_loan",
        f"(unit_id = {units} OR EXISTS (SELECT FROM crew WHERE crew.id = crew_loan.crew_id))",
    )
    for table in ("zone", "layer", "gateway", "pledge"):
        row_security.by_unit_or_above(table)
    row_security.by_unit_or_above("station")
    for table in ("layer_feature", "layer_overview"):
        op.execute(
            _SEEN_LAYERS.format(
                table=table,
                everything=row_security.EVERYTHING,
                units=units,
                above=row_security.ABOVE,
            )
        )
        op.execute(f"GRANT SELECT ON seen_{table} TO {app_role()}")
    for table, parents in _THROUGH.items():
        row_security.through(table, **parents)
    for table, why in _SHARED.items():
        row_security.shared(table, why)
    row_security.by_unit("photo_file")


def downgrade() -> None:
    """Refuse: going back would take from units what is theirs; restore a backup instead."""
    message = "Migration 0036 cannot be undone: restore a backup made before it."
    raise NotImplementedError(message)
