"""The audit trail: changes with old and new values, sign-ins, exports, readings, and hash chains.

Three chains, so that none waits for another: events, entries of the trail, readings. Each link's
hash covers the hash before it and the row. Links are kept apart from what they link, in a table
that the serving role cannot touch: a row that is missing, at the end too, leaves its link behind.
What was in the event log before this migration is older than the chain.
"""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.auditing import audited
from dispatch.migrations.auditing import no_longer_audited
from dispatch.migrations.roles import app_role
from dispatch.migrations.row_security import UNITS
from dispatch.migrations.row_security import protect
from dispatch.migrations.row_security import shared
from dispatch.migrations.row_security import through

revision: str = "0042"
down_revision: str | None = "0040"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Rows are only added: a head that is rewritten with each event would leave as many dead versions
# of itself as events happen while a backup runs, and each event would step through all of them.
# Link 0 says after which row the chain begins.
_LINKS = """
CREATE TABLE chain_link (
    chain text NOT NULL CONSTRAINT ck_chain_link_chain
        CHECK (chain IN ('event', 'audit', 'reading')),
    number bigint NOT NULL,
    row_id bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT pk_chain_link PRIMARY KEY (chain, number)
);
INSERT INTO chain_link (chain, number, row_id, hash)
SELECT chain, 0, after, sha256(convert_to(concat_ws(' ', chain, after), 'UTF8'))
FROM (VALUES ('audit', 0), ('reading', 0), ('event', (SELECT coalesce(max(id), 0) FROM event)))
    AS begin (chain, after);

-- One at a time for each chain, until the transaction is over; events are already one at a time.
CREATE FUNCTION add_link(of_chain text, turn bigint, row_id bigint, content text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    newest record;
BEGIN
    PERFORM pg_advisory_xact_lock(turn);
    SELECT number, hash INTO STRICT newest FROM chain_link
    WHERE chain = of_chain ORDER BY number DESC LIMIT 1;
    INSERT INTO chain_link (chain, number, row_id, hash)
    VALUES (of_chain, newest.number + 1, row_id,
        sha256(newest.hash || convert_to(content, 'UTF8')));
END
$body$;
REVOKE ALL ON FUNCTION add_link FROM PUBLIC;
"""

# Words that name or quote people are erased after a while. The chain therefore covers a digest of
# them, with a salt: without it a telephone number could be found by trying all there are. The salt
# goes with the words.
_EVENTS = """
ALTER TABLE event ADD COLUMN salt bytea, ADD COLUMN words_digest bytea;
-- The trail is read by time.
DROP INDEX ix_event_at;
CREATE INDEX ix_event_at_id ON event (at, id);

CREATE FUNCTION impersonal(data jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN jsonb_typeof(data) = 'object'
        THEN data - '{caller_name,caller_phone,description,text,caption,result}'::text[]
        ELSE data END
$$;
CREATE FUNCTION is_personal(data jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT data ?| '{caller_name,caller_phone,description,text,caption,result}'::text[]
$$;

CREATE FUNCTION chained_text(link event) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT ROW(link.id, link.kind, extract(epoch FROM link.at),
        extract(epoch FROM link.occurred_at), link.actor_id, link.actor, link.incident_id,
        link.assignment_id, link.crew_id, impersonal(link.data),
        encode(link.words_digest, 'hex'))::text
$$;

CREATE FUNCTION chain_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    newest record;
BEGIN
    NEW.salt := NULL;
    NEW.words_digest := NULL;
    IF is_personal(NEW.data) THEN
        NEW.salt := uuid_send(gen_random_uuid());
        NEW.words_digest := sha256(NEW.salt || convert_to(NEW.data::text, 'UTF8'));
    END IF;
    -- As `add_link` does, in one function: every send comes by here.
    PERFORM pg_advisory_xact_lock(435778055796);
    SELECT number, hash INTO STRICT newest FROM chain_link
    WHERE chain = 'event' ORDER BY number DESC LIMIT 1;
    INSERT INTO chain_link (chain, number, row_id, hash)
    VALUES ('event', newest.number + 1, NEW.id,
        sha256(newest.hash || convert_to(chained_text(NEW), 'UTF8')));
    RETURN NEW;
END
$body$;
REVOKE ALL ON FUNCTION chain_event FROM PUBLIC;
CREATE TRIGGER chained BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION chain_event();

CREATE FUNCTION forget_salt() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NOT is_personal(NEW.data) THEN
        NEW.salt := NULL;
    END IF;
    RETURN NEW;
END
$body$;
CREATE TRIGGER salt_goes_with_words BEFORE UPDATE OF data ON event
    FOR EACH ROW WHEN (OLD.salt IS NOT NULL) EXECUTE FUNCTION forget_salt();
"""

# An entry is linked at the end of its transaction: whoever changes a crew and then appends an
# event must not hold this chain while waiting for that one. Its place is known only then.
_ENTRIES = """
CREATE TABLE audit_entry (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_audit_entry PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL CONSTRAINT ck_audit_entry_kind CHECK (kind ~ '^[a-z][a-z_]*$'),
    action text NOT NULL,
    actor_id bigint,
    actor text NOT NULL,
    subject text NOT NULL,
    subject_id text NOT NULL,
    unit_id bigint NOT NULL DEFAULT home_unit(),
    before jsonb,
    after jsonb,
    salt bytea,
    words_digest bytea
);
CREATE INDEX ix_audit_entry_at_id ON audit_entry (at, id);
CREATE INDEX ix_audit_entry_subject_subject_id ON audit_entry (subject, subject_id);
CREATE INDEX ix_audit_entry_actor_id_at ON audit_entry (actor_id, at);

CREATE FUNCTION chained_text(link audit_entry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT ROW(link.id, extract(epoch FROM link.at), link.kind, link.action, link.actor_id,
        link.actor, link.subject, link.subject_id, link.unit_id,
        encode(link.words_digest, 'hex'))::text
$$;
CREATE FUNCTION words_of(entry audit_entry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT ROW(entry.before, entry.after)::text
$$;

CREATE FUNCTION digest_audit_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    NEW.salt := uuid_send(gen_random_uuid());
    NEW.words_digest := sha256(NEW.salt || convert_to(words_of(NEW), 'UTF8'));
    RETURN NEW;
END
$body$;
REVOKE ALL ON FUNCTION digest_audit_entry FROM PUBLIC;
CREATE TRIGGER digested BEFORE INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION digest_audit_entry();

CREATE FUNCTION chain_audit_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    PERFORM add_link('audit', 418581342580, NEW.id, chained_text(NEW));
    RETURN NULL;
END
$body$;
REVOKE ALL ON FUNCTION chain_audit_entry FROM PUBLIC;
CREATE CONSTRAINT TRIGGER chained AFTER INSERT ON audit_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION chain_audit_entry();
"""

# Who acts is what the transaction says; without a word of it, the database role that signed in.
_CHANGES = """
CREATE FUNCTION audit_value(value jsonb, hidden boolean) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN value IS NULL OR value = 'null'::jsonb THEN 'null'::jsonb
        WHEN hidden THEN '"(hidden)"'::jsonb
        WHEN length(value::text) > 2000 THEN to_jsonb(format('(%s characters, SHA-256 %s)',
            length(value::text), encode(sha256(convert_to(value::text, 'UTF8')), 'hex')))
        ELSE value END
$$;

CREATE FUNCTION audit_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    keys text[] := string_to_array(TG_ARGV[0], ',');
    ignored text[] := string_to_array(TG_ARGV[1], ',');
    hidden text[] := string_to_array(TG_ARGV[2], ',');
    was jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
    becomes jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
    known jsonb := coalesce(becomes, was);
    old_values jsonb;
    new_values jsonb;
BEGIN
    SELECT jsonb_object_agg(name, audit_value(was -> name, name = ANY (hidden))),
        jsonb_object_agg(name, audit_value(becomes -> name, name = ANY (hidden)))
    INTO old_values, new_values
    FROM jsonb_object_keys(known) AS name
    WHERE NOT name = ANY (ignored) AND (was -> name) IS DISTINCT FROM (becomes -> name);
    IF old_values IS NULL AND TG_OP = 'UPDATE' THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_entry
        (at, kind, action, actor_id, actor, subject, subject_id, unit_id, before, after)
    VALUES (clock_timestamp(), 'change', lower(TG_OP),
        nullif(current_setting('nearcrew.actor_id', true), '')::bigint,
        coalesce(nullif(current_setting('nearcrew.actor_name', true), ''),
            'database role ' || session_user),
        TG_TABLE_NAME,
        (SELECT string_agg(known ->> name, '/' ORDER BY place)
            FROM unnest(keys) WITH ORDINALITY AS key (name, place)),
        coalesce((known ->> CASE TG_TABLE_NAME WHEN 'organisation_unit' THEN 'id'
            ELSE 'unit_id' END)::bigint, home_unit()),
        CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE old_values END,
        CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE new_values END);
    RETURN NULL;
END
$body$;
REVOKE ALL ON FUNCTION audit_change FROM PUBLIC;
"""

_READINGS = """
CREATE TABLE reading (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_reading PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id bigint,
    actor text NOT NULL,
    unit_id bigint NOT NULL,
    way text NOT NULL CONSTRAINT ck_reading_way CHECK (way ~ '^[a-z][a-z_]*$'),
    subject text NOT NULL,
    subject_ids bigint[] NOT NULL,
    counted_ids bigint[] NOT NULL
);
CREATE INDEX ix_reading_at_id ON reading (at, id);
CREATE INDEX ix_reading_actor_id_at ON reading (actor_id, at);
CREATE INDEX ix_reading_subject_ids ON reading USING gin (subject_ids);

CREATE FUNCTION chained_text(link reading) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT ROW(link.id, extract(epoch FROM link.at), link.actor_id, link.actor, link.way,
        link.unit_id, link.subject, link.subject_ids, link.counted_ids)::text
$$;

CREATE FUNCTION chain_reading() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    PERFORM add_link('reading', 1919246692, NEW.id, chained_text(NEW));
    RETURN NEW;
END
$body$;
REVOKE ALL ON FUNCTION chain_reading FROM PUBLIC;
CREATE TRIGGER chained BEFORE INSERT ON reading FOR EACH ROW EXECUTE FUNCTION chain_reading();

CREATE TABLE reading_block (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_reading_block PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    blocked_at timestamptz NOT NULL,
    records integer NOT NULL,
    lifted_at timestamptz,
    lifted_by text,
    lift_reason text
);
CREATE UNIQUE INDEX uq_reading_block_live ON reading_block (account_id) WHERE lifted_at IS NULL;
CREATE INDEX ix_reading_block_account_id ON reading_block (account_id, lifted_at);
"""

_PERMISSIONS = """
INSERT INTO role_permission (role, permission)
SELECT role, permission
FROM unnest('{supervisor,administrator}'::text[]) AS role,
    unnest('{reading.unblock,callers.export}'::text[]) AS permission;
"""

_STAMPS = ("version", "updated_at", "updated_by")
_AUDITED: dict[str, dict[str, Sequence[str]]] = {
    "account": {"hidden": ("password_hash",)},
    "account_role": {"key": ("account_id", "role")},
    "station": {},
    # Who is on duty is a matter of operations, and in the event log.
    "crew": {"ignored": ("duty", "duty_changed_at", "lapsed_skills")},
    "incident_kind": {"key": ("code",)},
    "pledge": {"ignored": _STAMPS},
    "work_calendar": {"key": ("code",), "ignored": _STAMPS},
    "weather_declared": {
        "key": ("utility", "zone_id"),
        "ignored": ("declared_at", "declared_by"),
    },
    "escalation_chain": {"ignored": ("changed_at", "changed_by")},
    "gateway": {"ignored": ("paused_until", "failures")},
    "gateway_secret": {"key": ("gateway_id",), "ignored": ("set_at",), "hidden": ("secret",)},
    "contact": {"ignored": ("worked_at", "failed_at", "failure")},
    "zone": {"ignored": _STAMPS},
    "layer": {"ignored": ("version",)},
    "outcome": {"key": ("kind", "code")},
    "override_reason": {"key": ("code",)},
    "check_in_rule": {"key": ("kind", "place")},
    "plan_task": {"key": ("kind", "code")},
    "closure": {"ignored": ("version",)},
    "reading_block": {},
    # What lies below and above follows from the tree.
    "organisation_unit": {"ignored": ("below", "above", "company_id")},
    "crew_loan": {},
    "role": {"key": ("code",)},
    "role_permission": {"key": ("role", "permission")},
    "role_exclusion": {"key": ("role", "other")},
    "separation": {"key": ("matter",)},
    "invitation": {"ignored": ("sent_at", "failure"), "hidden": ("secret_hash",)},
    "skill": {"key": ("code",)},
    "equipment": {"key": ("code",)},
    "person": {},
    "crew_member": {},
    "skill_ticket": {"ignored": ("warned_at",)},
    "vehicle": {},
    "shift_template": {"ignored": _STAMPS},
    "rotation": {"ignored": (*_STAMPS, "made_until")},
    "rotation_crew": {"key": ("rotation_id", "crew_id")},
    "rotation_day": {"key": ("rotation_id", "day", "template_id")},
    "shift": {"ignored": (*_STAMPS, "reminded_at")},
    "shift_swap": {},
    "shift_feed": {"hidden": ("token_digest",)},
    "staffing_rule": {"ignored": _STAMPS},
}
_ENTRY_COLUMNS = "at, kind, action, actor_id, actor, subject, subject_id, unit_id, before, after"
_READING_COLUMNS = "at, actor_id, actor, unit_id, way, subject, subject_ids, counted_ids"


def upgrade() -> None:
    """Apply."""
    for script in (_LINKS, _EVENTS, _ENTRIES, _CHANGES, _READINGS, _PERMISSIONS):
        op.execute(script)
    for table, columns in _AUDITED.items():
        audited(table, **columns)
    for table in ("audit_entry", "reading"):
        # Whoever acts adds to it, also before anybody is known, as at a sign-in.
        protect(table, f"unit_id = {UNITS}", "true")
    through("reading_block", account_id="account")
    shared("chain_link", "numbers and hashes alone")
    role = app_role()
    op.execute(f"GRANT SELECT ON chain_link, audit_entry, reading TO {role}")
    op.execute(f"GRANT INSERT ({_ENTRY_COLUMNS}) ON audit_entry TO {role}")
    op.execute(f"GRANT INSERT ({_READING_COLUMNS}) ON reading TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON reading_block TO {role}")


def downgrade() -> None:
    """Revert: the event log stays, without its chain; the rest of the trail goes."""
    for table in _AUDITED:
        no_longer_audited(table)
    op.execute("DROP TRIGGER chained ON event")
    op.execute("DROP TRIGGER salt_goes_with_words ON event")
    op.execute(
        "DROP FUNCTION chain_event, forget_salt, chained_text(event), impersonal, is_personal"
    )
    op.execute("DROP INDEX ix_event_at_id; CREATE INDEX ix_event_at ON event USING brin (at)")
    op.execute("ALTER TABLE event DROP COLUMN salt, DROP COLUMN words_digest")
    op.execute("DROP TABLE reading_block, reading, audit_entry, chain_link CASCADE")
    op.execute(
        "DROP FUNCTION chain_reading, audit_change, audit_value, chain_audit_entry,"
        " digest_audit_entry, add_link"
    )
