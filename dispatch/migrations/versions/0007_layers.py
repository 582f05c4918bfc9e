"""Keep the utility's own layers, and zones."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE layer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> ''),
    name_zh text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('mains', 'valves', 'stations', 'districts', 'other')),
    colour text CHECK (colour ~ '^#[0-9a-f]{6}$'),
    label_field text,
    fields text[] NOT NULL,
    shapes text NOT NULL CHECK (shapes IN ('points', 'lines', 'polygons', 'mixed')),
    features integer NOT NULL CHECK (features > 0),
    bounds geometry(Polygon, 4326) NOT NULL,
    source_file text NOT NULL,
    version integer NOT NULL,
    imported_at timestamptz NOT NULL
);
CREATE TABLE layer_feature (
    layer_id bigint NOT NULL REFERENCES layer ON DELETE CASCADE,
    feature integer NOT NULL,
    label text NOT NULL,
    attributes jsonb NOT NULL,
    geom geometry(Geometry, 4326) NOT NULL,
    PRIMARY KEY (layer_id, feature)
);
-- Tiles are cut by the first; the second finds what is nearest in metres.
CREATE INDEX ix_layer_feature_geom ON layer_feature USING gist (geom);
CREATE INDEX ix_layer_feature_geography ON layer_feature USING gist ((geom::geography));
-- What is left of a layer when it is seen from afar, in web Mercator, ready to be cut.
CREATE TABLE layer_overview (
    layer_id bigint NOT NULL REFERENCES layer ON DELETE CASCADE,
    zoom smallint NOT NULL,
    number integer NOT NULL,
    geom geometry(Geometry, 3857) NOT NULL,
    PRIMARY KEY (layer_id, zoom, number)
);
CREATE INDEX ix_layer_overview_geom ON layer_overview USING gist (geom);

CREATE TABLE zone (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    name_zh text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('district', 'response_area')),
    outline geometry(MultiPolygon, 4326) NOT NULL CHECK (ST_IsValid(outline)),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by text NOT NULL,
    UNIQUE (kind, name)
);
CREATE INDEX ix_zone_outline ON zone USING gist (outline);
"""


def upgrade() -> None:
    """Apply."""
    role = app_role()
    op.execute(_TABLES)
    # Layers are the utility's records: they come in at the bench, consoles only look.
    op.execute(f"GRANT SELECT ON layer, layer_feature, layer_overview TO {role}")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON zone TO {role}")
    op.execute(
        "GRANT UPDATE (name, name_zh, kind, outline, version, updated_at, updated_by) "
        f"ON zone TO {role}"
    )


def downgrade() -> None:
    """Drop the tables; their events stay in the log."""
    op.execute("DROP TABLE zone, layer_overview, layer_feature, layer")
