"""Recordings, customers' signatures, and reports that were sent to customers."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations import row_security
from dispatch.migrations.roles import app_role

revision: str = "0050"
down_revision: str | None = "0057"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_ENTRY = """
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_{table} PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incident (id),
    crew_id bigint REFERENCES crew (id),
    actor_id bigint NOT NULL,
    author text NOT NULL,
    client_id text,
    received_at timestamptz NOT NULL,
    CONSTRAINT uq_{table}_actor_id_client_id UNIQUE (actor_id, client_id)
"""
_TABLES = f"""
-- Files come in before their recordings: megabytes are not written with locks in hand.
CREATE TABLE recording_file (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_recording_file PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now(),
    unit_id bigint NOT NULL DEFAULT home_unit(),
    content bytea NOT NULL
);
-- Films are compressed already; and a piece of what is stored so is read without the rest.
ALTER TABLE recording_file ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE recording (
    {_ENTRY.format(table="recording")},
    kind text NOT NULL CONSTRAINT ck_recording_kind CHECK (kind IN ('video', 'audio')),
    content_type text NOT NULL,
    recorded_at timestamptz,
    duration_s double precision,
    lon double precision,
    lat double precision,
    size_bytes integer NOT NULL,
    sha256 text NOT NULL,
    file_id bigint REFERENCES recording_file (id)
);
CREATE INDEX ix_recording_incident_id ON recording (incident_id);
CREATE UNIQUE INDEX ix_recording_file_id ON recording (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX ix_recording_not_erased ON recording (received_at) WHERE file_id IS NOT NULL;

CREATE TABLE signature (
    {_ENTRY.format(table="signature")},
    assignment_id bigint NOT NULL REFERENCES assignment (id),
    signer_name text NOT NULL,
    strokes text,
    width integer,
    height integer,
    refusal text,
    signed_at timestamptz NOT NULL,
    replaced_at timestamptz,
    CONSTRAINT ck_signature_strokes CHECK (num_nonnulls(strokes, width, height) IN (0, 3)),
    CONSTRAINT ck_signature_refusal CHECK (strokes IS NULL OR refusal IS NULL)
);
CREATE INDEX ix_signature_incident_id ON signature (incident_id);
-- The last guard against two signatures under one order.
CREATE UNIQUE INDEX uq_signature_assignment_id ON signature (assignment_id)
    WHERE replaced_at IS NULL;

CREATE TABLE work_report_sending (
    assignment_id bigint CONSTRAINT pk_work_report_sending PRIMARY KEY REFERENCES assignment (id),
    incident_id bigint NOT NULL REFERENCES incident (id),
    gateway_id bigint NOT NULL REFERENCES gateway (id),
    language text NOT NULL,
    requested_at timestamptz NOT NULL,
    requested_by text NOT NULL,
    link_id bigint REFERENCES public_link (id) ON DELETE SET NULL,
    sent_at timestamptz,
    failure text
);
CREATE INDEX ix_work_report_sending_incident_id ON work_report_sending (incident_id);
"""

# The serving role adds to the record and changes nothing of it; what was kept long enough is erased
# by functions that have a least age of their own.
_ERASE = """
CREATE FUNCTION erase_recordings(keep_days integer, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    ids bigint[];
    files bigint[];
BEGIN
    IF keep_days < 30 THEN
        RAISE EXCEPTION 'recordings are kept for 30 days at least, not for % days', keep_days;
    END IF;
    SELECT array_agg(id), array_agg(file_id) INTO ids, files FROM (
        SELECT id, file_id FROM public.recording
        WHERE file_id IS NOT NULL AND received_at < now() - make_interval(days => keep_days)
        ORDER BY received_at LIMIT most FOR UPDATE SKIP LOCKED) AS oldest;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE public.recording SET file_id = NULL, lon = NULL, lat = NULL WHERE id = ANY (ids);
    DELETE FROM public.recording_file WHERE id = ANY (files);
    RETURN cardinality(ids);
END
$body$;
REVOKE ALL ON FUNCTION erase_recordings FROM PUBLIC;

-- A file whose request broke off, or was the repetition of another, has no recording.
CREATE FUNCTION drop_unused_recording_files() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    dropped integer;
BEGIN
    DELETE FROM public.recording_file AS file
    WHERE file.received_at < now() - interval '1 hour'
        AND NOT EXISTS (SELECT FROM public.recording WHERE recording.file_id = file.id);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN dropped;
END
$body$;
REVOKE ALL ON FUNCTION drop_unused_recording_files FROM PUBLIC;
"""

# The function that erases what is personal, and one line: whoever signed is a person too.
_FUNCTION = "SELECT pg_get_functiondef('erase_personal_data'::regproc)"
_NOTES = "    UPDATE public.incident_note SET words = '' WHERE incident_id = ANY (ids);\n"
_SIGNATURES = """\
    UPDATE public.signature SET signer_name = '', strokes = NULL, width = NULL, height = NULL,
        refusal = NULL
    WHERE incident_id = ANY (ids);
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    op.execute(_ERASE)
    whole = str(op.get_bind().exec_driver_sql(_FUNCTION).scalar_one())
    if whole.count(_NOTES) != 1:
        message = "erase_personal_data is not the function that this migration adds to"
        raise RuntimeError(message)
    op.get_bind().exec_driver_sql(whole.replace(_NOTES, _NOTES + _SIGNATURES).replace("%", "%%"))
    role = app_role()
    op.execute(f"GRANT SELECT, INSERT ON recording, recording_file, signature TO {role}")
    op.execute(f"GRANT UPDATE (replaced_at) ON signature TO {role}")
    op.execute(f"GRANT SELECT, INSERT ON work_report_sending TO {role}")
    op.execute(f"GRANT UPDATE (link_id, sent_at, failure) ON work_report_sending TO {role}")
    for function in ("erase_recordings", "drop_unused_recording_files"):
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")
    for table in ("recording", "signature", "work_report_sending"):
        row_security.through(table, incident_id="incident")
    # The file of a crew that is lent belongs to its own unit, and is seen where it works.
    attached = "EXISTS (SELECT FROM recording WHERE recording.file_id = recording_file.id)"
    row_security.protect(
        "recording_file",
        f"(unit_id = {row_security.UNITS} OR {attached})",
        f"unit_id = {row_security.UNITS}",
    )


def downgrade() -> None:
    """Refuse: what crews recorded and customers signed would be lost."""
    message = "recordings and signatures would be lost: restore a backup instead"
    raise NotImplementedError(message)
