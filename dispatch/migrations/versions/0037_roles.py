"""Roles as rows that companies edit, tokens with scopes, invitations, and separation of duties."""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

from dispatch.migrations import row_security
from dispatch.migrations.roles import app_role

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE role (
    code text CONSTRAINT pk_role PRIMARY KEY,
    company_id bigint REFERENCES organisation_unit (id),
    name_en text NOT NULL,
    name_zh text NOT NULL,
    shipped boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX uq_role_name ON role (coalesce(company_id, 0), lower(name_en));

CREATE TABLE role_permission (
    role text NOT NULL REFERENCES role (code) ON DELETE CASCADE,
    permission text NOT NULL,
    CONSTRAINT pk_role_permission PRIMARY KEY (role, permission)
);

CREATE TABLE role_exclusion (
    role text NOT NULL REFERENCES role (code) ON DELETE CASCADE,
    other text NOT NULL REFERENCES role (code) ON DELETE CASCADE,
    CONSTRAINT pk_role_exclusion PRIMARY KEY (role, other),
    CONSTRAINT ck_role_exclusion_in_order CHECK (role < other)
);

CREATE TABLE separation (
    matter text CONSTRAINT pk_separation PRIMARY KEY,
    enters text NOT NULL,
    approves text NOT NULL,
    demanded boolean NOT NULL
);

CREATE TABLE invitation (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_invitation PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    secret_hash text NOT NULL CONSTRAINT uq_invitation_secret_hash UNIQUE,
    purpose text NOT NULL CONSTRAINT ck_invitation_purpose CHECK (purpose IN ('invite', 'reset')),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    gateway_id bigint REFERENCES gateway (id),
    address text,
    sent_at timestamptz,
    failure text,
    CONSTRAINT ck_invitation_where CHECK ((gateway_id IS NULL) = (address IS NULL))
);
-- One that counts: a new link ends the one before.
CREATE UNIQUE INDEX uq_invitation_account_id ON invitation (account_id);
"""

_CREDENTIALS = """
ALTER TABLE credential
    ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN name text,
    ADD COLUMN scopes text[],
    ADD COLUMN agent text,
    ADD COLUMN address text,
    ADD COLUMN made_by text,
    ADD CONSTRAINT uq_credential_id UNIQUE (id);
"""

# Until now any word could be a role of an account; what is none permitted nothing.
_ACCOUNT_ROLES = """
DELETE FROM account_role WHERE role NOT IN (SELECT code FROM role);
ALTER TABLE account_role
    ADD CONSTRAINT account_role_role_fkey FOREIGN KEY (role) REFERENCES role (code);
CREATE INDEX ix_account_role_role ON account_role (role);
"""

_SEPARATIONS = """
INSERT INTO separation (matter, enters, approves, demanded) VALUES
    ('swap', 'shift.write', 'shift.approve', true),
    ('lending', 'lending.ask', 'lending.approve', true),
    ('rules', 'rules.write', 'rules.approve', false);
"""

# As in 0036, and what the roles permit now, of which a token's scopes leave a part.
_DOORS = """
DROP FUNCTION account_of_secret(text, text, timestamptz);
CREATE FUNCTION account_of_secret(secret text, of_kind text, at timestamptz)
RETURNS TABLE (
    id bigint, username text, display_name text, crew_id bigint, language text, roles text[],
    granted text[], seen_at timestamptz, unit_id bigint, everything boolean, units bigint[],
    above bigint[], crews bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT account.id, username, display_name, account.crew_id, language,
        ARRAY(SELECT role FROM account_role WHERE account_id = account.id),
        ARRAY(SELECT DISTINCT permission
            FROM account_role JOIN role_permission ON role_permission.role = account_role.role
            WHERE account_id = account.id AND (scopes IS NULL OR permission = ANY (scopes))),
        seen_at, sight.*
    FROM credential
    JOIN account ON account.id = credential.account_id,
    LATERAL sight_of(account.unit_id, account.crew_id, at) AS sight
    WHERE secret_hash = secret AND credential.kind = of_kind
        AND expires_at > at AND disabled_at IS NULL
$body$;
DROP FUNCTION account_named(text, text[], timestamptz);
CREATE FUNCTION account_named(name text, origins text[], at timestamptz)
RETURNS TABLE (
    id bigint, username text, display_name text, crew_id bigint, language text, roles text[],
    granted text[], password_hash text, disabled_at timestamptz, known text[], unit_id bigint,
    everything boolean, units bigint[], above bigint[], crews bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT account.id, username, display_name, account.crew_id, language,
        ARRAY(SELECT role FROM account_role WHERE account_id = account.id),
        ARRAY(SELECT DISTINCT permission
            FROM account_role JOIN role_permission ON role_permission.role = account_role.role
            WHERE account_id = account.id),
        password_hash, disabled_at,
        ARRAY(SELECT origin FROM known_origin
            WHERE account_id = account.id AND origin = ANY (origins)),
        sight.*
    FROM account, LATERAL sight_of(account.unit_id, account.crew_id, at) AS sight
    WHERE username = name
$body$;
-- Whose link a secret is, asked by whoever has it, before anybody is known.
CREATE FUNCTION account_of_link(secret text, at timestamptz)
RETURNS TABLE (
    id bigint, username text, display_name text, purpose text, unit_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT account.id, username, display_name, purpose, account.unit_id
    FROM invitation JOIN account ON account.id = invitation.account_id
    WHERE secret_hash = secret AND expires_at > at AND disabled_at IS NULL
$body$;
"""
_FUNCTIONS = (
    "account_of_secret(text, text, timestamptz)",
    "account_named(text, text[], timestamptz)",
    "account_of_link(text, timestamptz)",
)

# As shipped with this release; every company has roles of its own.
_ROLES = {
    "call_taker": ("Call taker", "接报员"),
    "dispatcher": ("Dispatcher", "调度员"),
    "supervisor": ("Supervisor", "值班长"),
    "crew": ("Crew", "抢修班组"),
    "planner": ("Planner", "规划员"),
    "manager": ("Manager", "管理人员"),
    "administrator": ("Administrator", "管理员"),
    "integration": ("Integration", "系统对接"),
    "auditor": ("Auditor", "审计员"),
}
_PERMISSIONS = {
    "call_taker": """
        incident.read incident.write caller.read crew.read closure.read zone.read
        layer.read
    """,
    "dispatcher": """
        incident.read incident.write incident.close caller.read clock.write weather.write
        assignment.send assignment.interrupt assignment.act_any crew.read crew.duty_any
        shift.read closure.read closure.write zone.read layer.read replay.read export
        unit.read lending.ask
    """,
    "supervisor": """
        incident.read incident.write incident.close caller.read clock.write weather.write
        assignment.send assignment.interrupt assignment.act_any crew.read crew.duty_any
        shift.read shift.write shift.approve closure.read closure.write zone.read
        layer.read rules.write rules.approve replay.read measure.read export unit.read
        lending.ask lending.approve
    """,
    "crew": """
        assignment.act_own crew.duty_own shift.own position.write_own closure.read
    """,
    "planner": """
        incident.read crew.read shift.read closure.read zone.read layer.read replay.read
        measure.read unit.read
    """,
    "manager": """
        incident.read crew.read shift.read closure.read zone.read layer.read replay.read
        measure.read export unit.read lending.approve
    """,
    "administrator": """
        incident.read incident.write incident.close caller.read clock.write weather.write
        assignment.send assignment.interrupt assignment.act_any crew.read crew.write
        vehicle.write skill.write device.write crew.duty_any shift.read shift.write
        shift.approve position.write_any closure.read closure.write zone.read zone.write
        layer.read layer.write kind.write outcome.write rules.write rules.approve
        replay.read measure.read export unit.read unit.write station.write lending.ask
        lending.approve account.read account.write token.write role.write security.write
        gateway.write setting.write service.read audit.read audit.export
    """,
    "integration": """
        crew.read position.write_any closure.read
    """,
    "auditor": """
        audit.read audit.export
    """,
}


def upgrade() -> None:
    """Apply."""
    for script in (_TABLES, _CREDENTIALS, _SEPARATIONS):
        op.execute(script)
    bind = op.get_bind()
    for code, (name_en, name_zh) in _ROLES.items():
        row = {"code": code, "name_en": name_en, "name_zh": name_zh}
        bind.execute(
            text(
                "INSERT INTO role (code, name_en, name_zh, shipped) VALUES"
                " (:code, :name_en, :name_zh, true)"
            ),
            row,
        )
        bind.execute(
            text("INSERT INTO role_permission (role, permission) VALUES (:role, :permission)"),
            [{"role": code, "permission": each} for each in _PERMISSIONS[code].split()],
        )
    op.execute(_ACCOUNT_ROLES)
    role = app_role()
    for table in ("role", "role_permission", "role_exclusion", "separation", "invitation"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}")
    op.execute(_DOORS)
    for function in _FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")
    _protect()


def _protect() -> None:
    """Show roles that hold everywhere or in one's company; let each company write its own."""
    units, above = row_security.UNITS, row_security.ABOVE
    row_security.protect(
        "role",
        f"(company_id IS NULL OR company_id = {units} OR company_id = {above})",
        f"company_id = {units}",
    )
    parent = "EXISTS (SELECT FROM role AS parent WHERE parent.code = role_permission.role"
    row_security.protect(
        "role_permission", f"{parent})", f"{parent} AND parent.company_id = {units})"
    )
    row_security.protect("role_exclusion", "true", "false")
    row_security.protect("separation", "true", "false")
    row_security.through("invitation", account_id="account")


def downgrade() -> None:
    """Refuse: going back would give everybody what the shipped roles permitted."""
    message = "Migration 0037 cannot be undone: restore a backup made before it."
    raise NotImplementedError(message)
