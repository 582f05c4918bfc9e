"""Notices to crews about orders that they have, each to be confirmed."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = """
CREATE TABLE order_notice (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_order_notice PRIMARY KEY,
    assignment_id bigint NOT NULL REFERENCES assignment (id),
    incident_id bigint NOT NULL REFERENCES incident (id),
    crew_id bigint NOT NULL REFERENCES crew (id),
    kind text NOT NULL CONSTRAINT ck_order_notice_kind
        CHECK (kind IN ('recalled', 'cancelled', 'changed', 'reordered')),
    what jsonb NOT NULL,
    reason text NOT NULL,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    understood_at timestamptz,
    understood_by text,
    lapsed_at timestamptz
);
CREATE INDEX ix_order_notice_open ON order_notice (crew_id)
    WHERE understood_at IS NULL AND lapsed_at IS NULL;
CREATE INDEX ix_order_notice_assignment_id ON order_notice (assignment_id);
CREATE INDEX ix_order_notice_incident_id ON order_notice (incident_id);

ALTER TABLE assignment
    ADD COLUMN notice_id bigint REFERENCES order_notice (id) ON DELETE SET NULL;
"""

# Whatever erases an incident's words, those that its crews were told go with them.
_ERASE = """
CREATE FUNCTION erase_order_notices() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    UPDATE public.order_notice
    SET what = (SELECT coalesce(jsonb_agg(each), '[]'::jsonb)
        FROM jsonb_array_elements(what) AS each WHERE each ->> 'field' <> 'description')
    WHERE incident_id = NEW.id AND jsonb_array_length(what) > 0;
    RETURN NULL;
END
$body$;
REVOKE ALL ON FUNCTION erase_order_notices FROM PUBLIC;
CREATE TRIGGER erase_order_notices AFTER UPDATE OF erased_at ON incident
    FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)
    EXECUTE FUNCTION erase_order_notices();
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLE)
    op.execute(_ERASE)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON order_notice TO {app_role()}")


def downgrade() -> None:
    """Revert; what crews confirmed is still in the event log."""
    op.execute("DROP TRIGGER erase_order_notices ON incident")
    op.execute("DROP FUNCTION erase_order_notices; ALTER TABLE assignment DROP COLUMN notice_id")
    op.execute("DROP TABLE order_notice")
