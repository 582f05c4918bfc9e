"""Tiles are kept as they are sent, and never outlive their ground."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import event

from dispatch.ground.tile_cache import TileMemory
from geodata.ground.service import import_extract
from geodata.tiles.vector_tiles import tile
from tests.geodata.mvt import decode
from tests.geodata.mvt import tile_at
from tests.geodata.street_map import StreetMap

pytestmark = pytest.mark.postgis
HERE = tile_at(0.0001, -0.0001, 15)


def a_town(importer: Engine, folder: Path, street: str) -> int:
    """Import a town of one street; return the ground's id."""
    drawn = StreetMap("A   B", {"AB": {"highway": "residential", "name": street}})
    return import_extract(importer, drawn.write(folder / "town.osm")).ground_id


def streets(body: bytes) -> set[object]:
    """Return the names of the streets in a tile."""
    return {feature.attributes.get("name") for feature in decode(body)["roads"]}


def test_a_tile_asked_for_again_costs_no_question_to_the_database(
    importer: Engine, reader: Engine, tmp_path: Path
) -> None:
    """By the ground's name it is known for good."""
    ground_id = a_town(importer, tmp_path, "High Street")
    memory = TileMemory(reader)
    first = memory.tile(*HERE, ground_id)
    asked: list[object] = []

    def note(*question: object) -> None:
        asked.append(question)

    event.listen(reader, "before_cursor_execute", note)
    again = memory.tile(*HERE, ground_id)
    event.remove(reader, "before_cursor_execute", note)

    assert again is first
    assert asked == []


def test_what_is_kept_is_what_was_cut(importer: Engine, reader: Engine, tmp_path: Path) -> None:
    """Packing loses nothing."""
    ground_id = a_town(importer, tmp_path, "High Street")

    kept = TileMemory(reader).tile(*HERE, ground_id)

    with reader.connect() as connection:
        assert kept.plain() == tile(connection, ground_id, *HERE)
    assert kept.lasting


def test_a_new_ground_is_seen_at_once_by_pages_old_and_new(
    importer: Engine, reader: Engine, tmp_path: Path
) -> None:
    """An old page may draw the new tile, but not keep it under the old ground's name."""
    former = a_town(importer, tmp_path, "High Street")
    memory = TileMemory(reader)
    elsewhere = (HERE[0], HERE[1], HERE[2] + 1)  # not asked for before
    memory.tile(*HERE, former)

    latter = a_town(importer, tmp_path, "New Street")

    assert streets(memory.tile(*HERE, latter).plain()) == {"New Street"}
    assert streets(memory.tile(*HERE).plain()) == {"New Street"}
    assert not memory.tile(*HERE).lasting
    assert not memory.tile(*elsewhere, former).lasting
    assert memory.tile(*elsewhere, latter).lasting


def test_before_the_first_import_there_is_nothing_to_keep(reader: Engine, importer: Engine) -> None:
    """And the page must ask again."""
    with importer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM ground")

    assert TileMemory(reader).tile(*HERE, 1).body == b""
    assert not TileMemory(reader).tile(*HERE, 1).lasting
