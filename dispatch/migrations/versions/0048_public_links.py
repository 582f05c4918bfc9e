"""Links that somebody without an account may open, and the page that callers see behind one."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.auditing import audited
from dispatch.migrations.roles import app_role

revision: str = "0048"
down_revision: str | None = "0044"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLE = """
CREATE TABLE public_link (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_public_link PRIMARY KEY,
    purpose text NOT NULL,
    token_digest text NOT NULL CONSTRAINT uq_public_link_token_digest UNIQUE,
    incident_id bigint NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    assignment_id bigint REFERENCES assignment (id) ON DELETE CASCADE,
    report_id bigint REFERENCES incident_report (id) ON DELETE CASCADE,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    opened_count integer NOT NULL DEFAULT 0,
    last_opened_at timestamptz
);
CREATE INDEX ix_public_link_incident_id ON public_link (incident_id);
CREATE INDEX ix_public_link_assignment_id ON public_link (assignment_id)
    WHERE assignment_id IS NOT NULL;
CREATE INDEX ix_public_link_report_id ON public_link (report_id) WHERE report_id IS NOT NULL;
"""

# Who opens a link is nobody: what it was made for is found, and what may be seen on its behalf.
_DOOR = """
CREATE FUNCTION open_public_link(digest text, of_purpose text, at timestamptz)
RETURNS TABLE (
    link_id bigint, purpose text, incident_id bigint, assignment_id bigint, report_id bigint,
    expires_at timestamptz, unit_id bigint, everything boolean, units bigint[],
    above bigint[], crews bigint[])
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
    WITH opened AS (
        UPDATE public_link AS link SET opened_count = link.opened_count + 1, last_opened_at = at
        WHERE link.token_digest = digest AND link.purpose = of_purpose
            AND link.revoked_at IS NULL AND (link.expires_at IS NULL OR link.expires_at > at)
        RETURNING link.id, link.purpose, link.incident_id, link.assignment_id,
            link.report_id, link.expires_at
    )
    SELECT opened.*, sight.*
    FROM opened JOIN incident ON incident.id = opened.incident_id,
    LATERAL sight_of(incident.company_id, NULL, at) AS sight
$body$;
"""
# What a caller says of himself goes when names and numbers of the incident do.
_CALLERS = """
CREATE TABLE caller_page (
    report_id bigint CONSTRAINT pk_caller_page PRIMARY KEY
        REFERENCES incident_report (id) ON DELETE CASCADE,
    incident_id bigint NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    language text NOT NULL CONSTRAINT ck_caller_page_language CHECK (language IN ('en', 'zh')),
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    sms_state text NOT NULL CONSTRAINT ck_caller_page_sms_state CHECK (sms_state IN
        ('none', 'queued', 'sent', 'failed')),
    sms_failure text,
    sms_at timestamptz,
    here_at timestamptz,
    here_lon double precision,
    here_lat double precision,
    here_words text NOT NULL DEFAULT '',
    rated_at timestamptz,
    rating integer CONSTRAINT ck_caller_page_rating CHECK (rating BETWEEN 1 AND 5),
    rating_words text NOT NULL DEFAULT '',
    call_back_asked_at timestamptz,
    CONSTRAINT ck_caller_page_here CHECK ((here_lon IS NULL) = (here_lat IS NULL))
);
CREATE INDEX ix_caller_page_incident_id ON caller_page (incident_id);
CREATE INDEX ix_caller_page_call_back_asked_at ON caller_page (call_back_asked_at)
    WHERE call_back_asked_at IS NOT NULL;
CREATE FUNCTION erase_caller_pages() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    UPDATE caller_page SET here_lon = NULL, here_lat = NULL, here_words = '', rating_words = ''
    WHERE incident_id = NEW.id;
    RETURN NULL;
END
$body$;
REVOKE ALL ON FUNCTION erase_caller_pages FROM PUBLIC;
CREATE TRIGGER erase_callers AFTER UPDATE OF erased_at ON incident FOR EACH ROW
    WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)
    EXECUTE FUNCTION erase_caller_pages();

CREATE TABLE safety_text (
    kind text CONSTRAINT pk_safety_text PRIMARY KEY
        REFERENCES incident_kind (code) ON DELETE CASCADE,
    words_en text NOT NULL,
    words_zh text NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL
);
"""
_FUNCTION = "open_public_link(text, text, timestamptz)"


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLE)
    op.execute(_DOOR)
    op.execute(_CALLERS)
    row_security.through("public_link", incident_id="incident")
    audited("public_link", ignored=("opened_count", "last_opened_at"), hidden=("token_digest",))
    row_security.through("caller_page", incident_id="incident")
    row_security.shared("safety_text", "words of a kind of incident, for anybody")
    audited("safety_text", key=("kind",), ignored=("updated_at", "updated_by"))
    role = app_role()
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON caller_page TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON safety_text TO {role}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON public_link TO {role}")
    op.execute(f"REVOKE ALL ON FUNCTION {_FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {_FUNCTION} TO {role}")


def downgrade() -> None:
    """Revert; no link leads anywhere any more."""
    op.execute("DROP TABLE safety_text")
    op.execute("DROP TRIGGER erase_callers ON incident")
    op.execute("DROP FUNCTION erase_caller_pages")
    op.execute("DROP TABLE caller_page")
    op.execute(f"DROP FUNCTION {_FUNCTION}")
    op.execute("DROP TABLE public_link")
