"""Keep addresses and named places for the search."""

from collections.abc import Sequence

from alembic import op

from dispatch.migrations.roles import app_role

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_OF_GROUND = "ground_id bigint NOT NULL REFERENCES ground ON DELETE CASCADE"
_TABLES = {
    "place": f"""
CREATE TABLE place (
    {_OF_GROUND},
    number integer NOT NULL,
    kind text NOT NULL CONSTRAINT ck_place_kind CHECK (kind IN ('street', 'place')),
    category text NOT NULL,
    name text NOT NULL,
    name_en text,
    name_zh text,
    other_names text[] NOT NULL,
    syllables text[] NOT NULL,
    address text,
    locality text,
    weight smallint NOT NULL,
    geom geometry(Point, 4326) NOT NULL,
    PRIMARY KEY (ground_id, number)
);
CREATE INDEX ix_place_geom ON place USING gist (geom);
""",
    "address": f"""
CREATE TABLE address (
    {_OF_GROUND},
    number integer NOT NULL,
    street integer NOT NULL,
    house text NOT NULL,
    house_key text NOT NULL,
    geom geometry(Point, 4326) NOT NULL,
    PRIMARY KEY (ground_id, number)
);
CREATE INDEX ix_address_street ON address (ground_id, street);
CREATE INDEX ix_address_geom ON address USING gist (geom);
""",
    "street_line": f"""
CREATE TABLE street_line (
    {_OF_GROUND},
    number integer NOT NULL,
    street integer NOT NULL,
    geom geometry(LineString, 4326) NOT NULL,
    PRIMARY KEY (ground_id, number)
);
CREATE INDEX ix_street_line_street ON street_line (ground_id, street);
CREATE INDEX ix_street_line_geom ON street_line USING gist (geom);
""",
    "street_crossing": f"""
CREATE TABLE street_crossing (
    {_OF_GROUND},
    number integer NOT NULL,
    street integer NOT NULL,
    other integer NOT NULL,
    geom geometry(Point, 4326) NOT NULL,
    PRIMARY KEY (ground_id, number),
    CONSTRAINT ck_street_crossing_order CHECK (street < other)
);
CREATE INDEX ix_street_crossing_street ON street_crossing (ground_id, street);
CREATE INDEX ix_street_crossing_other ON street_crossing (ground_id, other);
""",
    "place_index": f"""
CREATE TABLE place_index (
    {_OF_GROUND} PRIMARY KEY,
    content bytea NOT NULL
);
-- Read whole and once by every worker: packing it would only cost time.
ALTER TABLE place_index ALTER COLUMN content SET STORAGE EXTERNAL;
""",
}


def upgrade() -> None:
    """Apply; the ground imported before has nothing to be found until it is imported again."""
    role = app_role()
    for name, statements in _TABLES.items():
        op.execute(statements)
        op.execute(f"GRANT SELECT ON {name} TO {role}")


def downgrade() -> None:
    """Drop what an import fills again."""
    for name in reversed(_TABLES):
        op.execute(f"DROP TABLE {name}")
