"""Take photos in as files and decode them in a job: received, then shown or refused."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0015"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
ALTER TABLE photo
    ADD COLUMN state text NOT NULL DEFAULT 'shown',
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
    ADD CONSTRAINT ck_photo_refusal CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    ADD CONSTRAINT ck_photo_picture CHECK (
        num_nulls(width, height, size_bytes, sha256, image, thumbnail)
        = CASE state WHEN 'shown' THEN 0 ELSE 6 END);
CREATE INDEX ix_photo_received ON photo (actor_id, id) WHERE state = 'received';

CREATE TABLE photo_file (
    photo_id bigint PRIMARY KEY REFERENCES photo (id),
    content bytea NOT NULL
);
-- Pictures are compressed already.
ALTER TABLE photo_file ALTER COLUMN content SET STORAGE EXTERNAL;
"""

# What is in the record stays as it is: the serving role settles a photo that waits, once, and has
# no right to change one.
_SETTLE = """
CREATE FUNCTION show_photo(
    photo_id bigint, at timestamptz, taken timestamptz, east double precision,
    north double precision, wide integer, high integer, digest text, picture bytea, small bytea
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    UPDATE public.photo SET state = 'shown', settled_at = at, taken_at = taken, lon = east,
        lat = north, width = wide, height = high, size_bytes = length(picture), sha256 = digest,
        image = picture, thumbnail = small
    WHERE id = show_photo.photo_id AND state = 'received';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM public.photo_file AS file WHERE file.photo_id = show_photo.photo_id;
    RETURN true;
END
$body$;
REVOKE ALL ON FUNCTION show_photo FROM PUBLIC;

CREATE FUNCTION refuse_photo(photo_id bigint, at timestamptz, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
BEGIN
    UPDATE public.photo SET state = 'refused', settled_at = at, refusal = why
    WHERE id = refuse_photo.photo_id AND state = 'received';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM public.photo_file AS file WHERE file.photo_id = refuse_photo.photo_id;
    RETURN true;
END
$body$;
REVOKE ALL ON FUNCTION refuse_photo FROM PUBLIC;
"""


def upgrade() -> None:
    """Apply."""
    op.execute(_TABLES)
    op.execute(_SETTLE)
    op.execute(f"GRANT SELECT, INSERT ON photo_file TO {app_role()}")
    op.execute(f"GRANT EXECUTE ON FUNCTION show_photo, refuse_photo TO {app_role()}")


def downgrade() -> None:
    """Refuse: photos that wait or were refused have no picture, which was required before."""
    message = "photos that wait to be decoded would be lost: restore a backup instead"
    raise NotImplementedError(message)
