"""Changes of the tree of units, rows that go to another unit, and crews lent by agreement."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.roles import app_role

revision: str = "0044"
down_revision: str | None = "0038"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# One change of the tree at a time, whoever makes it; and at its end there is one root with
# everything below it. In between there may be a circle: so a group comes above what was the root.
_TREE = """
CREATE FUNCTION one_change_of_units() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $body$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('organisation_unit'));
    RETURN NULL;
END
$body$;
CREATE TRIGGER a_one_change BEFORE INSERT OR DELETE OR UPDATE OF parent_id, kind
    ON organisation_unit FOR EACH STATEMENT EXECUTE FUNCTION one_change_of_units();
CREATE FUNCTION hold_tree_of_units() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    IF EXISTS (SELECT FROM organisation_unit AS unit WHERE unit.id = ANY (unit.above))
        OR NOT EXISTS (SELECT FROM organisation_unit AS unit WHERE unit.parent_id IS NULL)
    THEN
        RAISE EXCEPTION 'a unit would be below itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_organisation_unit_tree';
    END IF;
    RETURN NULL;
END
$body$;
CREATE CONSTRAINT TRIGGER hold_tree AFTER INSERT OR DELETE OR UPDATE OF parent_id
    ON organisation_unit DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION hold_tree_of_units();
"""

# Whoever was asked to come to an incident goes on seeing it when it, or the crew, goes to another
# unit; the orders belong to the unit of their incident, and accounts of a crew to that of the crew.
_MOVES = """
CREATE FUNCTION share_with_asked(of_incident bigint, of_crew bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    INSERT INTO incident_share (incident_id, crew_id, unit_id)
    SELECT DISTINCT incident.id, crew.id,
        CASE WHEN crew.company_id = incident.company_id THEN crew.unit_id END
    FROM (
        SELECT incident_id, crew_id FROM assignment
        WHERE incident_id = of_incident OR crew_id = of_crew
        UNION
        SELECT offer.incident_id, offer_crew.crew_id
        FROM offer_crew JOIN offer ON offer.id = offer_crew.offer_id
        WHERE offer.incident_id = of_incident OR offer_crew.crew_id = of_crew
    ) AS asked
    JOIN incident ON incident.id = asked.incident_id
    JOIN crew ON crew.id = asked.crew_id
    WHERE crew.unit_id <> incident.unit_id
    ON CONFLICT DO NOTHING
$body$;
REVOKE ALL ON FUNCTION share_with_asked FROM PUBLIC;
CREATE FUNCTION move_with_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    IF NEW.company_id <> OLD.company_id THEN
        RAISE EXCEPTION '% % would go to another company', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_stays_in_company';
    END IF;
    IF TG_TABLE_NAME = 'incident' THEN
        UPDATE assignment SET unit_id = NEW.unit_id WHERE incident_id = NEW.id;
        PERFORM share_with_asked(NEW.id, NULL);
    ELSE
        UPDATE account SET unit_id = NEW.unit_id WHERE crew_id = NEW.id;
        UPDATE incident_share SET unit_id = NEW.unit_id
        WHERE crew_id = NEW.id AND unit_id = OLD.unit_id;
        PERFORM share_with_asked(NULL, NEW.id);
    END IF;
    RETURN NULL;
END
$body$;
CREATE TRIGGER moved AFTER UPDATE OF unit_id ON incident FOR EACH ROW
    WHEN (OLD.unit_id <> NEW.unit_id) EXECUTE FUNCTION move_with_row();
CREATE TRIGGER moved AFTER UPDATE OF unit_id ON crew FOR EACH ROW
    WHEN (OLD.unit_id <> NEW.unit_id) EXECUTE FUNCTION move_with_row();
"""

# An event about an incident is seen by whoever sees the incident, whose unit may be another by now:
# the log itself is never changed. One about a unit, a loan or a move is seen from both its sides.
_EVENTS = """
ALTER TABLE event ADD COLUMN also_unit_id bigint;
CREATE OR REPLACE FUNCTION set_unit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    NEW.unit_id := coalesce(
        (SELECT unit_id FROM incident WHERE id = NEW.incident_id),
        NEW.unit_id,
        (SELECT unit_id FROM crew WHERE id = NEW.crew_id),
        home_unit());
    RETURN NEW;
END
$body$;
DROP POLICY unit ON event;
"""

# A crew is asked for without being seen; who agrees says which. So the loan keeps the names: what
# was agreed is all that either side sees of the other.
_LOANS = """
ALTER TABLE crew_loan ALTER COLUMN crew_id DROP NOT NULL,
    ALTER COLUMN unit_id DROP NOT NULL,
    DROP CONSTRAINT crew_loan_unit_id_fkey,
    ADD CONSTRAINT crew_loan_unit_id_fkey FOREIGN KEY (unit_id)
        REFERENCES organisation_unit (id) ON DELETE SET NULL,
    ADD COLUMN lender_id bigint REFERENCES organisation_unit (id) ON DELETE SET NULL,
    ADD COLUMN unit_name text NOT NULL,
    ADD COLUMN lender_name text NOT NULL,
    ADD COLUMN crew_name text,
    ADD COLUMN settled_words text NOT NULL DEFAULT '',
    ADD CONSTRAINT ck_crew_loan_crew_id CHECK (crew_id IS NOT NULL OR state <> 'lent'),
    ADD CONSTRAINT ck_crew_loan_sides CHECK (
        state NOT IN ('asked', 'lent') OR (unit_id IS NOT NULL AND lender_id IS NOT NULL)),
    ADD CONSTRAINT ck_crew_loan_lender_id CHECK (lender_id <> unit_id);
DROP INDEX ix_crew_loan_crew_id;
-- The last guard against lending a crew to two.
CREATE UNIQUE INDEX uq_crew_loan_lent ON crew_loan (crew_id) WHERE state = 'lent';
CREATE INDEX ix_crew_loan_lender_id ON crew_loan (lender_id);
DROP POLICY unit ON crew_loan;

-- Seen until it ends, and for as long after its time as the crew still has orders there.
CREATE OR REPLACE FUNCTION sight_of(unit bigint, own_crew bigint, at timestamptz)
RETURNS TABLE (
    unit_id bigint, everything boolean, units bigint[], above bigint[], crews bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT me.id, me.parent_id IS NULL, me.below, me.above,
        ARRAY(SELECT DISTINCT loan.crew_id FROM crew_loan AS loan
            WHERE loan.state = 'lent' AND loan.from_at <= at
                AND (loan.until_at > at OR has_orders_there(loan.crew_id, loan.unit_id))
                AND (loan.unit_id = ANY (me.below) OR loan.crew_id = own_crew)
            ORDER BY loan.crew_id)
    FROM organisation_unit AS me WHERE me.id = unit
$body$;

-- Whose people hear of an incident: of a crew that is lent there, its own unit does not.
CREATE OR REPLACE FUNCTION share_incident() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    shared_id bigint;
    theirs record;
    its record;
    lent_there boolean;
    lent_away boolean;
BEGIN
    IF TG_TABLE_NAME = 'assignment' THEN
        shared_id := NEW.incident_id;
    ELSE
        SELECT incident_id INTO shared_id FROM offer WHERE id = NEW.offer_id;
    END IF;
    SELECT unit_id, company_id INTO its FROM incident WHERE id = shared_id;
    SELECT unit_id, company_id INTO theirs FROM crew WHERE id = NEW.crew_id;
    SELECT coalesce(bool_or(its.unit_id = ANY (unit.below || unit.above)), false),
        coalesce(bool_or(its.company_id <> unit.company_id), false)
    INTO lent_there, lent_away
    FROM crew_loan AS loan JOIN organisation_unit AS unit ON unit.id = loan.unit_id
    WHERE loan.crew_id = NEW.crew_id AND loan.state = 'lent';
    IF its.unit_id = theirs.unit_id THEN
        RETURN NEW;
    END IF;
    IF its.company_id <> theirs.company_id AND NOT lent_there AND NOT EXISTS (
        SELECT FROM organisation_unit AS unit
        WHERE unit.id = its.company_id AND unit.kind <> 'company'
            AND theirs.unit_id = ANY (unit.below)
    ) THEN
        RAISE EXCEPTION 'crew % is of another company', NEW.crew_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_crew_of_company';
    END IF;
    INSERT INTO incident_share (incident_id, crew_id, unit_id)
    VALUES (shared_id, NEW.crew_id,
        CASE WHEN its.company_id = theirs.company_id AND NOT lent_there THEN theirs.unit_id END)
    ON CONFLICT DO NOTHING;
    RETURN NEW;
END
$body$;
"""
_ORDERS_THERE = """
CREATE FUNCTION has_orders_there(of_crew bigint, at_unit bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT EXISTS (
        SELECT FROM assignment JOIN organisation_unit AS unit ON unit.id = at_unit
        WHERE assignment.crew_id = of_crew AND assignment.ended_at IS NULL
            AND assignment.unit_id = ANY (unit.below || unit.above))
$body$;
REVOKE ALL ON FUNCTION has_orders_there FROM PUBLIC;
"""

# Ways to reach supervisors are those of a unit: a gateway that the group shares shares none.
_CONTACTS = """
ALTER TABLE contact ADD COLUMN unit_id bigint NOT NULL DEFAULT home_unit();
UPDATE contact SET unit_id = gateway.unit_id FROM gateway WHERE gateway.id = contact.gateway_id;
DROP POLICY unit ON contact;
DROP POLICY unit ON delivery;
DROP POLICY unit ON position_report;
DROP POLICY unit ON move_up;
"""

_DOORS = """
-- Whom one may ask for a crew: the companies of the group, and the units of one's own company.
CREATE FUNCTION lenders_for(of_unit bigint)
RETURNS TABLE (id bigint, kind text, code text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT unit.id, unit.kind, unit.code, unit.name
    FROM organisation_unit AS unit JOIN organisation_unit AS me ON me.id = of_unit
    WHERE unit.id <> me.id AND (unit.kind = 'company' OR unit.company_id = me.company_id)
    ORDER BY unit.kind <> 'company', unit.code
$body$;
-- The unit of an incident and those above it: whose pledges and supervisors it is a matter of.
CREATE FUNCTION units_over(of_incident bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT unit.id || unit.above FROM incident
    JOIN organisation_unit AS unit ON unit.id = incident.unit_id
    WHERE incident.id = of_incident
$body$;
-- Which of some names are those of crews that are not seen, and of none that is.
CREATE FUNCTION hidden_crew_names(names text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    WITH seen (units, crews) AS (
        SELECT coalesce(nullif(current_setting('nearcrew.units', true), ''), '{}')::bigint[],
            coalesce(nullif(current_setting('nearcrew.crews', true), ''), '{}')::bigint[]
    )
    SELECT crew.name FROM crew, seen WHERE crew.name = ANY (names)
    GROUP BY crew.name
    HAVING NOT bool_or(crew.unit_id = ANY (seen.units) OR crew.id = ANY (seen.crews))
$body$;
-- How much there is of each thing that keeps a unit from being deleted, whoever looks.
CREATE FUNCTION rows_of_unit(of_unit bigint) RETURNS TABLE (thing text, many bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT 'unit', count(*) FROM organisation_unit WHERE parent_id = of_unit
    UNION ALL SELECT 'open_incident', count(*) FROM incident
        WHERE unit_id = of_unit AND state IN ('open', 'assigned', 'on_scene', 'resolved')
    UNION ALL SELECT 'live_order', count(*) FROM assignment
        WHERE unit_id = of_unit AND ended_at IS NULL
    UNION ALL SELECT 'incident', count(*) FROM incident
        WHERE unit_id = of_unit AND state NOT IN ('open', 'assigned', 'on_scene', 'resolved')
    UNION ALL SELECT 'crew', count(*) FROM crew WHERE unit_id = of_unit
    UNION ALL SELECT 'account', count(*) FROM account WHERE unit_id = of_unit
    UNION ALL SELECT 'station', count(*) FROM station WHERE unit_id = of_unit
    UNION ALL SELECT 'zone', count(*) FROM zone WHERE unit_id = of_unit
    UNION ALL SELECT 'layer', count(*) FROM layer WHERE unit_id = of_unit
    UNION ALL SELECT 'gateway', count(*) FROM gateway WHERE unit_id = of_unit
    UNION ALL SELECT 'pledge', count(*) FROM pledge WHERE unit_id = of_unit
    UNION ALL SELECT 'loan', count(*) FROM crew_loan
        WHERE (unit_id = of_unit OR lender_id = of_unit) AND state IN ('asked', 'lent')
$body$;
"""


def upgrade() -> None:
    """Apply."""
    role = app_role()
    for script in (_TREE, _MOVES, _EVENTS, _ORDERS_THERE, _LOANS, _CONTACTS, _DOORS):
        op.execute(script)
    units, crews = row_security.UNITS, row_security.CREWS
    row_security.protect(
        "event",
        "CASE WHEN incident_id IS NULL"
        f" THEN unit_id = {units} OR also_unit_id = {units}"
        f" OR (kind NOT LIKE 'account.%' AND {_lent_since('event', 'at')})"
        " ELSE EXISTS (SELECT FROM incident WHERE incident.id = event.incident_id) END",
    )
    # Whoever adds a unit sees what comes of it.
    op.execute(
        "ALTER POLICY seen ON organisation_unit USING"
        f" ({row_security.EVERYTHING} OR id = {units} OR id = {row_security.ABOVE}"
        f" OR parent_id = {units})"
    )
    row_security.protect("crew_loan", f"(unit_id = {units} OR lender_id = {units})")
    # Of a crew that is lent one sees that it is busy, and not what it did before.
    share = (
        "EXISTS (SELECT FROM incident_share AS share WHERE share.incident_id = "
        f"assignment.incident_id AND (share.unit_id = {units} OR share.crew_id = "
        f"{row_security.CREW}))"
    )
    op.execute("DROP POLICY unit ON assignment")
    row_security.protect(
        "assignment",
        f"(unit_id = {units} OR (crew_id = {crews} AND ended_at IS NULL) OR {share})",
    )
    for table, at in (("position_report", "received_at"), ("move_up", "asked_at")):
        own = _crew_of(table, f" AND (crew.unit_id = {units} OR crew.id = {row_security.CREW})")
        row_security.protect(table, f"({own} OR {_lent_since(table, at)})", _crew_of(table))
    of_crew = f"CASE WHEN crew_id IS NOT NULL THEN {_crew_of('contact')}"
    row_security.protect(
        "contact",
        f"{of_crew} ELSE unit_id = {units} OR unit_id = {row_security.ABOVE} END",
        f"{of_crew} ELSE unit_id = {units} END",
    )
    row_security.protect(
        "delivery",
        "CASE WHEN incident_id IS NOT NULL"  # noqa: S608  (a policy)
        " THEN EXISTS (SELECT FROM incident WHERE incident.id = delivery.incident_id)"
        f" WHEN crew_id IS NOT NULL THEN {_crew_of('delivery')}"
        " ELSE EXISTS (SELECT FROM gateway WHERE gateway.id = delivery.gateway_id"
        f" AND gateway.unit_id = {units}) END",
    )
    for table in ("station", "zone", "layer", "gateway", "pledge"):
        op.execute(f"GRANT UPDATE (unit_id) ON {table} TO {role}")
    for function in (
        "lenders_for(bigint)",
        "rows_of_unit(bigint)",
        "units_over(bigint)",
        "hidden_crew_names(text[])",
        "has_orders_there(bigint, bigint)",
    ):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")


def _crew_of(table: str, condition: str = "") -> str:
    return f"EXISTS (SELECT FROM crew WHERE crew.id = {table}.crew_id{condition})"


def _lent_since(table: str, at: str) -> str:
    """Return that a crew is lent to who looks, and was when something happened."""
    return (
        f"({table}.crew_id = {row_security.CREWS} AND EXISTS (SELECT FROM crew_loan AS loan"
        f" WHERE loan.crew_id = {table}.crew_id AND loan.state = 'lent'"
        f" AND loan.from_at <= {table}.{at}))"
    )


def downgrade() -> None:
    """Refuse: what was agreed would be lost; restore a backup instead."""
    message = "Migration 0044 cannot be undone: restore a backup made before it."
    raise NotImplementedError(message)
