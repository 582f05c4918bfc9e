"""Reports from the public page, unconfirmed, and the codes that prove a number."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.roles import app_role

revision: str = "0054"
down_revision: str | None = "0050"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE public_report (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_public_report PRIMARY KEY,
    key text NOT NULL CONSTRAINT uq_public_report_key UNIQUE,
    proof text NOT NULL CONSTRAINT ck_public_report_proof CHECK (proof IN ('work', 'code')),
    received_at timestamptz NOT NULL,
    language text NOT NULL,
    kind text NOT NULL REFERENCES incident_kind (code),
    lon double precision,
    lat double precision,
    address text NOT NULL,
    words text NOT NULL,
    phone text NOT NULL,
    photo bytea,
    state text NOT NULL CONSTRAINT ck_public_report_state CHECK (state IN
        ('waiting', 'confirmed', 'attached', 'dismissed')),
    settled_at timestamptz,
    settled_by text,
    reason text,
    incident_id bigint REFERENCES incident (id) ON DELETE SET NULL,
    CONSTRAINT ck_public_report_place CHECK ((lon IS NULL) = (lat IS NULL)),
    CONSTRAINT ck_public_report_settled CHECK ((state = 'waiting') = (settled_at IS NULL))
);
CREATE INDEX ix_public_report_waiting ON public_report (id) WHERE state = 'waiting';
CREATE INDEX ix_public_report_settled_at ON public_report (settled_at);
CREATE TABLE public_report_code (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_public_report_code PRIMARY KEY,
    token_digest text NOT NULL CONSTRAINT uq_public_report_code_token_digest UNIQUE,
    phone text NOT NULL,
    code_digest text,
    tries integer NOT NULL,
    asked_at timestamptz NOT NULL
);
CREATE INDEX ix_public_report_code_asked_at ON public_report_code (asked_at);
"""

# Who reports is nobody: it goes to the unit that the installation names, or to the topmost.
_DOOR = """
CREATE FUNCTION sight_for_reports(of_unit text, at timestamptz)
RETURNS TABLE (
    unit_id bigint, everything boolean, units bigint[], above bigint[], crews bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    SELECT sight.* FROM organisation_unit AS unit, LATERAL sight_of(unit.id, NULL, at) AS sight
    WHERE CASE WHEN of_unit IS NULL THEN unit.parent_id IS NULL ELSE unit.code = of_unit END
$body$;
"""
_FUNCTION = "sight_for_reports(text, timestamptz)"


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    op.execute(_DOOR)
    for table in ("public_report", "public_report_code"):
        row_security.belongs_to_unit(table)
        row_security.by_unit(table)
    op.execute("CREATE INDEX ix_public_report_unit_id ON public_report (unit_id)")
    role = app_role()
    op.execute(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON public_report, public_report_code TO {role}"
    )
    op.execute(f"REVOKE ALL ON FUNCTION {_FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {_FUNCTION} TO {role}")


def downgrade() -> None:
    """Revert; what was confirmed stays an incident."""
    op.execute(f"DROP FUNCTION {_FUNCTION}")
    op.execute("DROP TABLE public_report_code, public_report")
