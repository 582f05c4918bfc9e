"""Let what has been kept long enough be dropped and erased, by functions that can do no more.

The serving role can neither drop a table nor change the record or the log. The functions belong to
the owner and have a least age each of their own: whatever they are asked, what is younger stays.
"""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_COLUMNS = """
ALTER TABLE incident ADD COLUMN erased_at timestamptz;
CREATE INDEX ix_incident_not_erased ON incident (closed_at) WHERE erased_at IS NULL;
-- An erased note has no words.
ALTER TABLE incident_note DROP CONSTRAINT incident_note_words_check;

ALTER TABLE photo DROP CONSTRAINT ck_photo_state, DROP CONSTRAINT ck_photo_refusal;
ALTER TABLE photo
    ADD CONSTRAINT ck_photo_state CHECK (state IN ('received', 'shown', 'refused', 'erased')),
    ADD CONSTRAINT ck_photo_refusal CHECK (state <> 'refused' OR refusal IS NOT NULL);
CREATE INDEX ix_photo_not_erased ON photo (received_at) WHERE state <> 'erased';
"""

# One day at a time, so that the table is locked for an instant only and a transaction holds one
# lock: to drop a partition is to change the table it belongs to, and everybody waits behind that.
# Who reads for long (an export) is waited for only briefly; then it is tried again later.
_DROP_DAY = """
CREATE FUNCTION drop_oldest_position_day(keep_days integer) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET lock_timeout = '1s' AS $body$
DECLARE
    name text;
    day date;
BEGIN
    IF keep_days < 1 THEN
        RAISE EXCEPTION 'position history is kept for a day at least, not for % days', keep_days;
    END IF;
    SELECT part.relname INTO name
    FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid
    WHERE inhparent = 'public.position_report'::regclass
        AND part.relname ~ '^position_report_[0-9]{8}$'
    ORDER BY part.relname LIMIT 1;
    day := to_date(right(name, 8), 'YYYYMMDD');
    -- A day more than asked for: fixes of the oldest day still come in around midnight.
    IF name IS NULL OR day >= (now() AT TIME ZONE 'UTC')::date - keep_days - 1 THEN
        RETURN NULL;
    END IF;
    EXECUTE format('DROP TABLE public.%I', name);
    RETURN day;
END
$body$;
REVOKE ALL ON FUNCTION drop_oldest_position_day FROM PUBLIC;
"""

_ERASE_PHOTOS = """
CREATE FUNCTION erase_photos(keep_days integer, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    ids bigint[];
    files bigint[];
BEGIN
    IF keep_days < 30 THEN
        RAISE EXCEPTION 'photos are kept for 30 days at least, not for % days', keep_days;
    END IF;
    SELECT array_agg(id) INTO ids FROM (
        SELECT id FROM public.photo
        WHERE state <> 'erased' AND received_at < now() - make_interval(days => keep_days)
        ORDER BY received_at LIMIT most FOR UPDATE SKIP LOCKED) AS oldest;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;
    files := ARRAY(SELECT file_id FROM public.photo WHERE id = ANY (ids) AND file_id IS NOT NULL);
    UPDATE public.photo SET state = 'erased', file_id = NULL, caption = '', lon = NULL, lat = NULL,
        width = NULL, height = NULL, size_bytes = NULL, sha256 = NULL, image = NULL,
        thumbnail = NULL
    WHERE id = ANY (ids);
    DELETE FROM public.photo_file WHERE id = ANY (files);
    UPDATE public.event SET data = data - 'caption'
    WHERE incident_id IN (SELECT incident_id FROM public.photo WHERE id = ANY (ids))
        AND kind = 'incident.photographed' AND (data ->> 'entry_id')::bigint = ANY (ids);
    RETURN cardinality(ids);
END
$body$;
REVOKE ALL ON FUNCTION erase_photos FROM PUBLIC;
"""

# What happened, when, where and by which crew stays, so that counts and times of old years do too.
_ERASE_PERSONAL = """
CREATE FUNCTION erase_personal_data(keep_days integer, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    ids bigint[];
BEGIN
    IF keep_days < 30 THEN
        RAISE EXCEPTION 'personal data is kept for 30 days at least, not for % days', keep_days;
    END IF;
    SELECT array_agg(id) INTO ids FROM (
        SELECT id FROM public.incident
        WHERE erased_at IS NULL AND closed_at < now() - make_interval(days => keep_days)
        ORDER BY closed_at LIMIT most FOR UPDATE SKIP LOCKED) AS oldest;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE public.incident_report
    SET caller_name = '', caller_phone = '', words = '', reference = ''
    WHERE incident_id = ANY (ids);
    UPDATE public.incident_note SET words = '' WHERE incident_id = ANY (ids);
    UPDATE public.photo SET caption = '' WHERE incident_id = ANY (ids) AND caption <> '';
    UPDATE public.event
    SET data = data - '{caller_name,caller_phone,description,text,caption}'::text[]
    WHERE incident_id = ANY (ids)
        AND data ?| '{caller_name,caller_phone,description,text,caption}'::text[];
    UPDATE public.incident
    SET caller_name = '', caller_phone = '', description = '', erased_at = now()
    WHERE id = ANY (ids);
    RETURN cardinality(ids);
END
$body$;
REVOKE ALL ON FUNCTION erase_personal_data FROM PUBLIC;
"""

_FUNCTIONS = "drop_oldest_position_day, erase_photos, erase_personal_data"


def upgrade() -> None:
    """Apply."""
    for script in (_COLUMNS, _DROP_DAY, _ERASE_PHOTOS, _ERASE_PERSONAL):
        op.execute(script)
    op.execute(f"GRANT EXECUTE ON FUNCTION {_FUNCTIONS} TO {app_role()}")


def downgrade() -> None:
    """Refuse: what was erased has no words, which were required before."""
    message = "what has been erased does not come back: restore a backup instead"
    raise NotImplementedError(message)
