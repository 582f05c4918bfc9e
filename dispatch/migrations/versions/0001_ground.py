"""The ground: roads in WGS 84 and base-map shapes in web Mercator.

Revision ID: 0001
Revises:
"""

from alembic import op

from dispatch.migrations.roles import app_role

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BANDS = range(4)

_TABLES = """
CREATE TABLE ground (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    source_file TEXT NOT NULL,
    network_hash TEXT NOT NULL,
    attribution TEXT NOT NULL,
    bounds geometry(POLYGON, 4326) NOT NULL,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ground PRIMARY KEY (id)
);

CREATE TABLE road_node (
    ground_id BIGINT NOT NULL,
    node INTEGER NOT NULL,
    osm_id BIGINT NOT NULL,
    signal BOOLEAN NOT NULL,
    geom geometry(POINT, 4326) NOT NULL,
    CONSTRAINT pk_road_node PRIMARY KEY (ground_id, node),
    CONSTRAINT fk_road_node_ground_id_ground
        FOREIGN KEY (ground_id) REFERENCES ground (id) ON DELETE CASCADE
);

CREATE TABLE road_segment (
    ground_id BIGINT NOT NULL,
    segment INTEGER NOT NULL,
    from_node INTEGER NOT NULL,
    to_node INTEGER NOT NULL,
    way_id BIGINT NOT NULL,
    length_m DOUBLE PRECISION NOT NULL,
    road_class SMALLINT NOT NULL,
    forward BOOLEAN NOT NULL,
    backward BOOLEAN NOT NULL,
    forward_mps REAL NOT NULL,
    backward_mps REAL NOT NULL,
    name INTEGER NOT NULL,
    flags SMALLINT NOT NULL,
    geom geometry(LINESTRING, 4326) NOT NULL,
    CONSTRAINT pk_road_segment PRIMARY KEY (ground_id, segment),
    CONSTRAINT fk_road_segment_ground_id_ground
        FOREIGN KEY (ground_id) REFERENCES ground (id) ON DELETE CASCADE
);
CREATE INDEX ix_road_segment_geom ON road_segment USING gist (geom);

CREATE TABLE road_name (
    ground_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT pk_road_name PRIMARY KEY (ground_id, number),
    CONSTRAINT fk_road_name_ground_id_ground
        FOREIGN KEY (ground_id) REFERENCES ground (id) ON DELETE CASCADE
);

CREATE TABLE road_restriction (
    ground_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    mandatory BOOLEAN NOT NULL,
    path BIGINT[] NOT NULL,
    CONSTRAINT pk_road_restriction PRIMARY KEY (ground_id, number),
    CONSTRAINT fk_road_restriction_ground_id_ground
        FOREIGN KEY (ground_id) REFERENCES ground (id) ON DELETE CASCADE
);

CREATE TABLE map_area (
    ground_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    band SMALLINT NOT NULL,
    min_zoom SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
    name_en TEXT,
    name_zh TEXT,
    layer TEXT NOT NULL,
    area_m2 REAL NOT NULL,
    geom geometry(MULTIPOLYGON, 3857) NOT NULL,
    CONSTRAINT pk_map_area PRIMARY KEY (ground_id, number),
    CONSTRAINT fk_map_area_ground_id_ground
        FOREIGN KEY (ground_id) REFERENCES ground (id) ON DELETE CASCADE,
    CONSTRAINT ck_map_area_layer CHECK (layer IN ('water', 'green', 'landuse'))
);

CREATE TABLE map_building (
    ground_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    band SMALLINT NOT NULL,
    min_zoom SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
    name_en TEXT,
    name_zh TEXT,
    area_m2 REAL NOT NULL,
    geom geometry(MULTIPOLYGON, 3857) NOT NULL,
    CONSTRAINT pk_map_building PRIMARY KEY (ground_id, number),
    CONSTRAINT fk_map_building_ground_id_ground
        FOREIGN KEY (ground_id) REFERENCES ground (id) ON DELETE CASCADE
);

CREATE TABLE map_line (
    ground_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    band SMALLINT NOT NULL,
    min_zoom SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
    name_en TEXT,
    name_zh TEXT,
    layer TEXT NOT NULL,
    oneway BOOLEAN NOT NULL,
    bridge BOOLEAN NOT NULL,
    tunnel BOOLEAN NOT NULL,
    link BOOLEAN NOT NULL,
    z_order SMALLINT NOT NULL,
    geom geometry(LINESTRING, 3857) NOT NULL,
    CONSTRAINT pk_map_line PRIMARY KEY (ground_id, number),
    CONSTRAINT fk_map_line_ground_id_ground
        FOREIGN KEY (ground_id) REFERENCES ground (id) ON DELETE CASCADE,
    CONSTRAINT ck_map_line_layer CHECK (layer IN ('roads', 'road_names', 'rail', 'waterways'))
);

CREATE TABLE map_place (
    ground_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    min_zoom SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    name_zh TEXT,
    population BIGINT NOT NULL,
    geom geometry(POINT, 3857) NOT NULL,
    CONSTRAINT pk_map_place PRIMARY KEY (ground_id, number),
    CONSTRAINT fk_map_place_ground_id_ground
        FOREIGN KEY (ground_id) REFERENCES ground (id) ON DELETE CASCADE
);
CREATE INDEX ix_map_place_geom ON map_place USING gist (geom);
"""

_ALL = (
    "map_place",
    "map_line",
    "map_building",
    "map_area",
    "road_restriction",
    "road_name",
    "road_segment",
    "road_node",
    "ground",
)


def upgrade() -> None:
    """Create the ground's tables; the application may read them."""
    op.execute(_TABLES)
    for table in ("map_area", "map_building", "map_line"):
        for band in _BANDS:
            op.execute(
                f"CREATE INDEX ix_{table}_band_{band} ON {table} USING gist (geom) "
                f"WHERE band = {band}"
            )
    op.execute(f"GRANT SELECT ON {', '.join(_ALL)} TO {app_role()}")


def downgrade() -> None:
    """Drop the ground."""
    op.execute(f"DROP TABLE {', '.join(_ALL)}")
