"""A ground comes in whole or not at all, and goes out as it came in."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from geodata.errors import GroundError
from geodata.errors import NoSuchGroundError
from geodata.ground import extract_import
from geodata.ground.extract_import import CHANNEL
from geodata.ground.models import Ground
from geodata.ground.service import active_ground
from geodata.ground.service import contains
from geodata.ground.service import import_extract
from geodata.ground.service import read_roads
from geodata.osm.road_reader import read_roads as read_extract
from geodata.tiles.models import MapLine
from tests.geodata.street_map import Member
from tests.geodata.street_map import StreetMap

STREET = {"highway": "residential", "name": "High Street"}
TOWN = StreetMap("A  B  C\n   D", {"ABC": STREET, "BD": STREET})

pytestmark = pytest.mark.postgis


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Return the extract of a tiny town."""
    return TOWN.write(tmp_path / "tiny-town.osm")


@pytest.mark.parametrize("city", ["town", "monaco_pbf"])
def test_streets_come_back_as_they_went_in(
    importer: Engine, reader: Engine, request: pytest.FixtureRequest, city: str
) -> None:
    """To the last bit: the cache of every worker is named by their hash."""
    extract: Path = request.getfixturevalue(city)
    original, _ = read_extract(extract)

    summary = import_extract(importer, extract)

    with reader.connect() as connection:
        stored = read_roads(connection, summary.ground_id)
    assert stored.content_hash() == original.content_hash() == summary.network_hash


def test_turn_restrictions_and_odd_names_come_back(importer: Engine, tmp_path: Path) -> None:
    """Names are text whatever is in them: markup, SQL, backslashes, tabs of the COPY format."""
    names = ["<script>alert(1)</script>", "'; DROP TABLE ground; --", "a\tb\\N\\.", "解放路 😀"]
    ways = {
        pair: {"highway": "residential", "name": name}
        for pair, name in zip(("AB", "BC", "CD", "DE"), names, strict=True)
    }
    members: list[Member] = [("from", 1), ("via", "B"), ("to", 1)]
    banned = ({"type": "restriction", "restriction": "no_u_turn"}, members)
    extract = StreetMap("A B C D E", ways, relations=[banned]).write(tmp_path / "odd.osm")
    original, _ = read_extract(extract)

    summary = import_extract(importer, extract, name=names[1])

    with importer.connect() as connection:
        stored = read_roads(connection, summary.ground_id)
        ground = active_ground(connection)
        drawn = set(connection.scalars(select(MapLine.name).where(MapLine.layer == "roads")))
    assert stored.content_hash() == original.content_hash()
    assert len(stored.restriction_only) == 1
    assert ground is not None
    assert ground.name == names[1]
    assert drawn == {original.names[index] for index in original.segment_name}


def test_a_failed_import_leaves_the_ground_before_in_use(
    importer: Engine, town: Path, tmp_path: Path, monaco_pbf: Path
) -> None:
    """Refused at the door or broken off after the streets are in: all the same."""
    before = import_extract(importer, town)
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(monaco_pbf.read_bytes()[:900_000])

    with pytest.raises(GroundError):
        import_extract(importer, broken)

    with importer.connect() as connection:
        after = active_ground(connection)
        assert after is not None
        assert after.id == before.ground_id
        assert read_roads(connection, after.id).content_hash() == before.network_hash


class BreaksOffWhenStoring:
    """A progress that fails once streets have gone into the database."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Fail at the last moment."""
        del done, total
        if stage == "Replacing the ground before":
            raise KeyboardInterrupt


def test_an_import_interrupted_at_its_end_leaves_nothing_behind(
    importer: Engine, town: Path, tmp_path: Path
) -> None:
    """Ctrl-C after everything is stored and before it is committed."""
    before = import_extract(importer, town)
    other = StreetMap("A B C", {"AB": STREET, "BC": STREET}).write(tmp_path / "other.osm")

    with pytest.raises(KeyboardInterrupt):
        import_extract(importer, other, progress=BreaksOffWhenStoring())

    with importer.connect() as connection:
        assert connection.scalars(select(Ground.id)).all() == [before.ground_id]
        assert (
            connection.scalar(select(func.count()).select_from(MapLine))
            == (before.shapes["map_line"])
        )


def test_the_ground_before_is_gone_after_an_import(importer: Engine, town: Path) -> None:
    """A worker that still asks for it is told so and not given half of it."""
    first = import_extract(importer, town)
    second = import_extract(importer, town)

    with importer.connect() as connection:
        assert connection.scalars(select(Ground.id)).all() == [second.ground_id]
        with pytest.raises(NoSuchGroundError):
            read_roads(connection, first.ground_id)


def test_workers_are_told_of_a_new_ground(importer: Engine, town: Path) -> None:
    """The notification comes with the commit and carries the id."""
    with importer.connect() as connection:
        listener = connection.execution_options(isolation_level="AUTOCOMMIT")
        listener.execute(text(f"LISTEN {CHANNEL}"))
        summary = import_extract(importer, town)
        driver = listener.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        heard = [note.payload for note in driver.notifies(timeout=60, stop_after=1)]
        listener.execute(text(f"UNLISTEN {CHANNEL}"))

    assert heard == [str(summary.ground_id)]


def test_the_serving_role_reads_the_ground_and_cannot_write_it(
    importer: Engine, reader: Engine, town: Path
) -> None:
    """A hole in the console must not let anyone redraw the streets."""
    import_extract(importer, town)

    with reader.connect() as connection:
        assert active_ground(connection) is not None
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        reader.begin() as connection,
    ):
        connection.execute(text("DELETE FROM ground"))


def test_bounds_are_those_of_the_streets_when_the_file_declares_none(
    importer: Engine, town: Path
) -> None:
    """A to C are 60 m apart; the point 10 m beyond is outside."""
    west, south, east, north = import_extract(importer, town).bounds
    ten_metres = 10 / 111_000

    with importer.connect() as connection:
        assert contains(connection, (west + east) / 2, (south + north) / 2)
        assert contains(connection, west, south)
        assert not contains(connection, east + ten_metres, north)
        assert not contains(connection, north, east + 40)


def test_declared_bounds_are_kept(importer: Engine, reader: Engine, tmp_path: Path) -> None:
    """The extract says what it covers; swapped coordinates fall outside."""
    bounds = (-0.5, -0.25, 2.0, 0.25)
    drawn = StreetMap("A B", {"AB": STREET}, bounds=bounds).write(tmp_path / "old-harbour_2.osm")
    import_extract(importer, drawn)

    with reader.connect() as connection:
        ground = active_ground(connection)
        assert ground is not None
        assert ground.bounds == bounds
        assert ground.name == "Old Harbour 2"
        assert "OpenStreetMap" in ground.attribution
        assert contains(connection, 1.5, 0.1)
        assert not contains(connection, 0.1, 1.5)


def test_nothing_is_contained_before_the_first_import(importer: Engine) -> None:
    """No ground, no answer; not an error."""
    with importer.connect() as connection, connection.begin() as transaction:
        connection.execute(text("DELETE FROM ground"))
        assert active_ground(connection) is None
        assert not contains(connection, 0, 0)
        transaction.rollback()


def test_stages_are_told_in_order(importer: Engine, town: Path) -> None:
    """Whoever waits sees where it is; within a stage the count never falls."""
    told: list[tuple[str, int]] = []

    extract_import.import_extract(
        importer, town, progress=lambda stage, done, _total: told.append((stage, done))
    )

    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages[0] == "Reading streets"
    assert stages[-1] == "Replacing the ground before"
    for stage in stages:
        counts = [done for told_stage, done in told if told_stage == stage]
        assert counts == sorted(counts)
