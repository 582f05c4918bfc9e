"""Draw points that matter to a repair service, and house numbers."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = """
CREATE TABLE map_poi (
    ground_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    min_zoom SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
    name_en TEXT,
    name_zh TEXT,
    geom geometry(POINT, 3857) NOT NULL,
    CONSTRAINT pk_map_poi PRIMARY KEY (ground_id, number),
    CONSTRAINT fk_map_poi_ground_id_ground
        FOREIGN KEY (ground_id) REFERENCES ground (id) ON DELETE CASCADE
);
CREATE INDEX ix_map_poi_geom ON map_poi USING gist (geom);

CREATE TABLE map_house_number (
    ground_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    house_number TEXT NOT NULL,
    geom geometry(POINT, 3857) NOT NULL,
    CONSTRAINT pk_map_house_number PRIMARY KEY (ground_id, number),
    CONSTRAINT fk_map_house_number_ground_id_ground
        FOREIGN KEY (ground_id) REFERENCES ground (id) ON DELETE CASCADE
);
CREATE INDEX ix_map_house_number_geom ON map_house_number USING gist (geom);
"""


def upgrade() -> None:
    """Create the tables, empty until the next import; the application may read them."""
    op.execute(_TABLES)
    op.execute(f"GRANT SELECT ON map_poi, map_house_number TO {app_role()}")


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP TABLE map_house_number, map_poi")
