"""Take photos in as files and decode them in a job: received, then shown or refused."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
-- Files come in before their photos: megabytes are not written with locks in hand.
CREATE TABLE photo_file (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now(),
    content bytea NOT NULL
);
-- Pictures are compressed already.
ALTER TABLE photo_file ALTER COLUMN content SET STORAGE EXTERNAL;

ALTER TABLE photo
    ADD COLUMN state text NOT NULL DEFAULT 'shown',
    ADD COLUMN file_id bigint REFERENCES photo_file (id),
    ADD COLUMN refusal text,
    ADD COLUMN settled_at timestamptz,
    ALTER COLUMN width DROP NOT NULL,
    ALTER COLUMN height DROP NOT NULL,
    ALTER COLUMN size_bytes DROP NOT NULL,
    ALTER COLUMN sha256 DROP NOT NULL,
    ALTER COLUMN image DROP NOT NULL,
    ALTER COLUMN thumbnail DROP NOT NULL;
-- What is there was decoded before it was stored.
ALTER TABLE photo ALTER COLUMN state DROP DEFAULT;
ALTER TABLE photo
    ADD CONSTRAINT ck_photo_state CHECK (state IN ('received', 'shown', 'refused')),
    ADD CONSTRAINT ck_photo_file CHECK ((state = 'received') = (file_id IS NOT NULL)),
    ADD CONSTRAINT ck_photo_refusal CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    ADD CONSTRAINT ck_photo_picture CHECK (
        num_nulls(width, height, size_bytes, sha256, image, thumbnail)
        = CASE state WHEN 'shown' THEN 0 ELSE 6 END);
CREATE INDEX ix_photo_received ON photo (actor_id, id) WHERE state = 'received';
CREATE INDEX ix_photo_file_id ON photo (file_id) WHERE file_id IS NOT NULL;
"""

# What is in the record stays as it is: the serving role settles a photo that waits, once, and has
# no right to change one.
_SETTLE = """
CREATE FUNCTION show_photo(
    photo_id bigint, at timestamptz, taken timestamptz, east double precision,
    north double precision, wide integer, high integer, digest text, picture bytea, small bytea
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    decoded bigint;
BEGIN
    SELECT file_id INTO decoded FROM public.photo
    WHERE id = show_photo.photo_id AND state = 'received' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.photo SET state = 'shown', settled_at = at, file_id = NULL, taken_at = taken,
        lon = east, lat = north, width = wide, height = high, size_bytes = length(picture),
        sha256 = digest, image = picture, thumbnail = small
    WHERE id = show_photo.photo_id;
    DELETE FROM public.photo_file WHERE id = decoded;
    RETURN true;
END
$body$;
REVOKE ALL ON FUNCTION show_photo FROM PUBLIC;

CREATE FUNCTION refuse_photo(photo_id bigint, at timestamptz, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    refused bigint;
BEGIN
    SELECT file_id INTO refused FROM public.photo
    WHERE id = refuse_photo.photo_id AND state = 'received' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.photo SET state = 'refused', settled_at = at, file_id = NULL, refusal = why
    WHERE id = refuse_photo.photo_id;
    DELETE FROM public.photo_file WHERE id = refused;
    RETURN true;
END
$body$;
REVOKE ALL ON FUNCTION refuse_photo FROM PUBLIC;

-- A file whose request broke off, or was the repetition of another, has no photo.
CREATE FUNCTION drop_unused_photo_files() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    dropped integer;
BEGIN
    DELETE FROM public.photo_file AS file
    WHERE file.received_at < now() - interval '1 hour'
        AND NOT EXISTS (SELECT FROM public.photo WHERE photo.file_id = file.id);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN dropped;
END
$body$;
REVOKE ALL ON FUNCTION drop_unused_photo_files FROM PUBLIC;
"""
_FUNCTIONS = "show_photo, refuse_photo, drop_unused_photo_files"


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    op.execute(_SETTLE)
    op.execute(f"GRANT SELECT, INSERT ON photo_file TO {app_role()}")
    op.execute(f"GRANT EXECUTE ON FUNCTION {_FUNCTIONS} TO {app_role()}")


def downgrade() -> None:
    """Refuse: photos that wait or were refused have no picture, which was required before."""
    message = "photos that wait to be decoded would be lost: restore a backup instead"
    raise NotImplementedError(message)
